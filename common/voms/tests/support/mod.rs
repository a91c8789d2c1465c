//! A VO in memory and on disk: CA, server, user, attribute certificates right and wrong, and what
//! libvomsapi says about them.
#![allow(dead_code, reason = "each test program uses a part of it")]

#[path = "../../../x509/tests/support/mod.rs"]
pub mod pki;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use lc_voms::{Checks, Outcome, Settings, When};
use lc_x509::{Chain, Verifier};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use openssl::x509::{X509, X509NameRef};
use pki::{Flavour, Party, Request, authority, raw_extension};
use tempfile::TempDir;

pub const VO: &str = "testvo";
pub const HOST: &str = "voms.testgrid.example";
pub const SERVER: &str = "/C=NL/O=TestGrid/OU=Hosts/CN=voms.testgrid.example";
pub const AC_SEQUENCE: &str = "1.3.6.1.4.1.8005.100.100.5";

/// One DER element.
pub fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let mut text = vec![tag];
    match contents.len() {
        short @ 0..=0x7f => text.push(u8::try_from(short).expect("short")),
        long => {
            let octets = long.to_be_bytes();
            let first = octets.iter().position(|&octet| octet != 0).expect("long");
            text.push(0x80 | u8::try_from(octets.len() - first).expect("few"));
            text.extend(&octets[first..]);
        }
    }
    text.extend(contents);
    text
}

pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, parts)
}

pub fn joined(parts: &[Vec<u8>]) -> Vec<u8> {
    parts.concat()
}

/// The contents octets of an object identifier.
pub fn oid(text: &str) -> Vec<u8> {
    let arcs: Vec<u32> = text
        .split('.')
        .map(|arc| arc.parse().expect("arc"))
        .collect();
    let mut octets = vec![u8::try_from(arcs[0] * 40 + arcs[1]).expect("arc")];
    for &arc in &arcs[2..] {
        let mut groups = vec![u8::try_from(arc & 0x7f).expect("7 bits")];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push(0x80 | u8::try_from(rest & 0x7f).expect("7 bits"));
            rest >>= 7;
        }
        groups.reverse();
        octets.extend(groups);
    }
    element(0x06, &[&octets])
}

pub fn extension(kind: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let mark: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    sequence(&[&oid(kind), mark, &element(0x04, &[value])])
}

pub fn directory_name(name: &X509NameRef) -> Vec<u8> {
    element(0xa4, &[&name.to_der().expect("DER")])
}

pub fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("clock");
    i64::try_from(now.as_secs()).expect("clock")
}

/// `YYYYMMDDHHMMSSZ`, so many seconds from now.
pub fn date(offset: i64) -> String {
    let time = openssl::asn1::Asn1Time::from_unix(now() + offset).expect("time");
    // "Nov 22 01:48:45 2026 GMT"
    let text = time.to_string();
    let words: Vec<_> = text.split_whitespace().collect();
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = months.find(words[0]).expect("month") / 3 + 1;
    let day: u32 = words[1].parse().expect("day");
    format!(
        "{}{month:02}{day:02}{}Z",
        words[3],
        words[2].replace(':', "")
    )
}

/// An attribute certificate in parts, each of which a test may spoil.
#[derive(Clone)]
pub struct Ac {
    pub version: Vec<u8>,
    /// The contents of the holder.
    pub holder: Vec<u8>,
    /// The whole issuer element.
    pub issuer: Vec<u8>,
    pub inner_algorithm: Vec<u8>,
    pub algorithm: Vec<u8>,
    pub digest: Option<MessageDigest>,
    pub serial: Vec<u8>,
    pub dates: [String; 2],
    pub uri: String,
    pub fqans: Vec<Vec<u8>>,
    /// Attributes beside the FQANs, or in their place.
    pub more_attributes: Vec<u8>,
    pub only_more_attributes: bool,
    pub certificates: Option<Vec<X509>>,
    pub no_revocation: Vec<u8>,
    pub authority_key: Vec<u8>,
    /// Extensions beside those.
    pub more_extensions: Vec<u8>,
}

pub const SHA256_RSA: &str = "1.2.840.113549.1.1.11";
pub const SHA256_ECDSA: &str = "1.2.840.10045.4.3.2";

pub fn algorithm(kind: &str) -> Vec<u8> {
    sequence(&[&oid(kind)])
}

/// The holder by issuer and serial number.
pub fn holder(issuer: &X509NameRef, serial: &[u8]) -> Vec<u8> {
    element(
        0xa0,
        &[
            &sequence(&[&directory_name(issuer)]),
            &element(0x02, &[serial]),
        ],
    )
}

pub fn serial(certificate: &X509) -> Vec<u8> {
    let number = certificate.serial_number().to_bn().expect("number");
    let mut octets = number.to_vec();
    if octets.first().is_none_or(|first| first & 0x80 != 0) {
        octets.insert(0, 0);
    }
    octets
}

pub fn key_identifier(certificate: &X509) -> Vec<u8> {
    let key = certificate.public_key().expect("key");
    let spki = key.public_key_to_der().expect("DER");
    // The bit string is the last element of the SubjectPublicKeyInfo.
    let bits = match key.id() {
        openssl::pkey::Id::EC => &spki[spki.len() - 65..],
        _ => &spki[24..],
    };
    openssl::sha::sha1(bits).to_vec()
}

pub fn authority_key(identifier: &[u8]) -> Vec<u8> {
    let value = sequence(&[&element(0x80, &[identifier])]);
    extension("2.5.29.35", false, &value)
}

impl Ac {
    /// What the server gives to the user.
    pub fn new(server: &Party, user: &Party, fqans: &[&str]) -> Self {
        let kind = match server.key.id() {
            openssl::pkey::Id::EC => SHA256_ECDSA,
            _ => SHA256_RSA,
        };
        let name = directory_name(server.certificate.subject_name());
        Self {
            version: vec![1],
            holder: holder(user.certificate.issuer_name(), &serial(&user.certificate)),
            issuer: element(0xa0, &[&sequence(&[&name])]),
            inner_algorithm: algorithm(kind),
            algorithm: algorithm(kind),
            digest: Some(MessageDigest::sha256()),
            serial: vec![7],
            dates: [date(-60), date(3600)],
            uri: format!("{VO}://{HOST}:15000"),
            fqans: fqans.iter().map(|fqan| fqan.as_bytes().to_vec()).collect(),
            more_attributes: Vec::new(),
            only_more_attributes: false,
            certificates: Some(vec![server.certificate.clone()]),
            no_revocation: extension("2.5.29.56", false, &[5, 0]),
            authority_key: authority_key(&key_identifier(&server.certificate)),
            more_extensions: Vec::new(),
        }
    }

    pub fn fqan_attribute(&self) -> Vec<u8> {
        let values: Vec<_> = self
            .fqans
            .iter()
            .map(|fqan| element(0x04, &[fqan]))
            .collect();
        let syntax = sequence(&[
            &element(0xa0, &[&element(0x86, &[self.uri.as_bytes()])]),
            &sequence(&[&joined(&values)]),
        ]);
        sequence(&[
            &oid("1.3.6.1.4.1.8005.100.100.4"),
            &element(0x31, &[&syntax]),
        ])
    }

    pub fn info(&self) -> Vec<u8> {
        let mut extensions = Vec::new();
        if let Some(certificates) = &self.certificates {
            let list: Vec<_> = (certificates.iter())
                .map(|certificate| certificate.to_der().expect("DER"))
                .collect();
            let value = sequence(&[&sequence(&[&joined(&list)])]);
            extensions.extend(extension("1.3.6.1.4.1.8005.100.100.10", false, &value));
        }
        extensions.extend(&self.no_revocation);
        extensions.extend(&self.authority_key);
        extensions.extend(&self.more_extensions);
        let fqans = if self.only_more_attributes {
            Vec::new()
        } else {
            self.fqan_attribute()
        };
        sequence(&[
            &element(0x02, &[&self.version]),
            &sequence(&[&self.holder]),
            &self.issuer,
            &self.inner_algorithm,
            &element(0x02, &[&self.serial]),
            &sequence(&[
                &element(0x18, &[self.dates[0].as_bytes()]),
                &element(0x18, &[self.dates[1].as_bytes()]),
            ]),
            &sequence(&[&fqans, &self.more_attributes]),
            &sequence(&[&extensions]),
        ])
    }

    /// The attribute certificate, signed.
    pub fn sign(&self, key: &PKey<Private>) -> Vec<u8> {
        self.sign_info(&self.info(), key)
    }

    /// Any bytes, signed in place of the signed part.
    pub fn sign_info(&self, info: &[u8], key: &PKey<Private>) -> Vec<u8> {
        let mut signer = match self.digest {
            Some(digest) => Signer::new(digest, key).expect("signer"),
            None => Signer::new_without_digest(key).expect("signer"),
        };
        let signature = signer.sign_oneshot_to_vec(info).expect("signature");
        sequence(&[info, &self.algorithm, &element(0x03, &[&[0], &signature])])
    }
}

/// The value of the VOMS extension.
pub fn bundle(certificates: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[&sequence(&[&joined(certificates)])])
}

pub fn rsa_key() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(2048).expect("key")).expect("key")
}

/// A CA, a VOMS server and a user, and the directories of a machine that trusts them.
pub struct World {
    pub ca: Party,
    pub server: Party,
    pub alice: Party,
    directory: TempDir,
}

impl World {
    /// With a server that has an RSA key, as all real ones have.
    pub fn new() -> Self {
        static KEY: OnceLock<PKey<Private>> = OnceLock::new();
        Self::with_server_key(KEY.get_or_init(rsa_key).clone())
    }

    pub fn with_server_key(key: PKey<Private>) -> Self {
        let ca = authority(pki::CA);
        let certificate = server_request().sign(&key, &ca.key);
        let server = Party { certificate, key };
        let alice = ca.issue_user(pki::ALICE);
        let directory = tempfile::tempdir().expect("directory");
        let world = Self {
            ca,
            server,
            alice,
            directory,
        };
        fs::create_dir_all(world.vomsdir().join(VO)).expect("vomsdir");
        fs::create_dir_all(world.certdir()).expect("certdir");
        world.trust(&world.ca.certificate);
        world.write_lsc(&format!("{SERVER}\n{}\n", pki::CA));
        world
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn vomsdir(&self) -> PathBuf {
        self.path().join("vomsdir")
    }

    pub fn certdir(&self) -> PathBuf {
        self.path().join("certificates")
    }

    pub fn lsc(&self) -> PathBuf {
        self.vomsdir().join(VO).join(format!("{HOST}.lsc"))
    }

    pub fn write_lsc(&self, text: &str) {
        fs::write(self.lsc(), text).expect("LSC file");
    }

    /// Puts a CA into the CA directory.
    pub fn trust(&self, ca: &X509) {
        fs::write(
            self.certdir()
                .join(format!("{:08x}.0", ca.subject_name_hash())),
            ca.to_pem().expect("PEM"),
        )
        .expect("CA file");
    }

    pub fn settings(&self) -> Settings {
        Settings {
            vomsdir: self.vomsdir(),
            authorities: authorities(self.certdir()),
            checks: Checks::all(),
            when: When::Now,
            hostnames: vec![hostname()],
        }
    }

    pub fn ac(&self, fqans: &[&str]) -> Ac {
        Ac::new(&self.server, &self.alice, fqans)
    }

    /// A proxy of Alice with these attribute certificates.
    pub fn proxy(&self, certificates: &[Vec<u8>]) -> Party {
        proxy_with(&self.alice, &bundle(certificates))
    }

    /// The PEM text of a proxy of Alice with these attribute certificates.
    pub fn credential(&self, certificates: &[Vec<u8>]) -> Vec<u8> {
        let proxy = self.proxy(certificates);
        pki::pem(&[&proxy.certificate, &self.alice.certificate])
    }

    pub fn outcome(&self, certificates: &[Vec<u8>]) -> Outcome {
        read(&self.credential(certificates), &self.settings())
    }

    /// What libvomsapi says; `None` where it is not installed.
    pub fn oracle(&self, credential: &[u8], flags: u32, time: i64) -> Option<String> {
        let file = self.path().join("credential.pem");
        fs::write(&file, credential).expect("credential");
        oracle(&file, flags, time, &self.vomsdir(), &self.certdir())
    }
}

/// A verifier for a directory of CAs.
pub fn authorities(directory: impl Into<PathBuf>) -> Arc<Verifier> {
    Arc::new(Verifier::new(directory, lc_x509::Settings::default()))
}

/// A request for the server's certificate.
pub fn server_request() -> Request {
    let mut request = Request::new(SERVER, pki::CA);
    request.extensions.push(
        openssl::x509::extension::BasicConstraints::new()
            .critical()
            .build()
            .expect("no CA"),
    );
    request
}

/// A proxy of somebody with this value of the VOMS extension.
pub fn proxy_with(user: &Party, value: &[u8]) -> Party {
    let (cn, mark) = Flavour::Rfc.marks();
    let subject = format!("{}/CN={cn}", user.subject());
    let mut request = Request::new(&subject, &user.subject());
    request.extensions.extend(mark);
    request = request.with(raw_extension(AC_SEQUENCE, false, value));
    user.issue(request)
}

pub fn read(credential: &[u8], settings: &Settings) -> Outcome {
    lc_voms::attributes(&Chain::from_pem(credential).expect("chain"), settings)
}

/// This host's name, as libvomsapi finds it.
pub fn hostname() -> String {
    let output = Command::new("hostname").output().expect("hostname");
    String::from_utf8(output.stdout)
        .expect("ASCII")
        .trim()
        .to_owned()
}

/// What libvomsapi says about a file; `None` where it, its headers or a compiler are missing.
pub fn oracle(
    file: &Path,
    flags: u32,
    time: i64,
    vomsdir: &Path,
    certdir: &Path,
) -> Option<String> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let program = PROGRAM
        .get_or_init(|| {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/oracle.c");
            let program = Path::new(option_env!("CARGO_TARGET_TMPDIR")?)
                .join(format!("voms-oracle-{}", std::process::id()));
            let status = Command::new("cc")
                .args(["-w", "-o"])
                .args([&program, &source])
                .args(["-lvomsapi", "-lcrypto"])
                .stderr(std::process::Stdio::null())
                .status();
            status
                .is_ok_and(|status| status.success())
                .then_some(program)
        })
        .as_ref()?;
    let output = Command::new(program)
        .arg(file)
        .args([flags.to_string(), time.to_string()])
        .args([vomsdir, certdir])
        .output()
        .expect("oracle");
    Some(if output.status.success() {
        String::from_utf8_lossy(&output.stdout).into_owned()
    } else {
        format!("crashed: {}", output.status)
    })
}

/// What an outcome is in the words of the oracle program.
pub fn in_words(outcome: &Outcome) -> String {
    if outcome.granted().is_empty() {
        return "refused".to_owned();
    }
    let mut text = "accepted\n".to_owned();
    for one in outcome.granted() {
        let authority = one
            .issuer_authority
            .as_deref()
            .unwrap_or("Unable to determine CA");
        let line = [
            &one.holder,
            &one.holder_authority,
            &one.issuer,
            authority,
            &one.uri,
            &one.not_before,
            &one.not_after,
            &one.vo,
        ];
        text.push_str(&line.join("|"));
        text.push('\n');
        for fqan in &one.fqans {
            text.push_str(&String::from_utf8_lossy(fqan));
            text.push('\n');
        }
    }
    text
}

/// The first word of a verdict, or all of it when something was accepted.
pub fn verdict(text: &str) -> &str {
    if text.starts_with("accepted") {
        text
    } else {
        text.split([' ', ':']).next().unwrap_or_default()
    }
}
