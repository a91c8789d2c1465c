//! Which variables of the caller the payload gets.
#![forbid(unsafe_code)]

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// Beginnings of names that no configuration can let through: they steer the loader, libraries, or LCMAPS.
const NEVER_PREFIXES: [&str; 8] = [
    "LD_",
    "DYLD_",
    "MALLOC_",
    "RESOLV_",
    "LCMAPS_",
    "LCAS_",
    "LLGT_",
    "GLEXEC_EPILOG_",
];

/// Names of that kind.
const NEVER: [&str; 21] = [
    "GCONV_PATH",
    "NLSPATH",
    "LOCALDOMAIN",
    "HOSTALIASES",
    "RES_OPTIONS",
    "TZDIR",
    "GETCONF_DIR",
    "TMPDIR",
    "OPENSSL_CONF",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "SSLKEYLOGFILE",
    "GLIBC_TUNABLES",
    "VERIFY_PROXY_DISCARD_PRIVATE_KEY_ABSENCE",
    "GRIDMAP",
    "GLOBUSMAP",
    "GRIDMAPDIR",
    "GLOBUSID",
    "GATEKEEPER_JM_ID",
    "JOB_REPOSITORY_ID",
    "SSL_CLIENT_CERT",
];

/// Whose environment it becomes.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The account's name.
    pub name: &'a OsStr,
    /// Its home.
    pub home: &'a Path,
    /// The proxy that it can read.
    pub proxy: Option<&'a Path>,
}

/// The variables of the payload.
#[must_use]
pub fn of_payload(
    caller: &[(OsString, OsString)],
    preserved: &[String],
    owner: &Owner<'_>,
) -> Vec<(OsString, OsString)> {
    let mut own: Vec<(OsString, OsString)> = vec![
        ("PATH".into(), crate::start::PATH.into()),
        ("HOME".into(), owner.home.into()),
        ("USER".into(), owner.name.into()),
        ("LOGNAME".into(), owner.name.into()),
    ];
    if let Some(proxy) = owner.proxy {
        own.push(("X509_USER_PROXY".into(), proxy.into()));
    }
    for (name, value) in caller {
        let is_ours = ["HOME", "USER", "LOGNAME", "X509_USER_PROXY"]
            .iter()
            .any(|ours| name == ours);
        if is_ours || !passes(name, preserved) {
            continue;
        }
        own.retain(|(have, _)| have != name);
        own.push((name.clone(), value.clone()));
    }
    own
}

fn passes(name: &OsStr, preserved: &[String]) -> bool {
    let bytes = name.as_bytes();
    let begins = |prefix: &&str| bytes.starts_with(prefix.as_bytes());
    if NEVER_PREFIXES.iter().any(begins) || NEVER.iter().any(|never| name == *never) {
        return false;
    }
    bytes.starts_with(b"GLEXEC_") || preserved.iter().any(|listed| name == listed.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(caller: &[&str], preserved: &[&str], proxy: Option<&Path>) -> Vec<String> {
        let caller: Vec<_> = caller
            .iter()
            .map(|name| (name.into(), "caller".into()))
            .collect();
        let preserved: Vec<String> = preserved.iter().map(|name| (*name).to_owned()).collect();
        let owner = Owner {
            name: OsStr::new("jane"),
            home: Path::new("/home/jane"),
            proxy,
        };
        let made = of_payload(&caller, &preserved, &owner);
        let show =
            |(name, value): (OsString, OsString)| format!("{}={}", name.display(), value.display());
        made.into_iter().map(show).collect()
    }

    #[test]
    fn the_account_decides_about_home_and_name_and_the_caller_about_what_is_listed() {
        let made = names(
            &[
                "HOME",
                "USER",
                "X509_USER_PROXY",
                "FOO",
                "BAR",
                "GLEXEC_ENV",
                "PATH",
            ],
            &["HOME", "FOO", "X509_USER_PROXY", "PATH"],
            None,
        );
        let expected = [
            "HOME=/home/jane",
            "USER=jane",
            "LOGNAME=jane",
            "FOO=caller",
            "GLEXEC_ENV=caller",
            "PATH=caller",
        ];
        assert_eq!(made, expected);
    }

    #[test]
    fn the_proxy_is_the_targets() {
        let made = names(&["X509_USER_PROXY"], &[], Some(Path::new("/tmp/p")));
        assert!(
            made.contains(&"X509_USER_PROXY=/tmp/p".to_owned()),
            "{made:?}"
        );
    }

    #[test]
    fn what_steers_libraries_cannot_be_listed() {
        for name in NEVER.iter().copied().chain([
            "LD_PRELOAD",
            "LD_LIBRARY_PATH",
            "MALLOC_CHECK_",
            "LCMAPS_DB_FILE",
            "LCAS_DB_FILE",
            "GLEXEC_EPILOG_ARGV0",
            "LLGT_LIFT_PRIVILEGED_PROTECTION",
        ]) {
            let made = names(&[name], &[name], None);
            assert!(
                made.iter().all(|variable| !variable.starts_with(name)),
                "{made:?}"
            );
        }
    }
}
