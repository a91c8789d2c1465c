//! The directory that says who speaks for which VO.

use std::path::Path;

use super::files;
use super::finding::{Findings, Place};
use super::map_file::Vos;

/// Checks the directory of each VO, and whether the VOs of the map files have one.
pub fn check(vomsdir: &Path, vos: &Vos, findings: &mut Findings) {
    let place = Place::of_file(vomsdir);
    let entries = match std::fs::read_dir(vomsdir) {
        Ok(entries) => entries,
        Err(problem) => {
            let message = format!("cannot be read: {problem}; no VOMS attribute is believed");
            let advice = "create it with a directory for each VO, or set X509_VOMS_DIR";
            findings.error(&place, message, advice);
            return;
        }
    };
    files::protected(vomsdir, &place, findings);
    let mut folders: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in &folders {
        of_vo(folder, findings);
    }
    for (vo, place) in vos {
        if !vomsdir.join(vo).is_dir() {
            let message = format!(
                "nobody speaks for VO {vo}: there is no directory {}",
                vomsdir.join(vo).display()
            );
            let advice = "create it, with a file HOST.lsc for each VOMS server of the VO, or remove the line";
            findings.warning(place, message, advice);
        }
    }
}

fn of_vo(folder: &Path, findings: &mut Findings) {
    let place = Place::of_file(folder);
    let Ok(entries) = std::fs::read_dir(folder) else {
        findings.error(
            &place,
            "cannot be read",
            "correct the mode of the directory",
        );
        return;
    };
    let (mut lists, mut certificates) = (Vec::new(), 0);
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("lsc") => lists.push(path),
            Some("pem") => certificates += 1,
            _ => {}
        }
    }
    if lists.is_empty() {
        let message = "no LSC file says who signs for this VO";
        let advice = "create HOST.lsc with the names of the server's certificate and of its CA";
        if certificates == 0 {
            findings.error(&place, message, advice);
        } else {
            findings.warning(&place, message, advice);
        }
    }
    lists.sort();
    for list in lists {
        of_server(&list, findings);
    }
}

/// Pairs of lines: the name of a certificate and of its issuer.
fn of_server(list: &Path, findings: &mut Findings) {
    const LARGEST: u64 = 1 << 20;
    let place = Place::of_file(list);
    let small = list
        .metadata()
        .is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
    let text = match std::fs::read(list) {
        Ok(text) if small => text,
        Ok(_) => {
            findings.error(&place, "is no LSC file", "write the two names into it");
            return;
        }
        Err(problem) => {
            let message = format!("cannot be read: {problem}");
            findings.error(&place, message, "correct its mode");
            return;
        }
    };
    let text = String::from_utf8_lossy(&text);
    let mut names = 0;
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with("--") {
            names += names % 2;
            continue;
        }
        names += 1;
        if !line.trim_start_matches('"').starts_with('/') {
            let place = Place::of_line(list, number, 1);
            let message = format!("\"{line}\" is no name");
            findings.error(
                &place,
                message,
                "write names as OpenSSL does in one line: /C=.../CN=...",
            );
        }
    }
    if names == 0 || names % 2 != 0 {
        let message = "the LSC file does not consist of pairs of names";
        let advice = "write the name of the server's certificate and below it that of its CA";
        findings.error(&place, message, advice);
    }
}
