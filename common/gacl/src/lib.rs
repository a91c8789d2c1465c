//! GACL, the policies of GridSite: read, evaluate.
//!
//! ```text
//! <gacl>
//!   <entry>                                    credentials that must all hold, and what they give or take
//!     <person><dn>/O=Grid/CN=Jane</dn></person>
//!     <voms><fqan>/vo/group</fqan></voms>
//!     <allow><read/><list/></allow>
//!     <deny><write/></deny>
//!   </entry>
//! </gacl>
//! ```
//!
//! A user has what the entries that apply allow, less what they deny; the order does not matter. Values are
//! compared letter by letter, without the blanks around them: no patterns, and a group does not stand for
//! its subgroups. An entry that holds for everybody gives neither write nor admin.
//!
//! Other credentials: `<any-user/>`, `<auth-user/>` (who has a DN), `<cred><auri>dn:… or fqan:…</auri></cred>`,
//! `<dn-list><url>`, `<dns><hostname>`, and, if asked for, `<voms-cred>` of policies from before 2007.
//!
//! A denial is never lost for the way in which it is written: FQANs are compared without their `NULL` parts there, and a
//! permission to deny that is not known makes the policy one that is not used.
//!
//! What a program cannot know about its user ([`Others::Unknown`]) never allows anything, and never saves anybody
//! from a denial. A policy with an element that is not known is not used at all. Document types and entities are
//! refused.
//!
//! ```
//! use lc_gacl::{Legacy, Permissions, Policy, User};
//!
//! let text = b"<gacl><entry><voms><fqan>/vo</fqan></voms><allow><read/></allow></entry></gacl>";
//! let policy = Policy::read(text, Legacy::Refused)?;
//! let member = User::new().with_fqan(b"/vo");
//! assert_eq!(policy.permissions(&member), Permissions::READ);
//! assert_eq!(policy.permissions(&User::new()), Permissions::empty());
//! # Ok::<(), lc_gacl::PolicyError>(())
//! ```
#![forbid(unsafe_code)]

mod credential;
mod error;
mod evaluate;
mod odd;
mod read;
mod user;

pub use credential::{Credential, Entry, LegacyVoms, Permissions, Policy, Remark};
pub use error::{Fault, PolicyError};
pub use read::{Legacy, MAX_LENGTH, MAX_NODES};
pub use user::{Others, ServerNames, User, VomsAttribute};
