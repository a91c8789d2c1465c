//! `lcmaps fmt` and `lcmaps graph`, the commands themselves, on real policy files.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::{Outcome, Run};

fn lcmaps(command: &str, db: &Path, options: &[&str]) -> Outcome<Run> {
    let mut run = Command::new(env!("CARGO_BIN_EXE_lcmaps"));
    Run::of(run.arg(command).arg("--db").arg(db).args(options))
}

/// The policies beside our modules.
fn examples() -> Outcome<Vec<PathBuf>> {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/lcmaps");
    let mut examples = Vec::new();
    for module in fs::read_dir(modules)? {
        let path = module?.path().join("example/lcmaps.db");
        examples.extend(path.exists().then_some(path));
    }
    assert!(examples.len() > 10);
    Ok(examples)
}

const UNTIDY: &str = "\
# the site
path=/usr/lib/lcmaps # modules


a=\"m.mod\"   \"-x 1\" # first
  \"-y\"
long_name = b # why
# about b
b
 = \"n.mod\"
# policy
site:   ~a
-> b long_name -> # inside
b | c
";

const TIDY: &str = "\
# the site
path = /usr/lib/lcmaps  # modules

a         = \"m.mod\" \"-x 1\"  # first
            \"-y\"
long_name = b  # why
# about b
b         = \"n.mod\"

# policy
site:
~a -> b
# inside
long_name -> b | c
";

#[test]
fn an_untidy_file_is_tidied_with_its_comments() -> Outcome {
    let folder = tempfile::tempdir()?;
    let db = folder.path().join("lcmaps.db");
    fs::write(&db, UNTIDY)?;
    let run = lcmaps("fmt", &db, &[])?;
    assert_eq!((run.status, run.stdout.as_str()), (0, TIDY));
    assert_eq!(lcmaps("fmt", &db, &["--check"])?.status, 1);
    assert_eq!(fs::read_to_string(&db)?, UNTIDY);
    assert_eq!(lcmaps("fmt", &db, &["--write"])?.status, 0);
    assert_eq!(fs::read_to_string(&db)?, TIDY);
    assert_eq!(lcmaps("fmt", &db, &["--check"])?.status, 0);
    Ok(())
}

#[test]
fn a_file_with_mistakes_is_neither_formatted_nor_drawn() -> Outcome {
    let folder = tempfile::tempdir()?;
    let db = folder.path().join("lcmaps.db");
    for text in ["a = \"open\n", "p:\na -> \n"] {
        fs::write(&db, text)?;
        for (command, options) in [("fmt", &["--write"][..]), ("graph", &[])] {
            let run = lcmaps(command, &db, options)?;
            assert_eq!((run.status, run.stdout.as_str()), (2, ""));
            assert!(run.stderr.contains("lcmaps.db:"), "{run:?}");
        }
        assert_eq!(fs::read_to_string(&db)?, text);
    }
    Ok(())
}

#[test]
fn every_example_can_be_formatted_and_drawn() -> Outcome {
    for db in examples()? {
        assert_eq!(lcmaps("fmt", &db, &[])?.status, 0, "{}", db.display());
        let svg = lcmaps("graph", &db, &[])?;
        assert_eq!(svg.status, 0, "{}", db.display());
        assert!(svg.stdout.ends_with("</svg>\n") && svg.stdout.contains("mapped"));
    }
    Ok(())
}

const IDLE: &str = "good = \"lcmaps_dummy_good.mod\"\nbad = \"lcmaps_dummy_bad.mod\"\n\
    m = \"<&\"\nfirst:\n~m -> good\nbad -> m\nsecond:\nm -> bad\n";

#[test]
fn the_picture_shows_states_edges_and_what_never_runs() -> Outcome {
    let folder = tempfile::tempdir()?;
    let db = folder.path().join("lcmaps.db");
    fs::write(&db, IDLE)?;
    let svg = lcmaps("graph", &db, &[])?.stdout;
    for words in [
        "1. first",
        "2. second",
        "&lt;&amp;",
        "never runs: bad -&gt; m   (line 6)",
        "never runs: a policy before it cannot fail",
        "class=\"ok\"",
        "class=\"no\"",
    ] {
        assert!(svg.contains(words), "no {words:?} in {svg}");
    }
    assert!(!svg.contains("<&") && !svg.contains("href"));
    let dot = lcmaps("graph", &db, &["--to", "dot"])?.stdout;
    assert!(dot.starts_with("digraph \""), "{dot}");
    assert!(dot.contains("p0_0 -> mapped [color=\"#1a7f37\"];"), "{dot}");
    assert!(
        dot.contains("p0_0 -> p0_1 [color=\"#b42318\" style=dashed];"),
        "{dot}"
    );
    Ok(())
}

#[test]
fn the_picture_is_one_for_a_program_that_draws_svg() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (db, svg) = (folder.path().join("lcmaps.db"), folder.path().join("a.svg"));
    fs::write(&db, IDLE)?;
    fs::write(&svg, lcmaps("graph", &db, &[])?.stdout)?;
    let drawn = Command::new("rsvg-convert")
        .arg(&svg)
        .stdout(Stdio::piped())
        .output();
    // Not every machine has it.
    if let Ok(drawn) = drawn {
        assert!(drawn.status.success(), "{drawn:?}");
        assert!(drawn.stdout.starts_with(b"\x89PNG"));
    }
    Ok(())
}
