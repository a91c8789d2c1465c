//! The headers of LCAS: names, guards and include lines are those that programs and modules
//! written for LCAS 1.3.19 rely on.

use super::plan::{BARE, Header};

/// `gss_cred_id_t` where the Rust declarations have a plain pointer.
const GLOBUS: &[&str] = &["#ifndef NOGLOBUS", "#include <gssapi.h>", "#endif"];

/// All headers.
pub const HEADERS: &[Header] = &[
    Header {
        name: "lcas.h",
        guard: "LCAS_H",
        about: "The interface for programs: starting, ending, requests by GSS credential.",
        includes: &[
            "#include <stdio.h>",
            GLOBUS[0],
            GLOBUS[1],
            GLOBUS[2],
            "#include \"lcas_types.h\"",
        ],
        sources: &["lcas/capi/src/lcas.rs"],
        spellings: &[("void *user_cred", "gss_cred_id_t user_cred")],
        ..BARE
    },
    Header {
        name: "lcas_defines.h",
        guard: "LCAS_DEFINES_H",
        about: "Results of modules.",
        sources: &["bindings/lcas-sys/src/defines.rs"],
        casts: &[
            ("LCAS_MOD_SUCCESS", "int"),
            ("LCAS_MOD_FAIL", "int"),
            ("LCAS_MOD_NOFILE", "int"),
            ("LCAS_MOD_ENTRY", "int"),
            ("LCAS_MOD_NOENTRY", "int"),
        ],
        ..BARE
    },
    Header {
        name: "lcas_log.h",
        guard: "LCAS_LOG_H",
        about: "Logging for modules. Messages end with a newline; priorities are those of syslog.",
        includes: &["#include <syslog.h>"],
        sources: &["bindings/lcas-sys/src/log.rs", "lcas/capi/src/lcas_log.rs"],
        attributes: &[
            ("lcas_log", "LCAS_FORMAT_(2, 3)"),
            ("lcas_log_debug", "LCAS_FORMAT_(2, 3)"),
            ("lcas_log_time", "LCAS_FORMAT_(2, 3)"),
            ("lcas_log_a_string", "LCAS_FORMAT_(2, 0)"),
            ("lcas_log_a_string_debug", "LCAS_FORMAT_(2, 0)"),
        ],
        prelude: "\
#ifdef __GNUC__
#define LCAS_FORMAT_(text, values) __attribute__((format(printf, text, values)))
#else
#define LCAS_FORMAT_(text, values)
#endif
",
        postlude: "#undef LCAS_FORMAT_\n",
        ..BARE
    },
    Header {
        name: "lcas_modules.h",
        guard: "LCAS_MODULES_H",
        about: "Everything a module needs: the functions that a module defines, and the headers with\n\
                those that it may call.",
        includes: &[
            GLOBUS[0],
            GLOBUS[1],
            GLOBUS[2],
            "#include <openssl/x509.h>",
            "#include \"lcas_utils.h\"",
            "#include \"lcas_log.h\"",
            "#include \"lcas_types.h\"",
            "#include \"lcas_defines.h\"",
        ],
        sources: &["bindings/lcas-sys/src/entry_points.rs"],
        spellings: &[
            ("void *cert", "X509 *cert"),
            ("void *chain", "STACK_OF(X509) *chain"),
        ],
        ..BARE
    },
    Header {
        name: "lcas_pem.h",
        guard: "LCAS_PEM_H",
        about: "One request by PEM text, from start to end.",
        includes: &["#include \"lcas_types.h\""],
        sources: &["lcas/capi/src/lcas_pem.rs"],
        ..BARE
    },
    Header {
        name: "lcas_run.h",
        guard: "LCAS_RUN_H",
        about: "Requests by any kind of credential, logging, words. LCAS 1.3.19 exports these\n\
                functions and does not declare them.",
        includes: &["#include <stdio.h>", "#include \"lcas_types.h\""],
        sources: &["bindings/lcas-sys/src/run.rs", "lcas/capi/src/lcas_run.rs"],
        without: &["LCAS_MAX_DB_ENTRIES", "LCAS_MAX_ARGS"],
        ..BARE
    },
    Header {
        name: "lcas_types.h",
        guard: "LCAS_TYPES_H",
        about: "The request and the credential. A module that has no Globus defines NOGLOBUS; the\n\
                credential stays as it is, since the library has both members.",
        includes: &[
            "#ifdef NOGLOBUS",
            "typedef void *gss_cred_id_t;",
            "#else",
            "#include <gssapi.h>",
            "#endif",
            "#include <openssl/x509.h>",
        ],
        sources: &["bindings/lcas-sys/src/types.rs"],
        spellings: &[("void *cred", "gss_cred_id_t cred")],
        ..BARE
    },
    Header {
        name: "lcas_utils.h",
        guard: "LCAS_UTILS_H",
        about: "Credentials and file names.",
        includes: &[GLOBUS[0], GLOBUS[1], GLOBUS[2], "#include \"lcas_types.h\""],
        sources: &[
            "bindings/lcas-sys/src/utils.rs",
            "lcas/capi/src/lcas_utils.rs",
        ],
        spellings: &[("void *lcas_get_gss_cred", "gss_cred_id_t lcas_get_gss_cred")],
        ..BARE
    },
];
