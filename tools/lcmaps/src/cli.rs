//! Options of the command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use lcmaps_tools::moment::{self, Moment};
use lcmaps_tools::trust::{self, TrustOptions};

/// Works with the credential mapping of LCMAPS.
#[derive(Debug, Parser)]
#[command(name = "lcmaps", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Map a credential to an account, as a service would, and say how it was decided
    #[command(after_help = "\
Exit status: 0 mapped, 1 refused, 2 misconfigured (also: a file cannot be read, a wrong option).

This is a real mapping: a pool account that it yields stays leased to the user.")]
    Map(MapOptions),
    /// Show what a proxy file holds, and whether a service would let its sender in
    #[command(after_help = "\
Exit status: 0 good, 1 refused, 2 not usable (also: a wrong option).

Private keys are looked at and never shown.")]
    Proxy(ProxyOptions),
    /// Look for everything that keeps a configuration from working; changes nothing
    #[command(after_help = "\
Exit status: 0 clean, 1 errors found (with --strict also warnings), 2 not usable (no policy file, a wrong option).")]
    Check(CheckOptions),
    /// Show who holds which account of the pools, and take leases away, beside running services
    #[command(after_help = "\
Exit status: 0 done, 1 nothing found, a lease was kept or the directory has errors, 2 not usable.

Nothing is removed without --yes.")]
    Lease(LeaseOptions),
    /// Edit the ban list in one step, and show whom it hits
    #[command(after_help = "\
Exit status: 0 done, 1 not listed or still banned (rm), somebody is hit (check), 2 not usable.

A change counts from the next mapping on, also in services that run.")]
    Ban(BanOptions),
    /// Write a policy file in its one form; comments and meaning stay
    #[command(after_help = "\
Exit status: 0 done, or in its form already; 1 not in its form (with --check), 2 not usable.")]
    Fmt(FmtOptions),
    /// Draw a policy file: its policies, states, and what follows success and failure
    #[command(after_help = "\
Exit status: 0 drawn, 2 not usable.")]
    Graph(GraphOptions),
    /// Print what makes a shell complete the words of this command
    Completions {
        /// Which shell
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
}

/// Options of `lcmaps map`.
#[derive(Debug, Args)]
pub struct MapOptions {
    /// Policy file; without it the one that services use ($LCMAPS_DB_FILE, else lcmaps.db in the configuration directory)
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,

    #[command(flatten)]
    pub who: Who,

    /// VOMS attribute that goes with --dn, the primary one first; can be repeated
    #[arg(long, value_name = "FQAN", conflicts_with = "proxy")]
    pub fqan: Vec<String>,

    /// Ask for the Nth account of the user
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i32::MAX as i64))]
    pub map_counter: Option<u32>,

    /// Use only this policy of the file; can be repeated
    #[arg(long, value_name = "NAME")]
    pub policy: Vec<String>,

    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// LCMAPS library to use instead of the installed one
    #[arg(long, value_name = "PATH")]
    pub library: Option<PathBuf>,

    /// Directory to search for modules first (a `path` in the policy file comes before it)
    #[arg(long, value_name = "DIR")]
    pub modules_dir: Option<PathBuf>,

    /// Write the log of LCMAPS to stderr; twice: with debug lines
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// Append the log of LCMAPS to a file
    #[arg(long, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}

/// Options of `lcmaps check`.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Policy file; without it the one that services use ($LCMAPS_DB_FILE, else lcmaps.db in the configuration directory)
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,

    /// Directory to search for modules first (a `path` in the policy file comes before it)
    #[arg(long, value_name = "DIR")]
    pub modules_dir: Option<PathBuf>,

    /// Count warnings as well
    #[arg(long)]
    pub strict: bool,

    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `lcmaps lease`.
#[derive(Debug, Args)]
pub struct LeaseOptions {
    #[command(flatten)]
    pub place: LeasePlace,

    /// What to do.
    #[command(subcommand)]
    pub command: LeaseCommand,
}

/// Where the leases are.
#[derive(Debug, Args)]
pub struct LeasePlace {
    /// Directory of account leases ($GRIDMAPDIR, else /etc/grid-security/gridmapdir)
    #[arg(long, value_name = "DIR", global = true)]
    pub gridmapdir: Option<PathBuf>,

    /// Directory of group leases, instead of one of account leases
    #[arg(long, value_name = "DIR", global = true, conflicts_with = "gridmapdir")]
    pub groupmapdir: Option<PathBuf>,

    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    pub format: Format,
}

/// The subcommands of `lcmaps lease`.
#[derive(Debug, Subcommand)]
pub enum LeaseCommand {
    /// List all leases with their last use
    Ls {
        /// Only accounts that begin with this
        #[arg(long, value_name = "NAME")]
        pool: Option<String>,
    },
    /// Show the accounts of a user
    Show {
        /// DN or FQAN
        #[arg(value_name = "DN")]
        who: String,
    },
    /// Show who holds an account
    Who {
        /// Account
        #[arg(value_name = "ACCOUNT")]
        account: String,
    },
    /// Take one lease away
    Release {
        /// Account, DN or FQAN
        #[arg(value_name = "ACCOUNT|DN")]
        which: String,

        /// Even if processes run under the account
        #[arg(long)]
        force: bool,

        /// Do it instead of saying what would be done
        #[arg(long)]
        yes: bool,
    },
    /// Take all leases away that nobody has used for some time and under which no process runs
    Expire {
        /// How long, like 90d, 12h, 30m or 45s
        #[arg(long, value_name = "TIME", value_parser = crate::lease::age)]
        unused_for: Duration,

        /// Do it instead of saying what would be done
        #[arg(long)]
        yes: bool,
    },
    /// Find orphans and inconsistencies
    Verify,
}

/// Options of `lcmaps ban`.
#[derive(Debug, Args)]
pub struct BanOptions {
    /// Ban list; without it the one that the policy file names for lcmaps_ban_dn.mod
    #[arg(long, value_name = "FILE", global = true)]
    pub file: Option<PathBuf>,

    /// Policy file; without it the one that services use
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "file")]
    pub db: Option<PathBuf>,

    /// Use the ban list of lcmaps_ban_fqan.mod
    #[arg(long, global = true, conflicts_with = "file")]
    pub fqan: bool,

    /// Form of the answers of ls and check
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    pub format: Format,

    /// What to do.
    #[command(subcommand)]
    pub command: BanCommand,
}

/// The subcommands of `lcmaps ban`.
#[derive(Debug, Subcommand)]
pub enum BanCommand {
    /// Ban somebody
    Add {
        /// DN or FQAN
        #[arg(value_name = "NAME")]
        name: String,

        /// The name is a pattern with *, ? or [...]
        #[arg(long)]
        pattern: bool,

        /// Why, for the line in the file
        #[arg(long, value_name = "TEXT")]
        comment: Option<String>,
    },
    /// Take a ban away
    Rm {
        /// Name as it stands in the list
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// List the bans
    Ls,
    /// Show who of some people is hit
    Check(BanCheck),
}

/// Whom to hold against the ban list.
#[derive(Debug, Args)]
pub struct BanCheck {
    /// DNs or FQANs
    #[arg(value_name = "NAME", required_unless_present_any = ["gridmapfile", "gridmapdir"])]
    pub names: Vec<String>,

    /// Everybody in a grid-mapfile; can be repeated
    #[arg(long, value_name = "FILE")]
    pub gridmapfile: Vec<PathBuf>,

    /// Everybody with a lease; can be repeated
    #[arg(long, value_name = "DIR")]
    pub gridmapdir: Vec<PathBuf>,

    /// Act as if this name or pattern were on the list as well
    #[arg(long, value_name = "PATTERN")]
    pub with: Option<String>,
}

/// Options of `lcmaps fmt`.
#[derive(Debug, Args)]
pub struct FmtOptions {
    /// Policy file; without it the one that services use
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,

    /// Change the file instead of printing what it would be
    #[arg(long, conflicts_with = "check")]
    pub write: bool,

    /// Print nothing, only tell by the exit status whether the file is in its form
    #[arg(long)]
    pub check: bool,
}

/// Options of `lcmaps graph`.
#[derive(Debug, Args)]
pub struct GraphOptions {
    /// Policy file; without it the one that services use
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,

    /// Form of the drawing
    #[arg(long, value_enum, default_value_t = Drawing::Svg, value_name = "FORM")]
    pub to: Drawing,
}

/// Form of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Drawing {
    /// A picture for browsers
    Svg,
    /// Text for Graphviz
    Dot,
}

/// Options of `lcmaps proxy`.
#[derive(Debug, Args)]
pub struct ProxyOptions {
    /// Proxy or certificate file (PEM)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Look at it for this time instead of for now: "2026-05-17 13:45:00" (UTC) or @SECONDS
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    pub at: Option<Moment>,

    #[command(flatten)]
    pub trust: TrustOptions,

    /// Directory that says who speaks for which VO ($LCMAPS_X509_VOMS_DIR, else $X509_VOMS_DIR, else
    /// /etc/grid-security/vomsdir)
    #[arg(long, value_name = "DIR")]
    pub vomsdir: Option<PathBuf>,

    /// Refuse when there are no VOMS attributes, or when one attribute certificate does not hold
    #[arg(long)]
    pub require_voms: bool,

    /// Longest lifetime of VOMS attributes
    #[arg(long, value_name = "TIME", value_parser = trust::time_limit)]
    pub max_voms_ttl: Option<Duration>,

    /// Accept a file without the private key
    #[arg(long)]
    pub allow_missing_key: bool,

    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl ProxyOptions {
    /// The directory that says who speaks for which VO.
    pub fn vomsdir(&self) -> PathBuf {
        trust::directory(
            self.vomsdir.as_ref(),
            &["LCMAPS_X509_VOMS_DIR", "X509_VOMS_DIR"],
            "/etc/grid-security/vomsdir",
        )
    }
}

/// Who is to be mapped: exactly one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Who {
    /// Proxy or certificate file (PEM)
    #[arg(long, value_name = "FILE")]
    pub proxy: Option<PathBuf>,

    /// Distinguished name, like /C=NL/O=Example/CN=Jane
    #[arg(long, value_name = "DN")]
    pub dn: Option<String>,
}

/// Form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_options_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn exactly_one_credential_is_needed() {
        let parses = |words: &str| Cli::try_parse_from(words.split(' ')).is_ok();
        assert!(parses("lcmaps map --proxy p"));
        assert!(parses(
            "lcmaps map --dn /CN=a --fqan /vo --fqan /vo/x --map-counter 2"
        ));
        assert!(!parses("lcmaps map"));
        assert!(!parses("lcmaps map --dn /CN=a --proxy p"));
        assert!(!parses("lcmaps map --proxy p --fqan /vo"));
        assert!(!parses("lcmaps map --dn /CN=a --map-counter 0"));
        assert!(!parses("lcmaps map --dn /CN=a --map-counter 2147483648"));
    }

    #[test]
    fn every_option_is_in_the_man_page_and_the_man_page_has_no_other() {
        let page = include_str!("../../../man/lcmaps.1.md");
        let mut command = Cli::command();
        command.build();
        let nested = |command: &clap::Command| -> Vec<clap::Command> {
            let inner = command.get_subcommands().cloned();
            std::iter::once(command.clone()).chain(inner).collect()
        };
        let commands: Vec<clap::Command> = command.get_subcommands().flat_map(nested).collect();
        let options: Vec<String> = commands
            .iter()
            .flat_map(clap::Command::get_arguments)
            .flat_map(|argument| argument.get_long_and_visible_aliases().unwrap_or_default())
            .map(|long| format!("--{long}"))
            .collect();
        assert!(options.len() > 8, "{options:?}");
        for option in options.iter().filter(|option| *option != "--help") {
            let entry = format!("**{option}**");
            assert!(
                page.contains(&entry),
                "the man page lacks an entry for {option}"
            );
        }
        let documented = page.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
        for word in documented.filter(|word| word.starts_with("--") && word.len() > 2) {
            let known = options.iter().any(|option| option == word) || word == "--version";
            assert!(known, "the man page has {word}, the command has not");
        }
    }
}
