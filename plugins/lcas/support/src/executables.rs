//! Which programs may be run.

use lc_module::{Failure, Shown, Words};
use lc_rsl::Operator;

use crate::finding::Finding;
use crate::request::Request;

/// The options of the module.
pub const EXECUTABLE_OPTIONS: &[&str] = &["-exec"];

const ATTRIBUTE: &str = "executable";

/// The programs that may be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executables {
    paths: Vec<Vec<u8>>,
}

impl Executables {
    /// Reads the words `-exec PATH[:PATH...]`. Given several times, all of them count.
    ///
    /// # Errors
    /// A word is unknown, or no program is named.
    pub fn configure(mut words: Words<'_>) -> Result<Self, Failure> {
        let mut paths = Vec::new();
        while let Some(word) = words.next() {
            if word.to_bytes() != b"-exec" {
                if word.to_bytes().starts_with(b"/") {
                    return Err(Failure::error(format_args!(
                        "\"{}\" stands alone; join the paths with colons behind -exec, without blanks",
                        Shown(word.to_bytes())
                    )));
                }
                return Err(words.unknown(word, EXECUTABLE_OPTIONS).into());
            }
            let list = words.value_of(
                word,
                "the paths of programs, separated by colons, all of the arguments in double quotes",
            )?;
            let named = list.to_bytes().split(|byte| *byte == b':');
            paths.extend(named.filter(|path| !path.is_empty()).map(<[u8]>::to_vec));
        }
        if paths.is_empty() {
            return Err(Failure::error(
                "no program is allowed; name some with pluginargs=\"-exec PATH:PATH\", in double quotes: without them the value ends at the first blank",
            ));
        }
        Ok(Self { paths })
    }

    /// The program of a request that runs programs of the list only.
    ///
    /// # Errors
    /// The request runs something else, or does not say what, or not in a way that leaves no doubt.
    pub fn admit<'r>(&self, request: &'r Request) -> Result<Vec<&'r [u8]>, Failure> {
        let mut admitted = Vec::new();
        for relation in request.occurrences(&[ATTRIBUTE]) {
            let wanted = relation
                .single_literal()
                .filter(|_| relation.operator == Operator::Equal);
            let Some(wanted) = wanted else {
                return Err(Failure::refused(
                    "the request has an executable that is not a single path, as in (executable=/bin/date)",
                ));
            };
            if !self.paths.iter().any(|path| path == wanted) {
                return Err(Failure::refused(format_args!(
                    "the program {} is not one that may be run here",
                    Shown(wanted)
                )));
            }
            admitted.push(wanted);
        }
        if request.always_has(&[ATTRIBUTE]) {
            Ok(admitted)
        } else {
            Err(Failure::refused(
                "the request does not say which program it runs",
            ))
        }
    }

    /// What is odd about the list.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let relative = self.paths.iter().filter(|path| !path.starts_with(b"/"));
        relative
            .map(|path| {
                Finding::warning(format_args!(
                    "option -exec: {} is no absolute path; it fits requests that write it exactly so",
                    Shown(path)
                ))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(request: &str) -> bool {
        let list = [c"-exec", c"/bin/ls:/usr/bin/id"];
        let list = Executables::configure(Words::new(&list)).expect("options");
        Request::read(request.as_bytes()).is_ok_and(|request| list.admit(&request).is_ok())
    }

    #[test]
    fn every_program_of_a_request_has_to_be_listed() {
        assert!(admits("&(executable=/bin/ls)") && admits("executable=\"/usr/bin/id\""));
        assert!(admits(
            "+(&(executable=/bin/ls))(&(EXECUTABLE=/usr/bin/id))"
        ));
        assert!(admits("&(executable=/bin#/ls)"));
        assert!(admits("&(rsl_substitution=(D /bin))(executable=$(D)/ls)"));
        for request in [
            "&(executable=/bin/lsblk)",
            "&(executable=ls)",
            "&(executable=/bin//ls)",
            "&(executable=/bin/ls)(executable=/bin/sh)",
            "&(executable=/bin/ls)(Exec_utable=/bin/sh)",
            "&(executable=/bin/ls)(&(count=1)(executable=/bin/sh))",
            "+(&(executable=/bin/ls))(&(count=1))",
            "|(executable=/bin/ls)(executable=/bin/sh)",
            "&(executable=/bin/ls /bin/sh)",
            "&(executable=(/bin/ls))",
            "&(executable!=/bin/sh)",
            "&(executable!=/bin/ls)",
            "&(executable=$(HOME)/ls)",
            "&(executable=$(X /bin/ls))",
            "&(count=1)",
            "/bin/ls",
            "RSL",
            "",
        ] {
            assert!(!admits(request), "{request}");
        }
    }

    #[test]
    fn a_message_says_how_the_list_is_written() {
        let message = |words: &[&std::ffi::CStr]| {
            let failure = Executables::configure(Words::new(words)).expect_err("refused");
            failure.to_string()
        };
        assert!(message(&[]).contains("in double quotes"));
        assert!(message(&[c"-exec"]).contains("in double quotes"));
        assert!(message(&[c"-exec", c"/bin/ls", c"/bin/date"]).contains("join the paths"));
    }

    #[test]
    fn a_list_without_programs_is_refused() {
        for words in [
            &[][..],
            &[c"-exec"],
            &[c"-exec", c":"],
            &[c"-execute", c"/bin/ls"],
        ] {
            assert!(
                Executables::configure(Words::new(words)).is_err(),
                "{words:?}"
            );
        }
    }
}
