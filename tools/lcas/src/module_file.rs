//! What can be said about the file of a module without loading it.

use std::fs;
use std::path::Path;

use lcas_module_support::Finding;
use object::{Object as _, ObjectSymbol as _};

/// Largest file that is looked at, in bytes.
const LARGEST: u64 = 256 << 20;

/// What every module exports.
const MANDATORY: &[&str] = &[
    "plugin_initialize",
    "plugin_confirm_authorization",
    "plugin_terminate",
];

/// What is wrong with the file of a module.
pub fn findings(path: &Path) -> Vec<Finding> {
    problem(path)
        .map(|problem| Finding::error(problem).in_file(path))
        .into_iter()
        .collect()
}

fn problem(path: &Path) -> Option<String> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return Some(format!("the module cannot be looked at: {error}")),
    };
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Some("this is no file of a module".to_owned());
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("the module cannot be read: {error}")),
    };
    let file = match object::File::parse(bytes.as_slice()) {
        Ok(file) => file,
        Err(error) => return Some(format!("this is no shared object, so no module: {error}")),
    };
    let exported: Vec<_> = (file.dynamic_symbols())
        .filter(|symbol| symbol.is_definition())
        .filter_map(|symbol| symbol.name().ok())
        .collect();
    let missing = MANDATORY.iter().find(|name| !exported.contains(name))?;
    Some(format!(
        "this is no module of LCAS: it has no function {missing}"
    ))
}
