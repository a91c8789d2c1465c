//! What the caller asks for.
#![forbid(unsafe_code)]

use std::ffi::OsString;

use crate::failure::Failure;

/// What `-h` shows.
pub const USAGE: &str = "usage: glexec COMMAND [ARGUMENT]...\n       glexec UID GID COMMAND [ARGUMENT]...   (with GLEXEC_MODE=lcmaps_verify_account)\n       glexec -h | -v | -V\n";

/// How LCMAPS is asked (`GLEXEC_MODE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `lcmaps_get_account`: for an account.
    GetAccount,
    /// `lcmaps_verify_account`: whether this is the account.
    VerifyAccount,
}

/// The command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `-h`
    Help,
    /// `-v`
    Version,
    /// `-V`
    Defaults,
    /// A command.
    Run(Request),
}

/// A command to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The uid and gid to verify.
    pub account: Option<(u32, u32)>,
    /// The command as it was given.
    pub command: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

impl Mode {
    /// The mode of this value of `GLEXEC_MODE`.
    ///
    /// # Errors
    /// There is no such mode.
    pub fn of(value: Option<&OsString>) -> Result<Self, Failure> {
        match value.map(|value| value.to_str()) {
            None | Some(Some("lcmaps_get_account")) => Ok(Self::GetAccount),
            Some(Some("lcmaps_verify_account")) => Ok(Self::VerifyAccount),
            Some(_) => Err(Failure::client(
                "GLEXEC_MODE is neither lcmaps_get_account nor lcmaps_verify_account",
            )),
        }
    }
}

/// Reads the words behind the program's name. Options count as the only word; from the command on everything is its own.
///
/// # Errors
/// There is no command, or what stands there is none.
pub fn read(words: Vec<OsString>, mode: Mode) -> Result<Call, Failure> {
    let mut words = words.into_iter().peekable();
    let mut account = None;
    let alone = words.len() == 1;
    match words.peek().map(|word| word.as_encoded_bytes()) {
        Some(b"-h") if alone => return Ok(Call::Help),
        Some(b"-v") if alone => return Ok(Call::Version),
        Some(b"-V") if alone => return Ok(Call::Defaults),
        Some([b'-', ..]) => {
            return Err(Failure::client(
                "a command cannot begin with '-'; see glexec -h",
            ));
        }
        _ => {}
    }
    if mode == Mode::VerifyAccount {
        account = Some((number(words.next(), "uid")?, number(words.next(), "gid")?));
    }
    let command = words.next().filter(|word| !word.is_empty());
    let command = command.ok_or_else(|| Failure::client("there is no command; see glexec -h"))?;
    Ok(Call::Run(Request {
        account,
        command,
        arguments: words.collect(),
    }))
}

fn number(word: Option<OsString>, what: &str) -> Result<u32, Failure> {
    let text = word.as_ref().and_then(|word| word.to_str());
    let digits = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits
        .and_then(|digits| digits.parse().ok())
        .filter(|id| *id != u32::MAX)
        .ok_or_else(|| {
            Failure::client(format_args!(
                "GLEXEC_MODE=lcmaps_verify_account needs the {what} to verify in front of the command"
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(words: &[&str], mode: Mode) -> Result<Call, u8> {
        read(words.iter().map(OsString::from).collect(), mode).map_err(|failure| failure.code())
    }

    #[test]
    fn options_count_as_the_only_word() {
        assert_eq!(read_words(&["-h"], Mode::GetAccount), Ok(Call::Help));
        assert_eq!(read_words(&["-v"], Mode::GetAccount), Ok(Call::Version));
        assert_eq!(read_words(&["-v", "x"], Mode::GetAccount), Err(201));
        assert_eq!(read_words(&["--help"], Mode::GetAccount), Err(201));
        assert_eq!(read_words(&[], Mode::GetAccount), Err(201));
        assert_eq!(read_words(&[""], Mode::GetAccount), Err(201));
    }

    #[test]
    fn words_behind_the_command_are_its_own() {
        let call = read_words(&["/bin/x", "--", "-h"], Mode::GetAccount);
        let Ok(Call::Run(request)) = call else {
            unreachable!("{call:?}")
        };
        assert_eq!(request.arguments, ["--", "-h"]);
        assert_eq!(request.account, None);
    }

    #[test]
    fn a_verification_begins_with_uid_and_gid() {
        let call = read_words(&["7", "8", "/bin/x"], Mode::VerifyAccount);
        let Ok(Call::Run(request)) = call else {
            unreachable!("{call:?}")
        };
        assert_eq!(request.account, Some((7, 8)));
        for words in [
            &["/bin/x"][..],
            &["7", "/bin/x"],
            &["7", "8"],
            &["7", "-8", "x"],
        ] {
            assert_eq!(
                read_words(words, Mode::VerifyAccount),
                Err(201),
                "{words:?}"
            );
        }
    }
}
