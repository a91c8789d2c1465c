//! `path`: the directory of the modules.

use crate::ast::{Definition, File, Name};
use crate::diagnostic::Reporter;
use crate::show::Show;

/// The directory that the file sets, as an absolute name; the first one counts.
pub(crate) fn path(
    file: &File<'_>,
    library_dir: &str,
    reporter: &mut Reporter<'_>,
) -> Option<Vec<u8>> {
    let mut chosen: Option<(Name<'_>, Vec<u8>)> = None;
    for definition in &file.definitions {
        let Definition::Path(setting) = definition else {
            continue;
        };
        match (setting.value, &chosen) {
            (None, _) => {
                let message = "Empty value assigned to path: ignoring this line.".to_owned();
                reporter.info(setting.keyword, message);
            }
            (Some(value), None) => chosen = Some((value, absolute(value.text, library_dir))),
            (Some(_), Some((first, path))) => {
                let message = format!(
                    "path already defined as {} in line: {}; ignoring this instance.",
                    Show(path),
                    first.span.line
                );
                reporter.warning(setting.keyword, message);
            }
        }
    }
    chosen.map(|(_, path)| path)
}

fn absolute(path: &[u8], library_dir: &str) -> Vec<u8> {
    if path.starts_with(b"/") {
        return path.to_vec();
    }
    [library_dir.as_bytes(), b"/", path].concat()
}
