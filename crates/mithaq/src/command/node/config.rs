//! How a node runs: one file of TOML beside its keys, and options that go before it.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use desk::alert::{self, hook};
use desk::web::meet::Peer;
use desk::web::register::Part;
use terms::{Code, Diagnostic, Label, ParticipantId, Seconds};
use toml::de::{DeTable, DeValue};

use crate::cli::{Globals, length};
use crate::failure::Failure;
use crate::resolve::nearest;
use crate::show::diagnostic;

/// The file's name, in the folder of keys: the data folder may be shown to anybody.
const FILE: &str = "node.toml";

/// How a node runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) listen: SocketAddr,
    pub(super) names: Vec<String>,
    pub(super) public: Option<Part>,
    pub(super) tls: bool,
    pub(super) idle: Seconds,
    pub(super) connections: usize,
    pub(super) operator: Option<SocketAddr>,
    pub(super) log: Log,
    pub(super) every: Seconds,
    pub(super) part_bytes: u64,
    pub(super) ladder: Seconds,
    pub(super) grave: Vec<Code>,
    pub(super) map: Option<PathBuf>,
    pub(super) meet: Vec<Peer>,
    pub(super) witness: Vec<(String, String)>,
    pub(super) webhook: Option<Webhook>,
}

/// Where alerts are told outside, and which files have what it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Webhook {
    pub(super) url: String,
    pub(super) secret: PathBuf,
    pub(super) roots: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8420)),
            names: Vec::new(),
            public: None,
            tls: false,
            idle: Seconds(15 * 60),
            connections: 256,
            operator: None,
            log: Log::Text,
            every: Seconds(60),
            part_bytes: 64 << 20,
            ladder: alert::Manner::default().step,
            grave: alert::Manner::default().grave,
            map: None,
            meet: Vec::new(),
            witness: Vec::new(),
            webhook: None,
        }
    }
}

/// How events are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// A line of text for each.
    Text,
    /// A line of JSON for each.
    Json,
}

/// A key of the file.
struct Key {
    name: &'static str,
    /// Its default, as TOML.
    default: &'static str,
    /// In which unit it is, or of which form.
    unit: &'static str,
    says: &'static str,
    take: fn(&mut Config, &DeValue<'_>) -> Result<(), String>,
}

/// All of them, plain ones first and then tables, as TOML wants it.
const KEYS: &[Key] = &[
    Key {
        name: "listen",
        default: "\"127.0.0.1:8420\"",
        unit: "address:port",
        says: "Where it listens. Only this machine reaches a loopback address; for others put a server with TLS before it.",
        take: |config, value| {
            config.listen = text(value)?.parse().map_err(|_| "write it as `127.0.0.1:8420`".to_owned())?;
            Ok(())
        },
    },
    Key {
        name: "names",
        default: "[]",
        unit: "list of hosts, without ports",
        says: "The names that browsers know it by. Without any: PARTICIPANT.localhost. Under another name it says nothing.",
        take: |config, value| {
            let list = value.as_array().ok_or("it is a list of names, as `[\"desk.example\"]`")?;
            config.names = list
                .iter()
                .map(|name| text(name.get_ref()).and_then(|name| host(name).map(str::to_owned)))
                .collect::<Result<_, _>>()?;
            Ok(())
        },
    },
    Key {
        name: "public",
        default: "\"nothing\"",
        unit: "`nothing`, `proofs` or `entries`",
        says: "What anybody may read of the register's files who reaches it: nothing; the checkpoint and tiles of hashes, to \
               check a proof with; or all of them. Participants' nodes read all of them in any case.",
        take: |config, value| {
            config.public = public(text(value)?)?;
            Ok(())
        },
    },
    Key {
        name: "tls",
        default: "false",
        unit: "`true` or `false`",
        says: "Whether browsers come by TLS, through a server that you put before it: then the desk's cookies go no other \
               way.",
        take: |config, value| {
            config.tls = value.as_bool().ok_or("it is neither")?;
            Ok(())
        },
    },
    Key {
        name: "idle",
        default: "\"15min\"",
        unit: "length, as `5min` or `1h`",
        says: "After how long a desk is locked at which nothing was asked: whoever works there signs in again.",
        take: |config, value| {
            config.idle = often(text(value)?)?;
            Ok(())
        },
    },
    Key {
        name: "connections",
        default: "256",
        unit: "number, 8 to 65536",
        says: "How many connections may be open at once; who comes then waits.",
        take: |config, value| {
            let number = value.as_integer().and_then(|number| number.as_str().parse().ok());
            config.connections = number.filter(|n| (8..=65_536).contains(n)).ok_or("it is none of these")?;
            Ok(())
        },
    },
    Key {
        name: "operator",
        default: "\"\"",
        unit: "address:port, or nothing",
        says: "Where whoever runs this node reads what it counts (`/metrics`, for Prometheus) and how it is (`/healthz`, which \
               the first address tells too). Nowhere, if it is empty. Who reaches it sees how much is going on, and no matter.",
        take: |config, value| {
            let said = text(value)?;
            let parsed = || said.parse().map_err(|_| "write it as `127.0.0.1:8421`".to_owned());
            config.operator = if said.is_empty() { None } else { Some(parsed()?) };
            Ok(())
        },
    },
    Key {
        name: "log",
        default: "\"text\"",
        unit: "`text` or `json`",
        says: "How events are logged on the standard error, a line each.",
        take: |config, value| {
            config.log = match text(value)? {
                "text" => Log::Text,
                "json" => Log::Json,
                _ => return Err("it is neither".to_owned()),
            };
            Ok(())
        },
    },
    Key {
        name: "every",
        default: "\"1min\"",
        unit: "length, as `30s`, `5min` or `1h`",
        says: "How often other nodes are met, and whether the beat is due is looked at.",
        take: |config, value| {
            config.every = often(text(value)?)?;
            Ok(())
        },
    },
    Key {
        name: "part",
        default: "64",
        unit: "number, 1 to 128, in MiB",
        says: "How large a part is of what goes to another node at once, if nothing in one piece is larger. Each has ten minutes: \
               take less on a poor line.",
        take: |config, value| {
            let number = value.as_integer().and_then(|number| number.as_str().parse::<u64>().ok());
            let number = number.filter(|n| (1..=128).contains(n)).ok_or("it is none of these")?;
            config.part_bytes = number << 20;
            Ok(())
        },
    },
    Key {
        name: "ladder",
        default: "\"15min\"",
        unit: "length, as `30s`, `5min` or `1h`",
        says: "How long somebody who was told of an alert has to take it before the next is told: who has the watch is first, \
               then the participant's own posts of the directory, those on duty before others.",
        take: |config, value| {
            config.ladder = often(text(value)?)?;
            Ok(())
        },
    },
    Key {
        name: "grave",
        default: "[\"grave\"]",
        unit: "list of words",
        says: "The words of a graded field that alert at once: of each field that is called `grade`, or ends with `-grade`.",
        take: |config, value| {
            let list = value.as_array().ok_or("it is a list of words, as `[\"grave\"]`")?;
            let word = |word: &str| Code::new(word).ok_or_else(|| format!("`{word}` is no word of a field"));
            let words = list.iter().map(|one| text(one.get_ref()).and_then(word));
            config.grave = words.collect::<Result<_, _>>()?;
            Ok(())
        },
    },
    Key {
        name: "map",
        default: "\"\"",
        unit: "path of a file, or nothing",
        says: "The base map behind places: a PMTiles file (version 3) of vector tiles that says its `source`, and `edition` and \
               `licence` if it can. Drawn of it are its layers `water`, `coast`, `river`, `contour`, `road` and `place`, and no \
               other: no country, no boundary. Without it: coasts of the world, which are in the program.",
        take: |config, value| {
            let path = text(value)?;
            config.map = (!path.is_empty()).then(|| PathBuf::from(path));
            Ok(())
        },
    },
    Key {
        name: "meet",
        default: "{}",
        unit: "PARTICIPANT = \"http://HOST:PORT\"",
        says: "Other participants' nodes, and where each is reached. One side of a pair is enough.",
        take: |config, value| {
            for (name, address) in pairs(value)? {
                config.meet.push(peer(name, address)?);
            }
            Ok(())
        },
    },
    Key {
        name: "witness",
        default: "{}",
        unit: "NAME = \"http://HOST:PORT/PATH\"",
        says: "Witnesses of the policy that the registrar's node asks over HTTP, each by its submission prefix (C2SP \
               tlog-witness). Other nodes' witnesses cosign when they are met.",
        take: |config, value| {
            for (name, address) in pairs(value)? {
                config.witness.push((name.to_owned(), http(address)?));
            }
            Ok(())
        },
    },
    Key {
        name: "webhook",
        default: "{}",
        unit: "url = \"https://HOST/PATH\", secret = FILE, and maybe roots = FILE",
        says: "A program outside that is told of each alert, by reference alone, so that it rings or writes to whoever is on that \
               rung (Standard Webhooks 1.0: signed, tried again for days, each under one name). Only this file says where. The \
               secret's file has `whsec_` and 24 to 64 random bytes in base 64, and only its owner reads it; roots are \
               certificates in PEM, if the receiver's is of none that browsers know. Files stand beside this one, or are named \
               whole. With `http://` only to this machine; no redirect is followed, and no proxy asked.",
        take: |config, value| {
            config.webhook = webhook(&pairs(value)?)?;
            Ok(())
        },
    },
];

/// Where the file is.
pub(super) fn path(globals: &Globals) -> PathBuf {
    globals.keys.join(FILE)
}

/// Reads the file that was named, or the one beside the keys, if it is there.
pub(super) fn read(named: Option<&Path>, globals: &Globals) -> Result<Config, Failure> {
    let usual = path(globals);
    let path = match named {
        Some(named) => named,
        None if usual.exists() => &usual,
        None => return Ok(Config::default()),
    };
    let source = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
    parse(&source).map_err(|diagnostics| {
        diagnostic::print(&path.display().to_string(), &source, &diagnostics);
        Failure::usage("mithaq::config", format!("`{}` does not say how to run", path.display()))
            .help("mend what is shown above; `mithaq node run --explain` says what may stand there")
    })
}

/// Reads the file's text.
///
/// # Errors
///
/// All that is wrong, each at its place.
fn parse(source: &str) -> Result<Config, Vec<Diagnostic>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    let whole = |span: std::ops::Range<usize>| span.start.min(source.len())..span.end.min(source.len());
    let mut wrong: Vec<Diagnostic> = errors
        .iter()
        .map(|error| {
            let label = Label::at(whole(error.span().unwrap_or(0..0)), error.message());
            Diagnostic::error("mithaq::config_toml", "it is no TOML", label)
        })
        .collect();
    let mut config = Config::default();
    for (name, value) in document.get_ref() {
        let Some(key) = KEYS.iter().find(|key| key.name == name.get_ref()) else {
            let said = format!("no key is called `{}`", name.get_ref());
            let label = Label::at(name.span(), "this is none");
            let known = || KEYS.iter().map(|key| key.name);
            let help = match nearest(name.get_ref(), known()) {
                Some(guess) => format!("did you mean `{guess}`?"),
                None => format!("there are {}", known().collect::<Vec<_>>().join(", ")),
            };
            wrong.push(Diagnostic::error("mithaq::config_key", said, label).help(help));
            continue;
        };
        if let Err(why) = (key.take)(&mut config, value.get_ref()) {
            let said = format!("`{}` can't be that", key.name);
            let diagnostic =
                Diagnostic::error("mithaq::config_value", said, Label::at(value.span(), why.as_str()));
            wrong.push(diagnostic.help(format!("it takes: {}", key.unit)));
        }
    }
    if wrong.is_empty() { Ok(config) } else { Err(wrong) }
}

/// Every key with what it means: a file that says nothing, to begin with.
pub(super) fn explained() -> String {
    let mut out = String::from(
        "# How this node runs. Each line that begins with one `#` and a key says what holds without it.\n",
    );
    for key in KEYS {
        let says = wrapped(&format!("{} Unit: {}.", key.says, key.unit));
        // Writing to a string does not fail.
        let _ = write!(out, "\n{says}# {} = {}\n", key.name, key.default);
    }
    out
}

/// The same, with some keys set.
pub(super) fn written(set: &[(&str, String)]) -> String {
    let mut out = explained();
    for (name, value) in set {
        let key = KEYS.iter().find(|key| key.name == *name);
        let unset = key.map_or(String::new(), |key| format!("# {} = {}\n", key.name, key.default));
        out = out.replace(&unset, &format!("{name} = {value}\n"));
    }
    out
}

fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from("##");
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() > 100 {
            lines.push_str(&line);
            lines.push('\n');
            line = String::from("##");
        }
        line.push(' ');
        line.push_str(word);
    }
    lines + &line + "\n"
}

fn text<'v>(value: &'v DeValue<'_>) -> Result<&'v str, String> {
    value.as_str().ok_or_else(|| "it is a text, in quotes".to_owned())
}

fn pairs<'v>(value: &'v DeValue<'_>) -> Result<Vec<(&'v str, &'v str)>, String> {
    let table = value.as_table().ok_or("it is a table")?;
    table.iter().map(|(name, value)| Ok((name.get_ref().as_ref(), text(value.get_ref())?))).collect()
}

fn webhook(pairs: &[(&str, &str)]) -> Result<Option<Webhook>, String> {
    if pairs.is_empty() {
        return Ok(None);
    }
    let known = ["url", "secret", "roots"];
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(name)) {
        return Err(format!("it has no `{name}`"));
    }
    let of = |known: &str| pairs.iter().find(|(name, _)| *name == known).map(|(_, value)| *value);
    let url = of("url").ok_or("it lacks `url`")?.to_owned();
    hook::is_address(&url)?;
    let secret = of("secret").ok_or("it lacks `secret`, the name of a file")?.into();
    Ok(Some(Webhook { url, secret, roots: of("roots").map(PathBuf::from) }))
}

fn host(name: &str) -> Result<&str, String> {
    let is_host =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    if is_host { Ok(name) } else { Err(format!("`{name}` is no host's name")) }
}

/// Reads what is public.
pub(super) fn public(text: &str) -> Result<Option<Part>, String> {
    match text {
        "nothing" => Ok(None),
        "proofs" => Ok(Some(Part::Proofs)),
        "entries" => Ok(Some(Part::Entries)),
        _ => Err("it is none of the three".to_owned()),
    }
}

/// Reads a peer.
pub(super) fn peer(who: &str, address: &str) -> Result<Peer, String> {
    let participant = ParticipantId::new(who).ok_or_else(|| format!("`{who}` is no participant's id"))?;
    Ok(Peer { participant, address: http(address)? })
}

/// Reads an address.
pub(super) fn http(address: &str) -> Result<String, String> {
    if address.starts_with("http://") {
        Ok(address.to_owned())
    } else {
        Err("it begins with `http://`: what goes is sealed and signed; put TLS before both ends".to_owned())
    }
}

/// Reads how often, at least a second.
pub(super) fn often(text: &str) -> Result<Seconds, String> {
    match text.strip_suffix('s').and_then(|number| number.parse().ok()) {
        Some(0) => Err("at least a second".to_owned()),
        Some(seconds) => Ok(Seconds(seconds)),
        None => length(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_explained_is_what_holds_without_it() {
        assert_eq!(parse(&explained()), Ok(Config::default()), "it says nothing");
        let said: String = explained()
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if KEYS.iter().any(|key| rest.starts_with(&format!("{} = ", key.name))) => {
                    format!("{rest}\n")
                }
                _ => format!("{line}\n"),
            })
            .collect();
        assert_eq!(parse(&said), Ok(Config::default()), "{said}");
        for key in KEYS {
            assert!(said.contains(&format!("\n{} = {}\n", key.name, key.default)), "{said}");
        }
    }

    #[test]
    fn each_key_is_read() {
        let config = parse(
            "listen = \"[::1]:9000\"\nnames = [\"desk.example\"]\npublic = \"proofs\"\nevery = \"30s\"\n\
             part = 1\ntls = true\nidle = \"5min\"\nconnections = 8\noperator = \"127.0.0.1:1\"\nlog = \"json\"\n\
             ladder = \"5min\"\ngrave = [\"serious\", \"grave\"]\nmap = \"/a/pack\"\n\
             [meet]\ndoha = \"http://doha.example:8420\"\n[witness]\nlite = \"http://lite.example/w\"\n\
             [webhook]\nurl = \"https://ring.example/x\"\nsecret = \"hook.secret\"\n",
        )
        .expect("good");
        let expected = Config {
            listen: "[::1]:9000".parse().expect("an address"),
            names: vec!["desk.example".to_owned()],
            public: Some(Part::Proofs),
            tls: true,
            idle: Seconds(300),
            connections: 8,
            operator: Some("127.0.0.1:1".parse().expect("an address")),
            log: Log::Json,
            every: Seconds(30),
            part_bytes: 1 << 20,
            ladder: Seconds(300),
            grave: ["serious", "grave"].into_iter().filter_map(Code::new).collect(),
            map: Some(PathBuf::from("/a/pack")),
            meet: vec![peer("doha", "http://doha.example:8420").expect("a peer")],
            witness: vec![("lite".to_owned(), "http://lite.example/w".to_owned())],
            webhook: Some(Webhook {
                url: "https://ring.example/x".to_owned(),
                secret: "hook.secret".into(),
                roots: None,
            }),
        };
        assert_eq!(config, expected);
        let text = written(&[("listen", "\"127.0.0.1:9000\"".to_owned())]);
        assert_eq!(parse(&text).expect("good").listen, "127.0.0.1:9000".parse().expect("an address"));
    }

    #[test]
    fn what_is_wrong_is_shown_at_its_place() {
        let source = "listn = \"127.0.0.1:8420\"\npublic = \"some\"\nevery = 5\nnames = [\"a b\"]\n\
                      connections = 1\ntls = 1\nlog = \"loud\"\noperator = \"x\"\nladder = \"0s\"\ngrave = [\"Grave!\"]\n\
                      [meet]\ndoha = \"https://doha.example\"\n\
                      [webhook]\nurl = \"http://ring.example/\"\nsecret = \"x\"\n";
        let wrong = parse(source).expect_err("all of it is wrong");
        insta::assert_snapshot!(diagnostic::drawn("node.toml", source, &wrong, false));
        let wrong = parse("listen = \n").expect_err("no TOML");
        assert_eq!(wrong[0].code, "mithaq::config_toml");
    }
}
