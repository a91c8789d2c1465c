//! One call from its beginning to its end.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write as _};
use std::iter;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lc_os::{account_by_name, account_by_uid, group_by_gid};
use lcmaps_client::PemText;
use nix::unistd::{Gid, getresuid};

use crate::command::{self, Found};
use crate::command_line::{self, Call, Mode, Request, USAGE};
use crate::configuration_file::{self, FILE};
use crate::environment::{self, Owner};
use crate::failure::Failure;
use crate::lcas;
use crate::linger;
use crate::log::{Level, Log, quoted, tell_caller};
use crate::log_opening::open_log;
use crate::mapping::Question;
use crate::payload::Payload;
use crate::proxy;
use crate::root::{Ids, Root, is_switched_to};
use crate::settings::{Settings, SwitchBy};
use crate::start::{Started, start};
use crate::target::Target;

/// Runs gLExec for the process that it is called in.
#[must_use]
pub fn main() -> ExitCode {
    let started = match start() {
        Ok(started) => started,
        Err(failure) => {
            tell_caller(&failure);
            return failure.code().into();
        }
    };
    let mut log = Log::syslog(libc::LOG_DAEMON);
    let ended = serve(&started, &mut log).unwrap_or_else(|failure| {
        log.fail(&failure);
        failure.code()
    });
    ended.into()
}

/// Everything that a call has found out so far.
struct Work<'a> {
    started: &'a Started,
    settings: &'a Settings,
    log: &'a Log,
}

/// Who the process is when LCMAPS is done.
enum Powers<'a> {
    /// Root in reserve.
    Root(&'a Root),
    /// The target already: a module switched.
    Switched,
    /// The caller: nothing is switched.
    Caller,
}

fn serve(started: &Started, log: &mut Log) -> Result<u8, Failure> {
    let mode = Mode::of(variable(started, "GLEXEC_MODE"))?;
    let request = match command_line::read(env::args_os().skip(1).collect(), mode)? {
        Call::Help => return say(USAGE),
        Call::Version => return say(&format!("glexec {}\n", env!("CARGO_PKG_VERSION"))),
        Call::Defaults if started.caller.uid.is_root() => {
            return say(&format!(
                "GLEXEC_CONFIG_FILE=\"{FILE}\"\nGLEXEC_PATH=\"{}\"\n",
                crate::start::PATH
            ));
        }
        Call::Defaults => return Err(Failure::client("-V is for root")),
        Call::Run(request) => request,
    };
    let settings = configuration_file::read(started.root.as_ref())?;
    *log = open_log(&settings, started.root.as_ref())?;
    let work = Work {
        started,
        settings: &settings,
        log,
    };
    work.run(&request)
}

fn variable<'a>(started: &'a Started, name: &str) -> Option<&'a OsString> {
    let mut variables = started.inherited.environment.iter();
    variables
        .find(|(have, _)| have == name)
        .map(|(_, value)| value)
}

fn say(text: &str) -> Result<u8, Failure> {
    let said = io::stdout().write_all(text.as_bytes());
    said.map(|()| 0)
        .map_err(|e| Failure::internal(format_args!("standard output: {e}")))
}

impl Work<'_> {
    fn run(&self, request: &Request) -> Result<u8, Failure> {
        let without_key = self.admit()?;
        let (client, source) = self.proxies()?;
        let found = command::find(&request.command, self.settings.prohibit_symlink)?;
        self.authorise(request, &found, &client)?;
        let account = self.ask(request, &client, without_key)?;
        let target = Target::check(&account, self.settings)?;
        drop(client);
        let powers = self.powers(&target)?;
        self.finish(request, &found, &target, &powers, source)
    }

    /// Whether the caller may call, and whether its proxies may lack their keys.
    fn admit(&self) -> Result<bool, Failure> {
        let caller = &self.started.caller;
        let settings = self.settings;
        if settings.users.is_for_everybody() {
            self.log
                .write(Level::Warning, "user_white_list is for everybody");
        }
        let stranger = || {
            Failure::refused(format_args!(
                "uid {} has no account, so no white list has it",
                caller.uid
            ))
        };
        let account = account_by_uid(caller.uid.as_raw())
            .map_err(Failure::internal)?
            .ok_or_else(stranger)?;
        let name = account.name.to_string_lossy();
        let mut listed = settings.users.has(&name);
        for gid in iter::once(&caller.gid).chain(&caller.groups) {
            if listed {
                break;
            }
            let group = group_by_gid(gid.as_raw()).map_err(Failure::internal)?;
            listed = group.is_some_and(|group| settings.groups.has(&group.name.to_string_lossy()));
        }
        if !listed {
            return Err(Failure::refused(format_args!(
                "user {name} is neither in user_white_list nor through a group in group_white_list"
            )));
        }
        let id = variable(self.started, "GLEXEC_ID").map(|id| quoted(id.as_bytes()));
        self.log.write(
            Level::Info,
            format_args!(
                "called by {name}({}), id: {}",
                caller.uid,
                id.as_deref().unwrap_or("none")
            ),
        );
        Ok(settings.without_key.has(&name))
    }

    /// The proxy that is authorised and the one that is delivered. Of one file they are one text.
    fn proxies(&self) -> Result<(PemText, Option<PemText>), Failure> {
        const CLIENT: &str = "GLEXEC_CLIENT_CERT";
        const SOURCE: &str = "GLEXEC_SOURCE_PROXY";
        let owner = self.started.caller.uid.as_raw();
        let how = self.settings.input_lock;
        let path = variable(self.started, CLIENT);
        let path = path.ok_or_else(|| {
            Failure::client(format_args!("{CLIENT} is not set; it names the proxy"))
        })?;
        let client = proxy::read(CLIENT, path, owner, how)?;
        let source = match variable(self.started, SOURCE) {
            Some(other) if other != path => Some(proxy::read(SOURCE, other, owner, how)?),
            _ => None,
        };
        if source.is_some() {
            self.log.write(
                Level::Notice,
                format_args!("{SOURCE} is another file than {CLIENT}"),
            );
        }
        let source = match source {
            Some(source) => source,
            None => PemText::from_bytes(client.as_bytes().to_vec()).map_err(Failure::client)?,
        };
        Ok((client, Some(source)))
    }

    /// LCAS, if the site has it asked, says no by an error.
    fn authorise(&self, request: &Request, found: &Found, client: &PemText) -> Result<(), Failure> {
        if !self.settings.use_lcas {
            return Ok(());
        }
        let owner = self.owner()?;
        let request = lcas::request(&request.command, &found.path)?;
        let ask = || lcas::ask(self.settings, client, &request, owner);
        match &self.started.root {
            Some(root) => root.as_root(ask)?,
            None => ask(),
        }
    }

    /// The uid to which configuration may belong beside root.
    fn owner(&self) -> Result<u32, Failure> {
        let reader = account_by_name(c"glexec").map_err(Failure::internal)?;
        Ok(reader.map_or(0, |account| account.uid.as_raw()))
    }

    fn ask(
        &self,
        request: &Request,
        client: &PemText,
        without_key: bool,
    ) -> Result<lcmaps_client::Account, Failure> {
        let question = Question {
            proxy: client,
            pilot_proxy: variable(self.started, "X509_USER_PROXY").map(OsString::as_os_str),
            without_key,
            account: request.account,
            owner: self.owner()?,
        };
        match &self.started.root {
            Some(root) => root.as_root(|| question.ask(self.settings))?,
            None => question.ask(self.settings),
        }
    }

    /// Who the process is by now. A policy that should have switched and did not must not run the payload, and one that did must have
    /// switched to the account that it told.
    fn powers(&self, target: &Target) -> Result<Powers<'_>, Failure> {
        let Some(root) = &self.started.root else {
            return Ok(Powers::Caller);
        };
        let ids = getresuid().map_err(Failure::internal)?;
        let is_caller =
            ids.real == self.started.caller.uid && ids.effective == ids.real && ids.saved.is_root();
        match (is_caller, self.settings.switch_by) {
            (true, SwitchBy::Glexec) => Ok(Powers::Root(root)),
            (true, SwitchBy::Lcmaps) => Err(Failure::internal(
                "user_identity_switch_by is lcmaps, and no module of the policy (lcmaps_posix_enf) switched",
            )),
            (false, _) => is_switched_to(&target.ids).map(|()| Powers::Switched),
        }
    }

    fn finish(
        &self,
        request: &Request,
        found: &Found,
        mapped: &Target,
        powers: &Powers<'_>,
        source: Option<PemText>,
    ) -> Result<u8, Failure> {
        let own;
        let target = match powers {
            Powers::Root(_) | Powers::Switched => mapped,
            Powers::Caller => {
                own = self.own()?;
                &own
            }
        };
        let as_target = |work: &dyn Fn() -> Result<Prepared, Failure>| match powers {
            Powers::Root(root) => root.as_user(&target.ids, work)?,
            Powers::Switched | Powers::Caller => work(),
        };
        let is_switched = !matches!(powers, Powers::Caller);
        let prepared = as_target(&|| self.prepare(found, target, is_switched, source.as_ref()))?;
        drop(source);
        let owner = Owner {
            name: target.name(),
            home: target.home(),
            proxy: prepared.proxy.as_deref(),
        };
        let inherited = &self.started.inherited;
        let variables =
            environment::of_payload(&inherited.environment, &self.settings.preserved, &owner);
        let words = iter::once(&request.command)
            .chain(&request.arguments)
            .map(OsString::as_os_str);
        let mut payload = Payload::new(
            &found.path,
            prepared.command.file,
            words,
            &variables,
            inherited,
        )?;
        self.tell(request, found, mapped);
        let mut reserve = None;
        if let Powers::Root(root) = powers {
            payload.switch_to = Some(&target.ids);
            reserve = Some(*root);
        }
        if !self.settings.linger {
            return Err(payload.become_it(None).failure());
        }
        // With a terminal the payload stays in the group that may use it.
        payload.own_group = File::open("/dev/tty").is_err();
        let mut wait = || linger::run(&mut payload, self.log, self.settings.termination_grace);
        match reserve {
            Some(root) => root.as_user(&target.ids, wait)?,
            None => wait(),
        }
    }

    /// The account of the caller, for a payload that runs as it.
    fn own(&self) -> Result<Target, Failure> {
        let caller = &self.started.caller;
        let entry = account_by_uid(caller.uid.as_raw()).map_err(Failure::internal)?;
        let entry = entry.ok_or_else(|| Failure::internal("the account of the caller is gone"))?;
        Ok(Target::of(entry, Ids::clone(caller)))
    }

    /// What is done with the rights of the account that the payload gets.
    fn prepare(
        &self,
        found: &Found,
        target: &Target,
        is_switched: bool,
        source: Option<&PemText>,
    ) -> Result<Prepared, Failure> {
        let command = found.open()?;
        let named = |name| variable(self.started, name);
        let mut proxy = None;
        if !is_switched {
            proxy = named("GLEXEC_SOURCE_PROXY")
                .or(named("GLEXEC_CLIENT_CERT"))
                .map(PathBuf::from);
        } else if let Some(source) = source.filter(|_| self.settings.create_target_proxy) {
            let to = proxy::Destination::of(named("GLEXEC_TARGET_PROXY").map(OsString::as_os_str));
            let uid = target.ids.uid.as_raw();
            proxy = proxy::write(&to, source.as_bytes(), uid, self.settings.target_lock)?;
        }
        if is_switched {
            self.change_directory(target.home());
        }
        Ok(Prepared { command, proxy })
    }

    /// To the home of the target; else stay if the target may be here.
    fn change_directory(&self, home: &Path) {
        let Err(problem) = env::set_current_dir(home) else {
            return;
        };
        self.log.write(
            Level::Info,
            format_args!("home {}: {problem}", quoted(home.as_os_str().as_bytes())),
        );
        if env::set_current_dir(".").is_err() && env::set_current_dir("/").is_err() {
            self.log
                .write(Level::Warning, "the payload cannot search its directory");
        }
    }

    /// The line that says who runs what as whom.
    fn tell(&self, request: &Request, found: &Found, mapped: &Target) {
        let group = |gid: Gid| match group_by_gid(gid.as_raw()) {
            Ok(Some(group)) => group.name.to_string_lossy().into_owned(),
            // Only a name for a line of the log.
            Ok(None) | Err(_) => "?".to_owned(),
        };
        let caller = &self.started.caller;
        let name = match account_by_uid(caller.uid.as_raw()) {
            Ok(Some(account)) => account.name.to_string_lossy().into_owned(),
            Ok(None) | Err(_) => "?".to_owned(),
        };
        let here = env::current_dir().unwrap_or_default();
        let mut line = format!(
            "{name}({}),{}({})->{}({}),{}({}) cwd: {} cmd: {} (={})",
            caller.uid,
            group(caller.gid),
            caller.gid,
            mapped.name().display(),
            mapped.ids.uid,
            group(mapped.ids.gid),
            mapped.ids.gid,
            quoted(here.as_os_str().as_bytes()),
            quoted(request.command.as_bytes()),
            quoted(found.path.as_os_str().as_bytes()),
        );
        if !request.arguments.is_empty() {
            let arguments: Vec<&OsStr> =
                request.arguments.iter().map(OsString::as_os_str).collect();
            line += &format!(
                " args: {}",
                quoted(arguments.join(OsStr::new(" ")).as_bytes())
            );
        }
        self.log.write(Level::Notice, line);
    }
}

/// What was prepared with the rights of the target.
struct Prepared {
    command: command::Opened,
    proxy: Option<PathBuf>,
}
