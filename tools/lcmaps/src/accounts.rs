//! Names of the users and groups that a mapping yields.

use lcmaps_client::{Account, Gid, Uid};
use nix::unistd;

use crate::answer::{Group, Mapped};

/// The account with the names that this machine gives its numbers.
pub fn describe(account: &Account) -> Mapped {
    let mut secondary = Vec::new();
    for gid in &account.secondary_gids {
        // Modules list the primary group among the secondary ones as well; once is enough to read.
        if !account.primary_gids.contains(gid) {
            secondary.push(group(*gid));
        }
    }
    Mapped {
        user: user_name(account.uid),
        uid: account.uid.0,
        primary_groups: account.primary_gids.iter().copied().map(group).collect(),
        secondary_groups: secondary,
        pool_index: account.pool_index.clone(),
    }
}

/// An account that cannot be looked up is shown by number: the mapping stands without its name.
fn user_name(uid: Uid) -> Option<String> {
    unistd::User::from_uid(uid.0.into())
        .ok()
        .flatten()
        .map(|user| user.name)
}

fn group(gid: Gid) -> Group {
    let found = unistd::Group::from_gid(gid.0.into()).ok().flatten();
    Group {
        name: found.map(|group| group.name),
        gid: gid.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_get_their_names_and_unknown_ones_none() {
        let account = Account {
            uid: Uid(0),
            primary_gids: vec![Gid(0)],
            secondary_gids: vec![Gid(0), Gid(4_000_000_001)],
            pool_index: None,
        };
        let mapped = describe(&account);
        assert_eq!(mapped.user.as_deref(), Some("root"));
        assert_eq!(
            mapped.primary_groups,
            [Group {
                name: Some("root".into()),
                gid: 0
            }]
        );
        assert_eq!(
            mapped.secondary_groups,
            [Group {
                name: None,
                gid: 4_000_000_001
            }]
        );
    }
}
