//! The cases of `expect.tsv`, made with the parser of Globus: text, what was read, what was evaluated.

#[path = "../examples/rslcheck/render.rs"]
mod render;

use lc_rsl::Specification;

fn read(text: &str) -> String {
    match Specification::parse(text.as_bytes()) {
        Ok(request) => String::from_utf8(render::specification(&request)).expect("UTF-8"),
        Err(_) => "ERROR".to_owned(),
    }
}

fn evaluated(text: &str) -> String {
    let Ok(request) = Specification::parse(text.as_bytes()) else {
        return "ERROR".to_owned();
    };
    match request.evaluate(render::VARIABLES) {
        Ok(request) => String::from_utf8(render::specification(&request)).expect("UTF-8"),
        Err(_) => "EVALERROR".to_owned(),
    }
}

#[test]
fn the_cases_of_globus_give_what_globus_gives() {
    let mut cases = 0;
    for line in include_str!("expect.tsv").lines() {
        let parts: Vec<_> = line.split('\t').collect();
        let [text, expected, expected_value] = parts.as_slice() else {
            panic!("{line:?}");
        };
        assert_eq!(read(text), *expected, "{text}");
        assert_eq!(evaluated(text), *expected_value, "{text}");
        cases += 1;
    }
    assert_eq!(cases, 41);
}

#[test]
fn joined_values_are_those_that_touch_a_reference_or_have_a_hash_between() {
    for (text, expected) in [
        ("&(a=x$(HOME))", "&[a=(<x/home/me>)]"),
        ("&(a=\"x\"$(HOME))", "&[a=(<x> </home/me>)]"),
        ("&(a=$(HOME)\"x\")", "&[a=(</home/me> <x>)]"),
        ("&(a=$(HOME) x)", "&[a=(</home/me> <x>)]"),
        ("&(a=$(HOME)$(LOGNAME))", "&[a=(</home/meme>)]"),
        ("&(a=$(HOME)(* c *)/x)", "&[a=(</home/me> </x>)]"),
        ("&(a=$ (HOME )/x)", "&[a=(</home/me/x>)]"),
        ("&(a=$(HOME)x\"y\")", "&[a=(</home/mex> <y>)]"),
        ("&(a=$(HOME)# x#y z)", "&[a=(</home/mexy> <z>)]"),
        ("&(a=x\"y\")", "&[a=(<x> <y>)]"),
        ("&(a=(x)y)", "&[a=((<x>) <y>)]"),
        ("&(a=$(HOME)(x))", "&[a=(</home/me> (<x>))]"),
    ] {
        assert_eq!(evaluated(text), expected, "{text}");
    }
    for text in [
        "&(a=x#(1))",
        "&(a=(1)#x)",
        "&(a=x#)",
        "&(a=#x)",
        "&(a=$)",
        "&(a=$x)",
    ] {
        assert_eq!(read(text), "ERROR", "{text}");
    }
}

#[test]
fn any_character_but_a_blank_can_close_a_literal() {
    for (text, expected) in [
        ("&(a=^(x((y()", "&[a=(<x(y>)]"),
        ("&(a=^axa)", "&[a=(<x>)]"),
        ("&(a=^^x^)", "&[a=(<x>)]"),
        ("&(a=^%%)", "&[a=(<>)]"),
        ("&(a=^%x%%y%z)", "&[a=(<x%y> <z>)]"),
        ("&(^%a%=1)", "&[a=(<1>)]"),
        ("&(\"a\"\"b\"=1)", "&[a\"b=(<1>)]"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    for text in ["&(a=^ x )", "&(a=^", "&(a=^\"x\"\")"] {
        assert_eq!(read(text), "ERROR", "{text}");
    }
}

#[test]
fn comments_separate_and_do_not_nest() {
    assert_eq!(read("&(a (* x *) = 1(* ) *)2)"), "&[a=(<1> <2>)]");
    assert_eq!(read("&(a=\" (* x *) \")(***)"), "&[a=(< (* x *) >)]");
    assert_eq!(read("(* a (* b *) c *)&(a=1)"), "ERROR");
    // Globus passes over it; a request that ends in the middle of something is refused here.
    assert_eq!(read("&(a=1)(* x"), "ERROR");
}

#[test]
fn substitutions_count_for_what_follows_them_and_have_one_value() {
    for (text, expected) in [
        (
            "&(rsl_substitution=(X 1))(rsl_substitution=(X 1))(a=$(X))",
            "&[rsl_substitution=((<X> <1>));rsl_substitution=((<X> <1>));a=(<1>)]",
        ),
        // Globus lets the first one stand; which of them is run is not known here.
        (
            "&(rsl_substitution=(X 1))(rsl_substitution=(X 2))(a=$(X))",
            "EVALERROR",
        ),
        ("&(rsl_substitution=(X 1)(X 2))(a=1)", "EVALERROR"),
        ("&(a=$(X))(rsl_substitution=(X 1))", "EVALERROR"),
        (
            "&(RSLSubstitution!=(X 1)(Y $(X)))(a=$(Y))",
            "&[RSLSubstitution!=((<X> <1>) (<Y> <1>));a=(<1>)]",
        ),
        ("&(&(rsl_substitution=(X 1)))(a=$(X))", "EVALERROR"),
        (
            "&(rsl_substitution=(X 1))(&(rsl_substitution=(X 2))(a=$(X)))(b=$(X))",
            "&[rsl_substitution=((<X> <1>));&[rsl_substitution=((<X> <2>));a=(<2>)];b=(<1>)]",
        ),
        (
            "+(rsl_substitution=(X 1))(&(a=$(X)))",
            "+[rsl_substitution=((<X> <1>));&[a=(<1>)]]",
        ),
        ("&(rsl_substitution=(X 1))(a=$(x))", "EVALERROR"),
        ("&(rsl_substitution=(X 1 2))(a=1)", "EVALERROR"),
        ("&(rsl_substitution=X)(a=1)", "EVALERROR"),
        ("&(rsl_substitution=(X (1 2)))(a=1)", "EVALERROR"),
        ("&(a=$(HOME LOGNAME))", "EVALERROR"),
        ("&(a=$($(LOGNAME)))", "EVALERROR"),
    ] {
        assert_eq!(evaluated(text), expected, "{text}");
    }
}

#[test]
fn an_error_says_where_and_what_to_do() {
    let message = |text: &str| {
        let error = Specification::parse(text.as_bytes()).expect_err("no RSL");
        error.to_string()
    };
    assert_eq!(
        message("(a=1)"),
        "1:1: an operator (&, | or +) has to stand before the first parenthesis"
    );
    assert_eq!(
        message("&(a=1)\n (b=)"),
        "2:5: a value is expected here; the empty value is written \"\""
    );
    assert_eq!(
        message("&(a=1)(b=(2)"),
        "1:7: a ) is missing for the ( that opens here"
    );
    assert_eq!(
        message("&(a=x?y)"),
        "1:6: this character has no meaning here; quote the literal that it belongs to"
    );
    assert_eq!(message("RSL").split(": ").next(), Some("1:4"));
    assert_eq!(message("&(a=\0)"), "1:5: the text holds a NUL byte");
    assert!(message("").contains("&(executable=/bin/date)"));
}
