//! Policies about VOMS attributes: simple lists and GACL.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lc_gacl::{Legacy, Others, Permissions, Policy, ServerNames, User, VomsAttribute};
use lc_gridmap::{Accept, Cache, MapError, Wildcards};
use lc_module::{Failure, Shown};

use crate::finding::Finding;
use crate::{map_line, text_file};

/// How a policy is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One pattern per line, as in a grid-mapfile.
    Simple,
    /// GACL, with the credentials of old policies.
    Gacl,
}

impl Format {
    /// The format that the ending of a name stands for.
    ///
    /// # Errors
    /// It is one that is not read.
    pub(crate) fn of_file(path: &Path) -> Result<Self, Failure> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("gacl") => Ok(Self::Gacl),
            Some("xacml") => Err(Self::no_xacml()),
            _ => Ok(Self::Simple),
        }
    }

    pub(crate) fn no_xacml() -> Failure {
        Failure::error(
            "policies in XACML are not read; write the policy in GACL (-authformat gacl) or as a simple list (-authformat simple)",
        )
    }
}

/// What a policy is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VomsUser {
    /// The DN of the end entity.
    pub dn: Option<Vec<u8>>,
    /// The verified attributes, in order.
    pub attributes: Vec<VomsAttribute>,
}

impl VomsUser {
    /// DN and attributes, these in every way in which files write them.
    #[must_use]
    pub fn names(&self) -> Vec<Vec<u8>> {
        let fqans = self.attributes.iter().flat_map(|one| spellings(&one.fqan));
        self.dn.iter().cloned().chain(fqans).collect()
    }
}

/// A policy. A change on disk counts at once.
#[derive(Clone)]
pub struct VomsPolicy {
    path: PathBuf,
    format: Format,
    servers: ServerNames,
    use_dn: bool,
    cache: Arc<Cache>,
}

impl std::fmt::Debug for VomsPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VomsPolicy")
            .field("path", &self.path)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl VomsPolicy {
    /// A policy whose file is there.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn open(
        path: PathBuf,
        format: Format,
        servers: ServerNames,
        use_dn: bool,
    ) -> Result<Self, Failure> {
        let policy = Self {
            path,
            format,
            servers,
            use_dn,
            cache: Arc::new(Cache::new()),
        };
        match format {
            Format::Simple => policy.cache.open(&policy.path).map(drop)?,
            Format::Gacl => text_file::read(&policy.path).map(drop)?,
        }
        Ok(policy)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets a user pass whom the policy lets in; says why.
    ///
    /// # Errors
    /// It does not, or it cannot be read.
    pub fn admit(&self, user: &VomsUser) -> Result<String, Failure> {
        if user.attributes.is_empty() && !self.use_dn {
            return Err(Failure::refused(
                "the user has no VOMS attributes; a proxy with some is made with voms-proxy-init",
            ));
        }
        match self.format {
            Format::Simple => self.admit_simple(user),
            Format::Gacl => self.admit_gacl(user),
        }
    }

    fn admit_simple(&self, user: &VomsUser) -> Result<String, Failure> {
        let path = self.path.display();
        let unusable = |error: &dyn std::fmt::Display| {
            Failure::error(format_args!("cannot use the list of attributes: {error}"))
        };
        let file = self
            .cache
            .open(&self.path)
            .map_err(|error| unusable(&error))?;
        let fqans = user.attributes.iter().flat_map(|one| spellings(&one.fqan));
        let dn = user.dn.clone().filter(|_| self.use_dn);
        for name in fqans.chain(dn) {
            let lookup = file.lookup(&name, Wildcards::On, Accept::AnyName);
            if let Some(found) = lookup.map_err(|error| unusable(&error))?.found {
                return Ok(format!(
                    "\"{}\" is let in by {path}:{}, \"{}\"",
                    Shown(&name),
                    found.line,
                    Shown(found.pattern)
                ));
            }
        }
        Err(Failure::refused(format_args!(
            "no line of {path} fits {}",
            self.shown(user)
        )))
    }

    /// Reading has to be allowed, both when the DN counts and when it does not: without `-use_user_dn` nobody
    /// is let in for his DN, but who is denied by his DN stays out.
    fn admit_gacl(&self, user: &VomsUser) -> Result<String, Failure> {
        let path = self.path.display();
        let policy = self.read_gacl()?;
        let mut nameless = User::new()
            .with_servers(self.servers)
            .with_others(Others::Unknown);
        for attribute in &user.attributes {
            nameless = nameless.with_attribute(attribute.clone());
        }
        let named = match &user.dn {
            Some(dn) => nameless.clone().with_dn(dn),
            None => nameless.clone(),
        };
        let reads = |user: &User| policy.permissions(user).contains(Permissions::READ);
        if reads(&named) && (self.use_dn || reads(&nameless)) {
            return Ok(format!("{path} allows {} to read", self.shown(user)));
        }
        if let Some(entry) = policy.denial(&named, Permissions::READ) {
            return Err(Failure::refused(format_args!(
                "{path}:{} denies {} to read",
                entry.line,
                self.shown(user)
            )));
        }
        Err(Failure::refused(format_args!(
            "{path} does not allow {} to read",
            self.shown(user)
        )))
    }

    fn read_gacl(&self) -> Result<Policy, Failure> {
        let text = text_file::read(&self.path)?;
        Policy::read(&text, Legacy::Read).map_err(|error| {
            Failure::error(format_args!(
                "cannot use the policy: {}:{error}; everybody is refused until that is put right",
                self.path.display()
            ))
        })
    }

    /// The names that a user was looked up by.
    fn shown(&self, user: &VomsUser) -> String {
        const MOST: usize = 8;
        let fqans = user.attributes.iter().map(|one| one.fqan.as_slice());
        let names: Vec<_> = fqans
            .chain(user.dn.as_deref().filter(|_| self.use_dn))
            .collect();
        let mut shown: Vec<_> = (names.iter().take(MOST))
            .map(|name| format!("\"{}\"", Shown(name)))
            .collect();
        if names.len() > MOST {
            shown.push(format!("{} more", names.len() - MOST));
        }
        if shown.is_empty() {
            shown.push("a user without a name".to_owned());
        }
        shown.join(", ")
    }

    /// What is wrong with the file.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        match self.format {
            Format::Simple => self.simple_findings(),
            Format::Gacl => self.gacl_findings(),
        }
    }

    fn gacl_findings(&self) -> Vec<Finding> {
        let text = match text_file::read(&self.path) {
            Ok(text) => text,
            Err(error) => return vec![Finding::error(error).in_file(&self.path)],
        };
        let policy = match Policy::read(&text, Legacy::Read) {
            Ok(policy) => policy,
            Err(error) => {
                let finding = Finding::error(&error.fault);
                return vec![finding.at(&self.path, error.line, error.column)];
            }
        };
        let finding = |remark: &lc_gacl::Remark| {
            // A denial that fits nobody lets in.
            let finding = if remark.denies {
                Finding::error(&remark.text)
            } else {
                Finding::warning(&remark.text)
            };
            finding.at(&self.path, remark.line, remark.column)
        };
        let mut findings: Vec<_> = policy.remarks().iter().map(finding).collect();
        let reads = |permissions: Permissions| permissions.contains(Permissions::READ);
        if !policy
            .entries()
            .iter()
            .any(|entry| reads(entry.allow - entry.deny))
        {
            let text = "no entry allows <read/>, so nobody is let in";
            findings.push(Finding::error(text).in_file(&self.path));
        }
        findings
    }

    fn simple_findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let looked = self
            .cache
            .open(&self.path)
            .map_err(MapError::from)
            .and_then(|file| {
                // No line of a text file has this name, so every line is looked at.
                file.lookup(b"\0", Wildcards::Off, Accept::AnyName)
                    .map(drop)
            });
        match looked {
            Ok(()) => {}
            Err(MapError::Broken {
                line,
                column,
                fault,
                ..
            }) => {
                findings.push(Finding::error(fault).at(&self.path, line, column));
            }
            Err(error) => findings.push(Finding::error(error).in_file(&self.path)),
        }
        let Ok(text) = text_file::read(&self.path) else {
            return findings;
        };
        for line in map_line::lines(&text) {
            if !line.name.starts_with(b"/") && !line.name.starts_with(b"*") {
                let text =
                    "attributes begin with a slash, as in \"/vo/group\"; this one fits nobody";
                findings.push(Finding::warning(text).at(&self.path, line.number, line.column));
            }
        }
        findings
    }
}

/// The ways in which files write an attribute: with and without each part that is NULL, and the old way.
fn spellings(fqan: &[u8]) -> Vec<Vec<u8>> {
    let mut names = vec![fqan.to_vec()];
    let (rest, capability) = cut(fqan, b"/Capability=");
    let (group, role) = cut(rest, b"/Role=");
    let vo = group.split(|byte| *byte == b'/').nth(1).unwrap_or_default();
    let written = |name: &str, part: Option<&[u8]>| match part.filter(|part| *part != b"NULL") {
        Some(value) => vec![[format!("/{name}=").as_bytes(), value].concat()],
        None => vec![Vec::new(), format!("/{name}=NULL").into_bytes()],
    };
    let (roles, capabilities) = (written("Role", role), written("Capability", capability));
    for role in &roles {
        for capability in &capabilities {
            names.push([group, role, capability].concat());
        }
    }
    let (role, capability) = (written("ROLE", role), written("CAPABILITY", capability));
    names.push([b"/VO=", vo, b"/GROUP=", group, &role[0], &capability[0]].concat());
    let mut once: Vec<Vec<u8>> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

fn cut<'a>(text: &'a [u8], mark: &[u8]) -> (&'a [u8], Option<&'a [u8]>) {
    let at = text.windows(mark.len()).position(|part| part == mark);
    at.map_or((text, None), |at| {
        (&text[..at], Some(&text[at + mark.len()..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_found_in_every_spelling() {
        let all = |fqan: &str| {
            let names = spellings(fqan.as_bytes()).into_iter();
            names
                .map(|name| String::from_utf8(name).expect("UTF-8"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            all("/vo/a"),
            [
                "/vo/a",
                "/vo/a/Capability=NULL",
                "/vo/a/Role=NULL",
                "/vo/a/Role=NULL/Capability=NULL",
                "/VO=vo/GROUP=/vo/a"
            ]
        );
        assert_eq!(
            all("/vo/Role=r/Capability=NULL"),
            [
                "/vo/Role=r/Capability=NULL",
                "/vo/Role=r",
                "/VO=vo/GROUP=/vo/ROLE=r"
            ]
        );
    }
}
