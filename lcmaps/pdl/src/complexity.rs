//! The cost of a policy file grows with its size and not faster. Steps are counted, not seconds.

use crate::{Options, compile, steps};

const OPTIONS: Options<'_> = Options {
    file: "lcmaps.db",
    library_dir: "/usr/lib",
};

/// A way to write a policy file of a given size.
type Family = (&'static str, fn(usize) -> String);

fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

const FAMILIES: &[Family] = &[
    ("a chain of rules", |n| {
        format!("p:\n{}", lines(n, |i| format!("s{i} -> s{}\n", i + 1)))
    }),
    ("a chain of diamonds", |n| {
        let diamond = |i| format!("s{i} -> a{i} | b{i}\na{i} -> s{0}\nb{i} -> s{0}\n", i + 1);
        format!("p:\n{}", lines(n, diamond))
    }),
    ("rules that all lead back", |n| {
        format!("p:\n{}", lines(n, |i| format!("s{i} -> s{} | s0\n", i + 1)))
    }),
    ("rules that nothing leads to", |n| {
        format!("p:\n{}", lines(n, |i| format!("s{i} -> end\n")))
    }),
    ("many policies", |n| {
        lines(n, |i| format!("p{i}:\nx -> y\n"))
    }),
    ("policies without rules", |n| {
        lines(n, |i| format!("p{i}:\n"))
    }),
    ("the same policy again and again", |n| {
        lines(n, |_| "p:\nx -> y\n".to_owned())
    }),
    ("variables that are used", |n| {
        let variables = lines(n, |i| format!("v{i} = \"m{i}.mod -x\"\n"));
        format!(
            "{variables}p:\n{}",
            lines(n, |i| format!("v{i} -> v{}\n", i + 1))
        )
    }),
    ("a chain of variables", |n| {
        let variables = lines(n, |i| format!("v{i} = v{}\n", i + 1));
        format!("{variables}p:\n{}", lines(n, |i| format!("v{i} -> x\n")))
    }),
    ("a loop of variables", |n| {
        lines(n, |i| format!("v{i} = v{}\n", (i + 1) % n))
    }),
    ("variables that lead into one loop", |n| {
        format!("x = y\ny = x\n{}", lines(n, |i| format!("v{i} = x\n")))
    }),
    ("one variable defined again and again", |n| {
        lines(n, |_| "v = \"m.mod\"\n".to_owned())
    }),
    ("variables of equal value", |n| {
        let variables = lines(n, |i| format!("v{i} = \"m.mod\"\n"));
        format!(
            "{variables}p:\n{}",
            lines(n, |i| format!("v{i} -> x{i} | v{}\n", i + 1))
        )
    }),
    ("modules without a name", |n| {
        let variables = lines(n, |i| format!("v{i} = \" {i}\"\n"));
        format!(
            "{variables}p:\n{}",
            lines(n, |i| format!("v{i} -> x | v{}\n", i + 1))
        )
    }),
    ("one module with many arguments", |n| {
        let variables = lines(n, |i| format!("v{i} = \"m.mod {i}\"\n"));
        format!(
            "{variables}p:\n{}",
            lines(n, |i| format!("v{i} -> v{}\n", i + 1))
        )
    }),
    ("a value of many strings", |n| {
        format!("v = \"m.mod\"{}\np:\nv -> x\n", " \"x\"".repeat(n))
    }),
    ("a string of many escaped quotes", |n| {
        format!("v = \"m.mod {}\"\np:\nv -> x\n", r#"\"a\" "#.repeat(n))
    }),
    ("a path line that ends with many hashes", |n| {
        format!("path = {}", "#".repeat(n))
    }),
    ("many paths", |n| lines(n, |_| "path = \"/x\"\n".to_owned())),
    ("blanks at the start of lines", |n| {
        lines(n, |_| "    \t   \n".to_owned())
    }),
    ("comments", |n| {
        lines(n, |_| "# comment # comment\n".to_owned())
    }),
    ("one long name", |n| format!("p:\n{} -> x\n", "n".repeat(n))),
];

#[test]
fn ten_times_the_input_takes_ten_times_the_steps() {
    for (name, family) in FAMILIES {
        let steps = |n: usize| {
            let text = family(n);
            steps::counted(|| drop(compile(text.as_bytes(), &OPTIONS)))
        };
        let (small, large) = (steps(300), steps(3000));
        // Longer numbers in names make the text a bit more than ten times as long.
        assert!(large <= small * 13, "{name}: {small} steps, then {large}");
        assert!(
            large >= small * 5,
            "{name} does not grow: {small} steps, then {large}"
        );
    }
}

#[test]
fn a_hundred_thousand_rules_need_no_call_stack() {
    let chain = lines(100_000, |i| format!("s{i} -> s{}\n", i + 1));
    let report = compile(format!("p:\n{chain}").as_bytes(), &OPTIONS);
    let compiled = report.compiled.unwrap();
    assert_eq!(compiled.policies[0].states.len(), 100_001);
    assert_eq!(compiled.modules.len(), 100_001);

    let report = compile(format!("p:\n{chain}s100000 -> s0\n").as_bytes(), &OPTIONS);
    assert_eq!(report.errors().count(), 1);
}

#[test]
fn messages_about_a_long_text_do_not_add_up() {
    let name = "n".repeat(10_000);
    let text = lines(1_000, |_| format!("v = {name}\n"));
    let report = compile(text.as_bytes(), &OPTIONS);
    let size: usize = report.diagnostics.iter().map(|d| d.to_string().len()).sum();
    assert!(report.diagnostics.len() > 1_000);
    assert!(size < report.diagnostics.len() * 500, "{size} bytes");
}
