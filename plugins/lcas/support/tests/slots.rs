//! Time slots: which moments lie in them.

use lcas_module_support::FindFile;
use lcas_module_support::Severity;
use lcas_module_support::slots::{LineFault, LocalTime, Slot, SlotFile, Slots};
use proptest::prelude::*;

/// `2026-03-04 23:59`, with the weekday that the calendar gives it.
fn at(text: &str) -> LocalTime {
    let numbers: Vec<i32> = text
        .split(['-', ' ', ':'])
        .map(|part| part.parse().expect("a number"))
        .collect();
    let [year, month, day, hour, minute] = numbers[..] else {
        panic!("{text}");
    };
    // Zeller's rule, so that the tests do not depend on the calendar of the module.
    let (m, y) = if month < 3 {
        (month + 12, year - 1)
    } else {
        (month, year)
    };
    let zeller = (day + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400).rem_euclid(7);
    let weekday = (zeller + 6) % 7;
    let positive = |number: i32| u32::try_from(number).expect("a positive number");
    LocalTime::new(
        year,
        positive(month),
        positive(day),
        positive(hour),
        positive(minute),
        positive(weekday),
    )
    .expect("a moment")
}

/// Lines of a table: slot, moments inside, moments outside.
fn hold(table: &[(&str, &[&str], &[&str])]) {
    for (line, inside, outside) in table {
        let slot = Slot::read(line.as_bytes())
            .expect("a slot")
            .expect("a slot");
        for moment in *inside {
            assert!(slot.contains(at(moment)), "{moment} lies in {line}");
        }
        for moment in *outside {
            assert!(
                !slot.contains(at(moment)),
                "{moment} does not lie in {line}"
            );
        }
    }
}

#[test]
fn both_ends_of_a_time_of_day_belong_to_it() {
    hold(&[
        (
            "30-0 8-18 * * * *",
            &["2026-03-04 08:30", "2026-03-04 12:59", "2026-03-04 18:00"],
            &["2026-03-04 08:29", "2026-03-04 18:01", "2026-03-04 00:00"],
        ),
        (
            "* 8-18 * * * *",
            &["2026-03-04 08:00", "2026-03-04 18:59"],
            &["2026-03-04 07:59", "2026-03-04 19:00"],
        ),
        (
            "0-1 0-1 * * * *",
            &["2026-03-04 00:00", "2026-03-04 01:01"],
            &["2026-03-04 01:02"],
        ),
        (
            "5 7 * * * *",
            &["2026-03-04 07:05"],
            &["2026-03-04 07:04", "2026-03-04 07:06"],
        ),
        (
            "* 20- * * * *",
            &["2026-03-04 20:00", "2026-03-04 23:59"],
            &["2026-03-04 19:59"],
        ),
        (
            "15- 20 * * * *",
            &["2026-03-04 20:15", "2026-03-04 20:59"],
            &["2026-03-04 20:14"],
        ),
    ]);
}

#[test]
fn hour_24_ends_a_day() {
    hold(&[
        (
            "0-0 18-24 * * * *",
            &["2026-03-04 18:00", "2026-03-04 23:59"],
            &["2026-03-04 17:59", "2026-03-05 00:00"],
        ),
        (
            "* 18-24 * * * *",
            &["2026-03-04 23:59"],
            &["2026-03-05 00:00"],
        ),
        (
            "0-30 23-24 * * * *",
            &["2026-03-04 23:00"],
            &["2026-03-05 00:29"],
        ),
    ]);
    assert!(Slot::read(b"* 24-24 * * * *").is_err());
    assert!(Slot::read(b"* 24 * * * *").is_err());
}

#[test]
fn nothing_goes_beyond_midnight_or_around_the_year() {
    hold(&[
        (
            "0-0 22-6 * * * *",
            &[],
            &["2026-03-04 23:00", "2026-03-04 05:00"],
        ),
        (
            "* * * * 2027-2026 *",
            &[],
            &["2026-03-04 23:00", "2027-03-04 23:00"],
        ),
        (
            "* * 1-31 11-2 2026 *",
            &[],
            &["2026-12-01 12:00", "2026-01-01 12:00"],
        ),
    ]);
    for line in ["0-0 22-6 * * * *", "* * * * 2027-2026 *", "30-0 8 * * * *"] {
        let slot = Slot::read(line.as_bytes())
            .expect("a slot")
            .expect("a slot");
        assert!(slot.never().is_some(), "{line}");
    }
}

#[test]
fn dates_are_compared_as_a_whole() {
    hold(&[
        (
            "* * 1-15 7-1 2002-2003 *",
            &[
                "2002-07-01 00:00",
                "2002-10-30 12:00",
                "2002-12-31 23:59",
                "2003-01-01 00:00",
                "2003-01-15 23:59",
            ],
            &[
                "2002-06-30 23:59",
                "2003-01-16 00:00",
                "2003-07-01 12:00",
                "2001-08-01 12:00",
            ],
        ),
        (
            "* * * 7-1 2002-2003 *",
            &["2002-07-01 00:00", "2003-01-31 23:59"],
            &["2003-02-01 00:00"],
        ),
        (
            "* * * * 2026- *",
            &["2026-01-01 00:00", "2031-03-04 07:01", "9999-12-31 23:59"],
            &["2025-12-31 23:59"],
        ),
        (
            "* * * * * *",
            &["1970-01-01 00:00", "2026-12-31 23:59"],
            &["1969-12-31 23:59"],
        ),
    ]);
}

#[test]
fn leap_days_and_the_ends_of_months_are_days_like_others() {
    hold(&[
        (
            "* * 29 2 2024 *",
            &["2024-02-29 00:00", "2024-02-29 23:59"],
            &["2024-02-28 23:59", "2024-03-01 00:00"],
        ),
        (
            "* * 1-29 2-2 2024-2024 *",
            &["2024-02-29 12:00"],
            &["2024-03-01 00:00"],
        ),
        // A year without that day: the slot ends with the last day before it.
        (
            "* * 1-29 2-2 2025-2025 *",
            &["2025-02-28 23:59"],
            &["2025-03-01 00:00"],
        ),
        (
            "* * 1-31 2-2 2000-2000 *",
            &["2000-02-29 23:59"],
            &["2000-03-01 00:00"],
        ),
        (
            "* * 31-1 12-1 2025-2026 *",
            &["2025-12-31 00:00", "2026-01-01 23:59"],
            &["2025-12-30 23:59", "2026-01-02 00:00"],
        ),
    ]);
}

#[test]
fn weekdays_may_go_around() {
    // 1 March 2026 is a Sunday.
    hold(&[
        (
            "* * * * * 0-0",
            &["2026-03-01 12:00"],
            &["2026-03-02 12:00", "2026-03-07 12:00"],
        ),
        (
            "* * * * * 1-5",
            &["2026-03-02 12:00", "2026-03-06 12:00"],
            &["2026-03-01 12:00", "2026-03-07 12:00"],
        ),
        (
            "* * * * * 5-3",
            &[
                "2026-03-06 12:00",
                "2026-03-07 12:00",
                "2026-03-01 12:00",
                "2026-03-04 12:00",
            ],
            &["2026-03-05 12:00"],
        ),
        (
            "* * * * * 6-0",
            &["2026-03-07 12:00", "2026-03-01 12:00"],
            &["2026-03-02 12:00", "2026-03-06 12:00"],
        ),
        (
            "* * * * * 5-",
            &["2026-03-06 12:00", "2026-03-07 12:00"],
            &["2026-03-01 12:00"],
        ),
        (
            "30-0 8-18 1-15 7-1 2002-2003 1-5",
            &["2002-07-01 08:30"],
            &["2002-07-06 12:00", "2002-07-01 08:29"],
        ),
    ]);
}

#[test]
fn a_malformed_line_says_what_is_wrong_and_where() {
    let fault = |line: &str| Slot::read(line.as_bytes()).expect_err("malformed");
    assert_eq!(fault("* * * *"), (0, LineFault::FieldCount(4)));
    assert_eq!(fault("  * * * * * * *"), (2, LineFault::FieldCount(7)));
    let (at, bad) = fault("* 8-25 * * * *");
    assert_eq!(at, 2);
    assert_eq!(
        bad.to_string(),
        "\"8-25\" is no range for the hour; write *, A, A- or A-B with A from 0 to 23 and B from 0 to 24"
    );
    for line in [
        "60 * * * * *",
        "-5 * * * * *",
        "*-5 * * * * *",
        "5-* * * * * *",
        "1-2-3 * * * * *",
        "+1 * * * * *",
        "x * * * * *",
        "0x1 * * * * *",
        "* * 0 * * *",
        "* * 32 * * *",
        "* * * 13 * *",
        "* * * * 1969 *",
        "* * * * 99999999999999999999 *",
        "* * * * * 7",
        "1,2 * * * * *",
    ] {
        assert!(Slot::read(line.as_bytes()).is_err(), "{line}");
    }
}

#[test]
fn blank_lines_comments_and_other_line_ends_do_not_matter() {
    let slots = Slots::read(b"# all day\r\n\r\n\t* *  * * * * # always\r\n");
    assert_eq!(slots.bad_lines(), []);
    assert_eq!(slots.line_with(at("2026-03-04 12:00")), Some(3));
}

#[test]
fn a_malformed_line_does_not_keep_others_from_letting_in() {
    let slots = Slots::read(b"* * * *\n0 0 1 1 1970 *\n* * * * * *");
    assert_eq!(slots.line_with(at("2026-03-04 12:00")), Some(3));
    assert_eq!(slots.bad_lines().len(), 1);
    assert_eq!(Slots::read(b"").line_with(at("2026-03-04 12:00")), None);
}

#[test]
fn findings_name_the_line_and_the_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("timeslots.db");
    std::fs::write(&path, "# slots\n  * 8-25 * * * *\n0-0 22-6 * * * *\n").expect("a file");
    let find: FindFile<'_> = &|_| Ok(path.clone());
    let file =
        SlotFile::configure(lc_module::Words::new(&[c"timeslots.db"]), find).expect("a file");
    let findings = file.findings();
    let places: Vec<_> = findings
        .iter()
        .map(|one| (one.severity, one.line, one.column))
        .collect();
    assert_eq!(
        places,
        [
            (Severity::Error, Some(2), Some(5)),
            (Severity::Warning, Some(3), Some(1)),
            (Severity::Error, None, None),
        ]
    );
    std::fs::write(&path, "\u{feff}* * * * * *\n").expect("a file");
    assert_eq!(file.findings(), []);
    // Not the leap day of each year, nor December of each year.
    for (line, span) in [
        ("* * 29 2 * *", "1970-02-29 to 999999-02-29"),
        ("* * 24-26 12 2020-2999 *", "2020-12-24 to 2999-12-26"),
        ("* * * 12 2020- *", "2020-12-01 to 999999-12-31"),
    ] {
        std::fs::write(&path, line).expect("a file");
        let findings = file.findings();
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].severity, Severity::Warning);
        assert!(findings[0].text.contains(span), "{findings:?}");
    }
    std::fs::write(&path, "* * * * 2020-2021 *\n* * * * 2020- *\n").expect("a file");
    let findings = file.findings();
    assert!(
        findings.len() == 1 && findings[0].text.contains("is past"),
        "{findings:?}"
    );
    std::fs::write(&path, "* * * * 2020 *\n").expect("a file");
    assert_eq!(file.findings()[1].severity, Severity::Error);
    for words in [&[][..], &[c"a", c"b"], &[c"-x"]] {
        assert!(
            SlotFile::configure(lc_module::Words::new(words), find).is_err(),
            "{words:?}"
        );
    }
}

proptest! {
    #[test]
    fn no_line_makes_it_panic(line in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = Slot::read(&line);
    }

    #[test]
    fn a_slot_holds_exactly_the_minutes_between_its_ends(
        from in 0u32..1440, until in 0u32..1440, now in 0u32..1440
    ) {
        let line = format!("{}-{} {}-{} * * * *", from % 60, until % 60, from / 60, until / 60);
        let slot = Slot::read(line.as_bytes()).expect("a slot").expect("a slot");
        let time = LocalTime::new(2026, 3, 4, now / 60, now % 60, 3).expect("a moment");
        prop_assert_eq!(slot.contains(time), from <= now && now <= until);
    }

    #[test]
    fn a_slot_holds_exactly_the_days_between_its_ends(
        first in (1970i32..2040, 1u32..=12, 1u32..=31),
        last in (1970i32..2040, 1u32..=12, 1u32..=31),
        now in (1970i32..2040, 1u32..=12, 1u32..=31),
    ) {
        let line = format!("* * {}-{} {}-{} {}-{} *", first.2, last.2, first.1, last.1, first.0, last.0);
        let slot = Slot::read(line.as_bytes()).expect("a slot").expect("a slot");
        let time = LocalTime::new(now.0, now.1, now.2, 12, 0, 3).expect("a moment");
        prop_assert_eq!(slot.contains(time), first <= now && now <= last);
    }
}
