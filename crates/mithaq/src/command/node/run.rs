//! `mithaq node run`: this node, until it is stopped.

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use desk::Desk;
use desk::desk::Manner;
use desk::web::meet::{Peer, rounds};
use desk::web::register::Part;
use desk::web::witness::Asked;
use store::Private;
use terms::Seconds;
use tokio::net::TcpListener;

use super::config::{self, Config};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq node run
  mithaq node run --listen 127.0.0.1:9000 --name islamabad.localhost
  mithaq node run --meet secretariat=http://desk.example:8420 --every 5min

It prints a link that opens the desk once. Whoever has it reads what this participant may read, and signs with the
officers' keys that lie here. What is written and not signed is kept beside the keys, in `private`. Ctrl-C stops it:
what is being answered then is answered.

How it runs stands in `node.toml` beside the keys (`mithaq node init` writes it); an option goes before what stands there.

With --meet it carries the register to other nodes and back, as a stick would: sealed to its receiver, and proved with
this node's key. One side of a pair is enough. Files above 64 MiB still go by stick.

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
    /// Stops when its standard input ends: whoever started it is gone then.
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

fn serve(config: &Config, while_open: bool, globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let now = session::now(globals)?;
    let machine = |what: &str, error: std::io::Error| {
        Failure::new(Exit::Machine, "mithaq::machine", format!("{what}: {error}"))
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| machine("the server can't start", error))?;
    runtime.block_on(async {
        let socket = TcpListener::bind(config.listen).await.map_err(|error| {
            machine(&format!("nothing can listen on {}", config.listen), error)
                .help("`--listen 127.0.0.1:PORT` takes another port")
        })?;
        let at = socket.local_addr().map_err(|error| machine("the socket has no address", error))?;
        let mut names = config.names.clone();
        if names.is_empty() {
            names.push(format!("{}.localhost", node.me()));
        }
        let first = format!("{}:{}", names[0], at.port());
        let private = Private::open(&node.home().private()).map_err(|fault| {
            let message = format!("the private side can't be opened: {fault}");
            Failure::new(Exit::Machine, "mithaq::machine", message)
        })?;
        let desk = Desk::new(node, private, hosts(names, at), now);
        let desk = Arc::new(desk.with(Manner { public: config.public }));
        let way_in = desk.way_in().map_err(|error| Failure::new(Exit::Machine, "mithaq::machine", error))?;
        if globals.json {
            println!("{}", serde_json::json!({"listens": at, "opens": format!("http://{first}{way_in}")}));
        } else {
            println!(
                "This link opens the desk once, within a day:\n\n  http://{first}{way_in}\n\nCtrl-C stops it."
            );
        }
        // Whoever waits for the link reads it from a pipe, maybe.
        std::io::stdout().flush().map_err(|error| machine("the link can't be printed", error))?;
        let (stop, wait) = channel();
        let rounds = {
            let (desk, peers, every) =
                (Arc::clone(&desk), config.meet.clone(), Duration::from_secs(config.every.0));
            let asked = config.witness.iter().cloned().map(|(name, address)| Asked::new(name, address));
            let asked: Vec<Asked> = asked.collect();
            std::thread::spawn(move || rounds(&desk, &peers, &asked, every, &wait))
        };
        let served = if while_open {
            desk::serve(desk, socket, input_ended()).await
        } else {
            desk::serve(desk, socket, stopped()).await
        };
        drop(stop);
        // A round that has begun is done: what it was given is on the disk then.
        let ended = tokio::task::spawn_blocking(move || rounds.join()).await;
        served.map_err(|error| machine("the server stopped", error))?;
        match ended {
            Ok(Ok(())) => Ok(()),
            _ => Err(Failure::new(
                Exit::Machine,
                "mithaq::machine",
                "a fault of the program: the rounds fell over",
            )),
        }
    })?;
    Ok(Exit::Good)
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

/// When its standard input ends. Ctrl-C, which all of a terminal's programs hear, is left to whoever started it.
async fn input_ended() {
    let (say, hear) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        // Nobody hears it if the server has stopped by itself.
        let _ = say.send(());
    });
    let deaf = async { while tokio::signal::ctrl_c().await.is_ok() {} };
    tokio::select! {
        _ = hear => {}
        () = deaf => {}
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
