//! What holds for every input: no panic, an end, places that exist, a graph that can be followed; and for every valid
//! policy the meaning that a naive interpreter gives it.

mod reference;

use lcmaps_pdl::ast::{self, Definition};
use lcmaps_pdl::{Compiled, Diagnostic, Next, Options, Severity, Span, compile, format, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use reference::{Model, Rule, Trace, Value};

const OPTIONS: Options<'_> = Options {
    file: "lcmaps.db",
    library_dir: "/usr/lib",
};

/// Text that looks enough like a policy file to get far into the compiler.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let words = select(vec![
        "a",
        "b",
        "c",
        "p",
        "path",
        "x.mod",
        "=",
        "->",
        "|",
        "~",
        "\"",
        "\"x.mod -a\"",
        "\\\"",
        "\\",
        " ",
        "\t",
        "\n",
        "\n",
        "\np:\n",
        "\nq:",
        "p:\na -> b\n",
        "a = b\n",
        "b = \"x.mod\"\n",
        "path = /x\n",
        "#",
        "# c\n",
        ":",
        "-",
        "\r",
        "\0",
        "é",
        "(",
        "\"\" ",
        "a -> b | c\n",
        "~a -> c\n",
    ]);
    vec(words, 0..40).prop_map(|words| words.concat().into_bytes())
}

fn anything() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => fragments(), 1 => vec(any::<u8>(), 0..200)]
}

/// The span is a place in the text, and its line and column are right.
fn check_span(span: Span, text: &[u8]) {
    assert!(span.slice(text).is_some(), "{span:?} is not in the text");
    let before = &text[..span.offset as usize];
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let column = 1 + before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count();
    assert_eq!((span.line as usize, span.column as usize), (line, column));
}

fn check_diagnostic(diagnostic: &Diagnostic, text: &[u8]) {
    check_span(diagnostic.span, text);
    for line in [diagnostic.to_string(), diagnostic.message.clone()] {
        assert!(
            line.chars().all(|c| c == ' ' || c.is_ascii_graphic()),
            "{line:?}"
        );
    }
    assert!(!diagnostic.message.is_empty());
    assert!(diagnostic.excerpt(text).to_string().ends_with('\n'));
}

/// Everything that [`Compiled`] promises.
fn check_graph(compiled: &Compiled, text: &[u8]) {
    for (index, module) in compiled.modules.iter().enumerate() {
        assert!((1..500).contains(&module.name.len()) && module.arguments.len() <= 2000);
        assert!(!module.name.contains(&b' '));
        check_span(module.span, text);
        let same = |other: &lcmaps_pdl::ModuleSpec| {
            (&other.name, &other.arguments) == (&module.name, &module.arguments)
        };
        assert!(!compiled.modules[..index].iter().any(same));
    }
    for policy in &compiled.policies {
        check_span(policy.span, text);
        // Remove states that nothing leads to until none is left: that works if and only if there is no loop.
        let mut arrivals = vec![0; policy.states.len()];
        let targets = |index: usize| {
            let state = &policy.states[index];
            [state.on_success, state.on_failure]
                .into_iter()
                .filter_map(|next| match next {
                    Next::Goto(target) => Some(target),
                    Next::Succeed | Next::Fail => None,
                })
        };
        for (index, state) in policy.states.iter().enumerate() {
            check_span(state.span, text);
            assert_eq!(state.span.slice(text), Some(state.name.as_slice()));
            assert!(state.module < compiled.modules.len());
            targets(index).for_each(|target| arrivals[target] += 1);
        }
        assert_eq!(arrivals[0], 0, "something leads back to the start");
        let mut free = vec![0];
        let mut removed = 0;
        while let Some(index) = free.pop() {
            removed += 1;
            for target in targets(index) {
                arrivals[target] -= 1;
                if arrivals[target] == 0 {
                    free.push(target);
                }
            }
        }
        assert_eq!(
            removed,
            policy.states.len(),
            "a loop, or a state that cannot be reached"
        );
    }
}

fn check_tree(file: &ast::File<'_>, text: &[u8]) {
    let check_name = |name: ast::Name<'_>| {
        check_span(name.span, text);
        assert_eq!(name.span.slice(text), Some(name.text));
    };
    for definition in &file.definitions {
        match definition {
            Definition::Path(path) => {
                assert_eq!(path.keyword.slice(text), Some(&b"path"[..]));
                path.value.into_iter().for_each(check_name);
            }
            Definition::Variable(variable) => {
                check_name(variable.name);
                check_span(variable.value.span(), text);
                if let ast::Value::Text(value) = &variable.value {
                    assert!(value.strings.is_sorted_by_key(|span| span.offset));
                    for span in &value.strings {
                        check_span(*span, text);
                        assert!(span.slice(text).unwrap().starts_with(b"\""));
                    }
                }
            }
        }
    }
    for policy in &file.policies {
        check_name(policy.label);
        for rule in &policy.rules {
            check_span(rule.span, text);
            rule.names().for_each(check_name);
        }
    }
    for comment in &file.comments {
        check_span(*comment, text);
        assert!(comment.slice(text).unwrap().starts_with(b"#"));
    }
}

/// What a run does according to the compiled graph.
fn follow(compiled: &Compiled, ends: &[bool]) -> (Trace, bool) {
    let mut trace = Trace::new();
    for policy in &compiled.policies {
        let mut next = Next::Goto(0);
        while let Next::Goto(index) = next {
            let state = &policy.states[index];
            let module = &compiled.modules[state.module];
            let success = ends.get(trace.len()).copied().unwrap_or(false);
            let text = [module.name.as_slice(), module.arguments.as_slice()].join(&b' ');
            trace.push((String::from_utf8(text).unwrap(), success));
            next = if success {
                state.on_success
            } else {
                state.on_failure
            };
        }
        if next == Next::Succeed {
            return (trace, true);
        }
    }
    (trace, false)
}

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const MODULES: [&str; 4] = ["m.mod", "n.mod", "/lib/o.mod", "b2"];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![3 => select(&NAMES[..]), 1 => select(&MODULES[..])].prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let arguments = select(vec!["", "", " ", " -x", " -x 1", "  -x"]);
    prop_oneof![
        6 => (select(&MODULES[..]), arguments).prop_map(|(m, a)| Value::Text(format!("{m}{a}"))),
        1 => select(vec!["", " m.mod", " "]).prop_map(|text| Value::Text(text.to_owned())),
        2 => select(&NAMES[..]).prop_map(|name| Value::Name(name.to_owned())),
        1 => select(&NAMES[..]).prop_map(|name| Value::Text(name.to_owned())),
    ]
}

prop_compose! {
    fn policy()(
        states in prop::sample::subsequence([&NAMES[..], &MODULES[..]].concat(), 1..7).prop_shuffle(),
        rules in vec((prop::bool::weighted(0.2), name(), prop::option::of(name()), any::<(bool, u8, u8)>()), 7),
    ) -> Vec<Rule> {
        states.iter().enumerate().zip(rules).map(|((index, state), (negated, next, otherwise, pick))| {
            // Mostly forward, so that loops are not the rule.
            let later = &states[index + 1..];
            let (forward, first, second) = pick;
            let choose = |name: String, pick: u8| match later.len() {
                0 => name,
                n if forward || pick < 100 => later[usize::from(pick) % n].to_owned(),
                _ => name,
            };
            Rule {
                negated,
                state: (*state).to_owned(),
                next: choose(next, first),
                otherwise: otherwise.filter(|_| !negated).map(|name| choose(name, second)),
            }
        }).collect()
    }
}

prop_compose! {
    fn model()(
        path in prop::option::of(select(vec!["/opt/modules", "lcmaps"])),
        names in prop::sample::subsequence(&NAMES[..], 0..=6).prop_shuffle(),
        values in vec(value(), 6),
        policies in vec(policy(), 1..4),
    ) -> Model {
        Model {
            path: path.map(str::to_owned),
            variables: names.into_iter().map(str::to_owned).zip(values).collect(),
            policies: (1..).map(|n| format!("policy{n}")).zip(policies).collect(),
        }
    }
}

/// Writes a model down, with blanks, newlines and comments wherever `spaces` puts them.
fn written(model: &Model, spaces: &[u8]) -> String {
    let mut spaces = spaces.iter().copied().cycle();
    let mut gap = || match spaces.next() {
        Some(0) => " # = -> \" |\n\t",
        Some(1) => "\n",
        Some(2) => "\t ",
        _ => " ",
    };
    let mut text = String::new();
    if let Some(path) = &model.path {
        text += &format!("path = {path} # modules\n");
    }
    for (name, value) in &model.variables {
        text += &format!("{name}{}={}", gap(), gap());
        match value {
            Value::Name(other) => text += other,
            Value::Text(value) => match value.split_once(' ') {
                // Strings are joined with a blank.
                Some((module, rest)) if !rest.is_empty() && !module.is_empty() => {
                    text += &format!("\"{module}\"{}\"{rest}\"", gap());
                }
                _ => text += &format!("\"{value}\"{}\"\"", gap()),
            },
        }
        text += gap();
    }
    for (name, rules) in &model.policies {
        text += &format!("\n{name}:{}", gap());
        for rule in rules {
            if rule.negated {
                text += &format!("~{}", gap());
            }
            text += &format!("{}{}->{}{}", rule.state, gap(), gap(), rule.next);
            if let Some(otherwise) = &rule.otherwise {
                text += &format!("{}|{}{otherwise}", gap(), gap());
            }
            text += gap();
        }
    }
    text + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_verdict_with_places_that_exist(text in anything()) {
        let report = compile(&text, &OPTIONS);
        report.diagnostics.iter().for_each(|diagnostic| check_diagnostic(diagnostic, &text));
        let refused = report.diagnostics.iter().any(|d| d.severity == Severity::Error);
        prop_assert_eq!(report.compiled.is_none(), refused);
        prop_assert_eq!(report.errors().next().is_some(), refused);
        if let Some(compiled) = &report.compiled {
            check_graph(compiled, &text);
        }
        let (file, diagnostics) = parse(&text, &OPTIONS);
        check_tree(&file, &text);
        diagnostics.iter().for_each(|diagnostic| check_diagnostic(diagnostic, &text));
    }

    #[test]
    fn a_policy_means_what_the_naive_interpreter_says(
        model in model(),
        spaces in vec(0..20_u8, 16),
        runs in vec(vec(any::<bool>(), 12), 8),
    ) {
        let text = written(&model, &spaces);
        let report = compile(text.as_bytes(), &OPTIONS);
        report.diagnostics.iter().for_each(|d| check_diagnostic(d, text.as_bytes()));
        let messages: Vec<_> = report.errors().map(ToString::to_string).collect();
        if model.variable_loop() {
            // A variable that is itself is accepted as long as no rule needs it.
            if let Some(compiled) = report.compiled {
                check_graph(&compiled, text.as_bytes());
            }
            return Ok(());
        }
        let named_loop = Model::has_rule_loop(&model.policies);
        let policies = model.substituted();
        if named_loop || Model::has_rule_loop(&policies) {
            prop_assert!(messages.iter().any(|m| m.contains("causes infinite loop")), "{text}\n{messages:?}");
            return Ok(());
        }
        prop_assert!(messages.is_empty(), "{text}\n{messages:?}");
        let compiled = report.compiled.unwrap();
        check_graph(&compiled, text.as_bytes());
        let path = model.path.map(|path| match path.starts_with('/') {
            true => path,
            false => format!("/usr/lib/{path}"),
        });
        prop_assert_eq!(compiled.path.as_deref(), path.as_deref().map(str::as_bytes));
        let modules: Vec<_> = compiled
            .modules
            .iter()
            .map(|m| [String::from_utf8_lossy(&m.name), String::from_utf8_lossy(&m.arguments)].join(" "))
            .collect();
        prop_assert_eq!(modules, Model::modules(&policies));
        for ends in runs {
            prop_assert_eq!(follow(&compiled, &ends), Model::run(&policies, &ends), "{}", text);
        }
    }

    #[test]
    fn formatting_keeps_meaning_and_comments_and_is_done_once(model in model(), spaces in vec(0..20_u8, 16)) {
        check_format(written(&model, &spaces).as_bytes())?;
    }

    #[test]
    fn formatting_whatever_can_be_parsed_keeps_meaning_and_comments(text in fragments()) {
        check_format(&text)?;
    }
}

/// A compiled file without the places in it.
fn meaning(text: &[u8]) -> Option<Compiled> {
    let mut compiled = compile(text, &OPTIONS).compiled?;
    compiled
        .modules
        .iter_mut()
        .for_each(|module| module.span = Span::default());
    for policy in &mut compiled.policies {
        policy.span = Span::default();
        policy
            .states
            .iter_mut()
            .for_each(|state| state.span = Span::default());
    }
    Some(compiled)
}

fn comments(text: &[u8]) -> Vec<Vec<u8>> {
    let (file, _) = parse(text, &OPTIONS);
    let comments = file
        .comments
        .iter()
        .filter_map(|comment| comment.slice(text));
    let mut comments: Vec<_> = comments
        .map(|comment| comment.trim_ascii_end().to_vec())
        .collect();
    comments.sort();
    comments
}

fn check_format(text: &[u8]) -> Result<(), TestCaseError> {
    let Ok(formatted) = format(text, &OPTIONS) else {
        return Ok(());
    };
    let shown = || String::from_utf8_lossy(&formatted).into_owned();
    prop_assert_eq!(meaning(text), meaning(&formatted), "{}", shown());
    prop_assert_eq!(comments(text), comments(&formatted), "{}", shown());
    let again =
        format(&formatted, &OPTIONS).map_err(|_| TestCaseError::fail("it no longer parses"))?;
    prop_assert_eq!(shown(), String::from_utf8_lossy(&again).into_owned());
    Ok(())
}
