//! What a policy says.

use bitflags::bitflags;

bitflags! {
    /// What a policy can give. The numbers are those of GridSite.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Permissions: u8 {
        /// `<read/>`
        const READ = 1;
        /// `<exec/>`
        const EXEC = 2;
        /// `<list/>`
        const LIST = 4;
        /// `<write/>`
        const WRITE = 8;
        /// `<admin/>`
        const ADMIN = 16;
    }
}

impl Permissions {
    /// The permission that an element stands for.
    pub(crate) fn of_element(name: &str) -> Option<Self> {
        match name {
            "read" => Some(Self::READ),
            "exec" => Some(Self::EXEC),
            "list" => Some(Self::LIST),
            "write" => Some(Self::WRITE),
            "admin" => Some(Self::ADMIN),
            _ => None,
        }
    }
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(crate) entries: Vec<Entry>,
    pub(crate) remarks: Vec<Remark>,
}

impl Policy {
    /// The entries, in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What is most likely not meant as it stands.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

/// What is most likely not meant as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Line number, the first line is 1.
    pub line: u32,
    /// Column in characters, the first one is 1.
    pub column: u32,
    /// Whether it is in an entry that denies: who should be kept out may get in.
    pub denies: bool,
    /// What it is.
    pub text: String,
}

/// Credentials that must all hold, and what they give or take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// All of them have to hold; without any, the entry holds for everybody.
    pub credentials: Vec<Credential>,
    /// What it gives.
    pub allow: Permissions,
    /// What it takes, whoever gives it.
    pub deny: Permissions,
    /// Where it begins.
    pub line: u32,
}

/// Something that a user can be or have.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// Everybody.
    AnyUser,
    /// Who has a DN.
    AuthUser,
    /// Who has this DN.
    Person(String),
    /// Who has this FQAN.
    Fqan(String),
    /// Who has an attribute like this.
    LegacyVoms(LegacyVoms),
    /// Something that is not known of the users of this program: a list of DNs elsewhere, a host name, another kind
    /// of name; or an element whose content makes no sense.
    Other,
}

/// `<voms-cred>`: parts of an attribute; those that are not given do not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegacyVoms {
    /// The DN of the VOMS server.
    pub server: Option<String>,
    /// The VO.
    pub vo: String,
    /// The group, `/vo/group`.
    pub group: Option<String>,
    /// The role without `Role=`.
    pub role: Option<String>,
    /// The capability without `Capability=`.
    pub capability: Option<String>,
}
