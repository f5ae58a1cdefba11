//! One small file: a bundle, a proof, a contradiction.

use std::path::Path;

use act::Entry;
use audit::contradiction::{self, Convict, Unconfirmed};
use audit::{Checked, Report, Verdict};
use node::disk::Disk;
use serde_json::{Value, json};
use terms::{Hash, VoiceName};
use tlog::LogProof;

use super::{Args, bundle, contradictions, folder, kind, standing};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::mark::Mark;
use crate::show::text::{count, safe};
use crate::show::time::utc;

/// What is said of a file.
pub(crate) enum Said {
    /// It shows what it says.
    Good(Box<Shows>),
    /// It does not.
    Wrong(&'static str, String),
    /// Something is missing for it.
    Undecided(String),
}

/// What a file shows, and of which register.
pub(crate) struct Shows {
    pub(crate) mark: Mark,
    pub(crate) register: Option<Hash>,
    pub(crate) text: String,
    /// What it comes to, as its last line.
    pub(crate) end: &'static str,
    /// Its parts, for machines.
    pub(crate) value: Value,
}

const NOTHING_WRONG: &str = "Nothing wrong found.";

/// The largest proof or contradiction that is read.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

impl Said {
    pub(super) fn of_bundle(checked: &Checked) -> Said {
        let report = &checked.report;
        match report.verdict() {
            Verdict::Good => Said::Good(Box::new(Shows {
                mark: folder::mark(checked),
                register: report.genesis,
                text: format!("a bundle, of {} entries", report.counts.entries),
                end: NOTHING_WRONG,
                value: json!({}),
            })),
            Verdict::Wrong => Said::wrong_of(report, ""),
            Verdict::Undecided => Said::Undecided(report.undecided.first().cloned().unwrap_or_default()),
        }
    }

    /// The first wrong of a register, that of a file or one beside it.
    fn wrong_of(report: &Report, beside: &str) -> Said {
        let first = report.wrongs.first();
        let what = first.map_or_else(String::new, folder::place_and_what);
        Said::Wrong(first.map_or("audit::unreadable", |wrong| wrong.code), format!("{beside}{what}"))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let file = std::fs::File::open(path).map_err(|error| Failure::unreadable(path, &error))?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::unreadable(path, &error))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let message = format!("`{}` is larger than any proof", path.display());
        return Err(Failure::usage("mithaq::unknown_file", message));
    }
    Ok(bytes)
}

/// Says it; `before` stands below what is said of the register.
fn say(args: &Args, globals: &Globals, what: &str, before: &str, said: Said) -> Exit {
    let (exit, verdict, text) = match &said {
        Said::Good(shows) => (Exit::Good, Verdict::Good, &shows.text),
        Said::Wrong(_, text) => (Exit::Wrong, Verdict::Wrong, text),
        Said::Undecided(text) => (Exit::Undecided, Verdict::Undecided, text),
    };
    if globals.json {
        let code = if let Said::Wrong(code, _) = &said { Some(*code) } else { None };
        let mut value = json!({"path": args.path.display().to_string(), "is": what,
            "verdict": folder::word(verdict), "says": text, "code": code, "exercise": null});
        if let Said::Good(shows) = said {
            shows.add_to(&mut value);
        }
        println!("{value:#}");
        return exit;
    }
    if let Said::Good(shows) = &said {
        shows.mark.print();
    }
    print!("{before}");
    match said {
        Said::Good(shows) => println!("{}\n{}", lines(&shows.text), shows.end),
        Said::Wrong(code, text) => println!("Wrong: {}: {} [{code}]", args.path.display(), lines(&text)),
        Said::Undecided(text) => println!("Can't be decided: {}", lines(&text)),
    }
    exit
}

impl Shows {
    /// Adds its parts to an answer for machines.
    pub(super) fn add_to(&self, answer: &mut Value) {
        answer["exercise"] = json!(self.mark.exercise);
        answer["standing"] = json!(self.mark.standing);
        answer["genesis"] = json!(self.register);
        for (name, part) in self.value.as_object().into_iter().flatten() {
            answer[name] = part.clone();
        }
    }
}

pub(super) fn lines(text: &str) -> String {
    text.lines().map(safe).collect::<Vec<_>>().join("\n")
}

/// `mithaq verify stick.mithaq`
pub(super) fn bundle(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let (source, checked) =
        bundle::check(&args.path, &args.expected(), args.as_of, args.with.as_deref(), globals)?;
    folder::tell(args, globals, &source, &checked)
}

/// `mithaq verify x.tlog-proof`
pub(super) fn proof(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let with = match &args.with {
        Some(path) => Some(kind::node_below(path, register_of(&args.path)?.as_ref())?),
        None => None,
    };
    let mut checked = None;
    if let Some(path) = with {
        let beside = folder::check(&Disk::at(&path), &args.expected(), args.as_of);
        if beside.report.verdict() == Verdict::Wrong {
            let said = Said::wrong_of(&beside.report, &format!("the register in {} is: ", path.display()));
            return Ok(say(args, globals, "proof", INCLUSION, said));
        }
        checked = Some(beside);
    }
    let said = check_proof(&args.path, checked.iter())?;
    Ok(say(args, globals, "proof", INCLUSION, said))
}

const INCLUSION: &str = "\
This proof says that an entry stands in a register, and no more. Inclusion is not effect: whether the
act has any, and what it came to, says the register's docket.
";

/// The register that a bare proof is of, if it says so.
fn register_of(path: &Path) -> Result<Option<Hash>, Failure> {
    let proof = LogProof::parse(&read(path)?).ok();
    let entry = proof.and_then(|proof| Entry::parse(&proof.extra?).ok());
    Ok(entry.map(|entry| entry.act().register()))
}

/// A bare proof, with the registers that may have its keys.
pub(super) fn check_proof<'a>(
    path: &Path,
    registers: impl Iterator<Item = &'a Checked>,
) -> Result<Said, Failure> {
    let proof = match LogProof::parse(&read(path)?) {
        Ok(proof) => proof,
        Err(fault) => return Ok(Said::Wrong("audit::proof", fault.to_string())),
    };
    let Some(bytes) = &proof.extra else {
        return Ok(Said::Wrong("audit::proof", "it does not carry the entry that it proves".to_owned()));
    };
    let entry = match Entry::parse(bytes) {
        Ok(entry) => entry,
        Err(fault) => return Ok(Said::Wrong("audit::proof", format!("its entry: {fault}"))),
    };
    let replay = registers
        .filter_map(|checked| checked.replay.as_ref())
        .find(|replay| *replay.ledger().genesis() == entry.act().register());
    let Some(replay) = replay else {
        return Ok(Said::Undecided(
            "the registrar's and the cosigners' keys are in no folder that was given: \
             `--with FOLDER` names one of that register"
                .to_owned(),
        ));
    };
    let cosigners = match proof.verify(&tlog::leaf_hash(bytes), replay.ledger().policy()) {
        Ok(cosigners) => cosigners,
        Err(fault) => return Ok(Said::Wrong("audit::proof", fault.to_string())),
    };
    let act = entry.act();
    let by: Vec<String> = act.head().signers.iter().map(ToString::to_string).collect();
    let (registered, size) = (entry.receipt().time, proof.checkpoint.checkpoint().size);
    let text = format!(
        "entry {} of {}: `{}` by {}, act {}, registered {}, below a checkpoint of {size} with {}",
        proof.index,
        VoiceName::of(&act.register()),
        act.kind(),
        by.join(", "),
        act.id(),
        utc(registered),
        count(cosigners.times.len() as u64, "cosigner", "cosigners"),
    );
    let named: Vec<Value> = cosigners
        .times
        .iter()
        .map(|(place, time)| json!({"name": replay.ledger().policy().witnesses()[*place].name, "time": time}))
        .collect();
    let value = json!({"act": act.id(), "kind": act.kind(), "by": act.head().by, "signers": by,
        "entry": proof.index, "size": size, "registered": registered, "cosigners": named});
    let (mark, register) = (Mark::of(replay.instrument()), Some(act.register()));
    Ok(Said::Good(Box::new(Shows { mark, register, text, end: NOTHING_WRONG, value })))
}

/// `mithaq verify x.mithaq-proof`
pub(super) fn standing(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let said = check_standing(&args.path, &args.expected())?;
    let exit = say(args, globals, "standing-proof", "", said);
    if args.register.is_empty() && !globals.json {
        println!(
            "The register was not asked for by name: compare its name by voice with one from elsewhere."
        );
    }
    Ok(exit)
}

pub(super) fn check_standing(path: &Path, expected: &audit::Expected) -> Result<Said, Failure> {
    let shown = match audit::standing::verify(&read(path)?, expected) {
        Ok(shown) => shown,
        Err(what) => return Ok(Said::Wrong("audit::standing", what)),
    };
    let mark = Mark {
        exercise: shown.exercise,
        standing: shown.instrument.as_ref().and_then(|instrument| instrument.standing.clone()),
    };
    let (text, value) = (standing::text(&shown), standing::value(&shown));
    let register = Some(shown.genesis);
    Ok(Said::Good(Box::new(Shows { mark, register, text, end: NOTHING_WRONG, value })))
}

/// `mithaq verify x.contradiction.json`
pub(super) fn contradiction(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let said = check_contradiction(&args.path, &args.expected())?;
    let exit = say(args, globals, "contradiction", "", said);
    if args.register.is_empty() && !globals.json {
        println!(
            "The register was not asked for by name: compare its name by voice with one from elsewhere."
        );
    }
    Ok(exit)
}

pub(super) fn check_contradiction(path: &Path, expected: &audit::Expected) -> Result<Said, Failure> {
    let bytes = read(path)?;
    Ok(match contradiction::confirm(&bytes, expected) {
        Ok(conviction) => {
            let facts: Vec<String> =
                conviction.facts.iter().map(|(name, value)| format!("\n  {name}: {value}")).collect();
            let nobody = conviction.convicts == Convict::Nobody;
            let (end, who) = if nobody {
                ("The contradiction holds: it convicts nobody.", "")
            } else {
                (
                    "The contradiction holds: it convicts this key.",
                    "\nWho held the key, and whether it was stolen, bytes cannot say.",
                )
            };
            let text = format!(
                "C{} `{}`: {}\nin the register {}{}{who}",
                conviction.kind.number(),
                conviction.kind,
                conviction.sentence(),
                VoiceName::of(&conviction.register),
                facts.concat(),
            );
            let value = json!({
                "kind": conviction.kind.as_str(), "number": conviction.kind.number(),
                "convicts": contradictions::word(&conviction.convicts),
                "voice": VoiceName::of(&conviction.register).to_string(),
            });
            let mark = Mark { exercise: conviction.exercise, standing: conviction.standing };
            Said::Good(Box::new(Shows { mark, register: Some(conviction.register), text, end, value }))
        }
        Err(why) => unconfirmed(&why),
    })
}

fn unconfirmed(why: &Unconfirmed) -> Said {
    match why {
        Unconfirmed::UnknownRules(_) | Unconfirmed::LaterRegistrar | Unconfirmed::AnnexMissing(_) => {
            Said::Undecided(why.to_string())
        }
        Unconfirmed::TooLong
        | Unconfirmed::NotOneLine(_)
        | Unconfirmed::Shape(_)
        | Unconfirmed::Spelling
        | Unconfirmed::Genesis(_)
        | Unconfirmed::OtherRegister
        | Unconfirmed::Annex(_)
        | Unconfirmed::Unreadable(..)
        | Unconfirmed::OtherRegisterQuoted(_)
        | Unconfirmed::Unsigned(_)
        | Unconfirmed::NotFinal(_)
        | Unconfirmed::NotIncluded(_)
        | Unconfirmed::NotConsistent
        | Unconfirmed::KeyUnproven(_)
        | Unconfirmed::UnknownWitness
        | Unconfirmed::NothingShown(_) => Said::Wrong(why.code(), format!("it convicts nobody: {why}")),
    }
}
