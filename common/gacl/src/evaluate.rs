//! What a policy gives to a user.

use crate::credential::{Credential, Entry, LegacyVoms, Permissions, Policy};
use crate::user::{Others, Parts, ServerNames, User, VomsAttribute};

/// How attributes are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    /// Letter by letter, as GridSite does.
    Exactly,
    /// Without the parts that are `NULL`, which mean nothing: a denial holds however it is written.
    WithoutNull,
}

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
            if entry.holds(user, Compare::Exactly) == Holds::Yes {
                allowed |= entry.gives();
            }
            if entry.keeps_out(user) {
                denied |= entry.deny;
            }
        }
        allowed - denied
    }

    /// The first entry that denies a user one of these permissions.
    #[must_use]
    pub fn denial(&self, user: &User, permissions: Permissions) -> Option<&Entry> {
        let mut entries = self.entries.iter();
        entries.find(|entry| entry.deny.intersects(permissions) && entry.keeps_out(user))
    }
}

impl Entry {
    /// Whether what the entry denies is denied to a user.
    fn keeps_out(&self, user: &User) -> bool {
        self.holds(user, Compare::WithoutNull) != Holds::No
    }

    fn holds(&self, user: &User, compare: Compare) -> Holds {
        let mut all = Holds::Yes;
        for credential in &self.credentials {
            match credential.holds(user, compare) {
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
    fn holds(&self, user: &User, compare: Compare) -> Holds {
        match self {
            Self::AnyUser => Holds::Yes,
            Self::AuthUser => user.dn.is_some().into(),
            Self::Person(dn) => (user.dn.as_deref() == Some(dn.as_bytes())).into(),
            Self::Fqan(fqan) => {
                let mut attributes = user.attributes.iter();
                let fqan = fqan.as_bytes();
                let same = |one: &VomsAttribute| match compare {
                    Compare::Exactly => one.fqan == fqan,
                    Compare::WithoutNull => {
                        one.fqan == fqan
                            || Parts::of(fqan)
                                .is_some_and(|parts| Parts::of(&one.fqan) == Some(parts))
                    }
                };
                attributes.any(same).into()
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
