//! What the hand-over leaves behind, and that it is whole.

use std::path::Path;

use audit::{Expected, Verdict};
use instrument::Instrument;
use node::{Fault, Node};
use serde_json::{Value, json};
use terms::{ActId, VoiceName};

use super::super::MARK;
use super::super::cast::Stage;
use super::super::check::{sit_down, tell_desk, tell_exhibits, tell_state};
use super::super::history::CREDIT;
use super::super::tell::Teller;
use super::Handed;

/// What the story left behind.
pub(in crate::demo) struct Left {
    /// Whether all of it verifies.
    pub(in crate::demo) good: bool,
    voice: VoiceName,
    cheats: VoiceName,
    state: Option<act::state::StateBody>,
}

impl Left {
    /// The same, for machines.
    pub(in crate::demo) fn value(&self, out: &Path, keys: &Path) -> Value {
        json!({
            "out": out, "keys": keys, "exercise": true, "register": self.voice.to_string(),
            "cheats-register": self.cheats.to_string(), "desks": DESKS, "files": FILES, "state": self.state,
            "verdict": if self.good { "good" } else { "wrong" },
        })
    }
}

/// The desks, a folder each.
const DESKS: [&str; 3] = ["doha", "islamabad", "kabul"];

/// The files to take away.
const FILES: [&str; 4] =
    ["offer.mithaq-proof", "notice.mithaq-proof", "answer.mithaq-proof", "offer.tlog-proof"];

pub(super) fn proofs(
    stage: &Stage,
    tell: &mut Teller,
    doha: &Node,
    handed: &Handed,
    notice: &ActId,
    answer: &ActId,
) -> Result<(), Fault> {
    tell.chapter("What Doha's officer holds");
    let offered = doha.standing_proof(&handed.offer)?;
    let noticed = doha.standing_proof(notice)?;
    let answered = doha.standing_proof(answer)?;
    let (index, _) = doha.find(&handed.offer)?;
    let bare = doha.log_proof(index)?.to_bytes();
    for (name, bytes) in [
        ("offer.mithaq-proof", &offered),
        ("notice.mithaq-proof", &noticed),
        ("answer.mithaq-proof", &answered),
        ("offer.tlog-proof", &bare),
    ] {
        let path = stage.out.join(name);
        std::fs::write(&path, bytes).map_err(|error| Fault::Io { path, error })?;
    }
    tell.say(format!(
        "One small file, offer.mithaq-proof ({} kB), proves to anybody who knows the register's name what was \
         offered, by whom, when, who cosigned it, and that Doha opened it all. notice.mithaq-proof does the same \
         for the notice, and answer.mithaq-proof for Kabul's answer, with the votes that seated Kabul. \
         offer.tlog-proof is the bare proof that other programs read.",
        offered.len() / 1000
    ));
    Ok(())
}

pub(super) fn last_check(
    stage: &Stage,
    tell: &mut Teller,
    instrument: &Instrument,
    voice: VoiceName,
    cheats: VoiceName,
) -> Result<Left, Fault> {
    tell.chapter("Everything is checked, without trusting anyone");
    let expected = Expected::Voice(voice);
    let mut left = Left { good: true, voice, cheats, state: None };
    for participant in DESKS {
        let report = tell_desk(stage, tell, instrument, participant, &expected);
        left.good &= report.verdict() == Verdict::Good;
        if participant == "doha" {
            tell_exhibits(tell, instrument, &report);
            tell_state(tell, &report);
            left.state = report.state;
        }
    }
    let readme = readme(&voice, &cheats);
    let path = stage.out.join("README.txt");
    std::fs::write(&path, readme).map_err(|error| Fault::Io { path, error })?;
    tell.say(format!(
        "The folder {} holds all of it and no key. Check it yourself, on any machine, offline:",
        stage.out.display()
    ));
    tell.line(format!("mithaq verify {} \\", stage.out.display()));
    tell.line(format!("    --register {voice} \\"));
    tell.line(format!("    --register {cheats}"));
    sit_down(stage, tell, "doha", &["status", "evidence list", "act list"]);
    Ok(left)
}

fn readme(voice: &VoiceName, cheats: &VoiceName) -> String {
    format!(
        "{}

One register, as three desks hold it:
  doha, islamabad, kabul      a folder each: the log, the plain texts, sealed files and grants
Files to take away:
  offer.mithaq-proof          what was offered, by whom, and what became of it
  notice.mithaq-proof         the notice, and its acknowledgement
  answer.mithaq-proof         Kabul's answer, and the votes by which Kabul has its seat
  offer.tlog-proof            the bare proof of inclusion, as other programs read it
Another register, of invented parties, whose registrar cheated:
  *.contradiction.json        signed contradictions; each convicts its signer

The registers' names, to be compared by voice:
  {voice}
  {cheats}      the other one

Check everything:
  mithaq verify . --register {voice} --register {cheats}

{CREDIT}",
        MARK
    )
}
