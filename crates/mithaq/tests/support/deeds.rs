//! What somebody does at a desk, each under a name of its own: so that it can be said afterwards whether it is there, and done
//! again where nothing was answered.

use std::io::Result;

use super::running::{Got, Person, between};

/// A thing that is done at a desk.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) what: What,
    /// Greater than those of the deeds before.
    pub(crate) number: u64,
    /// Of this deed alone, as the desk takes names.
    pub(crate) name: String,
    /// Words that stand nowhere else.
    pub(crate) words: String,
    /// Whether the desk has said that it is done.
    pub(crate) is_done: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A draft is kept, a field after the other.
    Draft,
    Line,
    Task,
    Note,
    Post,
    /// A file, in three parts.
    Upload,
    /// A draft is signed.
    Sign,
    /// A draft is signed by a passkey: what it asserts is asked first.
    Passkey,
    /// A line of the log is struck.
    Strike,
    /// A task is said to be done.
    Done,
    /// The watch is handed over, and the handover withdrawn for the next.
    HandOver,
    /// Posts come in from a spreadsheet.
    Import,
    /// A list is saved under a name.
    View,
    /// How somebody reads.
    Settings,
    /// Who may what.
    Access,
    /// An officer is invited, makes a passkey, and is enrolled by the roots.
    Enrol,
    /// A team goes out.
    Team,
}

pub(crate) const ALL: [What; 17] = [
    What::Draft,
    What::Line,
    What::Task,
    What::Note,
    What::Post,
    What::Upload,
    What::Sign,
    What::Passkey,
    What::Strike,
    What::Done,
    What::HandOver,
    What::Import,
    What::View,
    What::Settings,
    What::Access,
    What::Enrol,
    What::Team,
];

impl What {
    /// Whether it opens an incident in the register.
    pub(crate) fn signs(self) -> bool {
        [What::Sign, What::Passkey].contains(&self)
    }
}

const INCIDENT: [(&str, &str); 6] = [
    ("kind", "incident"),
    ("f-kind", "fire"),
    ("f-time", "2026-01-05T10:00"),
    ("f-place", "10.25, -39.9 ± 500 m"),
    ("f-reported-grade", "serious"),
    ("f-harm", "civilians"),
];

/// The parts of a file, in bytes.
pub(crate) const PART: usize = 70_000;

impl Deed {
    pub(crate) fn new(what: What, number: u64) -> Deed {
        let words = format!("qwxz-{number}-zxwq");
        Deed { what, number, name: format!("deed{number:018}"), words, is_done: false }
    }

    /// Does it; gives the last answer. An error, where the node is gone.
    pub(crate) fn take(&self, person: &Person) -> Result<Got> {
        let (name, words) = (self.name.as_str(), self.words.as_str());
        match self.what {
            What::Draft => self.draft(person),
            What::Line => person.post("watch", &[("id", name), ("says", words), ("kind", "note")]),
            What::Task => person.post("worklist", &[("id", name), ("says", words)]),
            What::Note => person.post("memo", &[("id", name), ("circle", "good-offices"), ("says", words)]),
            What::Post => {
                let number = [("person", words), ("number-is", "radio"), ("number", "1")];
                person.post("directory", &[&[("id", name), ("office", words)], &number[..]].concat())
            }
            What::Team => {
                let form = [("team", name), ("id", name), ("name", words), ("place", "X-03"), ("in", "60")];
                person.post("teams", &form)
            }
            What::Upload => self.upload(person),
            What::Sign => self.sign(person),
            _ => self.take_form(person),
        }
    }

    /// Each field is kept as it is typed.
    pub(super) fn draft(&self, person: &Person) -> Result<Got> {
        let path = format!("unsigned/{}", self.name);
        let mut form: Vec<(&str, &str)> = INCIDENT.to_vec();
        for (name, value) in [("text", "half"), ("text", self.words.as_str())] {
            form.retain(|(known, _)| *known != name);
            form.push((name, value));
            let got = person.post(&path, &form)?;
            if got.status != 303 {
                return Ok(got);
            }
        }
        person.post(&path, &form)
    }

    fn sign(&self, person: &Person) -> Result<Got> {
        let path = format!("sign/{}", self.name);
        let page = person.get(&path)?;
        if page.status == 404 {
            let kept = self.draft(person)?;
            if kept.status != 303 {
                return Ok(kept);
            }
        }
        let page = person.get(&path)?;
        let Some(read) = between(&page.body, "name=\"read\" value=\"") else { return Ok(page) };
        // The key that lies here.
        let by = "liaison-1";
        person.post(&path, &[("read", read), ("by", by), ("ticked", "1")])
    }

    /// Goes on from where the desk says that it is.
    fn upload(&self, person: &Person) -> Result<Got> {
        let about = format!("filename {},filetype aW1hZ2UvanBlZw==", base64(&self.words));
        let length = (3 * PART).to_string();
        let begun = person.ask(
            "POST",
            "evidence/upload",
            &[("upload-length", &length), ("upload-metadata", &about)],
            b"",
        )?;
        let Some(path) = begun.head("location").map(str::to_owned) else { return Ok(begun) };
        let mut offset = 0;
        while offset < 3 * PART {
            let bytes = vec![b'x'; PART.min(3 * PART - offset)];
            let heads =
                [("content-type", "application/offset+octet-stream"), ("upload-offset", &offset.to_string())];
            let got = person.ask("PATCH", &path, &heads, &bytes)?;
            match got.head("upload-offset").and_then(|at| at.parse().ok()) {
                Some(at) if got.status == 204 => offset = at,
                _ => return Ok(got),
            }
        }
        person.get(&path)
    }

    /// How often it is there.
    pub(crate) fn count(&self, person: &Person) -> usize {
        let page = match self.what {
            What::Strike
            | What::Done
            | What::HandOver
            | What::Import
            | What::View
            | What::Settings
            | What::Access
            | What::Enrol => return self.count_form(person),
            What::Draft => format!("unsigned/{}", self.name),
            What::Sign | What::Passkey => format!("sign/{}", self.name),
            // Of a long log a page has the newest alone.
            What::Line => format!("watch?view=all&words={}&as=json", self.words),
            What::Task => "worklist?view=all&as=json".to_owned(),
            What::Note => "good-offices?as=json".to_owned(),
            What::Post => "directory?view=all&as=json".to_owned(),
            What::Upload => "evidence?as=json".to_owned(),
            // Its line in the log is there as often.
            What::Team => "teams?as=json".to_owned(),
        };
        let got = person.get(&page).unwrap();
        match self.what {
            What::Draft => usize::from(got.status == 200 && got.body.contains(&self.words)),
            // What is signed is asked for no more, and says where it is.
            What::Sign | What::Passkey => usize::from(got.body.contains("in the register as entry")),
            What::Post => got.body.matches(&format!("\"office\": \"{}\"", self.words)).count(),
            What::Upload => got.body.matches(&self.words).count(),
            What::Team => {
                let log = format!("watch?view=all&words={}&as=json", self.words);
                let log = person.get(&log).unwrap().body;
                let lines = log.matches("was heard at").count();
                let teams = got.body.matches(&format!("\"name\": \"{}\"", self.words)).count();
                assert_eq!(lines, teams, "a team and its line are there, or neither");
                teams
            }
            _ => got.body.matches(&format!("\"says\": \"{}\"", self.words)).count(),
        }
    }
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}
