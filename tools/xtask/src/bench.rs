//! `cargo xtask bench`: our libraries beside the original's, on the same data, in the same minutes.
//!
//! Machines are noisy: both are measured in turn, round after round, and what counts is the median of
//! the ratios of the rounds. What is measured, and with which data, is in `bench/cases.rs` and
//! `benches/side-by-side`.

mod cases;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Outcome, install, workspace_root};
use cases::{CASES, Case, Mode};

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub struct Options {
    /// Rounds of each row
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: usize,
    /// Only rows with this in their name
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Count the instructions of whole processes, too (with valgrind)
    #[arg(long)]
    instructions: bool,
    /// The original's library
    #[arg(
        long,
        value_name = "FILE",
        default_value = "/usr/lib/x86_64-linux-gnu/liblcmaps.so.0"
    )]
    original: PathBuf,
    /// The original's modules
    #[arg(long, value_name = "DIR", default_value = "/usr/lib/lcmaps")]
    original_modules: PathBuf,
    /// The original's LCAS library
    #[arg(long, value_name = "FILE", default_value = "/usr/lib/liblcas.so.0")]
    original_lcas: PathBuf,
}

/// One of the two.
struct Side {
    library: PathBuf,
    lcas: PathBuf,
    data: PathBuf,
}

/// What one run of the driver found.
struct Measured {
    microseconds: f64,
    refused: u64,
}

/// Measures and prints the table in Markdown.
pub fn run(options: &Options) -> Outcome {
    let work = workspace_root().canonicalize()?.join("target/bench");
    let prefix = work.join("ours");
    install::run(&install::Options::below(&prefix))?;
    let driver = compile(&work)?;
    let original = Side {
        library: options.original.clone(),
        lcas: options.original_lcas.clone(),
        data: prepare(&work.join("data_original"), &options.original_modules)?,
    };
    let ours = Side {
        library: prefix.join("lib/liblcmaps.so.0"),
        lcas: prefix.join("lib/liblcas.so.0"),
        data: prepare(&work.join("data_ours"), &prefix.join("lib/lcmaps"))?,
    };
    println!(
        "| work | measured | original | ours | original / ours |{}",
        if options.instructions {
            " instructions |"
        } else {
            ""
        }
    );
    println!(
        "|---|---|---:|---:|---:|{}",
        if options.instructions { "---:|" } else { "" }
    );
    let wanted = |case: &&Case| {
        options
            .only
            .as_ref()
            .is_none_or(|text| case.name.contains(text))
    };
    for case in CASES.iter().filter(wanted) {
        let row = row(&driver, case, &original, &ours, options)?;
        println!("{row}");
    }
    Ok(())
}

fn row(
    driver: &Path,
    case: &Case,
    original: &Side,
    ours: &Side,
    options: &Options,
) -> Outcome<String> {
    let (mut theirs, mut own, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut refused = 0;
    for _ in 0..options.rounds {
        let one = measure(driver, case, original)?;
        let other = measure(driver, case, ours)?;
        if other.refused > 0 {
            return Err(format!(
                "{}: ours refused {} of {}",
                case.name, other.refused, case.count
            )
            .into());
        }
        refused = refused.max(one.refused);
        ratios.push(one.microseconds / other.microseconds);
        theirs.push(one.microseconds);
        own.push(other.microseconds);
    }
    let measured = match case.mode {
        Mode::Mapping => "a mapping",
        Mode::Process => "a process",
        Mode::Start => "init, term",
        Mode::Authorization => "a decision",
        Mode::AuthorizationProcess => "a process",
        Mode::Contention => "8 processes, a lease",
    };
    let note = if refused > 0 {
        format!(", {refused} refused")
    } else {
        String::new()
    };
    let mut row = format!(
        "| {} | {measured} | {}{note} | {} | **{:.1}** |",
        case.name,
        shown(median(&mut theirs)),
        shown(median(&mut own)),
        median(&mut ratios)
    );
    if options.instructions {
        row += &match case.mode {
            Mode::Process => {
                let (one, other) = (
                    instructions(driver, case, original)?,
                    instructions(driver, case, ours)?,
                );
                format!(
                    " {:.1} M / {:.2} M = {:.1} |",
                    one / 1e6,
                    other / 1e6,
                    one / other
                )
            }
            _ => " |".to_owned(),
        };
    }
    Ok(row)
}

fn measure(driver: &Path, case: &Case, side: &Side) -> Outcome<Measured> {
    if case.mode == Mode::Contention {
        fresh_pool(&side.data.join("W7/gmd"), case.count)?;
    }
    let mut command = Command::new(driver);
    command
        .arg(case.mode.argument())
        .arg("--n")
        .arg(case.count.to_string());
    let said = output(with_arguments(&mut command, case, side))?;
    let number = |name: &str| {
        said.split_whitespace()
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
            .and_then(|value| value.parse::<f64>().ok())
            .ok_or_else(|| format!("the driver did not say {name}: {said}"))
    };
    Ok(Measured {
        microseconds: number(if case.mode == Mode::Contention {
            "us_per_map"
        } else {
            "med_us"
        })?,
        refused: number("fail")? as u64,
    })
}

/// Instructions of a whole process.
fn instructions(driver: &Path, case: &Case, side: &Side) -> Outcome<f64> {
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(driver)
        .arg("child");
    let counted = with_arguments(&mut command, case, side)
        .stdout(Stdio::null())
        .output()?;
    let said = String::from_utf8_lossy(&counted.stderr).into_owned();
    said.lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
        .ok_or_else(|| format!("valgrind did not count: {said}").into())
}

fn with_arguments<'a>(command: &'a mut Command, case: &Case, side: &Side) -> &'a mut Command {
    let data = side.data.display();
    let library = if matches!(case.mode, Mode::Authorization | Mode::AuthorizationProcess) {
        &side.lcas
    } else {
        &side.library
    };
    command
        .arg("--lib")
        .arg(library)
        .arg("--db")
        .arg(side.data.join(case.policy))
        .arg("--nsswitch")
        .arg(side.data.join("nss/nsswitch.conf"))
        .arg("--group")
        .arg(side.data.join("nss/group"))
        .arg("--passwd")
        .arg(side.data.join("nss").join(case.accounts))
        .args(
            case.arguments
                .iter()
                .map(|argument| argument.replace("{D}", &data.to_string())),
        )
        .env("X509_CERT_DIR", side.data.join("W6/certs"))
        .env("X509_VOMS_DIR", side.data.join("W6/vomsdir"))
}

/// A pool of free accounts.
fn fresh_pool(directory: &Path, accounts: usize) -> Outcome {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(directory)?;
    for account in 1..=accounts {
        fs::write(directory.join(format!("pool{account:05}")), "")?;
    }
    Ok(())
}

fn compile(work: &Path) -> Outcome<PathBuf> {
    let driver = work.join("driver");
    let source = workspace_root().join("benches/side-by-side/driver.c");
    output(
        Command::new("cc")
            .args(["-O2", "-g", "-o"])
            .arg(&driver)
            .arg(source)
            .args(["-ldl", "-lpthread"]),
    )?;
    Ok(driver)
}

/// Makes the data for a library with these modules.
fn prepare(data: &Path, modules: &Path) -> Outcome<PathBuf> {
    let sources = workspace_root().join("benches/side-by-side");
    fs::create_dir_all(data)?;
    output(
        Command::new("sh")
            .arg(sources.join("certificates.sh"))
            .arg(data),
    )?;
    let lcas = data.join("W9");
    fs::create_dir_all(&lcas)?;
    let module = lcas.join("lcas_ok.mod");
    output(
        Command::new("cc")
            .args(["-O2", "-shared", "-fPIC", "-o"])
            .arg(&module)
            .arg(sources.join("lcas_module.c")),
    )?;
    let database = format!(
        "pluginname=\"{}\",pluginargs=\"some args\"\n",
        module.display()
    );
    fs::write(lcas.join("lcas_1.db"), database)?;
    output(
        Command::new("python3")
            .arg(sources.join("data.py"))
            .arg(data)
            .arg("--plugindir")
            .arg(modules),
    )?;
    Ok(data.to_owned())
}

fn output(command: &mut Command) -> Outcome<String> {
    let done = command
        .output()
        .map_err(|e| format!("cannot run {command:?}: {e}"))?;
    // The driver ends with 1 when something was refused, and says how much.
    if done.stdout.is_empty() && !done.status.success() {
        return Err(format!(
            "{command:?}: {}\n{}",
            done.status,
            String::from_utf8_lossy(&done.stderr)
        )
        .into());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn shown(microseconds: f64) -> String {
    if microseconds < 1000.0 {
        format!("{microseconds:.1} µs")
    } else {
        format!("{:.2} ms", microseconds / 1000.0)
    }
}
