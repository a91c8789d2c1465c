//! The macro that makes a module out of a crate.

/// Emits the C entry points of a module: `plugin_initialize`, `plugin_introspect`, `plugin_run`,
/// `plugin_verify`, `plugin_terminate` and `plugin_multi_instance`.
///
/// Takes a type that implements [`Module`](crate::Module) and the module's name, which stands in
/// front of its log lines. Use it once in a crate of type `cdylib`; the crate needs no `unsafe` of
/// its own and can say `#![deny(unsafe_code)]`.
#[macro_export]
macro_rules! export_module {
    ($module:ty, $name:literal) => {
        #[allow(unsafe_code)]
        const _: () = {
            use $crate::reexport::{c_char, c_int, lcmaps_argument_t};

            static INSTANCES: $crate::instances::Instances<$module> =
                $crate::instances::Instances::new($name);

            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn plugin_initialize(argc: c_int, argv: *mut *mut c_char) -> c_int {
                // SAFETY: the host passes argc C strings.
                unsafe { INSTANCES.initialize(argc, argv) }
            }

            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn plugin_introspect(
                argc: *mut c_int,
                argv: *mut *mut lcmaps_argument_t,
            ) -> c_int {
                // SAFETY: the host passes two places for the result.
                unsafe { INSTANCES.introspect(argc, argv) }
            }

            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn plugin_run(_argc: c_int, argv: *mut lcmaps_argument_t) -> c_int {
                // SAFETY: the host passes the table of plugin_introspect with values of its types.
                unsafe { INSTANCES.run($crate::Mode::Run, argv) }
            }

            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn plugin_verify(
                _argc: c_int,
                argv: *mut lcmaps_argument_t,
            ) -> c_int {
                // SAFETY: the host passes the table of plugin_introspect with values of its types.
                unsafe { INSTANCES.run($crate::Mode::Verify, argv) }
            }

            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            extern "C" fn plugin_terminate() -> c_int {
                INSTANCES.terminate()
            }

            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            extern "C" fn plugin_multi_instance() -> c_int {
                1
            }
        };
    };
}
