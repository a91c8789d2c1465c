//! `cargo xtask headers`: the installed C headers, generated from the Rust sources.
//!
//! [`plan`] says which header comes from which source file, cbindgen turns declarations into C, and
//! [`rewrite`] gives the result the shape that programs written for the original expect.

mod lcas;
mod plan;
mod rewrite;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::{Outcome, workspace_root};
use plan::Header;

/// Where the headers are, below the workspace, and which there are.
const DIRECTORIES: &[(&str, &[Header])] = &[
    ("include/lcas", lcas::HEADERS),
    ("include/lcmaps", plan::HEADERS),
];

/// Generates the headers; with `check`, changes nothing and fails on a difference.
pub fn run(check: bool) -> Outcome {
    let root = workspace_root();
    let mut differing = Vec::new();
    for (name, headers) in DIRECTORIES {
        let directory = root.join(name);
        for header in *headers {
            let text = generate(header, &root)
                .map_err(|problem| format!("{name}/{}: {problem}", header.name))?;
            let path = directory.join(header.name);
            if fs::read_to_string(&path).is_ok_and(|present| present == text) {
                continue;
            }
            differing.push(format!("{name}/{}", header.name));
            if !check {
                fs::create_dir_all(&directory)?;
                fs::write(&path, text)?;
            }
        }
        let strangers = strangers(&directory, headers)?;
        if !strangers.is_empty() {
            return Err(format!("{name} has files that nothing generates: {strangers:?}").into());
        }
    }
    if check && !differing.is_empty() {
        return Err(format!(
            "out of date: {}; run `cargo xtask headers` and commit the result",
            differing.join(", ")
        )
        .into());
    }
    Ok(())
}

/// The text of a header.
fn generate(header: &Header, root: &Path) -> Outcome<String> {
    if header.sources.is_empty() {
        return Ok(rewrite::assemble(header, header.about, &[]));
    }
    let mut config = config(header);
    for source in header.sources {
        config
            .export
            .include
            .extend(types(&fs::read_to_string(root.join(source))?));
    }
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in header.sources {
        builder = builder.with_src(root.join(source));
    }
    let mut bytes = Vec::new();
    builder.generate()?.write(&mut bytes);
    let items = rewrite::items(&String::from_utf8(bytes)?)?;
    Ok(rewrite::assemble(header, header.about, &items))
}

/// How cbindgen writes C.
fn config(header: &Header) -> cbindgen::Config {
    let mut config = cbindgen::Config {
        language: cbindgen::Language::C,
        style: cbindgen::Style::Both,
        documentation_style: cbindgen::DocumentationStyle::Doxy,
        sort_by: cbindgen::SortKey::None,
        no_includes: true,
        usize_is_size_t: true,
        line_length: 100,
        tab_width: 4,
        ..cbindgen::Config::default()
    };
    config.export.exclude = header.without.iter().map(ToString::to_string).collect();
    config
}

/// Names of the public types of a Rust file: cbindgen leaves out those that no function uses.
fn types(source: &str) -> Vec<String> {
    let names = source.lines().filter_map(|line| {
        let rest = line
            .strip_prefix("pub struct ")
            .or_else(|| line.strip_prefix("pub type "))?;
        let name = rest
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next()?;
        Some(name.to_owned())
    });
    names.collect()
}

/// Files beside the headers that no plan mentions.
fn strangers(directory: &Path, headers: &[Header]) -> Outcome<BTreeSet<String>> {
    let mut strangers = BTreeSet::new();
    if !directory.is_dir() {
        return Ok(strangers);
    }
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if headers.iter().all(|header| header.name != name) {
            strangers.insert(name);
        }
    }
    Ok(strangers)
}
