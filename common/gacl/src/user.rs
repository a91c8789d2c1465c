//! What is known about a user.

/// A user, as far as a program knows him.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    pub(crate) dn: Option<Vec<u8>>,
    pub(crate) attributes: Vec<VomsAttribute>,
    pub(crate) servers: ServerNames,
    pub(crate) others: Others,
}

/// A VOMS attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VomsAttribute {
    /// The attribute as a whole.
    pub fqan: Vec<u8>,
    /// The DN of the server that gave it, if that is known.
    pub server: Option<Vec<u8>>,
}

/// Whether `<voms-cred>` is compared with the name of the VOMS server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServerNames {
    /// Never: one that names a server holds for nobody.
    NotCompared,
    /// Where the policy names one.
    #[default]
    WhereNamed,
    /// One that names no server holds for nobody.
    Required,
}

/// Whether a user has credentials that are not listed: a host name, membership in lists of DNs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Others {
    /// He has none.
    #[default]
    None,
    /// Nobody knows. They give nothing, and a denial that depends on them holds.
    Unknown,
}

impl User {
    /// Nobody in particular.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The user with this DN. An empty one is none.
    #[must_use]
    pub fn with_dn(mut self, dn: &[u8]) -> Self {
        self.dn = (!dn.is_empty()).then(|| dn.to_vec());
        self
    }

    /// The user with one more FQAN.
    #[must_use]
    pub fn with_fqan(self, fqan: &[u8]) -> Self {
        self.with_attribute(VomsAttribute {
            fqan: fqan.to_vec(),
            server: None,
        })
    }

    /// The user with one more attribute.
    #[must_use]
    pub fn with_attribute(mut self, attribute: VomsAttribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// How the names of VOMS servers are compared.
    #[must_use]
    pub fn with_servers(mut self, servers: ServerNames) -> Self {
        self.servers = servers;
        self
    }

    /// Whether there are credentials that are not listed.
    #[must_use]
    pub fn with_others(mut self, others: Others) -> Self {
        self.others = others;
        self
    }
}

/// An FQAN in its parts, `NULL` where there is none, as old policies write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    pub(crate) vo: &'a [u8],
    pub(crate) group: &'a [u8],
    pub(crate) role: &'a [u8],
    pub(crate) capability: &'a [u8],
}

impl<'a> Parts<'a> {
    /// The parts of `/vo/group/Role=role/Capability=capability`.
    pub(crate) fn of(fqan: &'a [u8]) -> Option<Self> {
        let (fqan, capability) = cut(fqan, b"/Capability=");
        let (group, role) = cut(fqan, b"/Role=");
        let name = group.strip_prefix(b"/")?;
        let end = name.iter().position(|byte| *byte == b'/');
        Some(Self {
            vo: &name[..end.unwrap_or(name.len())],
            group,
            role,
            capability,
        })
    }
}

fn cut<'a>(text: &'a [u8], mark: &[u8]) -> (&'a [u8], &'a [u8]) {
    let at = text.windows(mark.len()).position(|part| part == mark);
    at.map_or((text, b"NULL"), |at| {
        (&text[..at], &text[at + mark.len()..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_fqan_falls_into_its_parts() {
        let parts = |fqan: &'static str| {
            let parts = Parts::of(fqan.as_bytes())?;
            let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
            Some([parts.vo, parts.group, parts.role, parts.capability].map(text))
        };
        let expect = |parts: [&str; 4]| Some(parts.map(str::to_owned));
        assert_eq!(parts("/vo"), expect(["vo", "/vo", "NULL", "NULL"]));
        assert_eq!(
            parts("/vo/a/b/Role=r/Capability=c"),
            expect(["vo", "/vo/a/b", "r", "c"])
        );
        assert_eq!(
            parts("/vo/Role=NULL/Capability=NULL"),
            expect(["vo", "/vo", "NULL", "NULL"])
        );
        assert_eq!(parts("vo"), None);
        assert_eq!(parts(""), None);
    }
}
