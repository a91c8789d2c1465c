//! The drawing as a picture: one band for each policy from top to bottom, in it the states from left to right.

use std::fmt::Write as _;

use lcmaps_pdl::Next;

use super::layout::{self, Layout, Slot};
use super::model::{Policy, State};

const BOX_WIDTH: usize = 190;
const BOX_HEIGHT: usize = 44;
const COLUMN: usize = 350;
/// Lines stay level so far behind a box, past what is written there.
const LEVEL: usize = 92;
const ROW: usize = 70;
const MARGIN: usize = 24;
const HEAD: usize = 40;
const IDLE_ROW: usize = 22;
const BAND_GAP: usize = 34;
const LETTER: usize = 8;

const STYLE: &str = "\
text{font-family:system-ui,'DejaVu Sans',sans-serif;font-size:13px;fill:#1f2328}\
.title{font-size:16px;font-weight:600}.policy{font-size:15px;font-weight:600}.note{font-size:11.5px;fill:#57606a}\
.band{fill:#f6f8fa;stroke:#d0d7de}.state{fill:#fff;stroke:#57606a;stroke-width:1.3}.name{font-weight:600}\
.ok{stroke:#1a7f37;stroke-width:2;fill:none}.no{stroke:#b42318;stroke-width:2;fill:none;stroke-dasharray:6 4}\
.yes{fill:#dafbe1;stroke:#1a7f37}.end{fill:#ffebe9;stroke:#b42318}.oktext{fill:#1a7f37;font-size:12px}.notext{fill:#b42318;font-size:12px}\
.idle{fill:#eaeef2;stroke:#8c959f;stroke-dasharray:4 3}.idletext{fill:#6e7781}";

/// The whole picture.
pub fn draw(title: &str, policies: &[Policy]) -> String {
    let layouts: Vec<Layout> = policies.iter().map(|p| layout::of(&p.states)).collect();
    let columns = layouts.iter().map(|l| l.columns).max().unwrap_or(1).max(1);
    let width = (MARGIN * 4 + columns * COLUMN).max(680);
    let mut body = String::new();
    let mut y = MARGIN + 84;
    for (index, (policy, layout)) in policies.iter().zip(&layouts).enumerate() {
        let height = band_height(policy, layout);
        band(&mut body, index, policy, layout, (y, width, height));
        y += height;
        let last = index + 1 == policies.len();
        between(&mut body, policy, last, y);
        y += BAND_GAP;
    }
    let height = y + MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{0}</title>\n<style>{STYLE}</style>\n\
         <defs><marker id=\"ok\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#1a7f37\"/></marker>\
         <marker id=\"no\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#b42318\"/></marker></defs>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        escaped(title)
    );
    let _ = writeln!(
        out,
        "<text class=\"title\" x=\"{MARGIN}\" y=\"36\">{}</text>",
        escaped(title)
    );
    legend(&mut out, 62);
    out + &body + "</svg>\n"
}

fn legend(out: &mut String, y: usize) {
    let line = y - 4;
    let _ = writeln!(
        out,
        "<path class=\"ok\" marker-end=\"url(#ok)\" d=\"M24 {line}H64\"/><text class=\"note\" x=\"72\" y=\"{y}\">succeeds</text>\
         <path class=\"no\" marker-end=\"url(#no)\" d=\"M144 {line}H184\"/><text class=\"note\" x=\"192\" y=\"{y}\">fails</text>\
         <rect class=\"idle\" x=\"244\" y=\"{}\" width=\"28\" height=\"14\" rx=\"3\"/><text class=\"note\" x=\"280\" y=\"{y}\">never runs</text>\
         <text class=\"note\" x=\"364\" y=\"{y}\">Policies are tried from top to bottom.</text>",
        y - 11
    );
}

fn band_height(policy: &Policy, layout: &Layout) -> usize {
    HEAD + layout.rows.max(1) * ROW + policy.idle_rules.len() * IDLE_ROW + 8
}

fn band(
    out: &mut String,
    index: usize,
    policy: &Policy,
    layout: &Layout,
    (y, width, height): (usize, usize, usize),
) {
    let inner = width - 2 * MARGIN;
    let idle = if policy.reached { "" } else { " idle" };
    let _ = writeln!(
        out,
        "<rect class=\"band{idle}\" x=\"{MARGIN}\" y=\"{y}\" width=\"{inner}\" height=\"{height}\" rx=\"8\"/>"
    );
    let note = if policy.reached {
        format!("line {}", policy.line)
    } else {
        format!(
            "line {}, never runs: a policy before it cannot fail",
            policy.line
        )
    };
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\"><tspan class=\"policy\">{}. {}</tspan><tspan class=\"note\" dx=\"10\">{note}</tspan></text>",
        MARGIN + 14,
        y + 25,
        index + 1,
        escaped(&policy.name)
    );
    let top = y + HEAD;
    for route in &layout.routes {
        line(out, layout, &route.slots, route.success, top);
    }
    for (slot, state) in layout.slots.iter().zip(&policy.states) {
        node(out, slot, state, policy.reached, top);
    }
    let idle_top = top + layout.rows.max(1) * ROW;
    for (number, (line, rule)) in policy.idle_rules.iter().enumerate() {
        let y = idle_top + number * IDLE_ROW;
        let text = format!("never runs: {rule}   (line {line})");
        let width = text.chars().count() * LETTER + 12;
        let _ = writeln!(
            out,
            "<rect class=\"idle\" x=\"{0}\" y=\"{y}\" width=\"{width}\" height=\"18\" rx=\"4\"/>\
             <text class=\"idletext\" x=\"{1}\" y=\"{2}\">{3}</text>",
            MARGIN + 20,
            MARGIN + 26,
            y + 13,
            escaped(&text)
        );
    }
}

/// The left edge and the middle of a place.
fn place(slot: &Slot, top: usize) -> (usize, usize) {
    let x = MARGIN + 20 + slot.column * COLUMN;
    (x, top + slot.row * ROW + ROW / 2 - 2)
}

/// Lines for success leave a box above its middle, those for failure below it.
const APART: usize = 11;

fn line(out: &mut String, layout: &Layout, slots: &[usize], success: bool, top: usize) {
    let places: Vec<(usize, usize, bool)> = slots
        .iter()
        .filter_map(|slot| layout.slots.get(*slot))
        .map(|slot| {
            let (x, y) = place(slot, top);
            (x, y, slot.state.is_some())
        })
        .collect();
    let Some(((x, y, _), rest)) = places.split_first() else {
        return;
    };
    let y = if success { y - APART } else { y + APART };
    let mut path = format!("M{} {y}", x + BOX_WIDTH);
    let (mut at_x, mut at_y) = (x + BOX_WIDTH, y);
    for (x, y, is_state) in rest {
        let y = match (is_state, success) {
            (true, true) => y - 5,
            (true, false) => y + 5,
            (false, _) => *y,
        };
        let bend = at_x + LEVEL;
        let middle = usize::midpoint(bend, *x);
        let _ = write!(path, "H{bend}C{middle} {at_y} {middle} {y} {x} {y}");
        if !is_state {
            let _ = write!(path, "H{}", x + BOX_WIDTH);
        }
        (at_x, at_y) = (x + BOX_WIDTH, y);
    }
    let class = if success { "ok" } else { "no" };
    let _ = writeln!(
        out,
        "<path class=\"{class}\" marker-end=\"url(#{class})\" d=\"{path}\"/>"
    );
}

fn node(out: &mut String, slot: &Slot, state: &State, policy_runs: bool, top: usize) {
    let (x, y) = place(slot, top);
    let idle = if state.reached && policy_runs {
        "state"
    } else {
        "idle"
    };
    let (text, top) = (x + 10, y - BOX_HEIGHT / 2);
    let _ = writeln!(
        out,
        "<rect class=\"{idle}\" x=\"{x}\" y=\"{top}\" width=\"{BOX_WIDTH}\" height=\"{BOX_HEIGHT}\" rx=\"6\"/>\
         <text class=\"name\" x=\"{text}\" y=\"{}\">{}</text><text class=\"note\" x=\"{text}\" y=\"{}\">{}</text>",
        y - 4,
        fitting(&state.name),
        y + 14,
        fitting(&state.module)
    );
    if state.success == Some(Next::Succeed) {
        ending(out, x, y - APART, "ok", "✓ mapped");
    }
    if state.failure == Some(Next::Fail) {
        ending(out, x, y + APART, "no", "✗ fails");
    }
}

/// An end of the policy, right behind the box.
fn ending(out: &mut String, x: usize, y: usize, class: &str, text: &str) {
    let from = x + BOX_WIDTH;
    let _ = writeln!(
        out,
        "<path class=\"{class}\" marker-end=\"url(#{class})\" d=\"M{from} {y}H{}\"/><text class=\"{class}text\" x=\"{}\" y=\"{}\">{text}</text>",
        from + 24,
        from + 30,
        y + 4
    );
}

/// What happens when a policy fails.
fn between(out: &mut String, policy: &Policy, last: bool, y: usize) {
    let x = MARGIN + 40;
    let text = match (policy.fails, last) {
        _ if !policy.reached => return,
        (false, _) => {
            let _ = writeln!(
                out,
                "<text class=\"note\" x=\"{}\" y=\"{}\">this policy cannot fail</text>",
                x + 12,
                y + 21
            );
            return;
        }
        (true, true) => "fails: refused",
        (true, false) => "fails: next policy",
    };
    let _ = writeln!(
        out,
        "<path class=\"no\" marker-end=\"url(#no)\" d=\"M{x} {y}V{}\"/><text class=\"notext\" x=\"{}\" y=\"{}\">{text}</text>",
        y + BAND_GAP - 2,
        x + 12,
        y + 21
    );
}

/// A text that fits into a box.
fn fitting(text: &str) -> String {
    const MOST: usize = 23;
    if text.chars().count() <= MOST {
        return escaped(text);
    }
    let start: String = text.chars().take(MOST - 1).collect();
    escaped(&format!("{start}…"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
