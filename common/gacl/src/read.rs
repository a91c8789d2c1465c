//! From XML to a policy.

use roxmltree::{Document, Node, ParsingOptions};

use crate::credential::{Credential, Entry, LegacyVoms, Permissions, Policy, Remark};
use crate::error::{Fault, PolicyError};
use crate::odd;

/// Longest policy that is read, in bytes.
pub const MAX_LENGTH: usize = 1 << 20;

/// Most elements, attributes and texts of a policy.
pub const MAX_NODES: u32 = 100_000;

/// Whether `<voms-cred>` is a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legacy {
    /// It is not, as in the GridSite of today.
    Refused,
    /// It is, as in the policies of LCAS.
    Read,
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// The text is no XML, has a document type, or holds an element that is not known where it stands.
    pub fn read(text: &[u8], legacy: Legacy) -> Result<Self, PolicyError> {
        let start = |fault| PolicyError {
            line: 1,
            column: 1,
            fault,
        };
        if text.len() > MAX_LENGTH {
            return Err(start(Fault::TooLong));
        }
        let text = std::str::from_utf8(text).map_err(|error| {
            let before = &text[..error.valid_up_to()];
            let line_start = before.iter().rposition(|byte| *byte == b'\n');
            let lines = before.iter().filter(|byte| **byte == b'\n').count();
            PolicyError {
                line: number(lines + 1),
                column: number(before.len() - line_start.map_or(0, |at| at + 1) + 1),
                fault: Fault::NotUtf8,
            }
        })?;
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MAX_NODES,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).map_err(|error| {
            let at = error.pos();
            PolicyError {
                line: at.row,
                column: at.col,
                fault: Fault::NotXml(error.to_string()),
            }
        })?;
        let mut reader = Reader {
            document: &document,
            legacy,
            remarks: Vec::new(),
        };
        let entries = reader.policy()?;
        Ok(Self {
            entries,
            remarks: reader.remarks,
        })
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

struct Reader<'d> {
    document: &'d Document<'d>,
    legacy: Legacy,
    remarks: Vec<Remark>,
}

impl<'d> Reader<'d> {
    fn policy(&mut self) -> Result<Vec<Entry>, PolicyError> {
        let root = self.document.root_element();
        if name(root) != "gacl" {
            return Err(self.error(root, Fault::WrongRoot(name(root).to_owned())));
        }
        let mut entries = Vec::new();
        for element in self.elements(root)? {
            if name(element) != "entry" {
                return Err(self.error(element, Fault::NoEntry(name(element).to_owned())));
            }
            entries.push(self.entry(element)?);
        }
        Ok(entries)
    }

    fn entry(&mut self, element: Node<'d, 'd>) -> Result<Entry, PolicyError> {
        let mut entry = Entry {
            credentials: Vec::new(),
            allow: Permissions::empty(),
            deny: Permissions::empty(),
            line: self.document.text_pos_at(element.range().start).row,
        };
        let remarks = self.remarks.len();
        let mut denies = false;
        for child in self.elements(element)? {
            match name(child) {
                "allow" => entry.allow |= self.permissions(child),
                "deny" => {
                    denies = true;
                    entry.deny |= self.denials(child)?;
                }
                _ => {
                    let credential = self.credential(child)?;
                    self.remark_odd_name(child, &credential);
                    entry.credentials.push(credential);
                }
            }
        }
        self.remark_entry(element, &entry, denies);
        for remark in &mut self.remarks[remarks..] {
            remark.denies = denies;
        }
        Ok(entry)
    }

    fn remark_odd_name(&mut self, element: Node<'d, 'd>, credential: &Credential) {
        let odd = match credential {
            Credential::Person(name) => odd::dn(name),
            Credential::Fqan(name) => odd::fqan(name),
            _ => None,
        };
        if let Some(odd) = odd {
            self.remark(element, odd.to_owned());
        }
    }

    /// What an entry as a whole is most likely not meant to say.
    fn remark_entry(&mut self, element: Node<'d, 'd>, entry: &Entry, denies: bool) {
        let persons = entry.credentials.iter().filter_map(|one| match one {
            Credential::Person(dn) => Some(dn),
            _ => None,
        });
        let mut persons: Vec<_> = persons.collect();
        persons.dedup();
        if persons.len() > 1 {
            let text = "all credentials of an entry have to hold, and nobody is two persons; write an entry for each";
            self.remark(element, text.to_owned());
        }
        if denies && entry.deny.is_empty() {
            self.remark(element, "<deny> is empty, so nothing is denied".to_owned());
        }
        if entry.credentials.is_empty() && !(entry.allow | entry.deny).is_empty() {
            let text = "the entry has no credential, so it holds for everybody; write <any-user/> if that is meant";
            self.remark(element, text.to_owned());
        }
    }

    /// What is denied. Whatever is not known here would be denied to nobody, so it is an error.
    fn denials(&self, element: Node<'d, 'd>) -> Result<Permissions, PolicyError> {
        let mut permissions = Permissions::empty();
        for child in self.elements(element)? {
            let empty = self.elements(child)?.is_empty();
            let known = Permissions::of_element(name(child)).filter(|_| empty);
            permissions |= known
                .ok_or_else(|| self.error(child, Fault::UnknownDenial(name(child).to_owned())))?;
        }
        Ok(permissions)
    }

    /// What is allowed. Names that are not known give nothing.
    fn permissions(&mut self, element: Node<'d, 'd>) -> Permissions {
        let mut permissions = Permissions::empty();
        for child in element.children().filter(Node::is_element) {
            match Permissions::of_element(name(child)) {
                Some(one) => permissions |= one,
                None => self.remark(
                    child,
                    format!(
                        "<{}> is no permission and has no effect; there are read, exec, list, write, admin",
                        name(child)
                    ),
                ),
            }
        }
        permissions
    }

    fn credential(&mut self, element: Node<'d, 'd>) -> Result<Credential, PolicyError> {
        let credential = match name(element) {
            "any-user" => self.empty(element, Credential::AnyUser),
            "auth-user" => self.empty(element, Credential::AuthUser),
            "person" => self.value(element, "dn").map(Credential::Person),
            "voms" => self.value(element, "fqan").map(Credential::Fqan),
            "cred" => {
                let uri = self.value(element, "auri");
                uri.map(|uri| self.named_by_uri(element, &uri))
            }
            "dn-list" | "dns" => {
                self.remark(
                    element,
                    format!(
                        "<{}> is not known of users here: it allows nothing",
                        name(element)
                    ),
                );
                Some(Credential::Other)
            }
            "voms-cred" if self.legacy == Legacy::Read => {
                self.legacy_voms(element).map(Credential::LegacyVoms)
            }
            "voms-cred" => return Err(self.error(element, Fault::LegacyCredential)),
            unknown => {
                return Err(self.error(element, Fault::UnknownCredential(unknown.to_owned())));
            }
        };
        Ok(credential.unwrap_or_else(|| {
            let text = format!(
                "the content of <{}> makes no sense: it allows nothing",
                name(element)
            );
            self.remark(element, text);
            Credential::Other
        }))
    }

    fn named_by_uri(&mut self, element: Node<'d, 'd>, uri: &str) -> Credential {
        if uri == "gacl:any-user" {
            return Credential::AnyUser;
        }
        if uri == "gacl:auth-user" {
            return Credential::AuthUser;
        }
        match uri.split_once(':') {
            Some(("dn", dn)) if !dn.is_empty() => Credential::Person(dn.to_owned()),
            Some(("fqan", fqan)) if !fqan.is_empty() => Credential::Fqan(fqan.to_owned()),
            _ => {
                let text = format!("\"{uri}\" is not known of users here: it allows nothing");
                self.remark(element, text);
                Credential::Other
            }
        }
    }

    /// The credential of an element that has no content.
    fn empty(&self, element: Node<'d, 'd>, credential: Credential) -> Option<Credential> {
        self.elements(element)
            .is_ok_and(|children| children.is_empty())
            .then_some(credential)
    }

    /// The text of the one child of an element, which has to be called `wanted`.
    fn value(&self, element: Node<'d, 'd>, wanted: &str) -> Option<String> {
        match self.elements(element).ok()?.as_slice() {
            [child] if name(*child) == wanted => text(*child),
            _ => None,
        }
    }

    /// Parts in their order, from the first one on.
    fn legacy_voms(&self, element: Node<'d, 'd>) -> Option<LegacyVoms> {
        let mut found = LegacyVoms::default();
        let children = self.elements(element).ok()?;
        let mut children = children.into_iter().peekable();
        let mut next = |wanted: &str| match children.peek() {
            Some(child) if name(*child) == wanted => text(children.next()?).map(Some),
            _ => Some(None),
        };
        found.server = next("voms")?;
        found.vo = next("vo")??;
        found.group = next("group")?;
        if found.group.is_some() {
            found.role = next("role")?;
        }
        if found.role.is_some() {
            found.capability = next("capability")?;
        }
        children.next().is_none().then_some(found)
    }

    /// The children that are elements; anything else but blanks and comments is an error.
    fn elements(&self, parent: Node<'d, 'd>) -> Result<Vec<Node<'d, 'd>>, PolicyError> {
        let mut elements = Vec::new();
        for child in parent.children() {
            if child.is_element() {
                elements.push(child);
            } else if child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty()) {
                return Err(self.error(child, Fault::Text));
            }
        }
        Ok(elements)
    }

    fn error(&self, node: Node<'d, 'd>, fault: Fault) -> PolicyError {
        let at = self.document.text_pos_at(node.range().start);
        PolicyError {
            line: at.row,
            column: at.col,
            fault,
        }
    }

    fn remark(&mut self, node: Node<'d, 'd>, text: String) {
        let at = self.document.text_pos_at(node.range().start);
        self.remarks.push(Remark {
            line: at.row,
            column: at.col,
            denies: false,
            text,
        });
    }
}

/// Name spaces do not count, as in GridSite.
fn name<'d>(node: Node<'d, 'd>) -> &'d str {
    node.tag_name().name()
}

/// The text of an element without the blanks around it; none if it is empty or holds elements.
fn text(element: Node<'_, '_>) -> Option<String> {
    let mut value = String::new();
    for child in element.children() {
        if child.is_element() {
            return None;
        }
        value.push_str(child.text().filter(|_| child.is_text()).unwrap_or_default());
    }
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}
