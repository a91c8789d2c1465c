//! The functions of the table for VOMS attributes.
//!
//! `# Safety` of all of them: pointers are as the table's documentation says. A panic becomes the
//! function's failure value.

use std::ffi::{CStr, OsStr, c_char, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

use lc_voms::{Checks, Settings, When};
use lc_x509::Verifier;
use lcmaps_certificates_abi::{Chain, Refusal, Voms, VomsSettings};

use crate::c_view::View;
use crate::functions::{guard, look, tell};

/// Most CA directories that are remembered; a program uses one.
const MOST_DIRECTORIES: usize = 4;

// Attributes may be used and freed on another thread than the one that made them.
const _: fn() = || {
    fn movable<T: Send + Sync>() {}
    movable::<View>();
};

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn chain_voms(
    chain: *const Chain,
    settings: *const VomsSettings,
    refusal: *const Refusal,
) -> *mut Voms {
    let make = |handle: &crate::functions::Handle| {
        // SAFETY: NULL or valid, by contract.
        let settings = unsafe { read_settings(settings) }?;
        let outcome = lc_voms::attributes(&handle.chain, &settings);
        for refused in &outcome.refused {
            // SAFETY: the caller's, by contract.
            unsafe { tell(refusal, &refused.to_string()) };
        }
        Ok(Box::into_raw(Box::new(View::new(&outcome))).cast())
    };
    let failed = || Err("there is no chain".to_owned());
    let made = guard(|| {
        // SAFETY: a live chain, by contract.
        unsafe { look(chain, None, |handle| Some(make(handle))) }.unwrap_or_else(failed)
    });
    let made = made
        .unwrap_or_else(|panic| Err(format!("internal error in the certificate code: {panic}")));
    made.unwrap_or_else(|reason: String| {
        // SAFETY: the caller's, by contract.
        unsafe { tell(refusal, &reason) };
        ptr::null_mut()
    })
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn voms_data(voms: *const Voms) -> *mut c_void {
    // SAFETY: NULL or live attributes, by contract.
    match unsafe { voms.cast::<View>().as_ref() } {
        Some(view) => view.data().cast(),
        None => ptr::null_mut(),
    }
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn voms_fqans(
    voms: *const Voms,
    count: *mut usize,
) -> *mut *mut c_char {
    // SAFETY: NULL or live attributes, by contract.
    let (list, number) = match unsafe { voms.cast::<View>().as_ref() } {
        Some(view) => view.fqans(),
        None => (ptr::null_mut(), 0),
    };
    if !count.is_null() {
        // SAFETY: not NULL, and a place for a number, by contract.
        unsafe { count.write(number) };
    }
    list
}

/// # Safety
/// See the module.
pub(crate) unsafe extern "C" fn voms_free(voms: *mut Voms) {
    if voms.is_null() {
        return;
    }
    // SAFETY: made by `chain_voms` and freed once, by contract.
    let view = unsafe { Box::from_raw(voms.cast::<View>()) };
    let _ = guard(|| drop(view));
}

/// # Safety
/// `settings` is NULL or valid, with paths that are NULL or strings.
unsafe fn read_settings(settings: *const VomsSettings) -> Result<Settings, String> {
    // SAFETY: by this function's contract.
    let settings = unsafe { settings.as_ref() }.ok_or("there are no VOMS settings")?;
    let path = |text: *const c_char, what: &str| {
        if text.is_null() {
            return Err(format!("there is no {what}"));
        }
        // SAFETY: not NULL, and a string by this function's contract.
        let text = unsafe { CStr::from_ptr(text) };
        Ok(PathBuf::from(OsStr::from_bytes(text.to_bytes())))
    };
    let when = When::from_switches(settings.time, settings.time_base).ok_or_else(|| {
        format!(
            "the time at which VOMS attributes are verified has unknown flags, {}: use 0 \
             (absolute), 1 or 2 (relative to the beginning or the end of the proxy)",
            settings.time_base
        )
    })?;
    Ok(Settings {
        vomsdir: path(settings.vomsdir, "VOMS directory")?,
        authorities: authorities(&path(settings.certdir, "CA directory")?),
        checks: Checks::from_word(settings.checks),
        when,
        hostnames: hostname().into_iter().collect(),
    })
}

/// The verifier for a CA directory, which keeps what it reads from one run to the next.
fn authorities(directory: &Path) -> Arc<Verifier> {
    static KNOWN: Mutex<Vec<Arc<Verifier>>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(verifier) = known.iter().find(|verifier| verifier.folder() == directory) {
        return Arc::clone(verifier);
    }
    if known.len() == MOST_DIRECTORIES {
        known.remove(0);
    }
    let verifier = Arc::new(Verifier::new(directory, lc_x509::Settings::default()));
    known.push(Arc::clone(&verifier));
    verifier
}

/// This host's name, as `hostname` prints it.
fn hostname() -> Option<String> {
    let mut name = [0_u8; 256];
    // SAFETY: a buffer of that length; the last byte stays 0.
    let answer = unsafe { libc::gethostname(name.as_mut_ptr().cast(), name.len() - 1) };
    let name = CStr::from_bytes_until_nul(&name).ok()?;
    (answer == 0).then(|| name.to_string_lossy().into_owned())
}

#[cfg(test)]
#[path = "../../../common/voms/tests/support/mod.rs"]
mod support;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::{chain_free, chain_from_pem};
    use lcmaps_sys::lcmaps_vomsdata_t;
    use std::ffi::CString;
    use std::slice;
    use support::World;

    use super::support;

    unsafe extern "C" fn take(context: *mut c_void, text: *const c_char, length: usize) {
        // SAFETY: the tests pass a list of strings; the text has `length` bytes.
        unsafe {
            let text = slice::from_raw_parts(text.cast(), length);
            (*context.cast::<Vec<String>>()).push(String::from_utf8_lossy(text).into_owned());
        }
    }

    /// The FQANs in both forms (NULL: none), and what was told.
    fn run(
        world: &World,
        credential: &[u8],
        time_base: i32,
    ) -> (Option<[Vec<String>; 2]>, Vec<String>) {
        let path = |path: PathBuf| CString::new(path.as_os_str().as_bytes()).expect("path");
        let (vomsdir, certdir) = (path(world.vomsdir()), path(world.certdir()));
        let settings = VomsSettings {
            vomsdir: vomsdir.as_ptr(),
            certdir: certdir.as_ptr(),
            checks: u32::MAX,
            time_base,
            time: 0,
        };
        let mut told: Vec<String> = Vec::new();
        let refusal = Refusal {
            context: (&raw mut told).cast(),
            take,
        };
        // SAFETY: everything lives during the calls; what is made is freed once.
        let found = unsafe {
            let chain = chain_from_pem(credential.as_ptr().cast(), credential.len(), &refusal);
            let voms = chain_voms(chain, &settings, &refusal);
            chain_free(chain);
            let mut count = 7;
            let list = voms_fqans(voms, &mut count);
            let data = voms_data(voms).cast::<lcmaps_vomsdata_t>();
            let read = |text: *mut c_char| CStr::from_ptr(text).to_string_lossy().into_owned();
            let found = data.as_ref().map(|data| {
                let voms = slice::from_raw_parts(data.voms, 1);
                let fqans = slice::from_raw_parts(voms[0].fqan_unix, count);
                [
                    (0..count).map(|at| read(*list.add(at))).collect(),
                    fqans.iter().map(|fqan| read(fqan.fqan)).collect(),
                ]
            });
            assert_eq!(found.is_none(), list.is_null() && count == 0);
            voms_free(voms);
            found
        };
        (found, told)
    }

    #[test]
    fn granted_fqans_are_handed_out_after_the_chain_is_gone() {
        let world = World::new();
        let ac = world
            .ac(&["/testvo", "/testvo/group"])
            .sign(&world.server.key);
        let (found, told) = run(&world, &world.credential(&[ac]), 0);
        assert_eq!(told, Vec::<String>::new());
        let expected = vec!["/testvo".to_owned(), "/testvo/group".to_owned()];
        assert_eq!(found, Some([expected.clone(), expected]));
    }

    #[test]
    fn every_refused_attribute_certificate_is_told() {
        let world = World::new();
        let good = world.ac(&["/testvo"]).sign(&world.server.key);
        let forged = world.ac(&["/testvo"]).sign(&support::rsa_key());
        let list = [forged.clone(), good, forged];
        let (found, told) = run(&world, &world.credential(&list), 0);
        assert_eq!(found, None);
        assert_eq!(told.len(), 2);
        assert!(
            told[1].starts_with("attribute certificate 3 (VO testvo)"),
            "{told:?}"
        );
    }

    #[test]
    fn unknown_time_flags_are_told_and_grant_nothing() {
        let world = World::new();
        let ac = world.ac(&["/testvo"]).sign(&world.server.key);
        let (found, told) = run(&world, &world.credential(&[ac]), 3);
        assert_eq!(found, None);
        assert!(told[0].contains("unknown flags, 3"), "{told:?}");
    }

    #[test]
    fn null_arguments_are_refused_in_words() {
        let world = World::new();
        let (found, told) = run(&world, b"", 0);
        assert_eq!(found, None);
        assert_eq!(told.last().map(String::as_str), Some("there is no chain"));
        // SAFETY: NULL is allowed.
        unsafe {
            assert!(chain_voms(ptr::null(), ptr::null(), ptr::null()).is_null());
            assert!(voms_data(ptr::null()).is_null());
            assert!(voms_fqans(ptr::null(), ptr::null_mut()).is_null());
            voms_free(ptr::null_mut());
            assert_eq!(
                read_settings(ptr::null()).err().as_deref(),
                Some("there are no VOMS settings")
            );
        }
    }

    #[test]
    fn one_verifier_serves_a_directory_and_few_are_kept() {
        let first = authorities(Path::new("/first"));
        assert!(Arc::ptr_eq(&first, &authorities(Path::new("/first"))));
        for number in 0..10 {
            let directory = PathBuf::from(format!("/number-{number}"));
            assert_eq!(authorities(&directory).folder(), directory);
        }
        assert!(!Arc::ptr_eq(&first, &authorities(Path::new("/first"))));
    }
}
