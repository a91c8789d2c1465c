//! Credentials that Globus itself imported. Needs libglobus-gssapi-gsi4.

#[path = "../../../common/x509/tests/support/mod.rs"]
mod support;

use std::env;
use std::ffi::{CString, c_int, c_void};
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;

use foreign_types::ForeignTypeRef;
use lcmaps_certificates_client::Chain;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use openssl::stack::StackRef;
use openssl::x509::X509;
use support::{ALICE, BOB, CA, Flavour, Party, authority, pem};

/// `gss_buffer_desc`
#[repr(C)]
struct Buffer {
    length: usize,
    value: *mut c_void,
}

type Import = unsafe extern "C" fn(
    *mut u32,
    *mut *mut c_void,
    *mut c_void,
    u32,
    *mut Buffer,
    u32,
    *mut u32,
) -> u32;
type Release = unsafe extern "C" fn(*mut u32, *mut *mut c_void) -> u32;

struct Globus {
    /// Globus insists on a directory of trusted CAs, though it does not look into it here.
    _trusted: tempfile::TempDir,
    import: Import,
    release: Release,
}

/// The GSS library as a program that uses Globus has it.
fn globus() -> &'static Globus {
    static GLOBUS: OnceLock<Globus> = OnceLock::new();
    GLOBUS.get_or_init(|| {
        let trusted = tempfile::tempdir().expect("directory");
        // SAFETY: every test begins here, so no thread reads the environment meanwhile.
        unsafe { env::set_var("X509_CERT_DIR", trusted.path()) };
        let flags = RTLD_NOW | RTLD_LOCAL;
        // SAFETY: a system library.
        let library = unsafe { Library::open(Some("libglobus_gssapi_gsi.so.4"), flags) }
            .expect("install libglobus-gssapi-gsi4");
        // SAFETY: the types are those of the Globus headers.
        unsafe {
            type Activate = unsafe extern "C" fn(*mut c_void) -> c_int;
            let activate = library
                .get::<Activate>(c"globus_module_activate")
                .expect("symbol");
            let module = library
                .get::<*mut c_void>(c"globus_i_gsi_gssapi_module")
                .expect("symbol");
            assert_eq!(activate(module.into_raw()), 0);
            let globus = Globus {
                _trusted: trusted,
                import: *library.get(c"gss_import_cred").expect("symbol"),
                release: *library.get(c"gss_release_cred").expect("symbol"),
            };
            std::mem::forget(library);
            globus
        }
    })
}

/// A credential, released when it goes.
struct Credential(*mut c_void);

impl Globus {
    /// Imports the first party's key and the certificates of all.
    fn import(&self, directory: &Path, parties: &[&Party]) -> Credential {
        let file = directory.join("proxy.pem");
        let _ = fs::remove_file(&file);
        let mut out = fs::File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .expect("file");
        let certificates: Vec<_> = parties.iter().map(|party| &party.certificate).collect();
        let key = parties[0].key.private_key_to_pem_pkcs8().expect("key");
        out.write_all(&pem(&certificates[..1])).expect("file");
        out.write_all(&key).expect("file");
        out.write_all(&pem(&certificates[1..])).expect("file");
        let token = CString::new(format!("X509_USER_PROXY={}", file.display())).expect("path");
        let mut buffer = Buffer {
            length: token.as_bytes_with_nul().len(),
            value: token.as_ptr().cast_mut().cast(),
        };
        let (mut minor, mut credential) = (0, ptr::null_mut());
        // SAFETY: as gss_import_cred wants it: the name of a file that holds a credential.
        let major = unsafe {
            (self.import)(
                &mut minor,
                &mut credential,
                ptr::null_mut(),
                1,
                &mut buffer,
                0,
                ptr::null_mut(),
            )
        };
        assert_eq!(major, 0, "Globus does not import the credential");
        assert!(!credential.is_null());
        Credential(credential)
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        let mut minor = 0;
        // SAFETY: a credential that was imported, released once.
        unsafe { (globus().release)(&mut minor, &mut self.0) };
    }
}

fn read(credential: &Credential) -> Result<Chain, String> {
    // SAFETY: a Globus credential.
    unsafe { Chain::from_gss(credential.0) }
}

fn certificates_of(chain: &Chain) -> Vec<X509> {
    // SAFETY: the chain's own stack.
    let stack = unsafe { StackRef::<X509>::from_ptr(chain.stack().cast()) };
    stack.iter().map(ToOwned::to_owned).collect()
}

#[test]
fn the_leaf_stands_before_the_chain_of_the_credential() {
    let globus = globus();
    let directory = tempfile::tempdir().expect("directory");
    let ca = authority(CA);
    let alice = ca.issue_user(ALICE);
    let one = alice.delegate(Flavour::Rfc);
    let two = one.delegate(Flavour::Rfc);
    let parties = [&two, &one, &alice, &ca];
    let credential = globus.import(directory.path(), &parties);
    for _ in 0..3 {
        let chain = read(&credential).expect("chain");
        assert_eq!(chain.dn().to_str(), Ok(ALICE));
        assert!(certificates_of(&chain) == parties.map(|party| party.certificate.clone()));
        assert!(chain.warnings().is_empty());
    }
}

#[test]
fn the_chain_outlives_the_credential() {
    let globus = globus();
    let directory = tempfile::tempdir().expect("directory");
    let ca = authority(CA);
    let alice = ca.issue_user(ALICE);
    let proxy = alice.delegate(Flavour::Rfc);
    let credential = globus.import(directory.path(), &[&proxy, &alice]);
    let chain = read(&credential).expect("chain");
    drop(credential);
    assert_eq!(chain.dn().to_str(), Ok(ALICE));
    assert_eq!(certificates_of(&chain).len(), 2);
}

#[test]
fn a_credential_without_a_chain_is_its_leaf() {
    let globus = globus();
    let directory = tempfile::tempdir().expect("directory");
    let alice = authority(CA).issue_user(ALICE);
    let credential = globus.import(directory.path(), &[&alice]);
    let chain = read(&credential).expect("chain");
    assert_eq!(chain.dn().to_str(), Ok(ALICE));
    assert_eq!(certificates_of(&chain).len(), 1);
}

#[test]
fn a_foreign_certificate_in_a_credential_lends_no_name() {
    let globus = globus();
    let directory = tempfile::tempdir().expect("directory");
    let ca = authority(CA);
    let (alice, bob) = (ca.issue_user(ALICE), ca.issue_user(BOB));
    let proxy = alice.delegate(Flavour::Rfc);
    let credential = globus.import(directory.path(), &[&proxy, &alice, &bob]);
    let chain = read(&credential).expect("chain");
    assert_eq!(chain.dn().to_str(), Ok(ALICE));
    assert_eq!(chain.warnings().len(), 1);
    let credential = globus.import(directory.path(), &[&proxy, &bob]);
    let reason = read(&credential).err().expect("refused");
    assert!(reason.starts_with("the issuer of the proxy"), "{reason}");
}

#[test]
fn no_credential_and_an_empty_one_are_refused() {
    let _loaded = globus();
    // SAFETY: NULL is allowed.
    let reason = unsafe { Chain::from_gss(ptr::null_mut()) }.err();
    assert_eq!(reason.as_deref(), Some("there is no GSS credential"));
    // A credential whose handle was never made.
    let mut empty = [ptr::null_mut::<c_void>(); 5];
    // SAFETY: of the layout of a credential.
    let reason = unsafe { Chain::from_gss(empty.as_mut_ptr().cast()) }.err();
    assert_eq!(
        reason.as_deref(),
        Some("the GSS credential is empty: it has no certificate")
    );
    // A handle without certificate: all its members are NULL.
    let mut handle = [ptr::null_mut::<c_void>(); 8];
    empty[0] = handle.as_mut_ptr().cast();
    // SAFETY: as above; Globus looks at the certificate only.
    let reason = unsafe { Chain::from_gss(empty.as_mut_ptr().cast()) }
        .err()
        .expect("refused");
    assert!(
        reason.starts_with("Globus gives no certificate for the GSS credential: "),
        "{reason}"
    );
}
