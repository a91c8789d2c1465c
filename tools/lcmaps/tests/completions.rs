//! `lcmaps completions`, tried in the shell itself.

mod support;

use std::fs;
use std::process::Command;

use support::{Outcome, Run};

fn script(shell: &str) -> Outcome<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
    let run = Run::of(command.args(["completions", shell]))?;
    assert_eq!(run.status, 0, "{run:?}");
    Ok(run.stdout)
}

/// The words that bash offers for the last of these.
fn offered(words: &[&str]) -> Outcome<String> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("lcmaps");
    fs::write(&file, script("bash")?)?;
    let last = words.len() - 1;
    let line = format!(
        "source {}; COMP_WORDS=({}); COMP_CWORD={last}; _lcmaps lcmaps \"${{COMP_WORDS[{last}]}}\" \"${{COMP_WORDS[{}]}}\"; echo \"${{COMPREPLY[@]}}\"",
        file.display(),
        words.join(" "),
        last - 1
    );
    Ok(Run::of(Command::new("bash").args(["--norc", "-c", &line]))?.stdout)
}

#[test]
fn bash_completes_commands_and_options() -> Outcome {
    assert_eq!(offered(&["lcmaps", "ch"])?, "check\n");
    assert_eq!(offered(&["lcmaps", "lease", "ex"])?, "expire\n");
    assert_eq!(offered(&["lcmaps", "check", "--str"])?, "--strict\n");
    Ok(())
}

#[test]
fn every_shell_has_a_script() -> Outcome {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(script(shell)?.contains("lcmaps"), "{shell}");
    }
    Ok(())
}
