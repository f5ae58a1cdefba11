//! A register under the exercise instrument: two parties, two guarantors, a monitor, and everything that goes on between them.

use super::{Desk, ORIGIN};

/// Five desks at one register: `north` runs it, `harbour` cosigns and takes in.
pub(crate) struct Five {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) north: Desk,
    pub(crate) south: Desk,
    pub(crate) harbour: Desk,
    pub(crate) ford: Desk,
    pub(crate) secretariat: Desk,
}

const INSTRUMENT: &str = include_str!("../../../../instruments/exercise.toml");

impl Five {
    /// Founded by all, joined by all, with an officer's key and a seal of each on record; two officers where answers
    /// need four eyes.
    pub(crate) fn founded() -> Five {
        let folder = tempfile::tempdir().unwrap();
        let five = Five::at(folder);
        // Marks a day apart, so that a story of days needs few of them.
        let instrument = INSTRUMENT.replace("heartbeat = \"1h\"", "heartbeat = \"24h\"");
        assert_ne!(instrument, INSTRUMENT);
        std::fs::write(five.folder.path().join("exercise.toml"), instrument).unwrap();
        let at = "01-12 07:00";
        for desk in five.desks() {
            let whose = ["--origin", ORIGIN, "--as", desk.name];
            for (capacity, labels) in [
                ("root", ["root-1"].as_slice()),
                ("officer", ["liaison-1", "legal-1"].as_slice()),
                ("seal", ["registry"].as_slice()),
            ] {
                desk.good(
                    at,
                    &[&["key", "new"], labels, &["--capacity", capacity], whose.as_slice()].concat(),
                );
            }
        }
        five.north.good(at, &["key", "new", "--capacity", "registrar", "--origin", ORIGIN, "--as", "north"]);
        five.harbour.good(at, &["key", "new", "witness.harbour.example", "--capacity", "witness"]);
        five.harbour.good(
            at,
            &["key", "new", "intake-1", "--capacity", "intake", "--origin", ORIGIN, "--as", "harbour"],
        );
        five.found(at);
        five.join();
        five
    }

    fn at(folder: tempfile::TempDir) -> Five {
        let desk = |name| Desk { folder: folder.path().to_owned(), name };
        Five {
            north: desk("north"),
            south: desk("south"),
            harbour: desk("harbour"),
            ford: desk("ford"),
            secretariat: desk("secretariat"),
            folder,
        }
    }

    /// The same once more, as it stands: what is done there is not done here.
    pub(crate) fn copied(&self) -> Five {
        let folder = tempfile::tempdir().unwrap();
        super::copy(self.folder.path(), folder.path());
        Five::at(folder)
    }

    pub(crate) fn desks(&self) -> [&Desk; 5] {
        [&self.north, &self.south, &self.harbour, &self.ford, &self.secretariat]
    }

    fn others(&self) -> [&Desk; 4] {
        [&self.south, &self.harbour, &self.ford, &self.secretariat]
    }

    fn found(&self, at: &str) {
        let key = self.harbour.good(at, &["key", "show", "witness.harbour.example"]);
        let witness = format!("harbour={}", key.trim());
        let mut draft: Vec<String> = ["register", "draft", "--instrument", "exercise.toml", "--quorum", "1"]
            .map(str::to_owned)
            .to_vec();
        draft.extend(["--witness".to_owned(), witness, "--out".to_owned(), "founding.json".to_owned()]);
        for desk in self.others() {
            let seat = format!("{}.seat", desk.name);
            desk.good(at, &["key", "seat", &seat]);
            draft.extend(["--founder".to_owned(), format!("{}={seat}", desk.name)]);
        }
        let draft: Vec<&str> = draft.iter().map(String::as_str).collect();
        self.north.good(at, &draft);
        for desk in self.others() {
            desk.good(at, &["register", "sign", "founding.json"]);
        }
        self.north.good(at, &["register", "sign", "founding.json"]);
        self.north.good("01-12 08:00", &["register", "found", "founding.json"]);
    }

    /// The witness joins first: the others join what it has cosigned.
    fn join(&self) {
        let voice = self.north.ask("01-12 08:00", &["register", "show"], "/voice");
        for desk in [&self.harbour, &self.south, &self.ford, &self.secretariat] {
            let first = format!("first-{}.mithaq", desk.name);
            self.north
                .good("01-12 08:10", &["bundle", "export", "--to", desk.name, "--out", &first, "--plain"]);
            let join = ["register", "join", &first, "--as", desk.name, "--register", &voice];
            let is_witness = desk.name == "harbour";
            let roles = ["--witness", "witness.harbour.example", "--intake", "intake-1"];
            desk.good("01-12 08:11", &[join.as_slice(), if is_witness { &roles } else { &[] }].concat());
            if is_witness {
                desk.carry(&self.north, "01-12 08:12", &["--plain"]);
            }
        }
        for desk in self.desks() {
            for label in ["registry", "liaison-1", "legal-1"] {
                desk.good("01-12 08:30", &["act", "enrol", label, "--office", "Liaison office"]);
            }
        }
        self.harbour.good("01-12 08:30", &["act", "enrol", "intake-1", "--office", "Registry"]);
        for desk in self.others() {
            desk.carry(&self.north, "01-12 08:40", &["--plain"]);
        }
        self.north.carry(&self.harbour, "01-12 08:50", &["--plain"]);
        self.harbour.carry(&self.north, "01-12 08:51", &["--plain"]);
        for desk in self.others() {
            self.north.carry(desk, "01-12 08:52", &["--plain"]);
        }
        self.settle("01-12 09:0");
    }

    /// Everything goes to the registrar, is cosigned, and comes back to all; twice, so that the mark itself is final
    /// everywhere. `at` is a time but for its last digit.
    pub(crate) fn settle(&self, at: &str) {
        for desk in self.others() {
            desk.carry(&self.north, &format!("{at}0"), &[]);
        }
        for digit in [1, 3] {
            self.north.carry(&self.harbour, &format!("{at}{digit}"), &[]);
            self.harbour.carry(&self.north, &format!("{at}{}", digit + 1), &[]);
        }
        for desk in self.others() {
            self.north.carry(desk, &format!("{at}5"), &[]);
        }
    }
}
