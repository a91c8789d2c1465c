//! The drawing as text for Graphviz.

use std::fmt::Write as _;

use lcmaps_pdl::Next;

use super::model::{Policy, State};

const SUCCESS: &str = "color=\"#1a7f37\"";
const FAILURE: &str = "color=\"#b42318\" style=dashed";
const IDLE: &str = "color=\"#888888\" fontcolor=\"#888888\" style=dashed";

/// The policies from top to bottom, each in a frame.
pub fn draw(title: &str, policies: &[Policy]) -> String {
    let mut out = format!("digraph \"{}\" {{\n", escaped(title));
    out +=
        "  rankdir=LR; node [shape=box fontname=\"sans-serif\"]; edge [fontname=\"sans-serif\"];\n";
    out += "  mapped [shape=doublecircle color=\"#1a7f37\"];\n  refused [shape=doublecircle color=\"#b42318\"];\n";
    for (index, policy) in policies.iter().enumerate() {
        let name = escaped(&policy.name);
        let _ = writeln!(
            out,
            "  subgraph cluster_{index} {{\n    label=\"{name} (line {})\";",
            policy.line
        );
        for (number, state) in policy.states.iter().enumerate() {
            let idle = if state.reached && policy.reached {
                ""
            } else {
                IDLE
            };
            let (name, module) = (escaped(&state.name), escaped(&state.module));
            let _ = writeln!(
                out,
                "    p{index}_{number} [label=\"{name}\\n{module}\" {idle}];"
            );
        }
        for (number, (line, rule)) in policy.idle_rules.iter().enumerate() {
            let rule = escaped(rule);
            let _ = writeln!(
                out,
                "    p{index}_idle{number} [label=\"{rule}\\nnever runs (line {line})\" {IDLE}];"
            );
        }
        out += "  }\n";
    }
    for (index, policy) in policies.iter().enumerate() {
        for (number, state) in policy.states.iter().enumerate() {
            edges(&mut out, policies.len(), index, number, state);
        }
    }
    out + "}\n"
}

fn edges(out: &mut String, policies: usize, index: usize, number: usize, state: &State) {
    let target = |next: Next| match next {
        Next::Goto(to) => format!("p{index}_{to}"),
        Next::Succeed => "mapped".to_owned(),
        Next::Fail if index + 1 < policies => format!("p{}_0", index + 1),
        Next::Fail => "refused".to_owned(),
    };
    for (next, style) in [(state.success, SUCCESS), (state.failure, FAILURE)] {
        if let Some(next) = next {
            let _ = writeln!(out, "  p{index}_{number} -> {} [{style}];", target(next));
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
