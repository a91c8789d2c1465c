//! Keeps the log lines of LCMAPS for the explanation, and passes them on as they come.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Most that is kept; older lines are dropped first.
const KEPT: usize = 256 * 1024;

/// A log that is kept and, if wanted, copied to stderr or a file.
#[derive(Clone)]
pub struct LogTap(Arc<Mutex<Inner>>);

struct Inner {
    kept: Vec<u8>,
    copies: Vec<Box<dyn Write + Send>>,
}

impl LogTap {
    /// A tap that also writes to `copies`.
    pub fn new(copies: Vec<Box<dyn Write + Send>>) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            kept: Vec::new(),
            copies,
        })))
    }

    /// What was logged so far (the end of it, if it was much).
    pub fn text(&self) -> String {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&inner.kept).into_owned()
    }
}

impl Write for LogTap {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.kept.extend_from_slice(bytes);
        if inner.kept.len() > 2 * KEPT {
            let excess = inner.kept.len() - KEPT;
            // Cut at the end of a line, so that what is kept begins with a whole one.
            let line = inner.kept[excess..].iter().position(|byte| *byte == b'\n');
            let cut = excess + line.map_or(0, |at| at + 1);
            inner.kept.drain(..cut);
        }
        // A full disk or closed terminal must not keep the lines from the other copies.
        for copy in &mut inner.copies {
            let _ = copy.write_all(bytes).and_then(|()| copy.flush());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_keeps_its_end_in_whole_lines() -> io::Result<()> {
        let mut tap = LogTap::new(Vec::new());
        for n in 0..100_000 {
            writeln!(tap, "line {n}")?;
        }
        let text = tap.text();
        assert!(text.len() <= 2 * KEPT);
        assert!(text.starts_with("line "), "{}", &text[..20]);
        assert!(text.ends_with("\nline 99999\n"));
        Ok(())
    }

    #[test]
    fn a_copy_that_cannot_be_written_does_not_stop_the_others() -> io::Result<()> {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let other = LogTap::new(Vec::new());
        let mut tap = LogTap::new(vec![Box::new(Full), Box::new(other.clone())]);
        tap.write_all(b"one\n")?;
        assert_eq!(tap.text(), "one\n");
        assert_eq!(other.text(), "one\n");
        Ok(())
    }
}
