//! What a policy gives to a user.

use crate::credential::{Credential, Entry, LegacyVoms, Permissions, Policy};
use crate::user::{Others, Parts, ServerNames, User, VomsAttribute};

/// Whether a credential holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Yes,
    No,
    Unknown,
}

impl From<bool> for Holds {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl Policy {
    /// What the policy gives to a user.
    #[must_use]
    pub fn permissions(&self, user: &User) -> Permissions {
        let mut allowed = Permissions::empty();
        let mut denied = Permissions::empty();
        for entry in &self.entries {
            match entry.holds(user) {
                Holds::Yes => {
                    allowed |= entry.gives();
                    denied |= entry.deny;
                }
                Holds::Unknown => denied |= entry.deny,
                Holds::No => {}
            }
        }
        allowed - denied
    }
}

impl Entry {
    fn holds(&self, user: &User) -> Holds {
        let mut all = Holds::Yes;
        for credential in &self.credentials {
            match credential.holds(user) {
                Holds::Yes => {}
                Holds::No => return Holds::No,
                Holds::Unknown => all = Holds::Unknown,
            }
        }
        all
    }

    /// What is for everybody is not for writing.
    fn gives(&self) -> Permissions {
        let for_everybody = |credential: &Credential| *credential == Credential::AnyUser;
        if self.credentials.iter().all(for_everybody) {
            self.allow - Permissions::WRITE - Permissions::ADMIN
        } else {
            self.allow
        }
    }
}

impl Credential {
    fn holds(&self, user: &User) -> Holds {
        match self {
            Self::AnyUser => Holds::Yes,
            Self::AuthUser => user.dn.is_some().into(),
            Self::Person(dn) => (user.dn.as_deref() == Some(dn.as_bytes())).into(),
            Self::Fqan(fqan) => {
                let mut attributes = user.attributes.iter();
                attributes.any(|one| one.fqan == fqan.as_bytes()).into()
            }
            Self::LegacyVoms(wanted) => wanted.holds(user),
            Self::Other => match user.others {
                Others::None => Holds::No,
                Others::Unknown => Holds::Unknown,
            },
        }
    }
}

impl LegacyVoms {
    fn holds(&self, user: &User) -> Holds {
        if !(user.attributes.iter()).any(|one| self.names(&one.fqan)) {
            return Holds::No;
        }
        // The attribute is there; what may be missing is who gave it, and that saves nobody from a denial.
        match (user.servers, &self.server) {
            (ServerNames::WhereNamed, None) => Holds::Yes,
            (ServerNames::WhereNamed | ServerNames::Required, Some(server)) => {
                let from = |one: &&VomsAttribute| one.server.as_deref() == Some(server.as_bytes());
                let mut theirs = user.attributes.iter().filter(from);
                theirs.any(|one| self.names(&one.fqan)).into()
            }
            (ServerNames::NotCompared, None) => Holds::Yes,
            (ServerNames::NotCompared, Some(_)) | (ServerNames::Required, None) => Holds::Unknown,
        }
    }

    /// Groups are written with and without the slash in front.
    fn names(&self, fqan: &[u8]) -> bool {
        let Some(parts) = Parts::of(fqan) else {
            return false;
        };
        let same = |wanted: &Option<String>, part: &[u8]| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.as_bytes() == part)
        };
        self.vo.as_bytes() == parts.vo
            && (same(&self.group, parts.group) || same(&self.group, &parts.group[1..]))
            && same(&self.role, parts.role)
            && same(&self.capability, parts.capability)
    }
}
