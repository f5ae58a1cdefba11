//! A party's desk: a folder of data, a folder of keys, and the binary.

#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses some of it; it is a test that fails"
)]

#[path = "../../../desk/tests/served/authenticator.rs"]
pub(crate) mod authenticator;
pub(crate) mod deeds;
pub(crate) mod disk;
pub(crate) mod five;
pub(crate) mod forms;
pub(crate) mod running;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// How a command ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// It went well.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }
}

/// The binary, in a folder, without anything of the environment that it would listen to.
pub(crate) fn mithaq(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    command.current_dir(folder).env_clear().env("MITHAQ_PASSPHRASE", "a passphrase");
    command
}

/// Runs a command that needs no node.
pub(crate) fn run(folder: &Path, args: &[&str]) -> Ran {
    Ran::of(mithaq(folder).args(args).output().unwrap())
}

/// A party's desk.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) folder: PathBuf,
    pub(crate) name: &'static str,
}

impl Desk {
    /// Runs a command at a time, as `01-12 08:00`.
    pub(crate) fn run(&self, now: &str, args: &[&str]) -> Ran {
        Ran::of(self.command(now, args).output().unwrap())
    }

    fn command(&self, now: &str, args: &[&str]) -> Command {
        let mut command = mithaq(&self.folder);
        command.args(args).args(["--now", &format!("2026-{now}"), "--work-factor", "1"]);
        command.args(["--data", &format!("{}/data", self.name), "--keys", &format!("{}/keys", self.name)]);
        command
    }

    /// What a person reads in a terminal of 80 columns.
    #[track_caller]
    pub(crate) fn page(&self, now: &str, args: &[&str]) -> String {
        let page = Ran::of(self.command(now, args).env("COLUMNS", "80").output().unwrap()).good();
        assert!(page.lines().all(|line| line.chars().count() <= 80), "a line is too long:\n{page}");
        page
    }

    /// Runs a command in such a terminal, and answers what it asks, a line each.
    pub(crate) fn answer(&self, now: &str, args: &[&str], answers: &[&str]) -> Ran {
        let mut command = self.command(now, args);
        command.env("COLUMNS", "80").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        for line in answers {
            writeln!(stdin, "{line}").unwrap();
        }
        drop(stdin);
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Runs a command that must go well.
    #[track_caller]
    pub(crate) fn good(&self, now: &str, args: &[&str]) -> String {
        self.run(now, args).good()
    }

    /// A value of a command's answer for machines, by its JSON pointer.
    #[track_caller]
    pub(crate) fn ask(&self, now: &str, args: &[&str], pointer: &str) -> String {
        let out = self.good(now, &[args, &["--json"]].concat());
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        match value.pointer(pointer) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => panic!("no {pointer} in {out}"),
        }
    }

    /// Carries a bundle from here to another desk.
    #[track_caller]
    pub(crate) fn carry(&self, to: &Desk, now: &str, more: &[&str]) -> String {
        let stick = format!("{}-to-{}-{}.mithaq", self.name, to.name, now.replace([' ', ':'], "-"));
        self.good(now, &[&["bundle", "export", "--to", to.name, "--out", &stick], more].concat());
        to.good(now, &["bundle", "import", &stick])
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(self.name).join(name)
    }
}

/// Invented parties: `north` runs the register, `harbour` stands surety, cosigns and takes in.
pub(crate) struct Two {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) north: Desk,
    pub(crate) harbour: Desk,
    pub(crate) voice: String,
}

pub(crate) const INSTRUMENT: &str = r#"
[instrument]
name = "EXERCISE: two parties and a harbour"
exercise = true
languages = ["en"]
authentic = "not known"
order = "alphabetical"
standing = "Taking part implies no recognition of any State, government or claim."
basis = "reconstruction"

[participant.north]
role = "party"
names = { own = "North", label = "North" }
[participant.south]
role = "party"
names = { own = "South", label = "South" }
[participant.harbour]
role = "guarantor"
titled = "facilitating State"
names = { own = "Harbour", label = "Harbour" }

[excluded.wolves]
names = { text = "Grey Wolves of the Hills" }
aliases = ["Hill Wolves"]

[calendar]
zone = "+00:00"
deemed = "7d"
heartbeat = "1d"
carriage = "7d"
tolerance = "10min"
cosign-delay = "3d"
"#;

pub(crate) const ORIGIN: &str = "register.example/river-accord";

/// Two desks with their keys, and a founding that waits for signatures.
pub(crate) fn drafted() -> Two {
    drafted_under(INSTRUMENT)
}

fn drafted_under(instrument: &str) -> Two {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("accord.toml"), instrument).unwrap();
    let desk = |name| Desk { folder: path.to_owned(), name };
    let (north, harbour) = (desk("north"), desk("harbour"));
    let at = "01-12 07:00";
    for (desk, keys) in [
        (
            &north,
            [
                ("root", "root-1 root-2 root-3"),
                ("officer", "liaison-1"),
                ("seal", "registry"),
                ("registrar", ""),
            ]
            .as_slice(),
        ),
        (
            &harbour,
            [
                ("root", "root-1 root-2"),
                ("officer", "desk-1"),
                ("seal", "registry"),
                ("intake", "intake-1"),
                ("node", "node-1"),
            ]
            .as_slice(),
        ),
    ] {
        for (capacity, labels) in keys {
            let labels: Vec<&str> = labels.split_whitespace().collect();
            let whose = ["--capacity", capacity, "--origin", ORIGIN, "--as", desk.name];
            desk.good(at, &[&["key", "new"], labels.as_slice(), &whose].concat());
        }
    }
    harbour.good(at, &["key", "new", "witness.harbour.example", "--capacity", "witness"]);
    harbour.good(at, &["key", "seat", "harbour.seat"]);
    let witness = format!("harbour={}", harbour.good(at, &["key", "show", "witness.harbour.example"]).trim());
    let draft = ["register", "draft", "--instrument", "accord.toml", "--witness", &witness, "--quorum", "1"];
    north.good(
        at,
        &[&draft, ["--founder", "harbour=harbour.seat", "--out", "founding.json"].as_slice()].concat(),
    );
    let voice = north.ask(at, &["register", "sign", "founding.json", "--look"], "/voice");
    Two { north, harbour, voice, folder }
}

/// The same, founded and joined, with the keys of both on record.
pub(crate) fn founded() -> Two {
    founded_under(INSTRUMENT)
}

/// The same under an instrument that says more.
pub(crate) fn founded_under(instrument: &str) -> Two {
    let two = drafted_under(instrument);
    let (north, harbour) = (&two.north, &two.harbour);
    harbour.good("01-12 07:10", &["register", "sign", "founding.json"]);
    north.good("01-12 07:20", &["register", "sign", "founding.json"]);
    north.good("01-12 08:00", &["register", "found", "founding.json"]);
    north.good("01-12 08:10", &["bundle", "export", "--to", "harbour", "--out", "first.mithaq", "--plain"]);
    let join = ["register", "join", "first.mithaq", "--as", "harbour", "--register", &two.voice];
    let roles = ["--witness", "witness.harbour.example", "--intake", "intake-1"];
    harbour.good("01-12 08:20", &[join.as_slice(), &roles].concat());
    for (desk, labels) in [
        (north, ["registry", "liaison-1"].as_slice()),
        (harbour, ["registry", "desk-1", "intake-1", "node-1"].as_slice()),
    ] {
        for label in labels {
            desk.good("01-12 08:30", &["act", "enrol", label, "--office", "Registry"]);
        }
    }
    harbour.carry(north, "01-12 09:00", &["--plain"]);
    north.carry(harbour, "01-12 10:00", &["--plain"]);
    harbour.carry(north, "01-12 11:00", &[]);
    two
}

/// Hides what differs from run to run: hashes, ids, names by voice, keys.
pub(crate) fn scrubbed(text: &str, folder: &Path) -> String {
    let text = text.replace(&folder.display().to_string(), "FOLDER");
    let mut out = String::new();
    let mut word = String::new();
    let hide = |word: &str| -> String {
        let body = word.trim_end_matches('=');
        let groups: Vec<&str> = word.split('-').collect();
        let upper = |g: &str| g.len() == 4 && g.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if groups.len() == 8 && groups.iter().all(|g| upper(g)) {
            "⟨by voice⟩".to_owned()
        } else if word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit()) {
            "⟨hex⟩".to_owned()
        } else if word.len() == 44 && body.len() == 43 {
            "⟨hash⟩".to_owned()
        } else {
            let hex = |g: &str| g.len() == 64 && g.bytes().all(|b| b.is_ascii_hexdigit());
            word.split('/').map(|g| if hex(g) { "⟨hex⟩" } else { g }).collect::<Vec<_>>().join("/")
        }
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-') {
            word.push(c);
        } else {
            out.push_str(&hide(&word));
            word.clear();
            out.push(c);
        }
    }
    out.push_str(&hide(&word));
    // Which of two comes first may hang on a hash: the register's entry is told last.
    out.replace("entry 12 and note/⟨hex⟩", "note/⟨hex⟩ and entry 12")
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
