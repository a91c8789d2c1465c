//! Which header has what: names, guards and include lines are those that programs and modules
//! written for LCMAPS 1.6.6 rely on.

/// A header to generate.
pub struct Header {
    /// File name.
    pub name: &'static str,
    /// Name of the include guard.
    pub guard: &'static str,
    /// What the header is for.
    pub about: &'static str,
    /// Preprocessor lines in front of the declarations.
    pub includes: &'static [&'static str],
    /// Rust files with the declarations, below the workspace.
    pub sources: &'static [&'static str],
    /// Declarations of the sources that the header does not get.
    pub without: &'static [&'static str],
    /// Functions that have a type of their own.
    pub typed: Typed,
    /// Constants that have a C type.
    pub casts: &'static [(&'static str, &'static str)],
    /// C types that the Rust declarations have as plain pointers: what cbindgen writes, and what the
    /// header says instead.
    pub spellings: &'static [(&'static str, &'static str)],
    /// Attributes of functions, as macros of [`Header::prelude`] or plain C.
    pub attributes: &'static [(&'static str, &'static str)],
    /// C text in front of the declarations.
    pub prelude: &'static str,
    /// C text behind the declarations.
    pub postlude: &'static str,
}

/// Which functions are declared by way of a type `NAME_t`, so that a program that loads the library
/// with `dlopen` can declare pointers to them. Those functions are declared themselves only where
/// `LCMAPS_USE_DLOPEN` is not defined.
pub enum Typed {
    /// None.
    None,
    /// All.
    All,
    /// These; the names in the second list are declared in any case.
    Some(&'static [&'static str], &'static [&'static str]),
}

/// A header without anything; each plan below fills in what it has.
pub(super) const BARE: Header = Header {
    name: "",
    guard: "",
    about: "",
    includes: &[],
    sources: &[],
    without: &[],
    typed: Typed::None,
    casts: &[],
    spellings: &[],
    attributes: &[],
    prelude: "",
    postlude: "",
};

/// All headers.
pub const HEADERS: &[Header] = &[
    Header {
        name: "lcmaps.h",
        guard: "LCMAPS_H",
        about: "The interface for programs. Define LCMAPS_GSI_MODE for the functions that take\n\
                X.509 and GSS credentials as OpenSSL and Globus have them.",
        includes: &[
            "#ifdef LCMAPS_GSI_MODE",
            "#include \"lcmaps_openssl.h\"",
            "#include \"lcmaps_globus.h\"",
            "#else",
            "#include \"lcmaps_basic.h\"",
            "#endif",
        ],
        ..BARE
    },
    Header {
        name: "_lcmaps.h",
        guard: "_LCMAPS_H",
        about: "What lcmaps_if.h is made of; include that one.",
        sources: &["lcmaps/capi/src/lcmaps_version.rs"],
        typed: Typed::All,
        postlude: include_str!("calls.h"),
        ..BARE
    },
    Header {
        name: "lcmaps_if.h",
        guard: "LCMAPS_IF_H",
        about: "Macros for programs that can be built both with and without a link to the library.",
        includes: &["#include \"_lcmaps.h\""],
        postlude: include_str!("interface.h"),
        ..BARE
    },
    Header {
        name: "lcmaps_account.h",
        guard: "LCMAPS_ACCOUNT_H",
        about: "The account that a mapping yields.",
        includes: &[
            "#include <stdlib.h>",
            "#include <sys/types.h>",
            "#include <pwd.h>",
        ],
        sources: &[
            "bindings/lcmaps-sys/src/account.rs",
            "lcmaps/capi/src/lcmaps_account.rs",
        ],
        typed: Typed::Some(
            &["lcmaps_account_info_init", "lcmaps_account_info_clean"],
            &["lcmaps_account_info_init"],
        ),
        ..BARE
    },
    Header {
        name: "lcmaps_arguments.h",
        guard: "LCMAPS_ARGUMENTS_H",
        about: "Run arguments of a module.",
        sources: &[
            "bindings/lcmaps-sys/src/arguments.rs",
            "lcmaps/capi/src/lcmaps_arguments.rs",
        ],
        ..BARE
    },
    Header {
        name: "lcmaps_basic.h",
        guard: "LCMAPS_BASIC_H",
        about: "Starting, ending, and mapping by DN, by FQANs and by PEM text.",
        includes: &[
            "#include <stdio.h>",
            "#include <time.h>",
            "#include <sys/types.h>",
            "#include \"lcmaps_version.h\"",
            "#include \"lcmaps_types.h\"",
            "#include \"lcmaps_if.h\"",
        ],
        sources: &[
            "lcmaps/capi/src/lcmaps_basic.rs",
            "lcmaps/capi/src/lcmaps_pem.rs",
            "lcmaps/capi/src/lcmaps_voms.rs",
        ],
        typed: Typed::All,
        ..BARE
    },
    Header {
        name: "lcmaps_cred_data.h",
        guard: "LCMAPS_CRED_DATA_H",
        about: "The results of modules.",
        includes: &[
            "#include <pwd.h>",
            "#include <sys/types.h>",
            "#include <stdio.h>",
            "#include \"lcmaps_vo_data.h\"",
        ],
        sources: &[
            "bindings/lcmaps-sys/src/cred_data.rs",
            "lcmaps/capi/src/lcmaps_cred_data.rs",
        ],
        ..BARE
    },
    Header {
        name: "lcmaps_db_read.h",
        guard: "LCMAPS_DB_READ_H",
        about: "An entry of the list of modules. No function passes it.",
        includes: &["#include \"lcmaps_defines.h\""],
        sources: &["bindings/lcmaps-sys/src/db_read.rs"],
        ..BARE
    },
    Header {
        name: "lcmaps_defines.h",
        guard: "LCMAPS_DEFINES_H",
        about: "Results of modules, and limits.",
        includes: &["#include <stddef.h>"],
        sources: &["bindings/lcmaps-sys/src/defines.rs"],
        without: &["DO_USRLOG", "DO_SYSLOG"],
        casts: &[
            ("LCMAPS_MAXPATHLEN", "size_t"),
            ("LCMAPS_MAXARGSTRING", "size_t"),
        ],
        ..BARE
    },
    Header {
        name: "lcmaps_globus.h",
        guard: "LCMAPS_GLOBUS_H",
        about: "Mapping by GSS credential.",
        includes: &[
            "#include <stdio.h>",
            "#include <gssapi.h>",
            "#include \"_lcmaps.h\"",
            "#include \"lcmaps_types.h\"",
            "#include \"lcmaps_openssl.h\"",
        ],
        sources: &["lcmaps/capi/src/lcmaps_globus.rs"],
        spellings: &[("void *user_cred", "gss_cred_id_t user_cred")],
        typed: Typed::All,
        ..BARE
    },
    Header {
        name: "lcmaps_log.h",
        guard: "LCMAPS_LOG_H",
        about: "Logging for modules. Messages end with a newline; priorities are those of syslog.",
        includes: &["#include <syslog.h>"],
        sources: &[
            "bindings/lcmaps-sys/src/log.rs",
            "lcmaps/capi/src/lcmaps_log.rs",
        ],
        without: &["lcmaps_shim_log", "lcmaps_shim_log_debug"],
        attributes: &[
            ("lcmaps_log", "LCMAPS_FORMAT_(2, 3)"),
            ("lcmaps_log_debug", "LCMAPS_FORMAT_(2, 3)"),
            ("lcmaps_log_time", "LCMAPS_FORMAT_(2, 3)"),
            (
                "lcmaps_log_a_string",
                "LCMAPS_DEPRECATED_ LCMAPS_FORMAT_(2, 0)",
            ),
            (
                "lcmaps_log_a_string_debug",
                "LCMAPS_DEPRECATED_ LCMAPS_FORMAT_(2, 0)",
            ),
        ],
        prelude: "\
#ifdef __GNUC__
#define LCMAPS_FORMAT_(text, values) __attribute__((format(printf, text, values)))
#define LCMAPS_DEPRECATED_ __attribute__((deprecated))
#else
#define LCMAPS_FORMAT_(text, values)
#define LCMAPS_DEPRECATED_
#endif
",
        postlude: "#undef LCMAPS_FORMAT_\n#undef LCMAPS_DEPRECATED_\n",
        ..BARE
    },
    Header {
        name: "lcmaps_modules.h",
        guard: "LCMAPS_MODULES_H",
        about: "Everything a module needs but the results (lcmaps_cred_data.h): the functions that a\n\
                module defines, and the headers with those that it may call.",
        includes: &[
            "#include \"lcmaps_utils.h\"",
            "#include \"lcmaps_log.h\"",
            "#include \"lcmaps_types.h\"",
            "#include \"lcmaps_defines.h\"",
            "#include \"lcmaps_arguments.h\"",
        ],
        sources: &["bindings/lcmaps-sys/src/entry_points.rs"],
        ..BARE
    },
    Header {
        name: "lcmaps_openssl.h",
        guard: "LCMAPS_X509_H",
        about: "Mapping by a stack of certificates.",
        includes: &[
            "#include <sys/types.h>",
            "#include <openssl/x509.h>",
            "#include \"lcmaps_basic.h\"",
        ],
        sources: &["lcmaps/capi/src/lcmaps_openssl.rs"],
        spellings: &[("void *cert_chain", "STACK_OF(X509) *cert_chain")],
        typed: Typed::All,
        ..BARE
    },
    Header {
        name: "lcmaps_report.h",
        guard: "LCMAPS_REPORT_H",
        about: "What happened in a run. LCMAPS 1.6.6 does not have this header.",
        sources: &["lcmaps/capi/src/lcmaps_report.rs"],
        typed: Typed::All,
        ..BARE
    },
    Header {
        name: "lcmaps_types.h",
        guard: "LCMAPS_TYPES_H",
        about: "The request, and the VOMS attributes of a user.",
        includes: &["#include <sys/types.h>", "#include <pwd.h>"],
        sources: &["bindings/lcmaps-sys/src/types.rs"],
        ..BARE
    },
    Header {
        name: "lcmaps_utils.h",
        guard: "LCMAPS_UTILS_H",
        about: "File names, words, groups of an account.",
        includes: &["#include <grp.h>", "#include <sys/types.h>"],
        sources: &["lcmaps/capi/src/lcmaps_utils.rs"],
        ..BARE
    },
    Header {
        name: "lcmaps_version.h",
        guard: "_LCMAPS_VERSION_H",
        about: "The version of the interface. A program may define other numbers beforehand.",
        sources: &["bindings/lcmaps-sys/src/version.rs"],
        ..BARE
    },
    Header {
        name: "lcmaps_vo_data.h",
        guard: "LCMAPS_VO_DATA_H",
        about: "VO attributes, and the groups they map to.",
        includes: &["#include <grp.h>", "#include <sys/types.h>"],
        sources: &[
            "bindings/lcmaps-sys/src/vo_data.rs",
            "lcmaps/capi/src/lcmaps_vo_data.rs",
        ],
        casts: &[("LCMAPS_NO_GID", "gid_t")],
        ..BARE
    },
    Header {
        name: "lcmaps_return_account_from_pem.h",
        guard: "LCMAPS_RETURN_ACCOUNT_FROM_PEM_H",
        about: "PEM text in, account out, in one call: liblcmaps_return_account_from_pem.",
        includes: &[
            "#include \"lcmaps_account.h\"",
            "#include \"lcmaps_basic.h\"",
        ],
        sources: &["lcmaps/companions/return_account_from_pem/src/lib.rs"],
        typed: Typed::All,
        postlude: include_str!("companions/return_account_from_pem.h"),
        ..BARE
    },
    Header {
        name: "_lcmaps_return_account_from_pem.h",
        guard: "_LCMAPS_RETURN_ACCOUNT_FROM_PEM_H",
        about: "What lcmaps_return_account_from_pem.h is made of; include that one.",
        includes: &["#include <stdio.h>", "#include \"_lcmaps.h\""],
        postlude: include_str!("companions/return_account_from_pem_handle.h"),
        ..BARE
    },
    Header {
        name: "lcmaps_verify_account_from_pem.h",
        guard: "LCMAPS_VERIFY_ACCOUNT_FROM_PEM_H",
        about: "Whether PEM text maps to an account, in one call: liblcmaps_verify_account_from_pem.",
        includes: &[
            "#include \"lcmaps_account.h\"",
            "#include \"lcmaps_basic.h\"",
        ],
        sources: &["lcmaps/companions/verify_account_from_pem/src/lib.rs"],
        without: &[
            "lcmaps_shim_verify_account_from_pem_va",
            "lcmaps_verify_account_from_pem_va",
        ],
        typed: Typed::All,
        postlude: include_str!("companions/verify_account_from_pem.h"),
        ..BARE
    },
    Header {
        name: "_lcmaps_verify_account_from_pem.h",
        guard: "_LCMAPS_VERIFY_ACCOUNT_FROM_PEM_H",
        about: "What lcmaps_verify_account_from_pem.h is made of; include that one.",
        includes: &["#include <stdio.h>", "#include \"_lcmaps.h\""],
        postlude: include_str!("companions/verify_account_from_pem_handle.h"),
        ..BARE
    },
    Header {
        name: "lcmaps_return_poolindex.h",
        guard: "LCMAPS_RETURN_POOLINDEX_H",
        about: "GSS context or credential in, lease name out, in one call: liblcmaps_return_poolindex.",
        includes: &[
            "#include \"lcmaps_account.h\"",
            "#include \"lcmaps_globus.h\"",
        ],
        sources: &["lcmaps/companions/return_poolindex/src/lib.rs"],
        spellings: &[
            ("void *context_handle", "gss_ctx_id_t context_handle"),
            ("void *credential_handle", "gss_cred_id_t credential_handle"),
        ],
        typed: Typed::All,
        postlude: include_str!("companions/return_poolindex.h"),
        ..BARE
    },
    Header {
        name: "_lcmaps_return_poolindex.h",
        guard: "_LCMAPS_RETURN_POOLINDEX_H",
        about: "What lcmaps_return_poolindex.h is made of; include that one.",
        includes: &["#include <stdio.h>", "#include \"_lcmaps.h\""],
        postlude: include_str!("companions/return_poolindex_handle.h"),
        ..BARE
    },
    Header {
        name: "lcmaps_gss_assist_gridmap.h",
        guard: "LCMAPS_GSS_ASSIST_GRIDMAP_H",
        about: "globus_gss_assist_gridmap by way of LCMAPS: liblcmaps_gss_assist_gridmap.",
        includes: &["#include \"lcmaps_basic.h\""],
        sources: &["lcmaps/companions/gss_assist_gridmap/src/lib.rs"],
        typed: Typed::All,
        postlude: include_str!("companions/gss_assist_gridmap.h"),
        ..BARE
    },
    Header {
        name: "_lcmaps_gss_assist_gridmap.h",
        guard: "_LCMAPS_GSS_ASSIST_GRIDMAP_H",
        about: "What lcmaps_gss_assist_gridmap.h is made of; include that one.",
        includes: &["#include <stdio.h>", "#include \"_lcmaps.h\""],
        postlude: include_str!("companions/gss_assist_gridmap_handle.h"),
        ..BARE
    },
    Header {
        name: "lcmaps_return_poolindex_without_gsi.h",
        guard: "LCMAPS_RETURN_POOLINDEX_WITHOUT_GSI_H",
        about: "Name and FQANs in, account out, in one call: liblcmaps_return_poolindex_without_gsi.",
        includes: &["#include \"lcmaps_account.h\""],
        sources: &["lcmaps/companions/return_poolindex_without_gsi/src/lib.rs"],
        ..BARE
    },
];
