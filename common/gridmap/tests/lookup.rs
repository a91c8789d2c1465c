//! The rules of the file format, one by one.

use lc_gridmap::{Accept, Fault, Lookup, MAX_SKIPPED, MapError, MapFile, SkipReason, Wildcards};

fn file(text: &[u8]) -> MapFile {
    MapFile::parse("map", text.to_vec())
}

/// The mapping for `name`, by scan and by index, which must agree.
fn map(text: &[u8], name: &[u8], wildcards: Wildcards, accept: Accept<'_>) -> Option<String> {
    let file = file(text);
    let text = |lookup: Lookup<'_>| {
        let found = lookup.found?;
        Some(String::from_utf8_lossy(&found.mapping).into_owned())
    };
    let first = text(file.lookup(name, wildcards, accept).expect("readable"));
    let second = text(file.lookup(name, wildcards, accept).expect("readable"));
    assert_eq!(first, second);
    first
}

fn local(text: &[u8], name: &[u8]) -> Option<String> {
    map(text, name, Wildcards::Off, Accept::Local)
}

fn fault(text: &[u8], name: &[u8]) -> Option<(u32, u32, Fault)> {
    let file = file(text);
    let fault = || match file.lookup(name, Wildcards::Off, Accept::Local) {
        Ok(_) => None,
        Err(MapError::Broken {
            line,
            column,
            fault,
            ..
        }) => Some((line, column, fault)),
        Err(other) => panic!("{other}"),
    };
    let first = fault();
    assert_eq!(first, fault());
    first
}

fn some(account: &str) -> Option<String> {
    Some(account.to_owned())
}

#[test]
fn names_are_quoted_or_end_at_a_blank() {
    let text = b"\"/O=X/CN=A B\" ann\n/O=X/CN=C\tbob\n \t\"/CN=d\"\tdora";
    assert_eq!(local(text, b"/O=X/CN=A B"), some("ann"));
    assert_eq!(local(text, b"/O=X/CN=C"), some("bob"));
    assert_eq!(local(text, b"/CN=d"), some("dora"));
    assert_eq!(local(text, b"/O=X/CN=A"), None);
    assert_eq!(local(text, b""), None);
}

#[test]
fn a_byte_order_mark_belongs_to_no_name() {
    for first in ["\"/CN=a b\" one\n", "# \"\n", "\n"] {
        let text = format!("\u{feff}{first}\"/CN=a b\" two\n");
        let wanted = if first.starts_with('"') { "one" } else { "two" };
        assert_eq!(
            local(text.as_bytes(), b"/CN=a b"),
            some(wanted),
            "{first:?}"
        );
        assert!(file(text.as_bytes()).has_byte_order_mark());
    }
    let two = "\u{feff}\u{feff}/CN=a one\n\u{feff}/CN=b two\n";
    assert_eq!(local(two.as_bytes(), b"/CN=a"), None, "one only");
    assert_eq!(
        local(two.as_bytes(), b"/CN=b"),
        None,
        "in the first line only"
    );
    assert!(!file(b"/CN=a one\n").has_byte_order_mark());
}

#[test]
fn the_first_acceptable_line_wins() {
    let text = b"\"/CN=a\" .pool\n\"/CN=a\" .pool, ann\n\"/CN=a\" other\n";
    assert_eq!(local(text, b"/CN=a"), some("ann"));
    assert_eq!(
        map(text, b"/CN=a", Wildcards::Off, Accept::Pool),
        some(".pool")
    );
    assert_eq!(
        map(text, b"/CN=a", Wildcards::Off, Accept::Exactly(b"other")),
        some("other")
    );
    assert_eq!(
        map(text, b"/CN=a", Wildcards::Off, Accept::Exactly(b"oth")),
        None
    );
}

#[test]
fn blank_lines_comments_and_an_empty_file_hold_nothing() {
    assert_eq!(local(b"", b"a"), None);
    assert_eq!(
        local(b"\n \t\n# a b\n  # a b \\\n#\na x\n", b"a"),
        some("x")
    );
}

#[test]
fn a_comment_ends_the_mappings_unless_it_is_protected() {
    assert_eq!(local(b"a x # y\n", b"a"), some("x"));
    assert_eq!(local(b"a x#y\n", b"a"), some("x"));
    assert_eq!(local(b"a #x\na y\n", b"a"), some("y"));
    assert_eq!(local(b"a x\\#y\n", b"a"), some("x#y"));
    assert_eq!(local(b"\"a\"#\\\na z\n", b"a"), some("z"));
    assert_eq!(
        local(b"a#b x\n", b"a#b"),
        some("x"),
        "no comment inside a name"
    );
}

#[test]
fn separators_are_blanks_and_commas_in_any_number() {
    assert_eq!(local(b"a , ,\t.p,,x\n", b"a"), some("x"));
    assert_eq!(local(b"\"a\"x\n", b"a"), some("x"));
    assert_eq!(local(b"\"a\",x\n", b"a"), some("x"));
    assert_eq!(
        local(b"a,b x\n", b"a"),
        None,
        "a comma belongs to an unquoted name"
    );
}

#[test]
fn names_are_compared_as_written_with_their_backslashes() {
    assert_eq!(local(b"\"a\\\"b\" x\n", b"a\"b"), None);
    assert_eq!(local(b"\"a\\\"b\" x\n", b"a\\\"b"), some("x"));
    assert_eq!(local(b"\"a\\\\\" x\n", b"a\\\\"), some("x"));
    assert_eq!(local(b"a\\ b x\n", b"a\\ b"), some("x"));
    assert_eq!(local(b"\"a\\x20b\" x\n", b"a b"), None);
    assert_eq!(local(b"a\" x\n", b"a\""), some("x"));
    assert_eq!(local(b"A x\n", b"a"), None);
}

#[test]
fn in_mappings_a_backslash_stands_for_the_byte_behind_it() {
    assert_eq!(local(b"a x\\ y\n", b"a"), some("x y"));
    assert_eq!(local(b"a \\.p x\n", b"a"), some("x"), "still a pool");
    assert_eq!(local(b"a x\\\\\n", b"a"), some("x\\"));
    assert_eq!(
        local(b"a \"x\"\n", b"a"),
        some("\"x\""),
        "quotes mean nothing here"
    );
}

#[test]
fn wildcards_match_only_when_asked_for() {
    let text = b"\"/O=X/*\" .p\n\"[ab]?\" .q\n";
    let on = |name| map(text, name, Wildcards::On, Accept::Pool);
    assert_eq!(on(b"/O=X/OU=y/CN=z"), some(".p"));
    assert_eq!(on(b"bz"), some(".q"));
    assert_eq!(on(b"cz"), None);
    assert_eq!(map(text, b"/O=X/CN=z", Wildcards::Off, Accept::Pool), None);
    assert_eq!(
        map(text, b"/O=X/*", Wildcards::Off, Accept::Pool),
        some(".p")
    );
    assert_eq!(on(b"[ab]?"), None, "a pattern is no plain name");
}

#[test]
fn plain_names_and_patterns_are_tried_in_file_order() {
    let text = b"b* 1\nbob 2\nbo? 3\ncarl 4\n* 5\n";
    let on = |name, accept| map(text, name, Wildcards::On, accept);
    assert_eq!(on(b"bob", Accept::Local), some("1"));
    assert_eq!(on(b"bob", Accept::Exactly(b"2")), some("2"));
    assert_eq!(on(b"bob", Accept::Exactly(b"3")), some("3"));
    assert_eq!(on(b"carl", Accept::Local), some("4"));
    assert_eq!(on(b"dora", Accept::Local), some("5"));
}

#[test]
fn a_ban_list_needs_no_mappings() {
    let file = file(b"\"/CN=bad\"\n/CN=evil* x\n");
    let banned = |name: &[u8]| {
        let lookup = file.lookup(name, Wildcards::On, Accept::AnyName);
        lookup.expect("readable").found.map(|found| found.line)
    };
    assert_eq!(banned(b"/CN=bad"), Some(1));
    assert_eq!(banned(b"/CN=evil/CN=proxy"), Some(2));
    assert_eq!(banned(b"/CN=good"), None);
}

#[test]
fn a_broken_line_fails_the_lookups_that_reach_it_and_no_others() {
    let text = b"\"first\" x\n  \"open y\n\"last\" z\n";
    assert_eq!(fault(text, b"first"), None);
    assert_eq!(fault(text, b"last"), Some((2, 3, Fault::OpenQuote)));
    assert_eq!(fault(text, b"nobody"), Some((2, 3, Fault::OpenQuote)));
}

#[test]
fn a_backslash_at_the_end_of_a_line_breaks_it() {
    let trailing = |line, column| Some((line, column, Fault::TrailingBackslash));
    assert_eq!(fault(b"a x\nb y\\\nc z\n", b"c"), trailing(2, 4));
    assert_eq!(fault(b"b\\\nc z", b"c"), trailing(1, 2));
    assert_eq!(fault(b"\\\nc z", b"c"), trailing(1, 1));
    assert_eq!(fault(b"b#\\\nc z", b"c"), trailing(1, 3));
    assert_eq!(fault(b"\"b\\\nc z", b"c"), Some((1, 1, Fault::OpenQuote)));
    assert_eq!(
        fault(b"b y\\\\\nc z", b"c"),
        None,
        "the first protects the second"
    );
    assert_eq!(fault(b"b y # \\\nc z", b"c"), None, "a comment is not read");
    assert_eq!(fault(b"b y\\", b"b"), trailing(1, 4));
}

#[test]
fn a_nul_byte_breaks_a_line_wherever_it_stands() {
    assert_eq!(fault(b"a x\nb y\0\nc z\n", b"a"), None);
    assert_eq!(fault(b"a x\nb y\0\nc z\n", b"c"), Some((2, 4, Fault::Nul)));
    assert_eq!(fault(b"# \0\n", b"c"), Some((1, 3, Fault::Nul)));
}

#[test]
fn errors_say_where_what_and_what_to_do() {
    let file = MapFile::parse("/etc/grid-mapfile", b"ok x\n\"open\n".to_vec());
    let error = file
        .lookup(b"z", Wildcards::Off, Accept::Local)
        .expect_err("broken");
    assert_eq!(
        error.to_string(),
        "/etc/grid-mapfile:2:1: the quoted name is not closed; \
         put a \" at its end (a \" inside the name is written \\\")"
    );
}

#[test]
fn passed_over_lines_are_told_with_their_reason() {
    let file = file(b"a\na .p\na # x\na ok\na\n");
    let lookup = file
        .lookup(b"a", Wildcards::Off, Accept::Local)
        .expect("readable");
    let told: Vec<_> = lookup.skipped.iter().map(|s| (s.line, s.reason)).collect();
    assert_eq!(
        told,
        [
            (1, SkipReason::NoMapping),
            (2, SkipReason::NotWanted),
            (3, SkipReason::NoMapping),
        ]
    );
    assert_eq!(lookup.skipped_total, 3);
    assert_eq!(lookup.found.expect("line 4").line, 4);
    assert_eq!(
        lookup.skipped[0].to_string(),
        "line 1 has a name but no mapping"
    );
}

#[test]
fn the_list_of_passed_over_lines_is_bounded() {
    let file = file(&b"a\n".repeat(1000));
    let lookup = file
        .lookup(b"a", Wildcards::Off, Accept::Local)
        .expect("readable");
    assert_eq!(lookup.skipped.len(), MAX_SKIPPED);
    assert_eq!(lookup.skipped_total, 1000);
}

#[test]
fn a_carriage_return_belongs_to_the_mapping_and_is_pointed_out() {
    let file = file(b"# x\n\"a\" ann\r\n\"b\" bob,ben\r\n");
    let found = |name: &[u8]| {
        let lookup = file
            .lookup(name, Wildcards::Off, Accept::Local)
            .expect("readable");
        lookup.found.expect("listed")
    };
    assert_eq!(&*found(b"a").mapping, b"ann\r");
    assert!(found(b"a").carriage_return);
    assert!(!found(b"b").carriage_return);
    assert_eq!(file.first_carriage_return_line(), Some(2));
    assert_eq!(
        MapFile::parse("map", b"a b\n".to_vec()).first_carriage_return_line(),
        None
    );
}

#[test]
fn matches_carry_the_line_and_the_name_as_written() {
    let file = file(b"\n\n\"/CN=*\" .p\n");
    let lookup = file
        .lookup(b"/CN=x", Wildcards::On, Accept::Pool)
        .expect("readable");
    let found = lookup.found.expect("listed");
    assert_eq!((found.line, found.pattern), (3, &b"/CN=*"[..]));
}

#[test]
fn hostile_patterns_do_not_take_exponential_time() {
    let pattern = [&b"a*".repeat(40)[..], b"b"].concat();
    let start = std::time::Instant::now();
    assert!(!lc_gridmap::fnmatch(&pattern, &[b'a'; 4000]));
    assert!(start.elapsed() < std::time::Duration::from_secs(5));
}
