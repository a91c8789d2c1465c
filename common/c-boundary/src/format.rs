//! Formats that come from outside.

/// `format` with `text` in the place of the first `%s`. `%%` is a percent sign; every other
/// conversion is written as it stands, so that a format which comes from outside can do no harm.
#[must_use]
pub fn insert(format: &[u8], text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(format.len() + text.len());
    let mut text = Some(text);
    let mut rest = format;
    while let Some((&byte, tail)) = rest.split_first() {
        match (byte, tail.first()) {
            (b'%', Some(b'%')) => {
                out.push(b'%');
                rest = &tail[1..];
            }
            (b'%', Some(b's')) if text.is_some() => {
                out.extend_from_slice(text.take().unwrap_or_default());
                rest = &tail[1..];
            }
            _ => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::insert;

    #[test]
    fn only_the_first_string_conversion_is_replaced() {
        assert_eq!(insert(b"S:%s\n", b"str"), b"S:str\n");
        assert_eq!(
            insert(b"%s %s %d %n 100%% %", b"a%sb"),
            b"a%sb %s %d %n 100% %"
        );
        assert_eq!(insert(b"", b"x"), b"");
    }
}
