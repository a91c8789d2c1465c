//! What policy files mean, case by case.

use lcmaps_pdl::{Compiled, Next, Options, Policy, Severity, compile};

fn compiled(text: &str) -> Compiled {
    let report = compile(
        text.as_bytes(),
        &Options {
            file: "lcmaps.db",
            library_dir: "/usr/lib",
        },
    );
    let errors: Vec<_> = report.errors().map(ToString::to_string).collect();
    report.compiled.unwrap_or_else(|| panic!("{errors:?}"))
}

fn messages(text: &[u8]) -> Vec<String> {
    let report = compile(
        text,
        &Options {
            file: "lcmaps.db",
            library_dir: "/usr/lib",
        },
    );
    report.diagnostics.iter().map(ToString::to_string).collect()
}

fn refused_with(text: &[u8], words: &str) {
    let report = compile(
        text,
        &Options {
            file: "lcmaps.db",
            library_dir: "/usr/lib",
        },
    );
    assert!(report.compiled.is_none());
    let found = report
        .diagnostics
        .iter()
        .any(|d| d.to_string().contains(words));
    assert!(found, "{:?}", messages(text));
}

/// "name(arguments)" of all modules.
fn modules(compiled: &Compiled) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    compiled
        .modules
        .iter()
        .map(|m| format!("{}({})", text(&m.name), text(&m.arguments)))
        .collect()
}

/// "state: success, failure" of all states.
fn states(policy: &Policy) -> Vec<String> {
    let name = |index: usize| String::from_utf8(policy.states[index].name.clone()).unwrap();
    let next = |next| match next {
        Next::Goto(index) => name(index),
        Next::Succeed => "SUCCESS".to_owned(),
        Next::Fail => "FAILURE".to_owned(),
    };
    let state = |(index, state): (usize, &lcmaps_pdl::State)| {
        format!(
            "{}: {}, {}",
            name(index),
            next(state.on_success),
            next(state.on_failure)
        )
    };
    policy.states.iter().enumerate().map(state).collect()
}

#[test]
fn each_form_of_a_rule_has_its_two_branches() {
    let compiled = compiled("p:\na -> b\nb -> c | d\n~c -> d\n");
    assert_eq!(
        states(&compiled.policies[0]),
        [
            "a: b, FAILURE",
            "b: c, d",
            "c: SUCCESS, d",
            "d: SUCCESS, FAILURE"
        ]
    );
}

#[test]
fn a_policy_starts_at_its_first_rule_whatever_the_order_of_the_others() {
    let compiled = compiled("p:\nb -> c\na -> b\nc -> d\n");
    assert_eq!(
        states(&compiled.policies[0]),
        ["b: c, FAILURE", "c: d, FAILURE", "d: SUCCESS, FAILURE"]
    );
}

#[test]
fn policies_keep_the_order_of_the_file_and_share_modules() {
    let compiled = compiled("x = \"m.mod -a\"\ny = \"m.mod -a\"\np:\nx -> n\nq:\n~y -> n\n");
    let names: Vec<_> = compiled
        .policies
        .iter()
        .map(|p| p.name.as_slice())
        .collect();
    assert_eq!(names, [b"p", b"q"]);
    assert_eq!(modules(&compiled), ["m.mod(-a)", "n()"]);
    assert_eq!(compiled.policies[1].states[0].module, 0);
    assert_eq!(compiled.policies[1].states[0].name, b"y");
}

#[test]
fn modules_are_listed_state_by_state_also_of_rules_that_are_never_reached() {
    let compiled = compiled("p:\na -> b | c\nd -> e\nb -> f\nq:\ng -> a\n");
    assert_eq!(
        modules(&compiled),
        ["a()", "b()", "c()", "d()", "e()", "f()", "g()"]
    );
    assert_eq!(compiled.policies[0].states.len(), 4);
}

#[test]
fn modules_with_other_arguments_are_other_modules() {
    let compiled = compiled(
        "a = \"m.mod -uid 12\"\nb = \"m.mod -uid 1\"\nc = \"m.mod\"\nd = \"m.mod \"\ne = \"m.mod  x\"\n\
         p:\na -> b | c\nb -> d | e\n",
    );
    assert_eq!(
        modules(&compiled),
        ["m.mod(-uid 12)", "m.mod(-uid 1)", "m.mod()", "m.mod( x)"]
    );
}

#[test]
fn a_name_that_is_the_beginning_of_another_is_a_module_of_its_own() {
    assert_eq!(
        modules(&compiled("p:\nlonger -> long\n")),
        ["longer()", "long()"]
    );
}

#[test]
fn aliases_may_point_forwards_and_through_strings() {
    let compiled = compiled("a = b\nb = \"c\"\nc = \"m.mod -x\"\np:\na -> d\n");
    assert_eq!(modules(&compiled), ["m.mod(-x)", "d()"]);
    assert_eq!(compiled.policies[0].states[0].name, b"a");
}

#[test]
fn strings_are_joined_with_one_blank_except_within_a_pair_of_escaped_quotes() {
    let arguments = |value: &str| {
        let compiled = compiled(&format!("a = {value}\np:\na -> b\n"));
        String::from_utf8(compiled.modules[0].arguments.clone()).unwrap()
    };
    assert_eq!(
        arguments(
            r#""m" "-x" # c
        "y""#
        ),
        "-x y"
    );
    assert_eq!(arguments(r#""m x" "" "y""#), "x y");
    assert_eq!(arguments(r#""m \"a b\"""#), r#""a b""#);
    assert_eq!(arguments(r#""m \"a b\"c""#), r#""a b" c"#);
    assert_eq!(arguments(r#""m \"a b\" c""#), r#""a b"  c"#);
    assert_eq!(arguments(r#""m x" "\"a b\"""#), r#"x "a b""#);
    assert_eq!(arguments(r#""m \"a\"\"b\"""#), r#""a""b""#);
    assert_eq!(arguments(r#""m #x\y""#), r"#x\y");
}

#[test]
fn the_first_path_counts_and_a_relative_one_belongs_to_the_library_directory() {
    let path = |text: &str| {
        compiled(&format!("{text}\np:\na -> b\n"))
            .path
            .map(|path| String::from_utf8(path).unwrap())
    };
    assert_eq!(path(""), None);
    assert_eq!(path("path ="), None);
    assert_eq!(path("path = /a\npath = /b").as_deref(), Some("/a"));
    assert_eq!(
        path("path =\nx = y\npath = lcmaps/x.d").as_deref(),
        Some("/usr/lib/lcmaps/x.d")
    );
    assert_eq!(path("path = \"/a\"").as_deref(), Some("/a"));
}

#[test]
fn rules_and_definitions_may_share_lines_and_span_them() {
    let compiled = compiled("x = \"m\" y =\n\"n\"\n  p: x\n->\ny | z y -> w");
    assert_eq!(compiled.policies[0].name, b"  p");
    assert_eq!(modules(&compiled), ["m()", "n()", "z()", "w()"]);
}

#[test]
fn a_label_without_rules_is_no_policy_and_its_name_is_free() {
    let compiled = compiled("p:\nq:\np -> a\np:\nb -> c\n");
    let names: Vec<_> = compiled
        .policies
        .iter()
        .map(|p| p.name.as_slice())
        .collect();
    assert_eq!(names, [b"q", b"p"]);
}

#[test]
fn of_two_rules_for_one_module_the_first_counts() {
    let text = "x = \"m\"\ny = \"m\"\np:\nx -> a\ny -> b\n";
    let compiled = compiled(text);
    assert_eq!(
        states(&compiled.policies[0]),
        ["x: a, FAILURE", "a: SUCCESS, FAILURE"]
    );
    assert!(
        messages(text.as_bytes())
            .iter()
            .any(|m| m.contains("rule of state 'y' is never used"))
    );
}

#[test]
fn a_variable_in_the_way_of_a_state_stays_a_name() {
    let compiled = compiled("x = \"m\"\ny = \"m\"\np:\nx -> a\na -> y\n");
    assert_eq!(modules(&compiled), ["m()", "a()", "y()"]);
}

#[test]
fn a_loop_that_only_the_values_close_is_refused_and_both_variables_are_named() {
    let text = b"x = v\ny = v\nv = \"m\"\np:\nx -> a\na -> y\ny -> b\n";
    refused_with(
        text,
        "lcmaps.db:6: [error] rule  a -> y causes infinite loop on transition y.",
    );
    refused_with(
        text,
        "'y' (variable of line 2) and 'x' (variable of line 1) are the same state because both stand \
         for 'm'.",
    );
}

#[test]
fn a_loop_behind_two_names_of_one_state_is_explained_by_these_names() {
    let text = b"x = v\ny = v\nv = \"m\"\np:\nb -> x\ny -> c\nc -> d\nd -> c\n";
    refused_with(text, "causes infinite loop");
    refused_with(
        text,
        "'x' (variable of line 1) and 'y' (variable of line 2)",
    );
}

#[test]
fn a_module_without_a_name_fails_and_is_not_listed() {
    let compiled = compiled("x = \"\"\nz = \" -y\"\np:\n~x -> a\na -> z | b\nz -> b | c\n");
    assert_eq!(modules(&compiled), ["a()", "b()", "c()"]);
    assert_eq!(
        states(&compiled.policies[0]),
        ["a: c, b", "c: SUCCESS, FAILURE", "b: SUCCESS, FAILURE"]
    );
}

#[test]
fn a_last_module_without_a_name_is_the_failure_of_the_policy() {
    let compiled = compiled("x = \"\"\np:\na -> x | b\n");
    assert_eq!(
        states(&compiled.policies[0]),
        ["a: FAILURE, b", "b: SUCCESS, FAILURE"]
    );
}

#[test]
fn a_loop_through_the_success_of_a_module_without_a_name_is_none() {
    let compiled = compiled("x = \" m\"\ny = \" m\"\np:\nx -> y | a\na -> b\n");
    assert_eq!(
        states(&compiled.policies[0]),
        ["a: b, FAILURE", "b: SUCCESS, FAILURE"]
    );
}

#[test]
fn a_policy_that_cannot_succeed_is_left_out() {
    let compiled = compiled("x = \" \"\np:\nx -> a\nq:\nb -> c\n");
    assert_eq!(compiled.policies.len(), 1);
    assert_eq!(modules(&compiled), ["a()", "b()", "c()"]);
}

#[test]
fn an_empty_file_compiles_to_nothing() {
    assert_eq!(compiled("# nothing\n"), Compiled::default());
}

#[test]
fn names_and_arguments_may_be_as_long_as_the_limits_and_not_longer() {
    let text = |name: usize, arguments: usize| {
        format!(
            "a = \"{} {}\"\np:\na -> b\n",
            "n".repeat(name),
            "x".repeat(arguments)
        )
        .into_bytes()
    };
    assert!(messages(&text(499, 2000)).is_empty());
    refused_with(
        &text(500, 1),
        "[error] String too long to copy. Max length = 500",
    );
    refused_with(
        &text(1, 2001),
        "[error] String too long to copy. Max length = 2000",
    );
}

#[test]
fn the_limits_do_not_concern_variables_that_no_rule_uses() {
    let text = format!("a = \"m {}\"\np:\nb -> c\n", "x".repeat(5000));
    assert!(messages(text.as_bytes()).is_empty());
}

#[test]
fn a_variable_that_is_itself_is_refused_if_it_is_used() {
    refused_with(
        b"v = v\np:\nv -> a\n",
        "loop detected on variable 'v'; v = v",
    );
    refused_with(
        b"v = \"v\"\nw = v\np:\na -> w\n",
        "loop detected on variable 'v'; v = v",
    );
    assert_eq!(
        modules(&compiled("w = v\nv = v\np:\na -> b\n")),
        ["a()", "b()"]
    );
}

#[test]
fn a_loop_of_variables_is_told_at_the_one_defined_last() {
    let lines = messages(b"b = c\na = b\nd = b\nc = d\np:\nx -> y\n");
    assert_eq!(
        lines
            .iter()
            .map(|l| l.split(" Help").next().unwrap())
            .collect::<Vec<_>>(),
        [
            "lcmaps.db:4: [error] loop detected on variable 'c'; c = d",
            "lcmaps.db:4: [error] see also line: 3  d = b",
            "lcmaps.db:4: [error] see also line: 1  b = c",
        ]
    );
}

#[test]
fn what_the_original_silently_takes_for_the_end_of_the_file_is_refused() {
    refused_with(b"p:\na -> b\n\0 c -> d\n", "syntax error: NUL byte.");
    refused_with(
        b"p:\na -> b\n\xff c -> d\n",
        "syntax error: the byte 0xff is not allowed here.",
    );
    refused_with(
        b"v = \"m\0 -x\"\np:\nv -> b\n",
        "the string contains a NUL byte.",
    );
    assert!(messages(b"# \0\xff\np:\na -> b # \0\xff\n").is_empty());
}

#[test]
fn a_stray_byte_is_told_with_one_character_between_quotes() {
    for byte in [b'\r', b'\0', 0xe4, b'\x1b', b'#', b'('] {
        let text = [b"p:\na -> b ", &[byte][..]].concat();
        let line = messages(&text).remove(0);
        let start = "lcmaps.db:2: [warning] unrecognized token '";
        assert!(line.starts_with(start), "{line}");
        assert_eq!(&line[start.len() + 1..], "'.");
    }
}

#[test]
fn the_place_of_a_state_is_the_left_side_of_its_rule_or_its_first_use() {
    let compiled = compiled("p:\na -> b\nb -> c\n");
    let places: Vec<_> = compiled.policies[0]
        .states
        .iter()
        .map(|s| (s.span.line, s.span.column))
        .collect();
    assert_eq!(places, [(2, 1), (3, 1), (3, 6)]);
}

#[test]
fn the_place_of_a_module_is_where_its_text_is_written() {
    let compiled = compiled("a = b\nb = \"m\" \"-x\"\np:\na -> n\n");
    let places: Vec<_> = compiled
        .modules
        .iter()
        .map(|m| (m.span.line, m.span.column, m.span.length))
        .collect();
    assert_eq!(places, [(2, 5, 8), (4, 6, 1)]);
}

#[test]
fn a_diagnostic_is_one_line_in_the_form_of_the_original() {
    let report = compile(
        b"a = \"x\n",
        &Options {
            file: "/etc/a\nb.db",
            library_dir: "",
        },
    );
    let diagnostic = &report.diagnostics[0];
    assert_eq!(diagnostic.severity, Severity::Error);
    assert!(
        diagnostic
            .to_string()
            .starts_with("/etc/a?b.db:1: [error] Unbalanced quotes.")
    );
}

/// The messages without advice.
fn plain(text: &[u8]) -> Vec<String> {
    let options = Options {
        file: "f",
        library_dir: "",
    };
    let diagnostics = compile(text, &options).diagnostics;
    diagnostics
        .iter()
        .map(|d| format!("{}: {}", d.span.line, d.message))
        .collect()
}

#[test]
fn later_definitions_of_a_name_refer_to_the_first() {
    assert_eq!(
        plain(b"p:\na -> b\na -> c\na -> d\np:\na -> b\np:\na -> b\n"),
        [
            "3: State 'a' is already in use. See line 2.",
            "4: State 'a' is already in use. See line 2.",
            "5: policy 'p' already defined at line 1.",
            "7: policy 'p' already defined at line 1.",
        ]
    );
}

#[test]
fn a_variable_may_have_the_name_of_its_own_or_of_a_later_policy() {
    assert!(plain(b"p = \"m\"\nq = \"n\"\np:\np -> q\nq:\na -> b\n").is_empty());
    assert_eq!(
        plain(b"p:\np -> q\nq:\na -> b\n"),
        [
            "2: 'p' is taken as the name of a module, not as the policy of line 1.",
            "2: 'q' is taken as the name of a module, not as the policy of line 3.",
        ]
    );
}

#[test]
fn rules_are_not_called_unreachable_while_others_of_their_policy_are_refused() {
    assert_eq!(
        plain(b"p:\na -> b\na -> c\nc -> d\nq:\na -> b\nc -> d\n"),
        [
            "3: State 'a' is already in use. See line 2.",
            "7: rule is not part of the chain."
        ]
    );
}

#[test]
fn what_is_seen_while_reading_is_told_in_the_order_of_the_file() {
    assert_eq!(
        plain(b"path =\na = b\nb = a\nc = \"m\"\nc = \"m\"\npath = \"/x\"\np:\nq:\n"),
        [
            "1: Empty value assigned to path: ignoring this line.",
            "3: loop detected on variable 'b'; b = a",
            "3: see also line: 2  a = b",
            "5: variable 'c' already defined at line 4;",
            "5: previous value: 'm'.",
            "6: ignoring '\"' in the definition of path.",
            "7: expecting rule definitions.",
            "7: no rules specified for policy: 'p' at line 7.",
            "8: expecting rule definitions.",
            "8: no rules specified for policy: 'q' at line 8.",
        ]
    );
}

#[test]
fn it_is_told_where_the_original_would_have_taken_one_module_for_another() {
    let told = |values: [&str; 3]| {
        let [a, b, c] = values;
        let text = format!("a = \"{a}\"\nb = \"{b}\"\nc = \"{c}\"\np:\na -> b | c\n");
        plain(text.as_bytes())
    };
    assert_eq!(
        told(["m -a", "m -xy", "m -x"]),
        ["3: module 'm' with arguments '-x' is not the one with arguments '-xy'."]
    );
    assert_eq!(
        told(["m", "m -x", "n"]),
        ["2: module 'm' with arguments '-x' is not the one with arguments ''."]
    );
    assert!(told(["m -x", "m", "m -xy"]).len() == 1);
    assert!(told(["m -x", "m -xy", "m"]).is_empty());
}

#[test]
fn a_loop_that_values_close_through_a_negated_rule_names_both_variables() {
    refused_with(
        b"x = v\ny = v\nv = \"m\"\np:\n~x -> a\n~a -> y\n",
        "rule ~a -> y causes infinite loop on transition y. 'y' (variable of line 2) and 'x' (variable of \
         line 1) are the same state because both stand for 'm'.",
    );
}

#[test]
fn a_loop_that_values_close_through_a_second_branch_names_that_branch() {
    refused_with(
        b"x = v\ny = v\nv = \"m\"\np:\nx -> a\na -> b | y\n",
        "rule  a -> b | y causes infinite loop on false transition y. 'y' (variable of line 2) and 'x'",
    );
}

#[test]
fn a_refused_file_tells_each_problem_once() {
    let report = compile(
        b"a = b\nb = a\nc = \"x\"\nc = \"y\"\np:\nx -> y -\n",
        &Options {
            file: "f",
            library_dir: "",
        },
    );
    let errors: Vec<_> = report
        .errors()
        .map(|d| (d.span.line, d.continues))
        .collect();
    assert_eq!(errors, [(2, false), (4, false), (6, true)]);
}
