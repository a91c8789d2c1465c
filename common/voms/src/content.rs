//! What an attribute certificate says, before anything of it is believed.
#![forbid(unsafe_code)]

use rasn::types::{Any, ObjectIdentifier};
use rasn_pkix::attribute_certificate::{IetfAttrSyntax, IetfAttrSyntaxValue, Target};
use rasn_pkix::{AlgorithmIdentifier, Extension, GeneralName};

use crate::asn1::{self, AuthorityKey, Info, Issuer, IssuerSerial, Number};
use crate::attributes::Generic;
use crate::name::Name;
use crate::number::Serial;
use crate::reason::Reason;
use crate::{MAX_FQANS, MAX_GENERIC, MAX_SIGNERS, dotted, time};

/// `1.3.6.1.4.1.8005.100.100`, the arc of VOMS, and its members.
const VOMS: [u32; 9] = [1, 3, 6, 1, 4, 1, 8005, 100, 100];
const FQANS: u32 = 4;
const CERTIFICATE_LIST: u32 = 10;
const GENERIC: u32 = 11;
const TARGET_INFORMATION: &[u32] = &[2, 5, 29, 55];
const NO_REVOCATION_AVAILABLE: &[u32] = &[2, 5, 29, 56];
const AUTHORITY_KEY_IDENTIFIER: &[u32] = &[2, 5, 29, 35];

/// Most octets of a serial number.
const MAX_SERIAL: usize = 20;
/// Longest name of a VO or a host.
const MAX_NAME: usize = 255;
/// Longest FQAN.
const MAX_FQAN: usize = 4096;

/// A date, as text and as a number.
#[derive(Debug, Clone)]
pub(crate) struct Date {
    pub(crate) text: String,
    pub(crate) seconds: i64,
}

/// What an attribute certificate says.
#[derive(Debug)]
pub(crate) struct Content {
    /// What the signature covers.
    pub(crate) signed: Any,
    pub(crate) algorithm: ObjectIdentifier,
    pub(crate) signature: Vec<u8>,
    pub(crate) holder: asn1::Holder,
    pub(crate) issuer: Name,
    pub(crate) not_before: Date,
    pub(crate) not_after: Date,
    pub(crate) server: Server,
    pub(crate) fqans: Vec<Vec<u8>>,
    pub(crate) generic: Vec<Generic>,
    /// The signer's certificate and those above it; `None` when there is no such list.
    pub(crate) signers: Option<Vec<Any>>,
    /// The hosts it is meant for; `None` when it is for all.
    pub(crate) targets: Option<Vec<String>>,
    pub(crate) authority_key: AuthorityKey,
}

/// Which VO, and by which server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) vo: String,
    pub(crate) host: String,
    /// Host and port.
    pub(crate) uri: String,
}

impl Server {
    /// Reads `VO://HOST:PORT`. VO and host become names of files, so neither may lead elsewhere.
    fn parse(uri: &str) -> Option<Self> {
        let (vo, uri) = uri.split_once("://")?;
        let (host, port) = uri.split_once(':')?;
        let is_port = |text: &str| {
            (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        (is_file_name(vo) && is_file_name(host) && is_port(port)).then(|| Self {
            vo: vo.to_owned(),
            host: host.to_owned(),
            uri: uri.to_owned(),
        })
    }

    /// Whether the FQAN is one of the VO.
    fn owns(&self, fqan: &[u8]) -> bool {
        fqan.strip_prefix(b"/")
            .and_then(|fqan| fqan.strip_prefix(self.vo.as_bytes()))
            .is_some_and(|rest| rest.first().is_none_or(|&byte| byte == b'/'))
    }
}

fn is_file_name(text: &str) -> bool {
    (1..=MAX_NAME).contains(&text.len())
        && !text.starts_with('.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'/')
}

/// Which VO an attribute certificate names, for messages about one that is refused.
pub(crate) fn claimed_vo(der: &Any) -> Option<String> {
    let certificate: asn1::AttributeCertificate = asn1::decode(der.as_bytes())?;
    let info: Info = asn1::decode(certificate.info.as_bytes())?;
    let (server, _) = server_and_values(&info).ok()?;
    Some(server.vo)
}

impl Content {
    /// Reads one attribute certificate.
    pub(crate) fn read(der: &Any) -> Result<Self, Reason> {
        let malformed = Reason::Malformed;
        let certificate: asn1::AttributeCertificate =
            asn1::decode(der.as_bytes()).ok_or(malformed("it cannot be decoded"))?;
        let info: Info = asn1::decode(certificate.info.as_bytes())
            .ok_or(malformed("its signed part cannot be decoded"))?;
        if info.version != 1.into() {
            return Err(malformed("it is not of version 2"));
        }
        // The one inside is signed, so that the one outside cannot be changed either.
        if info.algorithm != certificate.algorithm {
            return Err(malformed("it names two signature algorithms"));
        }
        let algorithm: AlgorithmIdentifier = asn1::decode(info.algorithm.as_bytes())
            .ok_or(malformed("its signature algorithm cannot be decoded"))?;
        if !has_no_parameters(&algorithm) {
            return Err(malformed("its signature algorithm has parameters"));
        }
        if !certificate.signature.len().is_multiple_of(8) {
            return Err(malformed("its signature is not made of bytes"));
        }
        let issuer = issuer(&info.issuer)
            .ok_or(malformed("its issuer is not given by one directory name"))?;
        if info.serial.0.len() > MAX_SERIAL || Serial::from_contents(&info.serial.0).is_none() {
            return Err(malformed("its serial number is not one"));
        }
        let not_before = date(&info.validity.not_before)?;
        let not_after = date(&info.validity.not_after)?;
        let (server, values) = server_and_values(&info)?;
        let fqans = fqans(&server, values)?;
        let extensions =
            Extensions::read(info.extensions.as_deref().map_or(&[][..], Vec::as_slice))?;
        Ok(Self {
            signed: certificate.info,
            algorithm: algorithm.algorithm,
            signature: certificate.signature.as_raw_slice().to_vec(),
            holder: info.holder,
            issuer,
            not_before,
            not_after,
            server,
            fqans,
            generic: extensions.generic,
            signers: extensions.signers,
            targets: extensions.targets,
            authority_key: extensions.authority_key,
        })
    }
}

/// Whether the parameters are NULL or absent, as they are for all algorithms that are accepted.
fn has_no_parameters(algorithm: &AlgorithmIdentifier) -> bool {
    (algorithm.parameters.as_ref()).is_none_or(|parameters| parameters.as_bytes() == [5, 0])
}

fn issuer(issuer: &Issuer) -> Option<Name> {
    let names = match issuer {
        Issuer::V1(names) => names,
        Issuer::V2(form) => {
            if form.base_certificate.is_some() || form.object_digest.is_some() {
                return None;
            }
            form.issuer_name.as_ref()?
        }
    };
    Name::single(names).filter(|name| !name.is_empty())
}

fn date(text: &asn1::TimeText) -> Result<Date, Reason> {
    let malformed = Reason::Malformed("a date of it is not of the form YYYYMMDDHHMMSSZ");
    let seconds = time::seconds(&text.0).ok_or(malformed.clone())?;
    let text = String::from_utf8(text.0.to_vec()).map_err(|_| malformed)?;
    Ok(Date { text, seconds })
}

/// The server and the values of the one attribute that holds FQANs.
fn server_and_values(info: &Info) -> Result<(Server, Vec<IetfAttrSyntaxValue>), Reason> {
    let malformed = Reason::Malformed;
    let mut attributes = (info.attributes.iter())
        .filter(|attribute| attribute.kind.strip_prefix(&VOMS) == Some(&[FQANS]));
    let attribute = attributes.next().ok_or(malformed("it has no FQANs"))?;
    if attributes.next().is_some() {
        return Err(malformed("it has FQANs in two places"));
    }
    let values = attribute.values.to_vec();
    let &[value] = values.as_slice() else {
        return Err(malformed("its FQANs are not in one list"));
    };
    let syntax: IetfAttrSyntax =
        asn1::decode(value.as_bytes()).ok_or(malformed("its FQANs cannot be decoded"))?;
    let server = match syntax.policy_authority.as_deref() {
        Some([GeneralName::Uri(uri)]) => std::str::from_utf8(uri.as_iso646_bytes())
            .ok()
            .and_then(Server::parse),
        _ => None,
    };
    let server = server.ok_or(malformed("it does not name its VO as VO://HOST:PORT"))?;
    Ok((server, syntax.values))
}

fn fqans(server: &Server, values: Vec<IetfAttrSyntaxValue>) -> Result<Vec<Vec<u8>>, Reason> {
    let malformed = Reason::Malformed;
    if values.len() > MAX_FQANS {
        return Err(malformed("it has too many FQANs"));
    }
    let mut fqans = Vec::with_capacity(values.len());
    for value in values {
        let IetfAttrSyntaxValue::Octets(fqan) = value else {
            return Err(malformed("an FQAN of it is not an octet string"));
        };
        if fqan.len() > MAX_FQAN {
            return Err(malformed("an FQAN of it is too long"));
        }
        if fqan.iter().any(u8::is_ascii_control) {
            return Err(malformed("an FQAN of it holds a control character"));
        }
        if !server.owns(&fqan) {
            return Err(Reason::ForeignFqan {
                fqan: fqan
                    .escape_ascii()
                    .to_string()
                    .chars()
                    .take(MAX_NAME)
                    .collect(),
                vo: server.vo.clone(),
            });
        }
        fqans.push(fqan.to_vec());
    }
    Ok(fqans)
}

/// The extensions that mean something here.
#[derive(Debug)]
struct Extensions {
    signers: Option<Vec<Any>>,
    generic: Vec<Generic>,
    targets: Option<Vec<String>>,
    authority_key: AuthorityKey,
}

impl Extensions {
    fn read(all: &[Extension]) -> Result<Self, Reason> {
        let malformed = Reason::Malformed;
        for extension in all {
            if extension.critical && extension.extn_id[..] != *TARGET_INFORMATION {
                return Err(Reason::UnknownCritical(dotted(&extension.extn_id)));
            }
        }
        single(all, |oid| oid == NO_REVOCATION_AVAILABLE)?.ok_or(malformed(
            "it does not say that there is no revocation for it",
        ))?;
        let authority_key = single(all, |oid| oid == AUTHORITY_KEY_IDENTIFIER)?
            .and_then(asn1::decode)
            .ok_or(malformed("it has no readable authority key identifier"))?;
        let signers = match single(all, |oid| {
            oid.strip_prefix(&VOMS) == Some(&[CERTIFICATE_LIST])
        })? {
            Some(der) => Some(signers(der)?),
            None => None,
        };
        let generic = match single(all, |oid| oid.strip_prefix(&VOMS) == Some(&[GENERIC]))? {
            Some(der) => generic(der)?,
            None => Vec::new(),
        };
        let targets = match single(all, |oid| oid == TARGET_INFORMATION)? {
            Some(der) => Some(targets(der).ok_or(malformed("its targets cannot be decoded"))?),
            None => None,
        };
        Ok(Self {
            signers,
            generic,
            targets,
            authority_key,
        })
    }
}

/// The contents of the one extension of a type.
fn single(all: &[Extension], is: impl Fn(&[u32]) -> bool) -> Result<Option<&[u8]>, Reason> {
    let mut found = all.iter().filter(|extension| is(&extension.extn_id));
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(Reason::Malformed("it has the same extension twice")),
        (first, None) => Ok(first.map(|extension| &*extension.extn_value)),
    }
}

fn signers(der: &[u8]) -> Result<Vec<Any>, Reason> {
    let list: asn1::CertificateList = asn1::decode(der).ok_or(Reason::Malformed(
        "its list of certificates cannot be decoded",
    ))?;
    if list.certificates.len() > MAX_SIGNERS {
        return Err(Reason::Malformed("its list of certificates is too long"));
    }
    Ok(list.certificates)
}

fn generic(der: &[u8]) -> Result<Vec<Generic>, Reason> {
    let malformed = Reason::Malformed;
    let list: asn1::TagContainers =
        asn1::decode(der).ok_or(malformed("its generic attributes cannot be decoded"))?;
    let mut all = Vec::new();
    for container in list.containers {
        let [GeneralName::Uri(grantor)] = container.policy_authority.as_slice() else {
            return Err(malformed(
                "its generic attributes do not name who gives them",
            ));
        };
        for tag in container.tags {
            if all.len() == MAX_GENERIC {
                return Err(malformed("it has too many generic attributes"));
            }
            if [&tag.name, &tag.value, &tag.qualifier]
                .iter()
                .any(|text| text.contains(&0))
            {
                return Err(malformed("a generic attribute of it holds a NUL character"));
            }
            all.push(Generic {
                grantor: grantor.as_iso646_bytes().to_vec(),
                name: tag.name.to_vec(),
                value: tag.value.to_vec(),
                qualifier: tag.qualifier.to_vec(),
            });
        }
    }
    Ok(all)
}

/// The hosts among the targets; other kinds of targets are never met.
fn targets(der: &[u8]) -> Option<Vec<String>> {
    let asn1::Targeting(lists) = asn1::decode(der)?;
    let mut hosts = Vec::new();
    for target in lists.iter().flatten() {
        let name = match asn1::decode::<asn1::VomsTarget>(target.as_bytes()) {
            Some(target) => target.name,
            None => match asn1::decode(target.as_bytes())? {
                Target::Name(name) => Some(name),
                Target::Group(_) | Target::Cert(_) => None,
            },
        };
        if let Some(GeneralName::Uri(host) | GeneralName::DnsName(host)) = name {
            hosts.push(String::from_utf8(host.as_iso646_bytes().to_vec()).ok()?);
        }
    }
    Some(hosts)
}

/// Issuer and serial number of the certificate that something was given to.
pub(crate) fn certificate_id(id: &IssuerSerial) -> Option<(Name, Serial)> {
    let name = Name::single(&id.issuer).filter(|name| !name.is_empty())?;
    let Number(contents) = &id.serial;
    Some((name, Serial::from_contents(contents)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn server(uri: &str) -> Option<(String, String, String)> {
        Server::parse(uri).map(|server| (server.vo, server.host, server.uri))
    }

    #[test]
    fn a_server_is_named_by_vo_host_and_port() {
        assert_eq!(
            server("testvo://voms.example.org:15000"),
            Some((
                "testvo".to_owned(),
                "voms.example.org".to_owned(),
                "voms.example.org:15000".to_owned()
            ))
        );
        for uri in [
            "",
            "testvo",
            "testvo://host",
            "://host:1",
            "vo://:1",
            "vo://host:",
            "vo:/h:1",
        ] {
            assert_eq!(server(uri), None, "{uri}");
        }
    }

    #[test]
    fn neither_vo_nor_host_can_lead_to_another_directory() {
        for uri in [
            "../other://host:1",
            "..://host:1",
            ".://host:1",
            ".hidden://host:1",
            "a/b://host:1",
            "/tmp://host:1",
            "vo://../host:1",
            "vo://..:1",
            "vo://a/b:1",
            "vo://host:1/../x",
            "v o://host:1",
            "v\0o://host:1",
            "v\u{f6}://host:1",
        ] {
            assert_eq!(server(uri), None, "{uri}");
        }
        assert_eq!(server(&format!("{}://host:1", "v".repeat(256))), None);
    }

    #[test]
    fn an_fqan_belongs_to_the_vo_whose_name_is_its_first_part() {
        let server = Server::parse("cms://host:1").expect("server");
        for fqan in [
            "/cms",
            "/cms/Role=x",
            "/cms/group/Role=NULL/Capability=NULL",
        ] {
            assert!(server.owns(fqan.as_bytes()), "{fqan}");
        }
        for fqan in [
            "",
            "/",
            "cms",
            "/cmsx",
            "/cm",
            "/other",
            "//cms",
            "/CMS",
            "/atlas/cms",
        ] {
            assert!(!server.owns(fqan.as_bytes()), "{fqan}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(der: Vec<u8>) {
            let der = Any::new(der);
            let _ = Content::read(&der);
            let _ = claimed_vo(&der);
            let _ = generic(der.as_bytes());
            let _ = signers(der.as_bytes());
            let _ = targets(der.as_bytes());
        }
    }
}
