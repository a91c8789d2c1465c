//! Child processes with an end: what does not finish in time is killed and fails the test.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a child may take, unless a test says otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// A child that has ended.
#[derive(Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error.
    pub stderr: String,
}

impl Finished {
    /// Fails the test unless the child ended with status 0.
    ///
    /// # Panics
    /// When it did not, with all it wrote.
    #[track_caller]
    pub fn expect_success(&self) {
        let signal = self
            .status
            .signal()
            .map(|n| format!(" (signal {n})"))
            .unwrap_or_default();
        assert!(
            self.status.success(),
            "{}{signal}\n--- stdout\n{}\n--- stderr\n{}",
            self.status,
            self.stdout,
            self.stderr
        );
    }
}

/// Runs a command to its end.
///
/// # Panics
/// When it cannot be started or does not end within a minute.
#[track_caller]
#[must_use]
pub fn run(command: &mut Command) -> Finished {
    finish(command, PATIENCE)
}

/// Runs a command that takes `patience` at the most.
///
/// # Panics
/// When it cannot be started or does not end in time.
#[track_caller]
#[must_use]
pub fn finish(command: &mut Command, patience: Duration) -> Finished {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|problem| panic!("cannot start {command:?}: {problem}"));
    let stdout = reader(child.stdout.take());
    let stderr = reader(child.stderr.take());
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    let status = loop {
        if let Some(status) = child.try_wait().expect("the state of a child") {
            break status;
        }
        if start.elapsed() > patience {
            // The child may have ended in the meantime.
            let _ = child.kill();
            let _ = child.wait();
            panic!("{command:?} did not end within {patience:?}");
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    };
    let text = |reader: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&reader.join().expect("a reader")).into_owned()
    };
    Finished {
        status,
        stdout: text(stdout),
        stderr: text(stderr),
    }
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read until a pipe breaks is what the child wrote.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}
