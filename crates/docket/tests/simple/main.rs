//! The docket beside a model too simple to err. It is written from the rules' own pages, keeps the acts as they stand in the
//! register, and works out every clock anew at each question. Both see the same random lives under the four instruments of the
//! house; after each mark they agree on every matter, strand, clock, voice and label, and on what became of each act.
//!
//! It knows procedures, clocks, relief, corrections, withdrawals, what is written down on somebody's behalf, what roots and
//! those take back, and amendments with their transitions. It does not know recovery, succession, exhibits, seats taken or
//! left later, where keys lie, and lying registrars and witnesses: the lives that it is asked about have none of these. The
//! stories of the house it reads too, but for those that are about these.

mod agenda;
mod amended;
mod fields;
mod judge;
mod lines;
mod matter;
mod model;
mod moves;
mod relief;
mod said;
mod steps;
mod taken;
mod times;
mod told;
mod who;

use std::collections::{BTreeMap, BTreeSet};

use docket::harness::laws;
use docket::harness::lives::Lives;
use docket::v1::What;

use model::Model;

const ACTS: u32 = 120;

/// How many histories always run under each instrument.
const FEW: u64 = 8;

/// What becomes of acts in these histories.
const MEETS: [&str; 18] = [
    "confirmed",
    "cut",
    "late",
    "set-aside",
    "sought",
    "split",
    "spoke",
    "stepped",
    "void closed",
    "void excluded",
    "void form",
    "void late",
    "void no-power",
    "void own-hand",
    "void unknown",
    "void vacant",
    "void wrong-state",
    "withdrawn",
];

/// What some two hundred of them bring about, and a few need not.
const SELDOM: [&str; 4] = ["corrected", "held", "void not-citable", "void two-officers"];

/// The same of those in which acts are taken back.
const TAKEN_BACK: [&str; 10] = [
    "cut",
    "disowned-act",
    "flagged",
    "reopened",
    "set-aside",
    "sought",
    "split",
    "spoke",
    "stepped",
    "withdrawn",
];

/// What happens in each kind of history, in the words of events: what the docket and the model agree on by its traces.
const HAPPENS: [&str; 9] = [
    "clock",
    "deemed-served",
    "entered",
    "late-so-far",
    "moved",
    "opened",
    "ran-out",
    "served",
    "transcribed",
];

/// How many histories that differ are told.
const SHOWN: usize = 8;

/// How many acts of each.
const TOLD: usize = 7;

/// `SEEDS=1000` for more than the few that always run, `FROM=94` for those from there on, `LAW=exercise` under one instrument.
fn seeds(few: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let from = number("FROM").unwrap_or(0);
    from..from + number("SEEDS").unwrap_or(few)
}

/// One history, with the model beside it.
struct Beside {
    lives: Lives,
    model: Model,
    read: usize,
    outcomes: BTreeMap<u64, BTreeSet<&'static str>>,
    /// What came of itself.
    came: Vec<&'static str>,
    /// The words of all that happened, as events say it.
    all: BTreeSet<String>,
}

impl Beside {
    fn new(lives: Lives) -> Beside {
        let world = &lives.world;
        let vacant: Vec<String> = {
            let seats = world.live.ledger().seats().iter().filter(|(_, seat)| seat.taken.is_none());
            seats.map(|(id, _)| id.to_string()).collect()
        };
        let model = Model::new(world.live.instrument().clone(), &vacant);
        Beside { lives, model, read: 0, outcomes: BTreeMap::new(), came: Vec::new(), all: BTreeSet::new() }
    }

    /// What they say differently by now.
    fn differ(&mut self) -> Vec<String> {
        let world = &mut self.lives.world;
        self.model.annexes.clone_from(&world.annexes);
        for bytes in &world.entries[self.read..] {
            self.model.enter(bytes, &world.roots.0);
        }
        self.read = world.entries.len();

        for event in world.live.take_events() {
            self.all.insert(event.what.to_string().split(' ').next().unwrap_or_default().to_owned());
            match (event.entry, word(&event.what)) {
                (Some(entry), Some(word)) => _ = self.outcomes.entry(entry).or_default().insert(word),
                (None, Some(word)) => self.came.push(word),
                (_, None) => {}
            }
        }
        let docket: BTreeSet<String> =
            world.live.state().lines().iter().filter_map(|line| lines::known(line)).collect();
        let model: BTreeSet<String> = self.model.lines().into_iter().collect();
        let mut out: Vec<String> = docket.difference(&model).map(|line| format!("docket: {line}")).collect();
        out.extend(model.difference(&docket).map(|line| format!("model:  {line}")));
        let entries: BTreeSet<u64> =
            self.outcomes.keys().chain(self.model.outcomes.keys()).copied().collect();
        for entry in entries {
            let of =
                |all: &BTreeMap<u64, BTreeSet<&'static str>>| all.get(&entry).cloned().unwrap_or_default();
            let (docket, model) = (of(&self.outcomes), of(&self.model.outcomes));
            if docket != model {
                out.push(format!("entry {entry}: docket {docket:?}, model {model:?}"));
            }
        }
        out
    }

    /// The acts that bear on what differs, as they stand in the register.
    fn tell(&self, differ: &[String]) -> String {
        let acts = &self.model.acts;
        let named: BTreeSet<u64> = acts
            .iter()
            .filter(|act| differ.iter().any(|line| line.starts_with(&format!("entry {}:", act.index))))
            .flat_map(|act| act.names.clone())
            .collect();
        let all = std::env::var("ALL").is_ok();
        let about = |act: &&matter::Acted| {
            let of = |line: &String| {
                let key = line.split('/').nth(1).unwrap_or_default();
                let key: u64 = key.split('m').next().and_then(|key| key.parse().ok()).unwrap_or(u64::MAX);
                act.index == key
                    || act.names.contains(&key)
                    || line.starts_with(&format!("entry {}:", act.index))
                    || matches!(act.body, act::Body::Disown(_))
            };
            differ.iter().any(of) || named.contains(&act.index) || all
        };
        let tell = |act: &matter::Acted| {
            let when = times::instant(act.registered);
            let outcome = self.model.outcomes.get(&act.index);
            let stamps = &act.stamps;
            format!(
                "{:>4} {when} {} {:?}  # {outcome:?} seen {:?} high {:?} {stamps:?}\n",
                act.index,
                act.by,
                act.body,
                act.fits,
                act.high.map(times::instant)
            )
        };
        let told: Vec<String> = self.model.acts.iter().filter(about).map(tell).collect();
        told[told.len().saturating_sub(TOLD)..].concat()
    }
}

/// The word for what became of an entry.
fn word(what: &What) -> Option<&'static str> {
    use docket::v1::VoidReason as V;
    Some(match what {
        What::Void(reason) => match reason {
            V::Excluded => "void excluded",
            V::Unknown => "void unknown",
            V::Closed => "void closed",
            V::NoPower => "void no-power",
            V::OwnHand => "void own-hand",
            V::TwoOfficers => "void two-officers",
            V::Vacant => "void vacant",
            V::Late => "void late",
            V::WrongState => "void wrong-state",
            V::Form => "void form",
            V::NotCitable => "void not-citable",
        },
        What::LateSoFar(..) | What::Late(..) | What::OpenedLate(_) => "late",
        What::Held(..) => "held",
        What::Spoke(..) => "spoke",
        What::Sought(..) => "sought",
        What::Split(..) => "split",
        What::Stepped(..) => "stepped",
        What::Corrected(..) => "corrected",
        What::Withdrawn(_) => "withdrawn",
        What::Confirmed(_) => "confirmed",
        What::SetAside(..) => "set-aside",
        What::Cut(..) => "cut",
        What::Amended(..) => "amended",
        What::NotAmended(..) => "not-amended",
        What::DisownedAct(_) => "disowned-act",
        What::Reopened(..) => "reopened",
        What::Flagged(..) => "flagged",
        _ => return None,
    })
}

#[test]
fn the_docket_agrees_with_the_simple_model() {
    agree(Lives::that_stand, &MEETS, &SELDOM);
}

#[test]
fn they_agree_on_what_is_taken_back() {
    agree(Lives::that_are_taken_back, &TAKEN_BACK, &["corrected"]);
}

#[test]
fn they_agree_on_what_is_amended_and_taken_back() {
    agree(Lives::that_change, &["amended", "flagged", "reopened", "spoke", "stepped"], &[]);
}

#[test]
fn they_agree_on_what_is_amended() {
    agree(Lives::that_are_amended, &["amended", "not-amended", "spoke", "stepped"], &[]);
}

/// What these histories have had, beside what became of acts.
#[derive(Debug, Default)]
struct Had {
    /// Time in which the register was silent.
    dead: usize,
    /// Openings that list their strands, and are in effect.
    lists: usize,
    /// Relief that several asked for together.
    together: usize,
    /// Corrections of several fields.
    fields: usize,
    /// Voices for relief that were withdrawn.
    withdrawn: usize,
}

impl Had {
    fn add(&mut self, model: &Model) {
        let is = |act: &&matter::Acted, word: &str| {
            let outcomes = model.outcomes.get(&act.index);
            outcomes.is_some_and(|all| all.iter().any(|outcome| outcome.starts_with(word)))
        };
        self.dead += model.dead.len();
        self.together += model.came.iter().filter(|came| came.sought.voices.len() > 1).count();
        for act in &model.acts {
            match &act.body {
                act::Body::Open(open) if !open.strands.is_empty() && !is(&act, "void") => self.lists += 1,
                act::Body::Correct(correct) if correct.fields.len() > 1 && is(&act, "corrected") => {
                    self.fields += 1;
                }
                act::Body::Withdraw(withdraw) if is(&act, "withdrawn") => {
                    let entry = model.acts.iter().find(|other| other.id == withdraw.entry);
                    self.withdrawn += usize::from(entry.is_some_and(|entry| {
                        matches!(
                            entry.body,
                            act::Body::Extend(_) | act::Body::Suspend(_) | act::Body::SetAside(_)
                        )
                    }));
                }
                _ => {}
            }
        }
    }
}

/// Plays such lives under each instrument, with the model beside them.
fn agree(lives: fn(&str, u64) -> Lives, meets: &[&str], seldom: &[&str]) {
    let only = std::env::var("LAW").ok();
    let mut wrongs: Vec<String> = Vec::new();
    let mut met: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut happened: BTreeSet<String> = BTreeSet::new();
    let mut had = Had::default();
    for (name, instrument) in laws::INSTRUMENTS {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        for seed in seeds(FEW) {
            let mut beside = Beside::new(lives(instrument, seed));
            let mut differ = beside.differ();
            for _ in 0..ACTS {
                if !differ.is_empty() {
                    break;
                }
                beside.lives.turn();
                differ = beside.differ();
            }
            if differ.is_empty() {
                beside.lives.wait(500);
                differ = beside.differ();
            }
            if !differ.is_empty() {
                wrongs.push(format!("{name}, seed {seed}\n{}{}", beside.tell(&differ), differ.join("\n")));
                continue;
            }
            happened.append(&mut beside.all);
            had.add(&beside.model);
            for word in beside.outcomes.values().flatten().chain(&beside.came) {
                *met.entry(word).or_default() += 1;
            }
        }
    }
    eprintln!("{met:?} {had:?}");
    assert!(wrongs.is_empty(), "{} differ\n{}", wrongs.len(), wrongs[..wrongs.len().min(SHOWN)].join("\n\n"));
    let silent = HAPPENS.iter().filter(|word| !happened.contains(**word)).collect::<Vec<_>>();
    assert!(only.is_some() || silent.is_empty(), "{silent:?} never happened: {happened:?}");
    // Such lives meet what they are to test.
    let many = seeds(FEW).count() >= 50;
    let Had { dead, lists, together, fields, withdrawn } = had;
    assert!(only.is_some() || dead > 0 && lists > 0, "{had:?}");
    assert!(only.is_some() || !many || together > 0 && fields + withdrawn > 0, "{had:?}");
    for word in meets.iter().chain(seldom.iter().filter(|_| many)) {
        assert!(only.is_some() || met.contains_key(*word), "nothing was {word}: {met:?}");
    }
}
