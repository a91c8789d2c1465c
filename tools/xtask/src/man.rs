//! `cargo xtask man`: man pages from Markdown.
//!
//! A page NAME.SECTION.md lies in `man/` or beside the module that it describes. The rendered copies in
//! `man/rendered/` are checked in, so that installing needs no renderer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Outcome, roff, workspace_root};

/// Where the rendered pages are.
pub const RENDERED: &str = "man/rendered";

/// Renders all pages; with `check`, changes nothing and fails on a difference.
pub fn run(check: bool) -> Outcome {
    let root = workspace_root();
    let target = root.join(RENDERED);
    let mut wanted = BTreeMap::new();
    for source in sources(&root)? {
        let (name, page) = render(&root, &source)?;
        if wanted.insert(name.clone(), page).is_some() {
            return Err(format!("there are two sources of the page {name}").into());
        }
    }
    let mut stale = Vec::new();
    for (name, page) in &wanted {
        let path = target.join(name);
        if fs::read_to_string(&path).ok().as_deref() == Some(page.as_str()) {
            continue;
        }
        stale.push(name.clone());
        if !check {
            fs::create_dir_all(&target)?;
            fs::write(&path, page)?;
        }
    }
    for path in files_in(&target)? {
        let name = file_name(&path);
        if !wanted.contains_key(&name) {
            stale.push(format!("{name} (has no source)"));
            if !check {
                fs::remove_file(&path)?;
            }
        }
    }
    if stale.is_empty() {
        println!("{} man pages are up to date", wanted.len());
    } else if check {
        let stale = stale.join(", ");
        return Err(format!("man pages are out of date, run `cargo xtask man`: {stale}").into());
    } else {
        println!("rendered: {}", stale.join(", "));
    }
    Ok(())
}

/// All Markdown pages: `man/*.md`, and `*.8.md` in a folder of the modules.
fn sources(root: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = files_in(&root.join("man"))?;
    for framework in folders_in(&root.join("plugins"))? {
        for module in folders_in(&framework)? {
            found.extend(
                files_in(&module)?
                    .into_iter()
                    .filter(|p| file_name(p).ends_with(".8.md")),
            );
        }
    }
    found.retain(|path| file_name(path).ends_with(".md"));
    found.sort();
    Ok(found)
}

/// Name and text of the rendered page.
fn render(root: &Path, source: &Path) -> Outcome<(String, String)> {
    let shown = source
        .strip_prefix(root)
        .unwrap_or(source)
        .display()
        .to_string();
    let text = fs::read_to_string(source).map_err(|e| format!("cannot read {shown}: {e}"))?;
    let page = roff::render(&text).map_err(|e| format!("{shown}: {e}"))?;
    let name = file_name(source).trim_end_matches(".md").to_owned();
    let titled = format!("{}.{}", page.name, page.section);
    if !titled.eq_ignore_ascii_case(&name) {
        return Err(format!("{shown}: the title says {titled}").into());
    }
    let note = format!(".\\\" Rendered from {shown} by `cargo xtask man`; edit that file.\n");
    Ok((name, note + &page.text))
}

/// The files in a folder, none if there is no such folder.
fn files_in(folder: &Path) -> Outcome<Vec<PathBuf>> {
    entries(folder, |kind| kind.is_file())
}

fn folders_in(folder: &Path) -> Outcome<Vec<PathBuf>> {
    entries(folder, |kind| kind.is_dir())
}

fn entries(folder: &Path, wanted: impl Fn(fs::FileType) -> bool) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if wanted(entry.file_type()?) {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
