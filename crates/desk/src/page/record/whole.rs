//! Everything checked anew, because somebody asked for it: each file of the node's folder, as `mithaq verify` does it; and
//! what convicts a key, as files that anybody can check.

use std::sync::Arc;

use audit::contradiction::{Convict, gather};
use audit::{Expected, Verdict, verify_folder};
use node::batch::Threads;
use node::disk::Disk;
use serde::Serialize;
use terms::Instant;

use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;
use crate::words::Reader;
use crate::words::when::When;

/// Larger registers are checked by the command: whoever asked here waits for the answer.
const ENTRIES_MAX: u64 = 50_000;

/// The same, by what all files of the node have together: 1 GiB.
const BYTES_MAX: u64 = 1 << 30;

/// How many wrongs are shown.
const WRONGS_SHOWN: usize = 20;

/// What a check came to.
pub(crate) struct Found {
    at: Instant,
    verdict: Verdict,
    entries: u64,
    signatures: u64,
    files: u64,
    state: Option<String>,
    wrongs: Vec<(&'static str, String)>,
    undecided: Vec<String>,
    contradictions: Vec<audit::contradiction::Found>,
}

/// The same, for a page.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Whole {
    pub(crate) time: When,
    /// `good`, `wrong` or `undecided`.
    pub(crate) verdict: &'static str,
    pub(crate) entries: u64,
    pub(crate) signatures: u64,
    pub(crate) files: u64,
    /// The state hash.
    pub(crate) state: Option<String>,
    /// What is wrong, by a stable code and in a sentence.
    pub(crate) wrongs: Vec<Wrong>,
    pub(crate) undecided: Vec<String>,
    pub(crate) contradictions: Vec<Contradiction>,
}

/// Something wrong.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Wrong {
    pub(crate) code: &'static str,
    pub(crate) says: String,
}

/// Two signed statements that cannot both be true.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Contradiction {
    /// Its place in the list, from 1.
    pub(crate) number: usize,
    pub(crate) kind: String,
    pub(crate) convicts: bool,
    pub(crate) says: String,
    pub(crate) facts: Vec<(&'static str, String)>,
}

impl Whole {
    pub(crate) fn of(reader: Reader<'_>, found: &Found) -> Whole {
        let contradictions = (1..).zip(&found.contradictions).map(|(number, found)| Contradiction {
            number,
            kind: found.kind.to_string(),
            convicts: found.conviction.convicts != Convict::Nobody,
            says: found.conviction.sentence(),
            facts: found.conviction.facts.clone(),
        });
        Whole {
            time: When::of(reader, found.at),
            verdict: match found.verdict {
                Verdict::Good => "good",
                Verdict::Wrong => "wrong",
                Verdict::Undecided => "undecided",
            },
            entries: found.entries,
            signatures: found.signatures,
            files: found.files,
            state: found.state.clone(),
            wrongs: found.wrongs.iter().map(|(code, says)| Wrong { code, says: says.clone() }).collect(),
            undecided: found.undecided.clone(),
            contradictions: contradictions.collect(),
        }
    }
}

impl Found {
    /// When it was.
    pub(crate) const fn at(&self) -> Instant {
        self.at
    }

    /// The contradictions that it found.
    pub(crate) fn contradictions(&self) -> &[audit::contradiction::Found] {
        &self.contradictions
    }

    /// Whether it convicts a key.
    pub(crate) fn convicts(&self) -> bool {
        self.contradictions.iter().any(|found| found.conviction.convicts != Convict::Nobody)
    }

    /// Whether a file is not what was signed.
    pub(crate) fn is_wrong(&self) -> bool {
        self.verdict == Verdict::Wrong
    }
}

/// Whether everything can be checked here.
pub(crate) fn is_small(desk: &Desk) -> bool {
    desk.held().size <= ENTRIES_MAX
        && Disk::at(desk.data_folder()).bytes().map_or(true, |bytes| bytes <= BYTES_MAX)
}

/// Checks everything, unless somebody does already, and shows what it came to.
pub(crate) fn check(desk: &Desk, _: &Asked) -> Result<Answer, Sorry> {
    if is_small(desk)
        && let Some(_turn) = desk.turn_to_check()
    {
        desk.keep_whole(run(desk));
    }
    Ok(Answer::See(format!("/{}/record", desk.agreement())))
}

/// The node goes on meanwhile, and what is being written looks as if it were torn: if something was, what is wrong is
/// looked for once more, and only what is found both times is said.
fn run(desk: &Desk) -> Found {
    let (first, is_still) = once(desk);
    if is_still || first.verdict != Verdict::Wrong {
        return first;
    }
    let (mut again, is_still) = once(desk);
    if !is_still && again.verdict == Verdict::Wrong {
        again.wrongs.retain(|wrong| first.wrongs.contains(wrong));
        if again.wrongs.is_empty() {
            again.verdict = Verdict::Undecided;
            again.undecided.push("the record went on while it was checked: check it again".to_owned());
        }
    }
    again
}

/// What is found, and whether nothing was written meanwhile.
fn once(desk: &Desk) -> (Found, bool) {
    let (held, was_at_work) = (desk.held(), desk.is_at_work());
    let found = look(desk);
    let is_still = !was_at_work && !desk.is_at_work() && Arc::ptr_eq(&held, &desk.held());
    (found, is_still)
}

fn look(desk: &Desk) -> Found {
    let expected = Expected::Genesis(desk.settings().genesis);
    let at = desk.now();
    let disk = Disk::at(desk.data_folder());
    let mut threads = Threads::start();
    let checked = verify_folder(&disk, &expected, None, &mut threads, &mut |_, _| ());
    let report = &checked.report;
    let mut undecided = report.undecided.clone();
    let contradictions = gather(&disk, &checked, &[], &mut threads).unwrap_or_else(|why| {
        undecided.push(why.to_string());
        Vec::new()
    });
    let wrongs = report.wrongs.iter().take(WRONGS_SHOWN);
    Found {
        at,
        verdict: report.verdict(),
        entries: report.counts.entries,
        signatures: report.counts.signatures,
        files: report.counts.files,
        state: report.state.as_ref().map(|state| state.state.to_string()),
        wrongs: wrongs.map(|wrong| (wrong.code, format!("{}: {}", wrong.file, wrong.what))).collect(),
        undecided,
        contradictions,
    }
}

/// A contradiction that the last check found, as a file.
pub(crate) fn contradiction(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let number: usize = asked.part("number").parse().map_err(|_| Sorry::NotFound)?;
    let found: Arc<Found> = desk.whole().ok_or(Sorry::NotFound)?;
    let one =
        number.checked_sub(1).and_then(|place| found.contradictions.get(place)).ok_or(Sorry::NotFound)?;
    let name = format!("{}-{number}-{}.contradiction.json", desk.agreement(), one.kind);
    Ok(Answer::TakeAway(name, "application/json", one.file.clone()))
}
