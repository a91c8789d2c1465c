//! The view for people: aligned, without colour, nothing in it that could steer a terminal.

use std::fmt::Write as _;
use std::time::Duration;

use lc_x509::ShownDuration;
use lcmaps_tools::printable::printable;

use super::view::{Attribute, CertificateView, Dates, Outcome, View};

/// The whole view, ending in a newline.
pub fn render(view: &View) -> String {
    let mut page = Page(String::new());
    page.title(match view.result {
        Outcome::Good => "Good",
        Outcome::Refused => "Refused",
        Outcome::Unusable => "Unusable",
    });
    page.fact("file", &view.file);
    page.fact("time", &view.time);
    page.maybe("who", view.dn.as_ref());
    for fqan in &view.fqans {
        page.fact("attribute", fqan);
    }
    let refused = view.attributes.iter().filter(|one| !one.accepted).count();
    if refused > 0 {
        let all = view.attributes.len();
        let words =
            format!("none counts: {refused} of {all} attribute certificates refused, see below");
        page.fact("attribute", &words);
    }
    if let Some(key) = &view.private_key {
        page.fact("private key", key.words);
    }
    if let Some(trusted) = view.chain_trusted {
        let word = if trusted { "trusted" } else { "not trusted" };
        page.fact("chain", &format!("{word}, by the CAs in {}", view.certdir));
    }
    page.maybe("reason", view.reason.as_ref());
    for (at, certificate) in view.certificates.iter().enumerate() {
        page.certificate(at + 1, certificate);
    }
    for (at, attribute) in view.attributes.iter().enumerate() {
        page.attribute(at + 1, attribute, refused == 0);
    }
    page.list("Left out", &view.left_out);
    page.list("Warnings", &view.warnings);
    page.0
}

/// The text so far. Writing to it cannot fail.
struct Page(String);

impl Page {
    fn title(&mut self, title: &str) {
        self.0.push_str(title);
        self.0.push('\n');
    }

    fn fact(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "  {name:<12} {}", printable(value));
    }

    fn maybe(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.fact(name, value);
        }
    }

    fn list(&mut self, title: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(self.0, "\n{title}");
        for line in lines {
            let _ = writeln!(self.0, "  - {}", printable(line));
        }
    }

    fn dates(&mut self, dates: Option<&Dates>) {
        let Some(dates) = dates else {
            return self.fact("valid", "unknown: its dates cannot be read");
        };
        let duration = |seconds: u64| ShownDuration(Duration::from_secs(seconds));
        let left = match dates.seconds_left {
            left @ ..0 => format!("over for {}", duration(left.unsigned_abs())),
            left => format!("{} left", duration(left.unsigned_abs())),
        };
        let whole = duration(dates.validity.lifetime().as_secs());
        self.fact(
            "valid",
            &format!(
                "{} to {} ({whole}, {left})",
                dates.not_before, dates.not_after
            ),
        );
    }

    fn certificate(&mut self, number: usize, certificate: &CertificateView) {
        let mut heading = certificate.description.clone();
        if let Some(level) = certificate.level {
            let _ = write!(heading, ", level {level}");
        }
        if let Some(length) = certificate.path_length {
            let _ = write!(heading, ", path length {length}");
        }
        if certificate.from == "trust directory" {
            heading.push_str(", from the directory of trusted CAs");
        }
        let _ = writeln!(self.0, "\nCertificate {number}: {}", printable(&heading));
        self.fact("subject", &certificate.subject);
        self.fact("issuer", &certificate.issuer);
        self.maybe("serial", certificate.serial.as_ref());
        self.dates(certificate.validity.as_ref());
        self.fact("signature", &certificate.signature_algorithm);
        if let (Some(kind), Some(bits)) = (&certificate.key_type, certificate.key_bits) {
            self.fact("key", &format!("{kind}, {bits} bits"));
        }
    }

    /// `counts`: whether no attribute certificate of the chain is refused. One is, and none counts.
    fn attribute(&mut self, number: usize, attribute: &Attribute, counts: bool) {
        let vo = attribute.vo.as_deref().unwrap_or("unknown");
        let verdict = match (attribute.accepted, counts) {
            (true, true) => "accepted",
            (true, false) => "good, but does not count because another one is refused",
            (false, _) => "refused; what it says is not proven",
        };
        let _ = writeln!(
            self.0,
            "\nVOMS attributes {number}: VO {}, {verdict}",
            printable(vo)
        );
        self.maybe("reason", attribute.reason.as_ref());
        self.maybe("holder", attribute.holder.as_ref());
        self.maybe("issuer", attribute.issuer.as_ref());
        self.maybe("its CA", attribute.issuer_authority.as_ref());
        self.maybe("server", attribute.uri.as_ref());
        if attribute.validity.is_some() {
            self.dates(attribute.validity.as_ref());
        }
        for fqan in &attribute.fqans {
            self.fact("FQAN", fqan);
        }
        for generic in &attribute.generic {
            let (name, value, qualifier) = (&generic.name, &generic.value, &generic.qualifier);
            self.fact("generic", &format!("{name} = {value} ({qualifier})"));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::view::{Generic, Key};
    use super::*;

    fn view(text: &str) -> View {
        let some = || Some(text.to_owned());
        let certificate = CertificateView {
            kind: "irregular",
            description: text.to_owned(),
            level: Some(3),
            flavour: some(),
            rights: some(),
            path_length: Some(4),
            from: "file",
            subject: text.to_owned(),
            issuer: text.to_owned(),
            serial: some(),
            validity: None,
            signature_algorithm: text.to_owned(),
            key_type: some(),
            key_bits: Some(1),
        };
        let generic = Generic {
            grantor: text.to_owned(),
            name: text.to_owned(),
            value: text.to_owned(),
            qualifier: text.to_owned(),
        };
        let attribute = Attribute {
            vo: some(),
            accepted: false,
            reason: some(),
            holder: some(),
            issuer: some(),
            issuer_authority: some(),
            uri: some(),
            fqans: vec![text.to_owned()],
            generic: vec![generic],
            validity: None,
        };
        View {
            result: Outcome::Refused,
            reason: some(),
            file: text.to_owned(),
            time: text.to_owned(),
            dn: some(),
            fqans: vec![text.to_owned()],
            chain_trusted: Some(false),
            private_key: Some(Key::from(lc_x509::KeyMatch::Absent)),
            certificates: vec![certificate],
            left_out: vec![text.to_owned()],
            attributes: vec![attribute],
            warnings: vec![text.to_owned()],
            certdir: text.to_owned(),
            vomsdir: text.to_owned(),
        }
    }

    #[test]
    fn every_text_is_shown_in_its_place() {
        let shown = render(&view("TEXT"));
        for line in [
            "Refused\n",
            "  who          TEXT\n",
            "  attribute    none counts: 1 of 1 attribute certificates refused, see below\n",
            "  private key  there is none in the file\n",
            "  chain        not trusted, by the CAs in TEXT\n",
            "\nCertificate 1: TEXT, level 3, path length 4\n",
            "  valid        unknown: its dates cannot be read\n",
            "  key          TEXT, 1 bits\n",
            "\nVOMS attributes 1: VO TEXT, refused; what it says is not proven\n",
            "  generic      TEXT = TEXT (TEXT)\n",
            "\nLeft out\n  - TEXT\n",
            "\nWarnings\n  - TEXT\n",
        ] {
            assert!(shown.contains(line), "no {line:?} in\n{shown}");
        }
    }

    proptest! {
        #[test]
        fn no_text_from_a_certificate_makes_a_line_or_steers_a_terminal(text in any::<String>()) {
            let shown = render(&view(&text));
            prop_assert_eq!(shown.lines().count(), render(&view("")).lines().count());
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
