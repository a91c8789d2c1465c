//! Tests of the reader.

use proptest::prelude::*;

use super::*;

fn entries(text: &str) -> Vec<(String, String)> {
    let database = Database::parse(text.as_bytes()).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (database.entries.iter())
        .map(|entry| (text(&entry.name), text(&entry.arguments)))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = (expected.iter())
        .map(|(name, arguments)| ((*name).to_owned(), (*arguments).to_owned()))
        .collect();
    assert_eq!(entries(text), expected, "{text}");
}

fn error(text: &str) -> String {
    let error = Database::parse(text.as_bytes()).unwrap_err();
    error.in_file("lcas.db").to_string()
}

fn remarks(text: &str) -> Vec<String> {
    let database = Database::parse(text.as_bytes()).unwrap();
    (database.remarks.iter())
        .map(|remark| remark.in_file("f").to_string())
        .collect()
}

#[test]
fn blank_lines_and_remarks_say_nothing() {
    check("# a\n  # b = c, d\n\n \t\n\t# end", &[]);
    check("", &[]);
    check(",,,\n , \n", &[]);
}

#[test]
fn values_are_quoted_or_end_at_a_blank() {
    check("pluginname=m, pluginargs=\"a b\"", &[("m", "a b")]);
    check(
        "  pluginname = \"m\" , pluginargs\t= \t\"x\"  \n",
        &[("m", "x")],
    );
    check("pluginname=m rest,pluginargs=abc def", &[("m", "abc")]);
    check(
        "pluginname=\"m\"junk more = x,pluginargs=\"x\" # remark",
        &[("m", "x")],
    );
    check("pluginname=m,pluginargs=\"#x y#z\"", &[("m", "#x y#z")]);
    check("pluginname=m,pluginargs='a b'", &[("m", "'a")]);
    check("pluginname=m,pluginargs=a=b", &[("m", "a=b")]);
    check("pluginname=m,pluginargs=", &[("m", "")]);
    check("pluginname=\"m\",pluginargs=\"1\"\r\n", &[("m", "1")]);
    check("pluginname=m\r\n", &[("m\r", "")]);
    check("pluginname=a\"b\"", &[("a\"b\"", "")]);
}

#[test]
fn a_backslash_protects_a_quote_and_nothing_else() {
    check(r#"pluginname=m,pluginargs="x\"y""#, &[("m", r#"x"y"#)]);
    check(
        r#"pluginname=m,pluginargs="x\y \\ z""#,
        &[("m", r"x\y \\ z")],
    );
    check(r#"pluginname=m,pluginargs="\"\"""#, &[("m", r#""""#)]);
    assert!(error(r#"pluginname=m,pluginargs="x\""#).contains("closing quote"));
}

#[test]
fn variables_go_by_their_first_ten_bytes_and_the_last_one_wins() {
    check("pluginnameX=m,pluginargs_foo=x", &[("m", "x")]);
    check("pluginargs=x,pluginname=m", &[("m", "x")]);
    check("pluginname=b,pluginname=a", &[("a", "")]);
    check("PluginName=b\npluginnam=c", &[]);
    check("pluginname=m,zorro=x,pluginargs=y,a=b", &[("m", "y")]);
    check("\"pluginname\"=m", &[("m", "")]);
    check("pluginname foo=m", &[("m", "")]);
}

#[test]
fn a_byte_order_mark_hides_no_module() {
    let message = error("\u{feff}pluginname=m\n");
    assert!(
        message.starts_with("lcas.db:1:1: the file begins with a byte order mark"),
        "{message}"
    );
}

#[test]
fn what_takes_a_module_out_of_the_decision_is_a_mistake() {
    let mistakes = |text: &str| {
        let database = Database::parse(text.as_bytes()).unwrap();
        let mistakes = database.remarks.iter().filter(|one| one.kind.is_mistake());
        mistakes.map(|one| one.position.line).collect::<Vec<_>>()
    };
    assert_eq!(mistakes("pluginname=m\npluginargs=x\n"), [2]);
    assert_eq!(mistakes("plugin_name=m,pluginargs=x\n"), [1, 1]);
    assert_eq!(mistakes("pluginname=m,plguinargs=x\n"), [1]);
    assert_eq!(mistakes("pluginname=m,pluginname=n\n"), [1]);
    assert_eq!(mistakes("pluginname=m,pluginargs=x,pluginargs=y\n"), [1]);
    assert_eq!(
        mistakes("# x\rpluginname=m\npluginname=n\rpluginname=o\n"),
        [1, 2]
    );
    assert_eq!(mistakes(&format!("#{}\n", "c".repeat(1022))), [1]);
    assert_eq!(mistakes("pluginname=\"m\",zorro=1 # x\r\n"), [0; 0]);
    assert_eq!(remarks("pluginname=\"m\"\r\npluginname=\"n\"\r\n").len(), 1);
}

#[test]
fn a_quote_that_was_cut_off_is_told_as_such() {
    let line = format!("pluginname=m,pluginargs=\"{}\"\n", "x".repeat(1023));
    assert!(error(&line).contains("a line ends after 1023 bytes, and this one is longer"));
}

#[test]
fn arguments_are_those_of_the_line() {
    check(
        "pluginname=a,pluginargs=\"A B\"\npluginname=b\n",
        &[("a", "A B"), ("b", "")],
    );
    check("pluginargs=x\n", &[]);
    check(
        "pluginname=\"\",pluginargs=x\npluginname=,pluginargs=x\npluginname=m",
        &[("m", "")],
    );
}

#[test]
fn a_mistake_is_named_with_its_place() {
    assert_eq!(
        error("\n pluginname=m, foo \n"),
        "lcas.db:2:16: there is no = in \"foo\": write pluginname=FILE, pluginargs=\"WORDS\""
    );
    assert!(error("=x").starts_with("lcas.db:1:1: there is no name in front of ="));
    assert!(error("\"\"=x").starts_with("lcas.db:1:1: there is no name in front of ="));
    assert_eq!(
        error("pluginname=m,pluginargs=\"x"),
        "lcas.db:1:25: the closing quote is missing: a quoted value ends on its line"
    );
    assert!(error("pluginname=\"m,pluginargs=x").ends_with("so no value can have one"));
    assert_eq!(
        error("# a\n#b\0"),
        "lcas.db:2:3: a NUL byte: this is no text file"
    );
}

#[test]
fn a_line_ends_after_1023_bytes() {
    let line = |total: usize| {
        let arguments = total - "pluginname=m,pluginargs=\"\"".len();
        format!("pluginname=m,pluginargs=\"{}\"", "x".repeat(arguments))
    };
    assert_eq!(entries(&format!("{}\n", line(1022)))[0].1.len(), 996);
    assert_eq!(entries(&line(1023))[0].1.len(), 997);
    assert!(error(&line(1024)).contains("closing quote"));
    let comment = format!("#{}rest\n", "c".repeat(1022));
    let message = error(&comment);
    assert!(
        message.starts_with("lcas.db:1:1024: there is no = in \"rest\""),
        "{message}"
    );
    assert!(
        message.contains("a line ends after 1023 bytes"),
        "{message}"
    );
    check(
        &format!("#{}pluginname=m\n", "c".repeat(1022)),
        &[("m", "")],
    );
    check(
        &format!("#{}\npluginname=m\n", "c".repeat(1022)),
        &[("m", "")],
    );
}

#[test]
fn the_251st_entry_is_read_and_dropped_and_none_behind_it_is_read() {
    let many = |count: usize| "pluginname=m\n".repeat(count);
    assert_eq!(entries(&many(250)).len(), 250);
    assert_eq!(entries(&many(251)).len(), 250);
    assert_eq!(remarks(&many(250)), [""; 0]);
    assert_eq!(
        remarks(&many(252)),
        ["f:251:1: only the first 250 entries are used: this one and all behind it are ignored"]
    );
    assert!(Database::parse(format!("{}bad\n", many(250)).as_bytes()).is_err());
    assert_eq!(entries(&format!("{}bad\n", many(251))).len(), 250);
    let nameless = "pluginname=,pluginargs=x\n".repeat(250);
    assert_eq!(entries(&format!("{nameless}pluginname=m\n")).len(), 0);
}

#[test]
fn what_is_ignored_is_remarked() {
    assert_eq!(
        remarks("pluginname=m x ,zorro=1,pluginname=n\n\npluginargs=y\n"),
        [
            "f:1:14: \"x\" behind the value is ignored",
            "f:1:17: \"zorro\" is ignored: the variables are pluginname and pluginargs",
            "f:1:25: \"pluginname\" is set twice: the last one counts",
            "f:3:1: this line names no module and is ignored",
        ]
    );
    let long = format!("#{}\n", "c".repeat(1022));
    assert!(remarks(&long)[0].contains("more than 1023 bytes"));
    assert_eq!(remarks("pluginname=m, pluginargs=\"x y\"\n"), [""; 0]);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic_and_every_place_is_in_it(text in "[a\"\\\\,= #\n\tpluginname0\u{e9}]{0,300}") {
        let lines = text.split('\n').count();
        match Database::parse(text.as_bytes()) {
            Ok(database) => {
                for entry in &database.entries {
                    prop_assert!(!entry.name.is_empty());
                    prop_assert!(entry.position.line <= lines);
                }
            }
            Err(error) => {
                prop_assert!(error.position.line >= 1 && error.position.line <= lines);
                prop_assert!(error.position.column >= 1);
            }
        }
    }

    #[test]
    fn what_is_written_with_quotes_is_read_back(name in "[^,\"\\\\\0\n]{1,50}", arguments in "([^,\\\\\0\n]|\\\\[^,\\\\\"\0\n]){0,50}") {
        let quoted = arguments.replace('"', "\\\"");
        let text = format!("pluginname=\"{name}\", pluginargs=\"{quoted}\"\n");
        prop_assert_eq!(entries(&text), [(name, arguments)]);
    }
}
