//! The options about VOMS attributes.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use lc_gacl::ServerNames;
use lc_module::{Failure, Shown, Words};

use crate::finding::Finding;
use crate::places::FindFile;
use crate::voms_policy::{Format, VomsPolicy};

/// The options of `lcas_voms`.
pub const VOMS_OPTIONS: &[&str] = &[
    "-vomsdir",
    "-VOMSDIR",
    "-certdir",
    "-CERTDIR",
    "-authfile",
    "-authformat",
    "-gacl_use_voms_dn",
    "-use_user_dn",
];

/// Where VOMS attributes are verified.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeOptions {
    vomsdir: Option<PathBuf>,
    certdir: Option<PathBuf>,
}

impl AttributeOptions {
    /// Takes `-vomsdir` and `-certdir` with their values; tells whether it was one of them.
    ///
    /// # Errors
    /// The value is missing, or is no absolute name.
    pub(crate) fn take(&mut self, word: &CStr, words: &mut Words<'_>) -> Result<bool, Failure> {
        match word.to_bytes() {
            b"-vomsdir" | b"-VOMSDIR" => once(&mut self.vomsdir, word, folder(word, words)?)?,
            b"-certdir" | b"-CERTDIR" => once(&mut self.certdir, word, folder(word, words)?)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The directory that says which servers speak for which VO.
    ///
    /// # Errors
    /// No option names it, and the environment names one that cannot be meant.
    pub fn vomsdir(&self) -> Result<PathBuf, Failure> {
        place(
            self.vomsdir.as_deref(),
            "X509_VOMS_DIR",
            "/etc/grid-security/vomsdir",
        )
    }

    /// The directory of the trusted CAs.
    ///
    /// # Errors
    /// No option names it, and the environment names one that cannot be meant.
    pub fn certdir(&self) -> Result<PathBuf, Failure> {
        place(
            self.certdir.as_deref(),
            "X509_CERT_DIR",
            "/etc/grid-security/certificates",
        )
    }

    /// What is wrong with the directories.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for folder in [self.vomsdir(), self.certdir()] {
            match folder {
                Err(failure) => findings.push(Finding::error(failure)),
                Ok(folder) if folder.is_dir() => {}
                Ok(folder) => findings.push(
                    Finding::warning(
                        "there is no such directory, so no VOMS attribute can be verified",
                    )
                    .in_file(&folder),
                ),
            }
        }
        findings
    }
}

/// Sets what an option says. Of two values one would be passed over without a word.
pub(crate) fn once<T>(place: &mut Option<T>, option: &CStr, value: T) -> Result<(), Failure> {
    if place.replace(value).is_none() {
        return Ok(());
    }
    Err(Failure::error(format_args!(
        "option {} is given twice; leave one of them away",
        Shown(option.to_bytes())
    )))
}

fn place(option: Option<&Path>, variable: &'static str, default: &str) -> Result<PathBuf, Failure> {
    if let Some(path) = option {
        return Ok(path.to_owned());
    }
    let named = lc_os::places::folder_in_environment(variable)?;
    Ok(named.unwrap_or_else(|| PathBuf::from(default)))
}

fn folder(option: &CStr, words: &mut Words<'_>) -> Result<PathBuf, Failure> {
    const EXPECTED: &str = "the absolute name of a directory";
    let value = words.value_of(option, EXPECTED)?;
    let path = PathBuf::from(OsStr::from_bytes(value.to_bytes()));
    if path.is_absolute() {
        return Ok(path);
    }
    Err(words.bad_value(option, value, EXPECTED).into())
}

/// The configuration of `lcas_voms`.
#[derive(Debug, Clone)]
pub struct VomsOptions {
    attributes: AttributeOptions,
    policy: VomsPolicy,
}

impl VomsOptions {
    /// Reads the words.
    ///
    /// # Errors
    /// A word is unknown or has no sense, no policy file is named, it does not exist, or its format is not read.
    pub fn configure(mut words: Words<'_>, find: FindFile<'_>) -> Result<Self, Failure> {
        let mut attributes = AttributeOptions::default();
        let (mut file, mut format) = (None, None);
        let mut servers = None;
        let mut use_dn = false;
        while let Some(word) = words.next() {
            match word.to_bytes() {
                b"-authfile" => {
                    let name = words.value_of(word, "the policy file")?;
                    once(&mut file, word, find(name)?)?;
                }
                b"-authformat" => once(&mut format, word, format_of(word, &mut words)?)?,
                b"-gacl_use_voms_dn" => once(&mut servers, word, servers_of(word, &mut words)?)?,
                b"-use_user_dn" => use_dn = true,
                _ if attributes.take(word, &mut words)? => {}
                _ => return Err(words.unknown(word, VOMS_OPTIONS).into()),
            }
        }
        let file = file.ok_or_else(|| {
            Failure::error("there is no policy; name its file with option -authfile")
        })?;
        let format = match format {
            Some(format) => format,
            None => Format::of_file(&file)?,
        };
        Ok(Self {
            attributes,
            policy: VomsPolicy::open(file, format, servers.unwrap_or_default(), use_dn)?,
        })
    }

    /// Where VOMS attributes are verified.
    #[must_use]
    pub fn attributes(&self) -> &AttributeOptions {
        &self.attributes
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &VomsPolicy {
        &self.policy
    }

    /// What is wrong with the files.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = self.policy.findings();
        findings.extend(self.attributes.findings());
        findings
    }
}

fn format_of(option: &CStr, words: &mut Words<'_>) -> Result<Format, Failure> {
    const EXPECTED: &str = "\"simple\" or \"gacl\"";
    let value = words.value_of(option, EXPECTED)?;
    match value.to_bytes() {
        b"simple" => Ok(Format::Simple),
        b"gacl" | b"GACL" => Ok(Format::Gacl),
        b"xacml" | b"XACML" => Err(Format::no_xacml()),
        _ => Err(words.bad_value(option, value, EXPECTED).into()),
    }
}

fn servers_of(option: &CStr, words: &mut Words<'_>) -> Result<ServerNames, Failure> {
    const EXPECTED: &str = "\"yes\", \"no\" or \"always\"";
    let value = words.value_of(option, EXPECTED)?;
    match value.to_bytes() {
        b"yes" => Ok(ServerNames::WhereNamed),
        b"no" => Ok(ServerNames::NotCompared),
        b"always" => Ok(ServerNames::Required),
        _ => Err(words.bad_value(option, value, EXPECTED).into()),
    }
}
