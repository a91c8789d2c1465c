//! gLExec as it is used: real accounts, a set-uid program, a real proxy, our LCMAPS and modules. The numbers are those of the table
//! in `docs/glexec-scenarios.md`.

mod site;

use site::{EXTRA, PILOT, POOL, Site};

/// A site, or the end of the test where there can be none.
macro_rules! site {
    () => {
        match Site::new() {
            Some(site) => site,
            None => return,
        }
    };
}

/// A script as command, with a word in it by which its processes are found.
fn mine(site: &Site, script: &str) -> [&'static str; 4] {
    let leaked: [String; 2] = [
        script.to_owned(),
        format!("payload={}", site.at("").trim_end_matches('/')),
    ];
    let [script, word] = leaked.map(|text| -> &'static str { Box::leak(text.into_boxed_str()) });
    ["/bin/bash", "-c", script, word]
}

// ---------------------------------------------------------------- who the payload is

#[test]
fn s1_s2_the_payload_is_the_mapped_account_and_nobody_else() {
    let site = site!();
    let outcome = site.run(&["/usr/bin/id", "-u"]);
    outcome.ends(0);
    assert_eq!(outcome.out, format!("{POOL}\n"));
    let line = format!("pilot({PILOT}),pilot({PILOT})->pool001({POOL}),pool({POOL}) cwd: ");
    assert!(outcome.log.contains(&line), "{}", outcome.log);
    assert!(
        outcome
            .log
            .contains("cmd: \"/usr/bin/id\" (=\"/usr/bin/id\") args: \"-u\""),
        "{}",
        outcome.log
    );
    let outcome = site.run(&["/usr/bin/id", "-G"]);
    assert_eq!(outcome.out, format!("{POOL} {EXTRA}\n"));
    let status = site.run(&[
        "/bin/grep",
        "-E",
        "^(Uid|Gid|Cap(Inh|Prm|Eff|Amb)|SigBlk|NoNewPrivs)",
        "/proc/self/status",
    ]);
    let none = "0000000000000000";
    let expected = format!(
        "Uid:\t{POOL}\t{POOL}\t{POOL}\t{POOL}\nGid:\t{POOL}\t{POOL}\t{POOL}\t{POOL}\nSigBlk:\t{none}\n\
         CapInh:\t{none}\nCapPrm:\t{none}\nCapEff:\t{none}\nCapAmb:\t{none}\nNoNewPrivs:\t0\n"
    );
    assert_eq!(status.out, expected);
}

#[test]
fn s3_s4_options_map_nobody() {
    let site = site!();
    let outcome = site.run(&["-v"]);
    outcome.ends(0);
    assert!(outcome.out.starts_with("glexec "), "{outcome:?}");
    assert_eq!(outcome.log, "");
    site.run(&["-h"]).ends(0);
    site.run(&["-V"]).fails(201, "-V is for root");
    site.run(&[]).fails(201, "there is no command");
    let outcome = site.called_by(0).run(&["-V"]);
    outcome.ends(0);
    assert!(
        outcome
            .out
            .contains("GLEXEC_CONFIG_FILE=\"/etc/glexec.conf\"\n"),
        "{outcome:?}"
    );
}

#[test]
fn s33_s36_accounts_of_the_system_are_refused_and_so_is_everybody_without_one() {
    let mut site = site!();
    for (account, why) in [
        ("root", "not mapped"),
        (
            "lowly",
            "has uid 99, and the least that a payload gets is 100",
        ),
        ("rooted", "has primary gid 0, which no payload gets"),
        ("glexec", "to the account of gLExec itself"),
        ("nobody-at-all", "not mapped"),
    ] {
        site.map_to(account);
        site.run(&["/bin/true"]).fails(203, why);
    }
    let group = std::fs::read_to_string(site.at("etc/group")).expect("groups");
    site.write("etc/group", &group.replace("root:x:0:", "root:x:0:wheel"));
    site.map_to("wheel");
    site.run(&["/bin/true"])
        .fails(203, "has gid 0, which no payload gets");
    site.change("lcmaps_get_account_policy", "refusing");
    site.run(&["/bin/true"]).fails(203, "LCMAPS failed");
    site.change("minimum_uid", "60000");
    site.change("lcmaps_get_account_policy", "glexec_get_account");
    site.map_to("pool001");
    site.run(&["/bin/true"])
        .fails(203, "the least that a payload gets is 60000");
}

#[test]
fn s60_a_module_can_switch_and_a_policy_that_should_and_does_not_runs_nothing() {
    let mut site = site!();
    site.change("user_identity_switch_by", "lcmaps");
    site.run(&["/usr/bin/id", "-u"])
        .fails(202, "no module of the policy (lcmaps_posix_enf) switched");
    site.change("lcmaps_get_account_policy", "enforced");
    for linger in ["yes", "no"] {
        site.change("linger", linger);
        let outcome = site.run(&["/bin/sh", "-c", "id -u; id -G"]);
        outcome.ends(0);
        assert_eq!(outcome.out, format!("{POOL}\n{POOL} {EXTRA}\n"));
    }
    // A module that switches although gLExec would.
    site.change("user_identity_switch_by", "glexec");
    let outcome = site.run(&["/usr/bin/id", "-u"]);
    assert_eq!(outcome.out, format!("{POOL}\n"), "{outcome:?}");
    let policy = std::fs::read_to_string(site.at("etc/lcmaps.db")).expect("a policy");
    site.write(
        "etc/lcmaps.db",
        &policy.replace("posix_enf.mod", "posix_enf.mod -set_only_euid yes"),
    );
    site.run(&["/usr/bin/id", "-u"])
        .fails(202, "which is not the account of the mapping");
}

#[test]
fn s58_s59_without_root_nothing_is_switched_and_a_lost_bit_is_an_error() {
    let site = site!()
        .calls("exec setpriv --no-new-privs bash -c 'glexec \"$@\"' x \"$@\"")
        .calls("export -f glexec; exec setpriv --no-new-privs bash -c 'glexec \"$@\"' x \"$@\"");
    let outcome = site.run(&["/usr/bin/id", "-u"]);
    outcome.fails(202, "was started without root");
    assert_eq!(outcome.out, "");
    let mut site = site!()
        .before("chmod 0755 @/bin/glexec; chmod 0777 @/log")
        .set("log_level", "5");
    let outcome = site.run(&["/bin/sh", "-c", "id -u; echo $HOME $X509_USER_PROXY"]);
    let home = site.at("home/pilot");
    assert_eq!(
        outcome.out,
        format!("{PILOT}\n{home} {home}/proxy\n"),
        "{outcome:?}"
    );
    assert!(
        outcome.log.contains(&format!("->pool001({POOL}),")),
        "{outcome:?}"
    );
    site.change("lcmaps_get_account_policy", "refusing");
    site.run(&["/bin/true"]).fails(203, "LCMAPS failed");
}

#[test]
fn s67_an_account_is_verified() {
    let site = site!().var("GLEXEC_MODE", "lcmaps_verify_account");
    let (uid, other) = (POOL.to_string(), PILOT.to_string());
    let outcome = site.run(&[&uid, &uid, "/usr/bin/id", "-u"]);
    outcome.ends(0);
    assert_eq!(outcome.out, format!("{POOL}\n"));
    site.run(&[&other, &uid, "/usr/bin/id"])
        .fails(203, "LCMAPS failed");
    site.run(&["/usr/bin/id"])
        .fails(201, "needs the uid to verify");
    let site = site.var("GLEXEC_MODE", "what");
    site.run(&["/usr/bin/id"])
        .fails(201, "GLEXEC_MODE is neither");
}

// ---------------------------------------------------------------- proxies

#[test]
fn s5_s11_variables_that_name_no_proxy_are_the_callers_fault() {
    let site = site!().unset("GLEXEC_CLIENT_CERT");
    site.run(&["/bin/true"])
        .fails(201, "GLEXEC_CLIENT_CERT is not set");
    let site = site.var("GLEXEC_CLIENT_CERT", "");
    site.run(&["/bin/true"])
        .fails(201, "GLEXEC_CLIENT_CERT is set to nothing");
    let proxy = site.at("home/pilot/proxy");
    let site = site
        .var("GLEXEC_CLIENT_CERT", &proxy)
        .var("GLEXEC_SOURCE_PROXY", "");
    site.run(&["/bin/true"])
        .fails(201, "GLEXEC_SOURCE_PROXY is set to nothing");
}

#[test]
fn s6_s7_s8_s9_s10_a_proxy_is_the_callers_own_regular_file() {
    let mut site = site!();
    for (script, code) in [
        ("chmod 0400 @/home/pilot/proxy", 0),
        ("chmod 0700 @/home/pilot/proxy", 0),
        ("chmod 0666 @/home/pilot/proxy", 201),
        ("chmod 0640 @/home/pilot/proxy", 201),
        ("chmod 0604 @/home/pilot/proxy", 201),
        ("chmod 4600 @/home/pilot/proxy", 201),
        (
            "chown 53011 @/home/pilot/proxy; chmod 0644 @/home/pilot/proxy",
            201,
        ),
        (
            "chown 0 @/home/pilot/proxy; chmod 0600 @/home/pilot/proxy",
            201,
        ),
        (
            "rm @/home/pilot/proxy; mkfifo -m 600 @/home/pilot/proxy; chown 53001 @/home/pilot/proxy",
            201,
        ),
        (
            "rm @/home/pilot/proxy; ln -s /dev/zero @/home/pilot/proxy",
            201,
        ),
        (
            "rm @/home/pilot/proxy; mkdir -m 700 @/home/pilot/proxy; chown 53001 @/home/pilot/proxy",
            201,
        ),
        ("rmdir @/home/pilot/proxy", 201),
        (
            "truncate -s 2M @/home/pilot/proxy; chown 53001 @/home/pilot/proxy; chmod 600 @/home/pilot/proxy",
            201,
        ),
    ] {
        site = site.before(script);
        let started = std::time::Instant::now();
        let outcome = site.run(&["/bin/true"]);
        assert_eq!(outcome.code, code, "{script}: {outcome:?}");
        assert!(started.elapsed().as_secs() < 20, "{script}");
    }
}

#[test]
fn s12_a_source_proxy_of_somebody_else_leaves_the_target_alone() {
    let site =
        site!().before("cp @/home/pilot/proxy @/home/pilot/other; chown daemon @/home/pilot/other");
    let (other, target) = (site.at("home/pilot/other"), site.at("home/pool001/p"));
    let site = site
        .var("GLEXEC_SOURCE_PROXY", &other)
        .var("GLEXEC_TARGET_PROXY", &target);
    site.run(&["/bin/true"]).fails(201, "GLEXEC_SOURCE_PROXY=");
    assert!(!std::path::Path::new(&target).exists());
}

#[test]
fn s13_s14_s15_who_has_no_key_or_an_old_certificate_is_refused() {
    let strip = "cd @/home/pilot; sed -n '/BEGIN CERT/,/END CERT/p' proxy > bare; cat bare > proxy";
    let mut site = site!().before(strip);
    site.run(&["/bin/true"]).fails(203, "LCMAPS failed");
    site.change("omission_private_key_white_list", "pilot");
    let outcome = site.run(&["/usr/bin/env"]);
    outcome.ends(0);
    assert!(!outcome.out.contains("VERIFY_PROXY"), "{outcome:?}");
    let expired = concat!(env!("CARGO_TARGET_TMPDIR"), "/pki-glexec");
    let site = site!();
    let parts = ["certs/expired.pem", "keys/expired.key"].map(|name| format!("{expired}/{name}"));
    let texts =
        parts.map(|path| std::fs::read_to_string(path).expect("a certificate that expired"));
    std::fs::write(site.at("home/pilot/proxy"), texts.concat()).expect("the proxy");
    site.run(&["/bin/true"]).fails(203, "LCMAPS failed");
}

#[test]
fn s16_every_call_makes_a_copy_of_its_own() {
    let mut site = site!();
    let script =
        "echo $X509_USER_PROXY; stat -c '%u:%g %a' $X509_USER_PROXY; sha256sum < $X509_USER_PROXY";
    site = site.after("sha256sum < @/home/pilot/proxy");
    let read = |site: &Site| {
        let outcome = site.run(&["/bin/sh", "-c", script]);
        outcome.ends(0);
        outcome.out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, second) = (read(&site), read(&site));
    let begin = format!("/tmp/x509up_u{POOL}.glexec.");
    assert!(
        first[0].starts_with(&begin) && first[0].len() == begin.len() + 6,
        "{first:?}"
    );
    assert_ne!(first[0], second[0]);
    assert_eq!(first[1], format!("{POOL}:{POOL} 600"));
    assert_eq!(first[2], first[3], "the copy is the proxy");
}

#[test]
fn s17_a_named_copy_is_replaced_as_a_whole() {
    let mut site = site!();
    let target = site.at("home/pool001/p");
    for lock in ["flock", "fcntl", "disabled"] {
        site.change("target_lock_mechanism", lock);
        site.change("input_lock_mechanism", lock);
        site = site.var("GLEXEC_TARGET_PROXY", &target);
        for proxy in ["alice-rfc", "alice-rfc2"] {
            site.proxy(proxy, "proxy");
            let outcome = site.run(&[
                "/bin/sh",
                "-c",
                "stat -c '%a %h' $X509_USER_PROXY; echo $X509_USER_PROXY",
            ]);
            assert_eq!(outcome.out, format!("600 1\n{target}\n"), "{outcome:?}");
            let read = |path: &str| std::fs::read(path).expect("a proxy");
            assert_eq!(read(&target), read(&site.at("home/pilot/proxy")));
        }
    }
    let left: Vec<_> = std::fs::read_dir(site.at("home/pool001"))
        .expect("a home")
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn s18_s22_no_copy_where_none_is_wanted() {
    let mut site = site!()
        .var("GLEXEC_TARGET_PROXY", "/dev/null")
        .var("X509_USER_PROXY", "/pilot");
    let look = |site: &Site| {
        let outcome = site.run(&[
            "/bin/sh",
            "-c",
            "echo \"[$X509_USER_PROXY]\"; ls /tmp; stat -c %F /dev/null",
        ]);
        outcome.ends(0);
        assert_eq!(outcome.out, "[]\ncharacter special file\n");
    };
    look(&site);
    site = site.unset("GLEXEC_TARGET_PROXY");
    site.change("create_target_proxy", "no");
    look(&site);
}

#[test]
fn s19_s20_s21_places_that_are_not_the_targets_stay_untouched() {
    let mut site = site!().before(
        "echo mine > /tmp/daemons; chown daemon /tmp/daemons; chmod 400 /tmp/daemons
         echo rc > @/home/pool001/.bashrc; chown 53002 @/home/pool001/.bashrc; ln -sf @/home/pool001/.bashrc /tmp/link
         mkdir -p -m 777 @/open; ln -sfn @/home/pool001 @/links; ln -f @/home/pool001/.bashrc @/home/pool001/second
         mkdir -p @/home/pilot/own; chown 53001 @/home/pilot/own; chmod 777 @/home/pilot/own",
    ).after("cat /tmp/daemons @/home/pool001/.bashrc; ls @/open @/home/pilot/own | grep -v :");
    for target in [
        "/root",
        "/root/x",
        "/tmp/daemons",
        "/tmp/link",
        "/tmp/",
        "tmp/x",
        "/tmp/../tmp/x",
        "/tmp/none/x",
        "@/open/x",
        "@/links/x",
        "@/home/pilot/x",
        "@/home/pilot/own/x",
        "@/home/pool001/second",
        "/proc/self/cwd/x",
        "",
    ] {
        let target = target.replace('@', site.at("").trim_end_matches('/'));
        site = site.var("GLEXEC_TARGET_PROXY", &target);
        let outcome = site.run(&["/bin/echo", "ran"]);
        outcome.fails(201, "cannot write the proxy of the target account to");
        assert_eq!(
            outcome.out.split_whitespace().collect::<Vec<_>>(),
            ["mine", "rc"],
            "{target}"
        );
    }
}

#[test]
fn s17_who_reads_a_copy_while_it_is_renewed_reads_a_whole_one() {
    let site = site!()
        .before(
            "(for i in $(seq 400); do [ -e @/home/pool001/p ] && sha256sum < @/home/pool001/p; sleep 0.005; done |
              sort -u > @/sums) & reader=$!",
        )
        .calls("cp proxy a; for i in 1 2 3 4; do cat b > proxy; (glexec \"$@\"); cat a > proxy; (glexec \"$@\"); done")
        .after("wait $reader; cat @/sums; sha256sum < @/home/pilot/a; sha256sum < @/home/pilot/b");
    site.proxy("alice-rfc2", "b");
    let target = site.at("home/pool001/p");
    let outcome = site.var("GLEXEC_TARGET_PROXY", &target).run(&["/bin/true"]);
    outcome.ends(0);
    let lines: Vec<&str> = outcome.out.lines().collect();
    let (seen, whole) = lines.split_at(lines.len() - 2);
    assert!(
        !seen.is_empty() && seen.iter().all(|sum| whole.contains(sum)),
        "{outcome:?}"
    );
}

#[test]
fn a_link_that_comes_and_goes_in_place_of_the_copy_leads_nowhere() {
    let site = site!()
        .before("echo rc > @/home/pool001/.bashrc; chown 53002 @/home/pool001/.bashrc; ln -sfn @/home/pool001 /tmp/home")
        .calls(
            "(while :; do ln -sf ../pool001/.bashrc /tmp/x; rm -f /tmp/x; ln -sf ../home/pool001 /tmp/x; rm -f /tmp/x; done) & rival=$!
             for i in 1 2 3 4 5 6 7 8; do (glexec \"$@\"); echo code $?; rm -f /tmp/x; done; kill $rival",
        )
        .after("cat @/home/pool001/.bashrc; ls @/home/pool001");
    let outcome = site
        .var("GLEXEC_TARGET_PROXY", "/tmp/x")
        .run(&["/bin/true"]);
    let codes: Vec<&str> = outcome
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("code "))
        .collect();
    assert!(
        codes.len() == 8 && codes.iter().all(|code| ["0", "201"].contains(code)),
        "{outcome:?}"
    );
    assert!(outcome.out.ends_with("\nrc\n"), "{outcome:?}");
}

#[test]
fn s23_a_proxy_that_is_rewritten_while_it_is_read_is_delivered_whole_or_not_at_all() {
    let site = site!().calls(
        "cp proxy a; tac proxy > b
         (while :; do cat a > proxy; cat b > proxy; done) & writer=$!
         for i in 1 2 3 4 5 6 7 8; do (glexec \"$@\"); echo code $?; done
         kill $writer",
    );
    let outcome = site.run(&["/bin/sh", "-c", "sha256sum < $X509_USER_PROXY"]);
    let whole = std::process::Command::new("sha256sum")
        .arg(site.at("home/pilot/a"))
        .output()
        .expect("sha256sum");
    let whole = String::from_utf8_lossy(&whole.stdout);
    let whole = whole.split_whitespace().next().expect("a sum");
    let lines: Vec<&str> = outcome
        .out
        .lines()
        .filter(|line| line.ends_with('-'))
        .collect();
    assert!(
        lines.iter().all(|line| line.starts_with(whole)),
        "{outcome:?}"
    );
    let codes: Vec<&str> = outcome
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("code "))
        .collect();
    assert_eq!(codes.len(), 8, "{outcome:?}");
    assert!(
        codes
            .iter()
            .all(|code| ["0", "201", "202", "203"].contains(code)),
        "{outcome:?}"
    );
}

// ---------------------------------------------------------------- who may call

#[test]
fn s24_s25_s26_s27_only_listed_users_call() {
    let mut site = site!().var("GLEXEC_CLIENT_CERT", "/nowhere");
    // Who passes the list fails at the proxy, which is looked at next.
    let cases = [
        ("", "", PILOT, 203),
        ("somebody", "", PILOT, 203),
        ("pilot", "", PILOT, 201),
        (".pilot", "", 53010, 201),
        (".pilot", "", PILOT, 203),
        (".pilot", "", 53011, 203),
        ("pilot*", "", 53010, 201),
        ("pilot*", "", 53011, 203),
        ("*", "", 53011, 201),
        ("", "pilot", 53011, 201),
        ("", "*", 53011, 201),
        ("", "pool", 53011, 203),
        ("*", "*", 54321, 203),
        ("somebody", "", 0, 203),
        ("root", "", 0, 201),
    ];
    for (users, groups, caller, code) in cases {
        site = site
            .called_by(caller)
            .set("user_white_list", users)
            .set("group_white_list", groups);
        let outcome = site.run(&["/bin/true"]);
        assert_eq!(
            outcome.code, code,
            "{users:?} {groups:?} {caller}: {outcome:?}"
        );
        assert_eq!(
            outcome.log.contains("user_white_list is for everybody"),
            users == "*"
        );
        assert!(
            !std::path::Path::new(&site.at("log/libraries")).exists(),
            "LCMAPS was asked"
        );
    }
}

// ---------------------------------------------------------------- configuration

#[test]
fn s28_s29_s30_a_configuration_that_is_not_right_is_fatal_and_one_that_is_odd_is_told() {
    let mut site = site!();
    for (key, value, why) in [
        (
            "log_destination",
            "foo",
            "log_destination = foo is not one of",
        ),
        ("log_level", "abc", "log_level = abc is not a number"),
        ("linger", "perhaps", "linger = perhaps is not one of"),
        ("epilogue", "/bin/true", "this version runs none"),
    ] {
        site.change(key, value);
        let outcome = site.run(&["/bin/echo", "ran"]);
        outcome.fails(202, why);
        assert!(
            outcome.error.contains("/etc/glexec.conf:") && outcome.out.is_empty(),
            "{outcome:?}"
        );
        site.change(
            key,
            match key {
                "log_destination" => "file",
                "log_level" => "3",
                "linger" => "yes",
                _ => "",
            },
        );
    }
    for level in ["9", "-1"] {
        site.change("lcmaps_debug_level", level);
        let outcome = site.run(&["/bin/true"]);
        outcome.ends(0);
        assert!(
            outcome
                .log
                .contains(&format!("lcmaps_debug_level = {level} is outside 0 to 5")),
            "{outcome:?}"
        );
    }
    site.change("lcas_log_level", "1");
    site.change("diff_syslog_levels", "yes");
    site.run(&["/bin/true"]).ends(0);
    let text = std::fs::read_to_string(site.at("etc/glexec.conf")).expect("the configuration");
    site.write("etc/glexec.conf", &format!("{text}[dummy]\n"));
    site.call(&["/bin/true"])
        .fails(202, "[glexec] is the only section");
    site.write("etc/glexec.conf", &text);
    for (script, why) in [
        (
            "chmod 0666 /etc/glexec.conf",
            "writable by its group or by everybody",
        ),
        ("chmod 0664 /etc/glexec.conf", "writable by its group"),
        (
            "chmod 0644 /etc/glexec.conf; chown 53001 /etc/glexec.conf",
            "belongs to uid 53001",
        ),
        (
            "mv /etc/glexec.conf /etc/g; ln -s g /etc/glexec.conf",
            "/etc/glexec.conf: ",
        ),
        ("rm -f /etc/glexec.conf", "No such file"),
    ] {
        site = site.before(script);
        site.call(&["/bin/true"]).fails(202, why);
    }
}

#[test]
fn a_configuration_that_pilots_cannot_read_is_read_by_account_glexec() {
    let mut site = site!();
    for script in [
        "chown glexec /etc/glexec.conf; chmod 0400 /etc/glexec.conf",
        "chown root:glexec /etc/glexec.conf; chmod 0640 /etc/glexec.conf",
    ] {
        site = site.before(script);
        site.run(&["/bin/true"]).ends(0);
    }
    let site = site.before("chown root:root /etc/glexec.conf; chmod 0600 /etc/glexec.conf");
    site.run(&["/bin/true"]).fails(202, "Permission denied");
}

#[test]
fn s31_s32_policies_are_there_and_root_alone_writes_them() {
    let mut site = site!();
    for (script, why) in [
        (
            "chmod 0666 /etc/lcmaps.db",
            "writable by its group or by everybody",
        ),
        (
            "chmod 0777 @/lib; chmod 0644 /etc/lcmaps.db",
            "others than root can write to the directory",
        ),
        (
            "chmod 0755 @/lib; rm -f /etc/lcmaps.db",
            "/etc/lcmaps.db: No such file",
        ),
    ] {
        site = site.before(script);
        site.run(&["/bin/true"]).fails(202, why);
    }
    let site = site!().set("use_lcas", "yes");
    site.run(&["/bin/true"])
        .fails(202, "LCAS: /etc/lcas.db: No such file");
    site.write("etc/lcmaps.db", "nonsense\n");
    let site = site.set("use_lcas", "no");
    site.run(&["/bin/true"])
        .fails(202, "Initialisation of LCMAPS failed");
}

#[test]
fn s34_s35_lcas_decides_first() {
    let site = site!().set("use_lcas", "yes").set("lcas_debug_level", "5");
    site.write("etc/lcas.db", "pluginname=lcas_userban.mod,pluginargs=/etc/ban\npluginname=lcas_check_executable.mod,pluginargs=\"-exec /bin/true\"\n");
    site.write("etc/ban", "\"/CN=Somebody Else\"\n");
    site.run(&["/bin/true"]).ends(0);
    let libraries = || std::fs::read_to_string(site.at("log/libraries")).unwrap_or_default();
    assert!(libraries().contains("CRED FINAL") || !libraries().is_empty());
    std::fs::remove_file(site.at("log/libraries")).expect("a log");
    site.run(&["/bin/false"]).fails(203, "LCAS refuses");
    site.write("etc/ban", "\"/C=NL/O=TestGrid/OU=Users/CN=Alice Tester\"\n");
    site.run(&["/bin/true"]).fails(203, "LCAS refuses");
    assert!(
        !libraries().contains("lcmaps["),
        "LCMAPS was asked: {}",
        libraries()
    );
}

// ---------------------------------------------------------------- the command

#[test]
fn s37_s38_commands_that_cannot_be_run() {
    let mut site = site!().before(
        "cp /bin/true @/home/secret; chmod 0700 @/home/secret
         cp /bin/true @/home/pilot/own; chown 53001 @/home/pilot/own; chmod 0700 @/home/pilot/own
         printf 'nonsense\\377' > @/home/odd; chmod 0755 @/home/odd; echo x > @/home/plain",
    );
    let at = |site: &Site, name: &str| site.at(&format!("home/{name}"));
    for (name, code) in [
        ("none", 201),
        ("secret", 201),
        ("pilot/own", 201),
        ("plain", 201),
        ("odd", 126),
    ] {
        for linger in ["yes", "no"] {
            site.change("linger", linger);
            let outcome = site.run(&[&at(&site, name)]);
            assert_eq!(outcome.code, code, "{name} {linger} {outcome:?}");
        }
    }
    site.run(&["/usr/bin"]).ends(201);
    site.run(&["no-such-command-here"])
        .fails(201, "is not in /usr/local/bin:/usr/bin:/bin");
    site.run(&["id", "-u"]).ends(0);
}

#[test]
fn s68_links_are_followed_unless_the_site_says_no() {
    let mut site = site!().before("ln -sf /usr/bin/id @/home/link; printf '#!/bin/sh\\necho $0\\n' > @/home/script; chmod 755 @/home/script");
    let (link, script) = (site.at("home/link"), site.at("home/script"));
    let outcome = site.run(&[&link, "-u"]);
    assert_eq!(outcome.out, format!("{POOL}\n"));
    let line = format!("cmd: \"{link}\" (=\"/usr/bin/id\")");
    assert!(outcome.log.contains(&line), "{outcome:?}");
    assert_eq!(site.run(&[&script]).out, format!("{script}\n"));
    site.change("prohibit_exec_via_symlink", "yes");
    site.run(&[&link]).fails(201, "is a symbolic link");
}

#[test]
fn s56_a_home_that_is_missing_stops_nobody() {
    let site = site!();
    let outcome = site.run(&["/bin/pwd"]);
    assert_eq!(outcome.out, format!("{}\n", site.at("home/pool001")));
    site.map_to("homeless");
    let outcome = site.run(&["/bin/pwd"]);
    outcome.ends(0);
    assert_eq!(outcome.out, format!("{}\n", site.at("home/pilot")));
    let site = site.before("chmod 0700 @/home/pilot");
    // The way to the proxy is the pilot's own.
    let outcome = site.run(&["/bin/pwd"]);
    assert_eq!(outcome.out, "/\n", "{outcome:?}");
}

// ---------------------------------------------------------------- the end of the payload

#[test]
fn s39_s40_s41_s42_the_exit_code_of_the_payload_is_glexecs() {
    let mut site = site!();
    for code in [0, 1, 42, 200, 205, 255] {
        site.run(&["/bin/sh", "-c", &format!("exit {code}")])
            .ends(code);
    }
    for code in 201..=204 {
        site.run(&["/bin/sh", "-c", &format!("exit {code}")])
            .ends(204);
    }
    site.run(&["/bin/sh", "-c", "kill -9 $$"]).ends(137);
    let outcome = site.run(&["/bin/sh", "-c", "kill -15 $$"]);
    outcome.ends(143);
    assert!(outcome.log.contains("ended with signal 15"), "{outcome:?}");
    site.change("linger", "no");
    for code in 201..=204 {
        site.run(&["/bin/sh", "-c", &format!("exit {code}")])
            .ends(code);
    }
}

#[test]
fn s43_s44_a_signal_of_the_caller_reaches_the_payload() {
    let wait = "until [ -e /tmp/ready ]; do sleep 0.05; done;";
    let mut site = site!().calls(&format!(
        "glexec \"$@\" & pid=$!; {wait} kill -TERM $pid; wait $pid; exit $?"
    ));
    let traps = "trap 'exit 7' TERM; touch /tmp/ready; while :; do sleep 0.05; done";
    site.run(&["/bin/bash", "-c", traps]).ends(7);
    site = site
        .before("rm -f /tmp/ready")
        .after("sleep 0.2; pgrep -u 53002 -f payload=@ || echo nobody");
    let ignores = "trap '' TERM; touch /tmp/ready; while :; do sleep 0.05; done";
    let outcome = site.run(&mine(&site, ignores));
    outcome.ends(137);
    assert_eq!(outcome.out, "nobody\n");
    let site = site.calls(&format!(
        "glexec \"$@\" & pid=$!; {wait} kill -USR1 $pid; wait $pid; exit $?"
    ));
    let traps = "trap 'exit 9' USR1; touch /tmp/ready; while :; do sleep 0.05; done";
    site.run(&["/bin/bash", "-c", traps]).ends(9);
}

#[test]
fn s45_s70_the_payload_cannot_touch_the_process_that_waits() {
    let site = site!();
    let outcome = site.run(&["/bin/bash", "-c", "kill -9 $PPID; kill -STOP $PPID; exit 3"]);
    outcome.ends(3);
    assert_eq!(
        outcome.error.matches("Operation not permitted").count(),
        2,
        "{outcome:?}"
    );
    assert!(
        outcome.log.contains("ended with exit code 3"),
        "{outcome:?}"
    );
    let look = "cat /proc/$PPID/environ > /dev/null 2>&1 || echo shut; ls -l /proc/$PPID/fd > /dev/null 2>&1 || echo shut";
    assert_eq!(site.run(&["/bin/bash", "-c", look]).out, "shut\nshut\n");
    // Nor can the pilot, whose process it is, look into it.
    let site = site.calls(
        "glexec \"$@\" & pid=$!; until [ -e /tmp/ready ]; do sleep 0.05; done
         cat /proc/$pid/environ >/dev/null 2>&1 || echo shut; cat /proc/$pid/mem >/dev/null 2>&1 || echo shut; wait $pid",
    );
    assert_eq!(
        site.run(&["/bin/bash", "-c", "touch /tmp/ready; sleep 0.5"])
            .out,
        "shut\nshut\n"
    );
}

#[test]
fn s46_nothing_of_the_payload_outlives_it() {
    let site = site!().after("pgrep -u 53002 -f payload=@ || echo nobody");
    for left in [
        "(setsid bash -c 'sleep 100; :' $0 >/dev/null 2>&1 &) ; exit 0",
        "(setsid bash -c \"trap '' TERM HUP; while :; do sleep 0.1; done\" $0 >/dev/null 2>&1 &) ; sleep 0.3; exit 0",
    ] {
        let started = std::time::Instant::now();
        let outcome = site.run(&mine(&site, left));
        outcome.ends(0);
        assert_eq!(outcome.out, "nobody\n", "{outcome:?}");
        assert!(
            outcome.log.contains("outlives the payload and is ended"),
            "{outcome:?}"
        );
        assert!(started.elapsed().as_secs() < 30);
    }
}

#[test]
fn a_payload_does_not_outlive_a_glexec_that_is_killed() {
    let site = site!()
        .calls(
            "glexec \"$@\" & pid=$!; until [ -e /tmp/ready ]; do sleep 0.05; done
             kill -KILL $pid; wait $pid; exit 5",
        )
        .after("sleep 0.2; pgrep -u 53002 -f payload=@ || echo nobody");
    let outcome = site.run(&mine(
        &site,
        "touch /tmp/ready; for i in {1..200}; do sleep 0.1; done",
    ));
    outcome.ends(5);
    assert_eq!(outcome.out, "nobody\n");
}

#[test]
fn s47_the_time_of_the_payload_is_the_time_of_glexec() {
    let site = site!().calls("(glexec \"$@\"); times");
    let work = "(i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done); exit 0";
    let outcome = site.run(&["/bin/bash", "-c", work]);
    // The second line is about children: `0m0.690s 0m0.010s`.
    let line = outcome.out.lines().nth(1);
    let used = line.and_then(|line| {
        line.split_once('m')?
            .1
            .split_once('s')?
            .0
            .parse::<f64>()
            .ok()
    });
    assert!(used.is_some_and(|used| used > 0.2), "{outcome:?}");
    assert!(outcome.log.contains("user "), "{outcome:?}");
}

#[test]
fn s48_s65_streams_are_the_payloads_alone_and_pass_every_byte() {
    // The reader's end comes when the payload closes its output, while gLExec waits on: the milliseconds in between.
    let site = site!().calls(
        "(glexec \"$@\") > >(cat > out; date +%s%N > eof); end=$(date +%s%N); cat out
         echo $(( (end - $(cat eof)) / 1000000 ))",
    );
    let outcome = site.run(&["/bin/bash", "-c", "echo data; exec >&- 2>&-; sleep 2"]);
    let mut lines = outcome.out.lines();
    assert_eq!(lines.next(), Some("data"), "{outcome:?}");
    let before: Option<i64> = lines.next().and_then(|line| line.parse().ok());
    assert!(before.is_some_and(|before| before > 1000), "{outcome:?}");
    let outcome = site.calls(
        "head -c 100000000 /dev/zero | tr '\\0' x > in; sha256sum < in; (glexec \"$@\") < in | sha256sum",
    ).run(&["/bin/cat"]);
    let sums: Vec<&str> = outcome.out.lines().collect();
    assert!(sums.len() == 2 && sums[0] == sums[1], "{outcome:?}");
}

// ---------------------------------------------------------------- what the payload inherits

#[test]
fn s49_s50_the_payload_has_three_descriptors_and_no_other() {
    let list = "ls /proc/self/fd | tr '\\n' ' '";
    let mut site = site!().calls("exec 9<proxy; glexec \"$@\"");
    for linger in ["yes", "no"] {
        site.change("linger", linger);
        // The fourth is the one with which ls reads the directory.
        assert_eq!(
            site.run(&["/bin/sh", "-c", list]).out,
            "0 1 2 3 ",
            "{linger}"
        );
    }
    let site = site
        .calls("glexec \"$@\" 0<&- 2>&- >out; cat out")
        .calls("(glexec \"$@\" <&- >&- 2>&-); echo $?");
    let outcome = site.run(&[
        "/bin/sh",
        "-c",
        "[ -e /proc/self/fd/0 ] && [ -e /proc/self/fd/1 ] && [ -e /proc/self/fd/2 ] && exit 6",
    ]);
    assert_eq!(outcome.out, "6\n", "{outcome:?}");
}

#[test]
fn s51_s52_mask_signals_and_limits_are_the_callers() {
    let mut site = site!();
    for linger in ["yes", "no"] {
        site.change("linger", linger);
        for mask in ["0022", "0077"] {
            site = site.calls(&format!("umask {mask}; glexec \"$@\""));
            assert_eq!(
                site.run(&["/bin/sh", "-c", "umask"]).out,
                format!("{mask}\n")
            );
        }
        // The C library's own signals, 32 and 33, are whatever started this test has made of them.
        let ignored = |text: &str| {
            let number = text.lines().next().and_then(|line| line.split('\t').nth(1));
            let number = number.and_then(|text| u64::from_str_radix(text, 16).ok());
            number.map(|set| set & !(0b11 << 31))
        };
        site = site.calls("trap '' CHLD PIPE USR2; ulimit -c 7; glexec \"$@\"");
        let command = [
            "/bin/bash",
            "-c",
            "grep SigIgn /proc/self/status; ulimit -c; exit 4",
        ];
        let outcome = site.run(&command);
        outcome.ends(4);
        let expected = [libc::SIGPIPE, libc::SIGUSR2]
            .map(|signal| 1 << (signal - 1))
            .iter()
            .sum();
        let child: u64 = 1 << (libc::SIGCHLD - 1);
        assert_eq!(
            ignored(&outcome.out).map(|set| set & !child),
            Some(expected),
            "{outcome:?}"
        );
        assert!(outcome.out.ends_with("\n7\n"), "{outcome:?}");
        site = site.calls("glexec \"$@\"");
        let outcome = site.run(&["/bin/grep", "SigIgn", "/proc/self/status"]);
        assert_eq!(ignored(&outcome.out), Some(0), "{outcome:?}");
    }
    let alarm = "exec python3 -c 'import os,signal,sys; signal.alarm(1); signal.pthread_sigmask(signal.SIG_BLOCK,[signal.SIGTERM]); os.execvp(\"bash\", [\"bash\",\"-c\",\"glexec \\\"$@\\\"\",\"x\"]+sys.argv[1:])' \"$@\"";
    let site = site.calls(&format!("export -f glexec; {alarm}"));
    let outcome = site.run(&[
        "/bin/bash",
        "-c",
        "sleep 1.5; grep SigBlk /proc/self/status; exit 8",
    ]);
    outcome.ends(8);
    assert!(
        outcome.out.contains("SigBlk:\t0000000000004000"),
        "{outcome:?}"
    );
}

#[test]
fn s53_s54_s55_of_the_environment_only_listed_and_harmless_variables_pass() {
    let mut site = site!()
        .set(
            "preserve_env_variables",
            "FOO, MALLOC_CHECK_,LD_PRELOAD ,HOME,GCONV_PATH,LCMAPS_DB_FILE,OPENSSL_CONF",
        )
        .var("FOO", "1")
        .var("BAR", "1")
        .var("LD_PRELOAD", "/evil.so")
        .var("MALLOC_CHECK_", "3")
        .var("GLEXEC_ENV", "x")
        .var("GCONV_PATH", "/evil")
        .var("LCMAPS_DB_FILE", "/tmp/evil")
        .var("HOME", "/evil")
        .var("OPENSSL_CONF", "/evil")
        .var("GLEXEC_EPILOG_X", "1")
        .var("GLIBC_TUNABLES", "glibc.malloc.check=3");
    let names = |site: &Site| {
        let outcome = site.run(&["/usr/bin/env"]);
        outcome.ends(0);
        let mut lines: Vec<String> = outcome.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let expected = |site: &Site| {
        let mut lines = vec![
            "FOO=1".to_owned(),
            "GLEXEC_ENV=x".to_owned(),
            format!("HOME={}", site.at("home/pool001")),
            "LOGNAME=pool001".to_owned(),
            "PATH=/usr/local/bin:/usr/bin:/bin".to_owned(),
            "USER=pool001".to_owned(),
            format!("GLEXEC_CLIENT_CERT={}", site.at("home/pilot/proxy")),
            "GLEXEC_TARGET_PROXY=/dev/null".to_owned(),
        ];
        lines.sort();
        lines
    };
    site = site.var("GLEXEC_TARGET_PROXY", "/dev/null");
    assert_eq!(names(&site), expected(&site));
    let root = site
        .before("chown 0 @/home/pilot/proxy")
        .called_by(0)
        .set("user_white_list", "root")
        .unset("LD_PRELOAD")
        .var("LD_LIBRARY_PATH", "/evil");
    assert_eq!(names(&root), expected(&root));
}

#[test]
fn s57_what_a_caller_says_stays_in_one_line_of_the_log() {
    let site = site!().var("GLEXEC_ID", "a\nglexec[1]: forged \"b");
    let outcome = site.run(&["/bin/echo", "c\nglexec[2]: forged"]);
    outcome.ends(0);
    assert!(
        outcome
            .log
            .contains("id: \"a\\x0aglexec[1]: forged \\\"b\""),
        "{}",
        outcome.log
    );
    assert!(
        outcome.log.contains("args: \"c\\x0aglexec[2]: forged\""),
        "{}",
        outcome.log
    );
    assert!(
        outcome
            .log
            .lines()
            .all(|line| !line.starts_with("glexec[1]") && !line.starts_with("glexec[2]")),
        "{}",
        outcome.log
    );
}

#[test]
fn failures_are_told_on_standard_error_unless_the_site_is_silent() {
    let mut site = site!().var("GLEXEC_CLIENT_CERT", "/nowhere");
    let outcome = site.run(&["/bin/true"]);
    assert!(
        outcome.error.starts_with("glexec: GLEXEC_CLIENT_CERT=") && outcome.out.is_empty(),
        "{outcome:?}"
    );
    site.change("silent_logging", "yes");
    let outcome = site.run(&["/bin/true"]);
    outcome.ends(201);
    assert_eq!(outcome.error, "");
    assert!(outcome.log.contains("(exit code 201)"), "{outcome:?}");
    site.change("log_file_group", "pool");
    site = site.after("stat -c '%a %u %g' @/log/glexec_log");
    assert_eq!(site.run(&["/bin/true"]).out, format!("640 0 {POOL}\n"));
}
