//! Module files: whether the library could load them. Nothing is loaded here: that would run their code.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use lcmaps_pdl::ModuleSpec;
use object::{Architecture, FileKind, Object as _, ObjectKind, ObjectSymbol as _};

use super::files;
use super::finding::{Findings, Place};
use crate::configured;

/// The functions without which a module is none.
const ENTRY_POINTS: [&str; 4] = [
    "plugin_initialize",
    "plugin_introspect",
    "plugin_run",
    "plugin_terminate",
];

/// A module that has it can be used with several sets of arguments.
const SEVERAL: &str = "plugin_multi_instance";

/// No module is larger.
const LARGEST: u64 = 256 << 20;

/// The library keeps paths in buffers of this size.
const LONGEST_PATH: usize = 500;

/// The module files of the policy so far.
#[derive(Debug, Default)]
pub struct Loaded(Vec<Seen>);

#[derive(Debug)]
struct Seen {
    identity: (u64, u64),
    name: String,
}

impl Loaded {
    /// Checks the file of one module.
    pub fn check(
        &mut self,
        spec: &ModuleSpec,
        set_path: Option<&[u8]>,
        modules_dir: Option<&Path>,
        place: &Place,
        findings: &mut Findings,
    ) {
        let name = String::from_utf8_lossy(&spec.name).into_owned();
        let candidates = configured::module_candidates(set_path, modules_dir, &spec.name);
        let Some(file) = candidates.iter().find(|file| may_exist(file)) else {
            not_found(spec, &candidates, place, findings);
            return;
        };
        let shown = file.display();
        if file.as_os_str().len() >= LONGEST_PATH {
            let message = format!("the path of module {name} has {LONGEST_PATH} bytes or more");
            findings.error(place, message, "use a shorter path");
            return;
        }
        let (data, several) = match read(file).and_then(|data| {
            let several = examine(&data)?;
            Ok((file.metadata().map_err(|e| e.to_string())?, several))
        }) {
            Ok(good) => good,
            Err(problem) => {
                let message = format!("module {shown} cannot be loaded: {problem}");
                findings.error(
                    place,
                    message,
                    "install the module again, or correct its name",
                );
                return;
            }
        };
        files::protected(file, place, findings);
        let identity = (data.dev(), data.ino());
        match self.0.iter().find(|seen| seen.identity == identity) {
            Some(first) if !several => {
                let message = format!(
                    "module {name} is used twice (before as {}), and can have one set of arguments only",
                    first.name
                );
                findings.error(place, message, "use a copy of the file under another name");
            }
            _ => {}
        }
        self.0.push(Seen { identity, name });
    }
}

/// A file that cannot be looked at counts as there, as it does for the library.
fn may_exist(file: &Path) -> bool {
    match file.metadata() {
        Ok(_) => true,
        Err(problem) => problem.kind() != std::io::ErrorKind::NotFound,
    }
}

fn not_found(spec: &ModuleSpec, candidates: &[PathBuf], place: &Place, findings: &mut Findings) {
    let tried: Vec<String> = candidates.iter().map(|f| f.display().to_string()).collect();
    let name = String::from_utf8_lossy(&spec.name);
    let message = format!(
        "module {name} not found; looked for {}",
        tried.join(" and ")
    );
    // A name without dot or slash is more likely a mistyped variable than a file.
    let is_word = spec.arguments.is_empty() && !spec.name.iter().any(|b| b"./".contains(b));
    let advice = if is_word {
        format!("no variable is called {name}, so it was taken for a file name: define it")
    } else {
        "install it, correct the name, or set path = in the policy file".to_owned()
    };
    findings.error(place, message, &advice);
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let data = file.metadata().map_err(|problem| problem.to_string())?;
    if !data.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if data.len() > LARGEST {
        return Err("it has more than 256 MiB".to_owned());
    }
    std::fs::read(file).map_err(|problem| problem.to_string())
}

/// Whether the module takes several sets of arguments.
fn examine(data: &[u8]) -> Result<bool, String> {
    const BITS: FileKind = if cfg!(target_pointer_width = "64") {
        FileKind::Elf64
    } else {
        FileKind::Elf32
    };
    match FileKind::parse(data) {
        Ok(kind) if kind == BITS => {}
        Ok(FileKind::Elf32 | FileKind::Elf64) => {
            return Err("it is for machines with another word size".to_owned());
        }
        _ => return Err("it is no ELF file".to_owned()),
    }
    let elf = object::File::parse(data).map_err(|problem| problem.to_string())?;
    let own = architecture();
    if own != Architecture::Unknown && elf.architecture() != own {
        return Err(format!(
            "it is for {:?}, and this machine is {own:?}",
            elf.architecture()
        ));
    }
    if elf.is_little_endian() != cfg!(target_endian = "little") {
        return Err("it is for machines with another byte order".to_owned());
    }
    if elf.kind() != ObjectKind::Dynamic {
        return Err("it is no shared object".to_owned());
    }
    let exported: Vec<&str> = elf
        .dynamic_symbols()
        .filter(|symbol| !symbol.is_undefined() && symbol.is_global())
        .filter_map(|symbol| symbol.name().ok())
        .collect();
    let missing: Vec<&str> = ENTRY_POINTS
        .into_iter()
        .filter(|name| !exported.contains(name))
        .collect();
    if missing.is_empty() {
        Ok(exported.contains(&SEVERAL))
    } else {
        Err(format!("it has no function {}", missing.join(", ")))
    }
}

/// The architecture of this program, which is that of the library.
fn architecture() -> Architecture {
    match std::env::consts::ARCH {
        "x86_64" => Architecture::X86_64,
        "x86" => Architecture::I386,
        "aarch64" => Architecture::Aarch64,
        "arm" => Architecture::Arm,
        "powerpc64" => Architecture::PowerPc64,
        "riscv64" => Architecture::Riscv64,
        "s390x" => Architecture::S390x,
        _ => Architecture::Unknown,
    }
}
