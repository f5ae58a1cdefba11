//! `mithaq node run`: this node, until it is stopped.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use desk::alert::hook::Hook;
use desk::desk::Manner;
use desk::web::links::write_private;
use desk::web::meet::Peer;
use desk::web::register::Part;
use desk::web::rounds::{Stop, rounds};
use desk::web::witness::Asked;
use desk::{Desk, Pack, alert};
use node::Node;
use node::rebuilt::Rebuilt;
use store::Private;
use terms::{ParticipantId, Seconds};
use tokio::net::TcpListener;

use super::config::{self, Config, Log, Webhook};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;
use crate::show::progress::{Progress, Unit};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq node run
  mithaq node run --listen 127.0.0.1:9000 --name islamabad.localhost
  mithaq node run --meet secretariat=http://desk.example:8420 --every 5min

It prints a link that opens the desk once. Whoever has it reads what this participant may read, and signs with the
officers' keys that lie here. What is written and not signed is kept beside the keys, in `private`. Not at a terminal, the
link goes into the file `link` beside the keys; `mithaq node link` makes another at any time. Ctrl-C, or a signal to end, stops it: what is being answered then is
answered.

How it runs stands in `node.toml` beside the keys (`mithaq node init` writes it); an option goes before what stands there.

With --meet it carries the register to other nodes and back, as a stick would: sealed to its receiver, and proved with
this node's key. One side of a pair is enough.

The register's files are under /register, as C2SP tlog-tiles names them: `curl http://HOST/register/checkpoint`.")]
pub(super) struct Args {
    /// The file that says how it runs, instead of `node.toml` beside the keys.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where it listens. Only this machine reaches a loopback address; for others put a server with TLS before it.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The name that browsers know it by, without the port; again for each. Without it: PARTICIPANT.localhost.
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    /// What anybody may read of the register's files who reaches it: `nothing`, `proofs` or `entries`. Participants' nodes
    /// read all of them in any case.
    #[arg(long, value_name = "WHAT", value_parser = public)]
    public: Option<Public>,
    /// Another participant's node, and where it is reached; again for each.
    #[arg(long, value_name = "PARTICIPANT=URL", value_parser = peer)]
    meet: Vec<Peer>,
    /// A witness of the policy that is asked over HTTP, and its submission prefix (C2SP tlog-witness); again for each. For
    /// the registrar's node: other nodes' witnesses cosign when they are met.
    #[arg(long, value_name = "NAME=URL", value_parser = witness)]
    witness: Vec<(String, String)>,
    /// How often they are met, as `30s` or `5min`.
    #[arg(long, value_name = "LENGTH", value_parser = config::often)]
    every: Option<Seconds>,
    /// Prints every key of `node.toml` with its meaning, default and unit, and runs nothing.
    #[arg(long)]
    explain: bool,
    /// Stops when its standard input ends: whoever started it is gone then. A line of it is answered with another link.
    #[arg(long, hide = true)]
    while_open: bool,
}

/// What is public.
#[derive(Clone, Copy, Debug)]
struct Public(Option<Part>);

fn public(text: &str) -> Result<Public, String> {
    config::public(text).map(Public)
}

fn peer(text: &str) -> Result<Peer, String> {
    let (who, address) = text.split_once('=').ok_or("write it as `PARTICIPANT=http://HOST:PORT`")?;
    config::peer(who, address)
}

fn witness(text: &str) -> Result<(String, String), String> {
    let (name, address) = text.split_once('=').ok_or("write it as `NAME=http://HOST:PORT/PATH`")?;
    Ok((name.to_owned(), config::http(address)?))
}

impl Args {
    /// How it runs: as the file says, but for the options that were given.
    fn over(&self, mut config: Config) -> Config {
        let Args { listen, name, public, meet, witness, every, .. } = self;
        config.listen = listen.unwrap_or(config.listen);
        config.public = public.map_or(config.public, |Public(part)| part);
        config.every = every.unwrap_or(config.every);
        if !name.is_empty() {
            config.names.clone_from(name);
        }
        if !meet.is_empty() {
            config.meet.clone_from(meet);
        }
        if !witness.is_empty() {
            config.witness.clone_from(witness);
        }
        config
    }
}

pub(super) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    if args.explain {
        print!("{}", config::explained());
        return Ok(Exit::Good);
    }
    let config = args.over(config::read(args.config.as_deref(), globals)?);
    serve(&config, args.while_open, globals)
}

/// Events go to the standard error, a line each; a program that is started again and again sets that up once.
fn log(how: Log) {
    let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_ansi(false);
    let lines = lines.with_max_level(tracing::Level::INFO);
    // Whoever was first keeps it.
    let _ = match how {
        Log::Text => lines.try_init(),
        Log::Json => lines.json().flatten_event(true).try_init(),
    };
}

fn machine(what: &str, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Machine, "mithaq::machine", format!("{what}: {error}"))
}

/// The base map that the file names, or the one in the program.
fn pack(file: Option<&Path>) -> Result<Pack, Failure> {
    let Some(path) = file else { return Ok(Pack::shipped()) };
    Pack::open(path).map_err(|why| {
        let message = format!("`{}` is no base map: {why}", path.display());
        Failure::usage("mithaq::map", message)
            .help("`map` in `node.toml` takes a PMTiles file of vector tiles; without it, coasts are drawn")
    })
}

/// How often a start that takes long says in the log how far it has come.
const SAID_EVERY: Duration = Duration::from_secs(5);

/// The node, with its docket made anew beside the one before and put in its place.
fn opened(globals: &Globals) -> Result<Node, Failure> {
    let mut progress = Progress::new("replaying the register", Unit::Entries);
    let mut said = Instant::now();
    let node = session::node_to_run(globals, &mut |done, of| {
        progress.tell(done, of);
        if said.elapsed() >= SAID_EVERY {
            said = Instant::now();
            tracing::info!(entries = done, of, "replays the register");
        }
    })?;
    drop(progress);
    match node.rebuilt() {
        Some(Rebuilt::Differs { was, is }) => {
            let (size, was, is) = (was.size, was.state.to_hex(), is.state.to_hex());
            tracing::error!(
                size,
                was,
                is,
                "the docket was another when this node ran last: a disk or a program is not what it was; what the \
                 register comes to counts, and the file before is kept as docket/differs.sqlite beside the keys"
            );
        }
        Some(Rebuilt::Ahead(was)) => {
            let (had, has) = (was.size, node.docket().size());
            tracing::error!(
                had,
                has,
                "when this node ran last it had read more than is cosigned here: was its data put back?"
            );
        }
        Some(Rebuilt::Agrees(_) | Rebuilt::First) | None => {}
    }
    if let Err(fault) = node.settle_docket() {
        tracing::warn!(%fault, "the docket's file can't be put in its place, and this node runs without it");
    }
    Ok(node)
}

/// How long a meeting that is under way may take when the node is stopped.
const LEAVE_WITHIN: Duration = Duration::from_secs(20);

fn serve(config: &Config, while_open: bool, globals: &Globals) -> Result<Exit, Failure> {
    let now = session::now(globals)?;
    let hook = config.webhook.as_ref().map(|webhook| hook(webhook, globals)).transpose()?;
    log(config.log);
    let node = opened(globals)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| machine("the server can't start", &error))?;
    runtime.block_on(async {
        let (socket, at) = bound(config.listen, "`--listen 127.0.0.1:PORT` takes another port").await?;
        let operator = match config.operator {
            Some(address) => Some(bound(address, "`operator` in `node.toml` takes another port").await?),
            None => None,
        };
        let (names, first) = (names(config, node.me()), address(config, node.me(), at.port()));
        let private = Private::open(&node.home().private()).map_err(|fault| {
            let message = format!("the private side can't be opened: {fault}");
            Failure::new(Exit::Machine, "mithaq::machine", message)
        })?;
        let desk = Desk::new(node, private, hosts(names, at), now);
        let manner = Manner {
            public: config.public,
            tls: config.tls,
            idle: config.idle,
            connections: config.connections,
            part_bytes: config.part_bytes,
            alerts: alert::Manner { step: config.ladder, grave: config.grave.clone(), hook },
            pack: Arc::new(pack(config.map.as_deref())?),
        };
        let desk = Arc::new(desk.with(manner));
        desk.serve_at(&first)
            .map_err(|error| machine("where it is reached can't be written down", &error))?;
        let way_in = desk.way_in().map_err(|error| Failure::new(Exit::Machine, "mithaq::machine", error))?;
        let operator_at = operator.as_ref().map(|(_, at)| *at);
        tell(globals, at, operator_at, &format!("{first}{way_in}"))?;
        tracing::info!(listens = %at, participant = %desk.settings().participant, "runs");
        let stop = Stop::default();
        let (done, ended) = std::sync::mpsc::channel();
        {
            let (desk, peers, every) =
                (Arc::clone(&desk), config.meet.clone(), Duration::from_secs(config.every.0));
            let asked = config.witness.iter().cloned().map(|(name, address)| Asked::new(name, address));
            let asked: Vec<Asked> = asked.collect();
            let stop = stop.clone();
            std::thread::spawn(move || {
                rounds(&desk, &peers, &asked, every, &stop);
                let _ = done.send(());
            });
        }
        // Both listen until it is stopped; then both end.
        let (say, hear) = tokio::sync::watch::channel(false);
        let told = |mut hear: tokio::sync::watch::Receiver<bool>| async move {
            // It is gone only when all of it ends.
            let _ = hear.wait_for(|is_over| *is_over).await;
        };
        let watched = async {
            match operator {
                Some((socket, _)) => {
                    desk::serve_operators(Arc::clone(&desk), socket, told(hear.clone())).await
                }
                None => Ok(()),
            }
        };
        let stops = async {
            if while_open {
                let (desk, first) = (Arc::clone(&desk), first.clone());
                input_ended(move || says(&desk, &first)).await;
            } else {
                stopped().await;
            }
            tracing::info!("stops");
            let _ = say.send(true);
        };
        let (served, watched, ()) =
            tokio::join!(desk::serve(Arc::clone(&desk), socket, told(hear.clone())), watched, stops);
        stop.set();
        // A part of a meeting that is under way may end; whoever does not answer is not waited for. What was taken in by
        // then is on the disk.
        let waited = tokio::task::spawn_blocking(move || ended.recv_timeout(LEAVE_WITHIN)).await;
        if !matches!(waited, Ok(Ok(()))) {
            tracing::warn!("a meeting that does not end is left");
        }
        if let Err(fault) = desk.keep_docket() {
            tracing::warn!(%fault, "what the docket has come to can't be written down");
        }
        served.and(watched).map_err(|error| machine("the server stopped", &error))
    })?;
    Ok(Exit::Good)
}

/// The webhook, with the files that stand beside the keys.
fn hook(webhook: &Webhook, globals: &Globals) -> Result<Hook, Failure> {
    let read = |path: &Path| {
        let path = globals.keys.join(path);
        std::fs::read(&path).map_err(|error| Failure::unreadable(&path, &error))
    };
    let secret_at = globals.keys.join(&webhook.secret);
    if is_open_to_others(&secret_at) {
        let message = format!("others than its owner can read `{}`", secret_at.display());
        return Err(Failure::usage("mithaq::webhook", message).help("chmod 600 takes that away"));
    }
    let (secret, roots) = (read(&webhook.secret)?, webhook.roots.as_deref().map(read).transpose()?);
    Hook::new(&webhook.url, &String::from_utf8_lossy(&secret), roots.as_deref()).map_err(|why| {
        Failure::usage("mithaq::webhook", format!("the webhook can't be used: {why}"))
            .help("`mithaq node run --explain` says what `webhook` takes")
    })
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|it| it.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

async fn bound(address: SocketAddr, help: &str) -> Result<(TcpListener, SocketAddr), Failure> {
    let socket = TcpListener::bind(address)
        .await
        .map_err(|error| machine(&format!("nothing can listen on {address}"), &error).help(help))?;
    let at = socket.local_addr().map_err(|error| machine("the socket has no address", &error))?;
    Ok((socket, at))
}

/// Says where it is, and the link that opens the desk: to a person at a terminal, or to the program that asked for JSON. A
/// service's output is kept by others, so that its link goes into a file beside the keys.
fn tell(globals: &Globals, at: SocketAddr, operator: Option<SocketAddr>, link: &str) -> Result<(), Failure> {
    if globals.json {
        println!("{}", serde_json::json!({"listens": at, "operator": operator, "opens": link}));
    } else if std::io::stdout().is_terminal() {
        println!("This link opens the desk once, within a day:\n\n  {link}\n\nCtrl-C stops it.");
    } else {
        let path = globals.keys.join(LINK);
        write_private(&path, format!("{link}\n").as_bytes())
            .map_err(|error| Failure::unwritable(&path, &error))?;
        println!("The link that opens the desk once, within a day, is in {}.", path.display());
    }
    // Whoever waits for the link reads it from a pipe, maybe.
    std::io::stdout().flush().map_err(|error| machine("the link can't be printed", &error))
}

/// The file, in the folder of keys, with the link of a node that was not started at a terminal.
const LINK: &str = "link";

/// The names that browsers know it by.
fn names(config: &Config, me: &ParticipantId) -> Vec<String> {
    if config.names.is_empty() { vec![format!("{me}.localhost")] } else { config.names.clone() }
}

/// Where browsers reach it, by its first name.
pub(super) fn address(config: &Config, me: &ParticipantId, port: u16) -> String {
    let scheme = if config.tls { "https" } else { "http" };
    format!("{scheme}://{}:{port}", names(config, me)[0])
}

/// The names it answers under. An address alone is one only on a loopback: there nobody else's name leads to it.
fn hosts(names: Vec<String>, at: SocketAddr) -> Vec<String> {
    let mut hosts = Vec::new();
    for name in names {
        hosts.push(format!("{name}:{}", at.port()));
        hosts.push(name);
    }
    if at.ip().is_loopback() {
        hosts.push(match at.ip() {
            IpAddr::V4(ip) => format!("{ip}:{}", at.port()),
            IpAddr::V6(ip) => format!("[{ip}]:{}", at.port()),
        });
    }
    hosts
}

/// When its standard input ends; each line of it asks for another answer. Ctrl-C, which all of a terminal's programs hear, is
/// left to whoever started it.
async fn input_ended(says: impl Fn() -> serde_json::Value + Send + 'static) {
    let (say, hear) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_err() {
                break;
            }
            println!("{}", says());
        }
        // Nobody hears it if the server has stopped by itself.
        let _ = say.send(());
    });
    let deaf = async { while tokio::signal::ctrl_c().await.is_ok() {} };
    tokio::select! {
        _ = hear => {}
        () = deaf => {}
    }
}

/// What a desk says to whoever started it: another link that opens it once, and how many steps are asked of it.
fn says(desk: &Desk, first: &str) -> serde_json::Value {
    match desk.way_in() {
        Ok(way_in) => serde_json::json!({"opens": format!("{first}{way_in}"), "asked": desk.asked()}),
        Err(why) => serde_json::json!({"error": why}),
    }
}

/// When somebody stops it.
pub(crate) async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = end.recv() => {}
            }
            return;
        }
    }
    // Without a way to hear of it, it runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
