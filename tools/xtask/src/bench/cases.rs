//! What is measured. In arguments `{D}` is the data directory of the library that is measured.

/// One row of the table.
pub struct Case {
    /// What it is, in the words of the table.
    pub name: &'static str,
    /// How the driver measures it.
    pub mode: Mode,
    /// Mappings (or processes) in one round.
    pub count: usize,
    /// The policy file below the data directory.
    pub policy: &'static str,
    /// The accounts that exist.
    pub accounts: &'static str,
    /// Further arguments of the driver.
    pub arguments: &'static [&'static str],
}

/// What one measurement is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One mapping of a process that has made others before.
    Mapping,
    /// A process: exec, initialisation, one mapping, termination.
    Process,
    /// Initialisation and termination.
    Start,
    /// An authorization by LCAS, in a process that has made others before.
    Authorization,
    /// A process that asks LCAS once.
    AuthorizationProcess,
    /// Eight processes that lease accounts to a thousand new users; for each lease.
    Contention,
}

impl Mode {
    /// The driver's name for it.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Mapping => "long",
            Self::Process => "oneshot",
            Self::Start => "init",
            Self::Authorization => "lcas",
            Self::AuthorizationProcess => "lcas1",
            Self::Contention => "procs",
        }
    }
}

const FIRST_USER: &str = "/DC=org/DC=example/O=Grid/OU=Users/CN=User 0000001";
const ANY_USER: &str = "/DC=org/DC=example/O=Grid/OU=Users/CN=User %07ld";
const NEW_USER: &str = "/DC=org/DC=example/CN=New User";
const ABSENT: &[&str] = &["--dn", "/DC=org/DC=example/O=No/CN=x", "--expect-fail"];
const FQANS: &[&str] = &["--dn", FIRST_USER, "--fqans", "{D}/W5/fqans"];
const RETURNING: &[&str] = &[
    "--dnpat",
    ANY_USER,
    "--dnlo",
    "1251",
    "--dnhi",
    "50000",
    "--dnstep",
    "1250",
    "--checkuid",
    "100000",
];
const NEW_LEASE: &[&str] = &["--dn", NEW_USER, "--unlease", "{D}/W4/gmd_50000"];
const PROXY: &[&str] = &["--pem", "{D}/W6/chain_rsa_1.pem"];

const fn case(
    name: &'static str,
    mode: Mode,
    count: usize,
    policy: &'static str,
    accounts: &'static str,
    arguments: &'static [&'static str],
) -> Case {
    Case {
        name,
        mode,
        count,
        policy,
        accounts,
        arguments,
    }
}

/// The rows, in order.
pub const CASES: &[Case] = &[
    case(
        "localaccount, 100 lines",
        Mode::Process,
        20,
        "W2/local_100.db",
        "passwd_local",
        &["--dn", FIRST_USER],
    ),
    case(
        "localaccount, 100 lines",
        Mode::Mapping,
        1000,
        "W2/local_100.db",
        "passwd_local",
        &["--dn", FIRST_USER],
    ),
    case(
        "10 000 policies",
        Mode::Start,
        3,
        "W1/policies_10000.db",
        "passwd_local",
        &[],
    ),
    case(
        "24 two-way branches",
        Mode::Start,
        5,
        "W1/branch_24.db",
        "passwd_local",
        &[],
    ),
    case(
        "28 two-way branches",
        Mode::Start,
        3,
        "W1/branch_28.db",
        "passwd_local",
        &[],
    ),
    case(
        "localaccount, 1 M lines, absent",
        Mode::Process,
        3,
        "W2/local_1000000.db",
        "passwd_local",
        ABSENT,
    ),
    case(
        "localaccount, 1 M lines, absent",
        Mode::Mapping,
        7,
        "W2/local_1000000.db",
        "passwd_local",
        ABSENT,
    ),
    case(
        "ban_dn, 1 M lines, not banned",
        Mode::Process,
        3,
        "W3/ban_1000000.db",
        "passwd_local",
        &["--dn", FIRST_USER],
    ),
    case(
        "ban_dn, 1 M lines, not banned",
        Mode::Mapping,
        7,
        "W3/ban_1000000.db",
        "passwd_local",
        &["--dn", FIRST_USER],
    ),
    case(
        "20 FQANs, 20 000 lines",
        Mode::Process,
        5,
        "W5/voms_last_20000.db",
        "passwd_100",
        FQANS,
    ),
    case(
        "20 FQANs, 20 000 lines",
        Mode::Mapping,
        15,
        "W5/voms_last_20000.db",
        "passwd_100",
        FQANS,
    ),
    case(
        "returning pool user, 50 000 accounts",
        Mode::Process,
        5,
        "W4/pool_50000.db",
        "passwd_pool_50000_small",
        RETURNING,
    ),
    case(
        "returning pool user, 50 000 accounts",
        Mode::Mapping,
        40,
        "W4/pool_50000.db",
        "passwd_pool_50000_small",
        RETURNING,
    ),
    case(
        "new lease, 50 000 accounts, one free",
        Mode::Process,
        5,
        "W4/pool_50000.db",
        "passwd_pool_50000_small",
        NEW_LEASE,
    ),
    case(
        "new lease, 50 000 accounts, one free",
        Mode::Mapping,
        10,
        "W4/pool_50000.db",
        "passwd_pool_50000_small",
        NEW_LEASE,
    ),
    case(
        "1000 new users, 1000 accounts",
        Mode::Contention,
        1000,
        "W7/pool.db",
        "passwd_1000",
        &[
            "--dnpat", ANY_USER, "--dnlo", "1", "--dnhi", "1000", "--k", "8",
        ],
    ),
    case(
        "verify_proxy, RSA-2048, one proxy",
        Mode::Process,
        20,
        "W6db/verify_certs.db",
        "passwd_local",
        PROXY,
    ),
    case(
        "verify_proxy, RSA-2048, one proxy",
        Mode::Mapping,
        100,
        "W6db/verify_certs.db",
        "passwd_local",
        PROXY,
    ),
    case(
        "verify_proxy, EC P-256, one proxy",
        Mode::Mapping,
        100,
        "W6db/verify_certs.db",
        "passwd_local",
        &["--pem", "{D}/W6/chain_ec_1.pem"],
    ),
    case(
        "verify_proxy, CRL of 100 000 entries",
        Mode::Process,
        3,
        "W6db/verify_certs_100000.db",
        "passwd_local",
        PROXY,
    ),
    case(
        "verify_proxy, CRL of 100 000 entries",
        Mode::Mapping,
        10,
        "W6db/verify_certs_100000.db",
        "passwd_local",
        PROXY,
    ),
    case(
        "VOMS attribute certificate, 20 FQANs",
        Mode::Process,
        10,
        "W6db/vomsfull.db",
        "passwd_100",
        &["--pem", "{D}/W6/vproxy.pem"],
    ),
    case(
        "VOMS attribute certificate, 20 FQANs",
        Mode::Mapping,
        50,
        "W6db/vomsfull.db",
        "passwd_100",
        &["--pem", "{D}/W6/vproxy.pem"],
    ),
    case(
        "LCAS, one module, a proxy",
        Mode::Authorization,
        100,
        "W9/lcas_1.db",
        "passwd_local",
        PROXY,
    ),
    case(
        "LCAS, one module, a proxy",
        Mode::AuthorizationProcess,
        20,
        "W9/lcas_1.db",
        "passwd_local",
        PROXY,
    ),
];
