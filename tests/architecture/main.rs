//! The rules of docs/architecture.md, held over `cargo metadata` and the sources.

mod workspace;

use workspace::{Source, Workspace};

/// Crates that see the outside world as values and traits only.
const PURE: &[&str] = &[
    "lc-configuration",
    "lc-gacl",
    "lc-gridmap",
    "lc-log",
    "lc-rsl",
    "lcas-core",
    "lcmaps-core",
    "lcmaps-pdl",
];
/// Crates that reach into the system, by name or by the beginning of it.
const SYSTEM: &[&str] = &[
    "libc",
    "nix",
    "rustix",
    "openssl",
    "libloading",
    "lc-os",
    "lcmaps-sys",
];

#[test]
fn core_and_pdl_and_gridmap_and_log_see_neither_libc_nor_openssl() {
    let workspace = Workspace::read();
    for name in PURE {
        let reached = workspace.reachable(name);
        let system: Vec<_> = reached
            .iter()
            .filter(|dependency| is_system(dependency))
            .collect();
        assert_eq!(system, Vec::<&String>::new(), "{name} depends on these");
    }
}

#[test]
fn core_and_pdl_and_gridmap_and_log_see_no_raw_pointer_and_no_environment() {
    let workspace = Workspace::read();
    for name in PURE {
        for source in workspace.sources(name) {
            for forbidden in [
                "*const ",
                "*mut ",
                "env::var",
                "env::temp_dir",
                "extern \"C\"",
            ] {
                assert_eq!(
                    source.first_line_with(forbidden),
                    None,
                    "{forbidden} in {}",
                    source.path()
                );
            }
        }
    }
}

#[test]
fn crates_that_are_said_to_be_safe_forbid_unsafe_code() {
    let workspace = Workspace::read();
    for name in PURE.iter().chain(&[
        "lcas-check-executable",
        "lcas-module-support",
        "lcas-timeslots",
        "lcas-userallow",
        "lcas-userban",
        "lcas-voms",
        "lcas-walltime",
        "lcmaps-ban-dn",
        "lcmaps-ban-fqan",
        "lcmaps-dummy-good",
        "lcmaps-dummy-bad",
        "lcmaps-localaccount",
        "lcmaps-poolaccount",
        "lcmaps-posix-enf",
        "lcmaps-voms",
        "lcmaps-voms-localaccount",
        "lcmaps-voms-localgroup",
        "lcmaps-voms-poolaccount",
        "lcmaps-voms-poolgroup",
    ]) {
        let root = workspace.root_source(name);
        let attribute = "#![forbid(unsafe_code)]";
        // A module exports C functions through the macro of the SDK, which only `deny` lets happen.
        let weaker = "#![deny(unsafe_code)]";
        let found = root
            .first_line_with(attribute)
            .or_else(|| root.first_line_with(weaker));
        assert!(found.is_some(), "{} has no {attribute}", root.path());
        if PURE.contains(name) {
            assert!(
                root.first_line_with(attribute).is_some(),
                "{} needs {attribute}",
                root.path()
            );
        }
    }
}

#[test]
fn exports_stand_in_c_libraries_and_in_the_macro_of_the_sdk_only() {
    let workspace = Workspace::read();
    for package in workspace.packages() {
        let allowed = workspace.is_c_library(package) && !workspace.is_module(package);
        if allowed || ["lcmaps-plugin", "lcas-plugin"].contains(&package) {
            continue;
        }
        for source in workspace.sources(package) {
            for attribute in ["#[no_mangle", "#[unsafe(no_mangle", "export_name"] {
                assert_eq!(
                    source.first_line_with(attribute),
                    None,
                    "{attribute} in {}",
                    source.path()
                );
            }
        }
    }
}

#[test]
fn nothing_links_a_shared_object_of_ours() {
    let workspace = Workspace::read();
    for package in workspace.packages() {
        for dependency in workspace.dependencies(package) {
            assert!(
                !workspace.is_c_library(&dependency),
                "{package} depends on {dependency}, which is for dlopen (a test names it under [dev-dependencies])"
            );
        }
    }
}

#[test]
fn shared_objects_of_ours_are_shared_objects_only() {
    let workspace = Workspace::read();
    let libraries: Vec<_> = workspace
        .packages()
        .into_iter()
        .filter(|name| workspace.is_c_library(name))
        .collect();
    assert!(libraries.len() >= 6, "{libraries:?}");
    for name in libraries {
        assert_eq!(
            workspace.library_kinds(name),
            ["cdylib"],
            "{name} would lose its optimisation"
        );
    }
}

#[test]
fn a_module_reaches_its_host_through_c_symbols_only() {
    let workspace = Workspace::read();
    let hosts = [
        "lcas",
        "lcas-client",
        "lcas-core",
        "lc-c-boundary",
        "lcmaps",
        "lcmaps-certificates",
        "lcmaps-client",
        "lcmaps-core",
        "lcmaps-pdl",
        "lc-log",
    ];
    let modules: Vec<_> = workspace
        .packages()
        .into_iter()
        .filter(|name| workspace.is_module(name))
        .collect();
    assert!(modules.len() >= 4, "{modules:?}");
    for module in modules {
        let reached = workspace.reachable(module);
        let host: Vec<_> = reached
            .iter()
            .filter(|name| hosts.contains(&name.as_str()))
            .collect();
        assert_eq!(host, Vec::<&String>::new(), "{module} links these");
    }
}

#[test]
fn every_c_type_is_defined_in_a_sys_crate() {
    let workspace = Workspace::read();
    for package in workspace.packages() {
        if package.ends_with("-sys") || package.ends_with("-abi") {
            continue;
        }
        for source in workspace.sources(package) {
            for (line, text) in source.structures_in_c_layout() {
                assert!(
                    !text.contains("lcmaps_") && !text.contains("lcas_"),
                    "{}:{line} defines {text}, which belongs into a -sys crate",
                    source.path()
                );
            }
        }
    }
}

#[test]
fn programs_go_through_the_shared_library() {
    let workspace = Workspace::read();
    let inside = ["lcas", "lcmaps", "lcmaps-core", "lcmaps-certificates"];
    for program in workspace
        .packages_in("tools")
        .into_iter()
        .chain(workspace.packages_in("glexec"))
    {
        let reached = workspace.reachable(program);
        let wrong: Vec<_> = reached
            .iter()
            .filter(|name| inside.contains(&name.as_str()))
            .collect();
        assert_eq!(wrong, Vec::<&String>::new(), "{program} links these");
    }
}

#[test]
fn the_rules_find_what_breaks_them() {
    assert!(is_system("openssl-sys") && is_system("libc") && !is_system("memchr"));
    let source = Source::from_text(
        "x.rs",
        "fn f() {}\n#[repr(C)]\npub struct lcmaps_x_t {\n}\n",
    );
    assert_eq!(source.first_line_with("fn f"), Some(1));
    assert_eq!(
        source.structures_in_c_layout(),
        [(3, "pub struct lcmaps_x_t {".to_owned())]
    );
    let comment = Source::from_text("x.rs", "//! *const u8\n/// env::var\n");
    assert_eq!(comment.first_line_with("*const "), None);
    let tests = Source::from_text(
        "x.rs",
        "#[cfg(test)]\nmod tests { fn f(p: *const u8) {} }\n",
    );
    assert_eq!(tests.first_line_with("*const "), None);
}

fn is_system(name: &str) -> bool {
    SYSTEM.iter().any(|system| {
        name.strip_prefix(system)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}
