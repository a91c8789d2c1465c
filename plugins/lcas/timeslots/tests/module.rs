//! `lcas_timeslots` inside real libraries.

use std::fs;
use std::path::PathBuf;

use lcas_module_test::module_file;
use lcas_module_test::real::{Case, libraries};
use lcas_module_test::recording::{LoadedModule, Question, RecordingHost};

#[test]
fn child() {
    lcas_module_test::real::child();
}

fn slots(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("timeslots.db");
    fs::write(&path, text).expect("a file");
    (folder, path)
}

#[test]
fn a_slot_of_the_past_is_closed_and_one_without_an_end_is_open() {
    for library in libraries() {
        let (_folder, path) = slots("* * * * 2020-2021 *\nnonsense\n");
        let words = path.display().to_string();
        let case = Case::of_module(&library, &module_file("lcas_timeslots"), &words).ask(None);
        let report = case.run();
        assert_eq!(
            (report.init, report.answers.as_slice()),
            (0, &[5][..]),
            "{}",
            report.log
        );
        report.expect_log(&format!("lies in no time slot of {words}"));
        report.expect_log(&format!("{words}:2:1: there are 1 fields; six are needed"));
        fs::write(&path, "* * * * 2020- *\n").expect("a file");
        let report = case.run();
        assert_eq!(report.answers, [0], "{}", report.log);
        fs::remove_file(&path).expect("removed");
        assert_eq!(case.run().init, 1);
    }
}

#[test]
fn the_time_zone_of_the_environment_counts_and_an_unknown_one_keeps_the_module_from_starting() {
    for library in libraries() {
        // A zone of 14 hours before and one of 12 hours behind never have the same date and time of day.
        let (_folder, path) = slots("* * * * * *\n");
        let words = path.display().to_string();
        let case = Case::of_module(&library, &module_file("lcas_timeslots"), &words).ask(None);
        let shown = |zone: &str| {
            let log = case.clone().env("TZ", zone).run().log;
            let line = log
                .lines()
                .find(|line| line.contains("lies in the time slot"));
            let line = line.unwrap_or_else(|| panic!("{log}")).to_owned();
            let (_, text) = line.split_once("granted: ").expect("a reason");
            text.get(4..20).expect("a time").to_owned()
        };
        let (east, west) = (shown("EAST-14"), shown("WEST12"));
        assert!(east > west, "{east} {west}");
        let report = case.clone().env("TZ", "No/Such_Zone").run();
        assert_eq!(report.init, 1, "{}", report.log);
        report.expect_log("the local time zone cannot be told");
    }
}

#[test]
fn a_file_that_goes_away_closes_all_slots() {
    let (_folder, path) = slots("* * * * * *\n");
    let host = RecordingHost::take();
    let module = LoadedModule::load(&host, &module_file("lcas_timeslots"));
    let instance = module
        .start(&[&path.display().to_string()])
        .expect("starts");
    assert_eq!(module.confirm(&Question::of_nobody()), 0);
    fs::write(&path, "").expect("a file");
    assert_ne!(module.confirm(&Question::of_nobody()), 0);
    fs::remove_file(&path).expect("removed");
    assert_ne!(module.confirm(&Question::of_nobody()), 0);
    drop(instance);
    assert!(module.start(&[]).is_err());
    assert!(module.start(&["-x"]).is_err());
}

#[test]
fn an_unloaded_module_leaves_nothing_behind() {
    let (_folder, path) = slots("* * * * * *\n");
    let words = path.display().to_string();
    let file = module_file("lcas_timeslots");
    let growth = lcas_module_test::growth_per_round(|| {
        let host = RecordingHost::take();
        let module = LoadedModule::load(&host, &file);
        let instance = module.start(&[&words]).expect("starts");
        assert_eq!(module.confirm(&Question::of_nobody()), 0);
        assert_eq!(module.terminate(), 0);
        drop(instance);
    });
    assert!(growth < 24.0, "{growth} bytes a session");
}
