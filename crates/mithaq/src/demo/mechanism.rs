//! A whole mechanism: the story of `stories/15-a-whole-mechanism.md`, played over five desks.

mod desks;
mod player;
mod said;

use std::path::Path;

use audit::{Expected, Verdict};
use docket::story::line::moment;
use docket::story::{Block, Story, amended};
use node::Fault;
use serde_json::{Value, json};
use terms::{Instant, Seconds, VoiceName};

use self::desks::Desks;
pub(super) use self::desks::{DESKS, REGISTRAR};
use self::player::{Player, Texts};
use super::MARK;
use super::cast::Stage;
use super::check::{label, quoted, sit_down, tell_desk, tell_exhibits, tell_state};
use super::history::{CREDIT, TABLE};
use super::tell::Teller;
use crate::command::figures::Figures;
use crate::hosted::taking_hosted;
use crate::say;

const STORY: &str = include_str!("../../../../stories/15-a-whole-mechanism.md");
/// The instrument that the story is played under.
pub(super) const INSTRUMENT: &str = include_str!("../../../../instruments/doha-istanbul-2025.toml");

/// The offices that hold each desk's keys.
const OFFICES: [(&str, &str); 5] = [
    ("ankara", "Facilitation desk"),
    ("doha", "Facilitation desk"),
    ("islamabad", "Liaison office"),
    ("kabul", "Office for contacts"),
    (REGISTRAR, "Technical committee"),
];

/// What was left behind.
pub(super) struct Left {
    /// Whether all of it verifies.
    pub(super) good: bool,
    /// What time it is when the story ends.
    pub(super) ends: Instant,
    voice: VoiceName,
    state: Option<act::state::StateBody>,
}

impl Left {
    /// The same, for machines.
    pub(super) fn value(&self, out: &Path, keys: &Path) -> Value {
        json!({
            "out": out, "keys": keys, "exercise": true, "register": self.voice.to_string(), "desks": DESKS,
            "state": self.state, "verdict": if self.good { "good" } else { "wrong" },
        })
    }
}

pub(super) fn play(out: &Path, keys: &Path, aside: bool) -> Result<Left, Fault> {
    let story = Story::read(STORY);
    let (instrument, begins) = set_up(&story)?;
    let stage = Stage::new(out, keys, "register.example/exercise-doha-istanbul", begins)?;
    let mut tell = Teller::new(aside);
    let mut texts = Texts::default();
    for block in story.blocks("text") {
        texts.annexes.insert(block.name.clone(), amended(&instrument, &block.text()).into_bytes());
    }
    texts.annexes.insert("incidents-af-pk".to_owned(), TABLE.to_vec());
    texts.papers.extend(story.blocks("paper").map(|block| (block.name.as_str(), block.text())));
    let desks = Desks::found(stage, &instrument, &OFFICES)?;
    let voice = desks.voice()?;
    let mut player = Player::new(desks, &story, texts)?;
    for part in &story.parts {
        player.part(part, &mut tell)?;
    }
    player.finish()?;
    let now = player.desks.stage.now;
    let registrar = player.desks.node(REGISTRAR)?;
    let mut replay = registrar.docket_as_of(now)?;
    let events = replay.take_events();
    tell.chapter("The figures");
    for (from, what) in [(now.minus(Seconds::days(7)), "The last week:"), (begins, "Since the beginning:")] {
        tell.line("");
        tell.line(what);
        tell.line("");
        let known = registrar.docket_as_of(from)?.take_events().len();
        for line in Figures::of(&replay, &events, known).lines(&replay, Some(76)) {
            tell.line(line);
        }
    }
    tell.line("");
    tell.say(
        "They are counted from the register, in the order of the participants' names; `mithaq figures` counts them over \
         any other time. Silence is no admission.",
    );
    let instrument = replay.instrument().clone();
    let cases = replay.settlement().matters().values().find(|matter| matter.kind.as_str() == "case");
    let case = cases.map(|case| case.reference.to_string()).unwrap_or_default();
    let acts = player.acts();
    let (marks, of_each) = player.desks.marks()?;
    let stage = player.desks.close()?;

    tell.chapter("Everything is checked, without trusting anyone");
    let expected = Expected::Voice(voice);
    let mut left = Left { good: true, ends: now, voice, state: None };
    let stands = of_each.iter().map(|(who, times)| format!("{} in {times}", label(&instrument, who)));
    tell.say(format!(
        "{acts} acts were signed and carried, and of each came what the story says. Of the register's {marks} marks, \
         each of which three of four suffice for, stand {}. What each of the five holds:",
        say::and(&stands.collect::<Vec<_>>())
    ));
    for desk in DESKS {
        let report = tell_desk(&stage, &tell, &instrument, desk, &expected);
        left.good &= report.verdict() == Verdict::Good;
        if desk == REGISTRAR {
            tell_exhibits(&tell, &instrument, &report);
            tell_state(&tell, &report);
            left.state = report.state;
        }
    }
    let path = stage.out.join("README.txt");
    std::fs::write(&path, readme(&voice)).map_err(|error| Fault::Io { path, error })?;
    tell.say(format!(
        "The folder {} holds all of it and no key. Check it yourself, on any machine, offline:",
        stage.out.display()
    ));
    tell.line(format!("mithaq verify {} \\", quoted(&stage.out)));
    tell.line(format!("    --register {voice}"));
    let show = format!("show {case}");
    sit_down(&stage, &tell, "doha", &["brief", "list case", "due", "figures", &show]);
    Ok(left)
}

/// The instrument as the story changes it, and when it begins.
fn set_up(story: &Story) -> Result<(String, Instant), Fault> {
    let mut begins = None;
    for (number, line) in story.blocks("setup").flat_map(|block| &block.lines) {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["instrument", "doha-istanbul-2025"] | ["desks"] => {}
            ["start", day, time] => begins = moment(&format!("{day} {time}")).ok(),
            _ => {
                return Err(Fault::Unknown(format!("line {number} of the story: `{line}` is not for desks")));
            }
        }
    }
    let begins = begins.ok_or_else(|| Fault::Unknown("the story does not say when it begins".to_owned()))?;
    let changes: String = story.blocks("exercise").map(Block::text).collect();
    let exercise = taking_hosted(&amended(INSTRUMENT, "[instrument]\nexercise = true\n"));
    Ok((amended(&exercise, &changes), begins))
}

fn readme(voice: &VoiceName) -> String {
    let desks = DESKS.join(", ");
    format!(
        "{MARK}

One register, as five desks hold it, a folder each: the log, the plain texts, sealed files and grants:
  {desks}

The register's name, to be compared by voice:
  {voice}

Check everything:
  mithaq verify . --register {voice}

{CREDIT}"
    )
}
