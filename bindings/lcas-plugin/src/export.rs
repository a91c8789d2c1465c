//! The macro that makes a module out of a crate.

/// Emits the C entry points of a module: `plugin_initialize`, `plugin_confirm_authorization`,
/// `plugin_terminate` and `plugin_select_instance`.
///
/// Takes a type that implements [`Module`](crate::Module) and the module's name, which stands in
/// front of its log lines. With a third word, `certificates`, the module also exports
/// `plugin_confirm_authorization_from_x509`, and hosts give it the certificates of the user.
///
/// Use it once in a crate of type `cdylib`; the crate needs no `unsafe` of its own and can say
/// `#![deny(unsafe_code)]`.
///
/// ```text
/// lcas_plugin::export_module!(UserBan, "lcas_userban");
/// lcas_plugin::export_module!(Voms, "lcas_voms", certificates);
/// ```
#[macro_export]
macro_rules! export_module {
    ($module:ty, $name:literal) => {
        $crate::export_module!(@emit $module, $name,);
    };
    ($module:ty, $name:literal, certificates) => {
        $crate::export_module!(@emit $module, $name,
            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn plugin_confirm_authorization_from_x509(
                request: $crate::reexport::lcas_request_t,
                credential: $crate::reexport::lcas_cred_id_t,
                leaf: *mut $crate::reexport::c_void,
                chain: *mut $crate::reexport::c_void,
            ) -> $crate::reexport::c_int {
                // SAFETY: the host passes texts and certificates that live through the call.
                unsafe { INSTANCES.confirm_from_x509(request, credential, leaf, chain) }
            }
        );
    };
    (@emit $module:ty, $name:literal, $($from_x509:item)?) => {
        #[allow(unsafe_code)]
        const _: () = {
            use $crate::reexport::{c_char, c_int, lcas_cred_id_t, lcas_request_t};

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
            unsafe extern "C" fn plugin_confirm_authorization(
                request: lcas_request_t,
                credential: lcas_cred_id_t,
            ) -> c_int {
                // SAFETY: the host passes texts that live through the call.
                unsafe { INSTANCES.confirm(request, credential) }
            }

            $($from_x509)?

            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            extern "C" fn plugin_terminate() -> c_int {
                INSTANCES.terminate()
            }

            // SAFETY: no other item of a module has this name.
            #[unsafe(no_mangle)]
            extern "C" fn plugin_select_instance(argv: *mut *mut c_char) -> c_int {
                INSTANCES.select(argv)
            }
        };
    };
}
