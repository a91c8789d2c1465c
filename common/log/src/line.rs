//! The line that goes to a stream or file: `[IDENT:]NAME[PID] LEVEL: TIME: [EXTRA: ]message`.

use crate::{Level, Message};

/// Everything a line consists of. Sites parse these lines: the format is the original's.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// `LCMAPS_LOG_IDENT`, in front of everything.
    pub ident: Option<&'a [u8]>,
    /// `lcmaps` or `lcas`.
    pub program: &'a str,
    /// Process id.
    pub pid: u32,
    /// Syslog priority; numbers outside 0..=7 are written as `UNKNOWN`.
    pub priority: i32,
    /// Seconds since 1970, written as UTC.
    pub time: i64,
    /// `LCMAPS_LOG_STRING`, in front of the message.
    pub extra: Option<&'a [u8]>,
    /// The message, which brings its own newline.
    pub message: &'a Message,
}

impl Line<'_> {
    /// The line as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(64 + self.message.as_bytes().len());
        if let Some(ident) = self.ident {
            line.extend_from_slice(Message::new(ident).as_bytes().trim_ascii_end());
            line.push(b':');
        }
        let level = Level::from_priority(self.priority).map_or("UNKNOWN", Level::name);
        let head = format!(
            "{}[{}] {level:>11}: {}Z: ",
            self.program,
            self.pid,
            stamp(self.time)
        );
        line.extend_from_slice(head.as_bytes());
        if let Some(extra) = self.extra {
            line.extend_from_slice(Message::new(extra).as_bytes().trim_ascii_end());
            line.extend_from_slice(b": ");
        }
        line.extend_from_slice(self.message.as_bytes());
        line
    }
}

/// Seconds since 1970 as UTC, `YYYY-MM-DD.HH:MM:SS`.
#[must_use]
pub fn stamp(seconds: i64) -> String {
    let Ok(t) = time::OffsetDateTime::from_unix_timestamp(seconds) else {
        return format!("@{seconds}");
    };
    let (year, month, day) = (t.year(), u8::from(t.month()), t.day());
    let (hour, minute, second) = (t.hour(), t.minute(), t.second());
    format!("{year:04}-{month:02}-{day:02}.{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(ident: Option<&[u8]>, priority: i32, extra: Option<&[u8]>) -> String {
        let message = Message::new(b"hello\n");
        let line = Line {
            ident,
            program: "lcmaps",
            pid: 42,
            priority,
            time: 951_782_400,
            extra,
            message: &message,
        };
        String::from_utf8(line.to_bytes()).unwrap()
    }

    #[test]
    fn the_level_is_right_aligned_and_the_time_is_utc() {
        assert_eq!(
            line(None, 3, None),
            "lcmaps[42]     LOG_ERR: 2000-02-29.00:00:00Z: hello\n"
        );
        assert_eq!(
            line(None, 4, None),
            "lcmaps[42] LOG_WARNING: 2000-02-29.00:00:00Z: hello\n"
        );
    }

    #[test]
    fn ident_and_extra_stand_where_sites_expect_them() {
        assert_eq!(
            line(Some(b"prog"), 6, Some(b"tag")),
            "prog:lcmaps[42]    LOG_INFO: 2000-02-29.00:00:00Z: tag: hello\n"
        );
    }

    #[test]
    fn a_priority_outside_syslog_is_unknown() {
        assert!(line(None, 8, None).starts_with("lcmaps[42]     UNKNOWN: "));
    }
}
