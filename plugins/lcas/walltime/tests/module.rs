//! `lcas_walltime` inside real libraries, with VOMS attributes of a VO made for the test.

#[path = "../../../../common/voms/tests/support/mod.rs"]
mod support;

use std::fs;

use lcas_module_test::module_file;
use lcas_module_test::real::{Case, libraries};
use support::World;

#[test]
fn child() {
    lcas_module_test::real::child();
}

#[test]
fn one_limit_for_everybody_needs_no_certificates() {
    for library in libraries() {
        let module = module_file("lcas_walltime");
        let requests = [
            (Some("&(executable=/bin/date)(maxWallTime=60)"), 0),
            (Some("&(executable=/bin/date)(max_wall_time=61)"), 5),
            (Some("&(maxTime=60)(maxWallTime=10)"), 0),
            (Some("&(maxTime=61)(maxWallTime=10)"), 5),
            (Some("&(maxTime=-1)"), 5),
            (Some("&(maxTime=99999999999999999999)"), 5),
            (Some("&(executable=/bin/date)"), 5),
            (Some("RSL"), 5),
            (Some(""), 5),
            (None, 5),
        ];
        let case = Case::of_module(&library, &module, "-max 60");
        let case = (requests.iter()).fold(case, |case, (request, _)| case.ask(*request));
        let report = case.run();
        let expected: Vec<_> = requests.iter().map(|(_, answer)| *answer).collect();
        assert_eq!(
            (report.init, report.answers.as_slice()),
            (0, expected.as_slice()),
            "{}",
            report.log
        );
        report.expect_log("the request asks for 61 minutes, more than 60 (option -max)");
        report.expect_log("the request names no time; it has to ask for some with (maxWallTime=MINUTES), 60 at most");
        let report = Case::of_module(&library, &module, "").run();
        assert_eq!(report.init, 1);
        report.expect_log("there is no limit");
    }
}

#[test]
fn a_request_without_a_time_is_dealt_with_as_the_option_says() {
    for library in libraries() {
        let module = module_file("lcas_walltime");
        for (option, expected) in [("allow", 0), ("refuse", 5), ("60", 0), ("61", 5)] {
            let words = format!("-max 60 -default {option}");
            let case = Case::of_module(&library, &module, &words);
            let report = case.ask(Some("&(executable=/bin/date)")).ask(None).run();
            assert_eq!(
                report.answers,
                [expected, expected],
                "{option}: {}",
                report.log
            );
        }
    }
}

#[test]
fn the_limits_of_attributes_hold_for_those_who_have_them() {
    let world = World::new();
    let pem = |fqans: &[&str]| {
        let certificate = world.ac(fqans).sign(&world.server.key);
        String::from_utf8(world.credential(&[certificate])).expect("PEM")
    };
    let limits = world.path().join("walltime.db");
    fs::write(
        &limits,
        "\"/testvo/Role=production*\" 100\n\"/testvo/*\" 50\n",
    )
    .expect("a file");
    let words = format!(
        "-limits {} -max 10 -vomsdir {} -certdir {}",
        limits.display(),
        world.vomsdir().display(),
        world.certdir().display()
    );
    let production = pem(&["/testvo/x", "/testvo/Role=production"]);
    let other = pem(&["/testvo/x"]);
    let forged =
        String::from_utf8(world.credential(&[world.ac(&["/testvo/x"]).sign(&support::rsa_key())]));
    let forged = forged.expect("PEM");
    for library in libraries() {
        let case = Case::of_module(&library, &module_file("lcas_walltime"), &words);
        let report = case
            .ask_as(&production, Some("&(maxTime=100)"))
            .ask_as(&other, Some("&(maxTime=100)"))
            .ask_as(&other, Some("&(maxTime=50)"))
            // The tester of the suite has no attributes.
            .ask(Some("&(maxTime=10)"))
            .ask(Some("&(maxTime=11)"))
            .ask_as(&forged, Some("&(maxTime=1)"))
            .run();
        assert_eq!(report.answers, [0, 5, 0, 0, 5, 5], "{}", report.log);
        report.expect_log("walltime.db:1 for \"/testvo/Role=production*\"");
        let dn_only = Case::of_module(
            &library,
            &module_file("lcas_walltime"),
            &format!("{words} -dn_only"),
        );
        let report = dn_only
            .ask_as(&production, Some("&(maxTime=100)"))
            .ask_as(&forged, Some("&(maxTime=10)"))
            .run();
        assert_eq!(report.answers, [5, 0], "{}", report.log);
    }
}
