//! `lcas_check_executable` inside real libraries.

use lcas_module_test::module_file;
use lcas_module_test::real::{Case, libraries};

#[test]
fn child() {
    lcas_module_test::real::child();
}

#[test]
fn only_requests_for_listed_programs_are_let_in() {
    for library in libraries() {
        let module = module_file("lcas_check_executable");
        let case = Case::of_module(&library, &module, "-exec /bin/ls:/usr/bin/id");
        let requests = [
            (Some("&(executable=/usr/bin/id)"), 0),
            (Some("&(executable=\"/bin/ls\")(arguments=-l)"), 0),
            (Some("&(executable=/bin/lsblk)"), 5),
            (Some("&(executable=/bin/ls)(executable=/bin/sh)"), 5),
            (Some("RSL"), 5),
            (Some(""), 5),
            (None, 5),
        ];
        let case = (requests.iter()).fold(case, |case, (request, _)| case.ask(*request));
        let report = case.run();
        let expected: Vec<_> = requests.iter().map(|(_, answer)| *answer).collect();
        assert_eq!(
            (report.init, report.answers.as_slice()),
            (0, expected.as_slice()),
            "{}",
            report.log
        );
        report.expect_log("the program /bin/lsblk is not one that may be run here");
        report.expect_log("the request is no RSL that can be read: 1:4: ");
    }
}

#[test]
fn without_a_list_the_module_does_not_start() {
    for library in libraries() {
        let module = module_file("lcas_check_executable");
        for words in ["", "-exec", "-exec :", "/bin/ls"] {
            assert_eq!(
                Case::of_module(&library, &module, words).run().init,
                1,
                "{words}"
            );
        }
    }
}
