//! One small file: a bundle, a proof, a contradiction.

use std::path::Path;

use act::Entry;
use audit::contradiction::{self, Unconfirmed};
use audit::{Checked, Report, Verdict};
use node::disk::Disk;
use serde_json::json;
use terms::VoiceName;
use tlog::LogProof;

use super::{Args, bundle, folder};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::show::text::{count, safe};
use crate::show::time::utc;

/// What is said of a file.
pub(crate) enum Said {
    /// It shows what it says.
    Good(String),
    /// It does not.
    Wrong(&'static str, String),
    /// Something is missing for it.
    Undecided(String),
}

/// The largest proof or contradiction that is read.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

impl Said {
    pub(super) fn of_report(report: &Report) -> Said {
        match report.verdict() {
            Verdict::Good => Said::Good("nothing wrong found".to_owned()),
            Verdict::Wrong => {
                let first = report.wrongs.first();
                Said::Wrong(
                    first.map_or("audit::unreadable", |w| w.code),
                    first.map_or_else(String::new, folder::sentence),
                )
            }
            Verdict::Undecided => Said::Undecided(report.undecided.first().cloned().unwrap_or_default()),
        }
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

fn say(args: &Args, globals: &Globals, what: &str, said: Said) -> Exit {
    let (exit, verdict, text) = match &said {
        Said::Good(text) => (Exit::Good, Verdict::Good, text),
        Said::Wrong(_, text) => (Exit::Wrong, Verdict::Wrong, text),
        Said::Undecided(text) => (Exit::Undecided, Verdict::Undecided, text),
    };
    if globals.json {
        let code = if let Said::Wrong(code, _) = &said { Some(*code) } else { None };
        let path = args.path.display().to_string();
        println!(
            "{:#}",
            json!({"path": path, "is": what, "verdict": folder::word(verdict), "says": text, "code": code})
        );
        return exit;
    }
    match said {
        Said::Good(text) => println!("{}\nNothing wrong found.", lines(&text)),
        Said::Wrong(code, text) => println!("Wrong: {}: {} [{code}]", args.path.display(), lines(&text)),
        Said::Undecided(text) => println!("Can't be decided: {}", lines(&text)),
    }
    exit
}

fn lines(text: &str) -> String {
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
    if !globals.json {
        println!("{INCLUSION}");
    }
    let with = match &args.with {
        Some(path) => {
            let checked = folder::check(&Disk::at(path), &args.expected(), args.as_of);
            if checked.report.verdict() == Verdict::Wrong {
                return Ok(say(args, globals, "proof", Said::of_report(&checked.report)));
            }
            Some(checked)
        }
        None => None,
    };
    let said = check_proof(&args.path, with.iter())?;
    Ok(say(args, globals, "proof", said))
}

const INCLUSION: &str = "\
This proof says that an entry stands in a register, and no more. Inclusion is not effect: whether the
act has any, and what it came to, says the register's docket.";

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
    Ok(Said::Good(format!(
        "entry {} of {}: `{}` by {}, act {}, registered {}, below a checkpoint of {} with {}",
        proof.index,
        VoiceName::of(&act.register()),
        act.kind(),
        by.join(", "),
        act.id(),
        utc(entry.receipt().time),
        proof.checkpoint.checkpoint().size,
        count(cosigners.times.len() as u64, "cosigner", "cosigners"),
    )))
}

/// `mithaq verify x.mithaq-proof`
pub(super) fn standing(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let said = check_standing(&args.path, &args.expected())?;
    let exit = say(args, globals, "standing-proof", said);
    if args.register.is_none() && !globals.json {
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
    let signers: Vec<String> = shown.signers.iter().map(ToString::to_string).collect();
    let cosigners: Vec<String> =
        shown.cosigners.iter().map(|(name, time)| format!("{name}, {}", utc(*time))).collect();
    let act = shown.entry.act();
    let mut text = format!(
        "register  {}\nby voice  {}\nentry     {} of {}: `{}` by {}\nact       {}\nsigned    {}\nreceipt   {}\n{}: {}",
        shown.origin,
        shown.voice,
        shown.index,
        shown.size,
        act.kind(),
        act.head().by,
        act.id(),
        signers.join(", "),
        utc(shown.registered),
        count(cosigners.len() as u64, "cosigner", "cosigners"),
        cosigners.join("; "),
    );
    match &shown.state {
        Some((signer, note, state)) => {
            let size = note.body.size;
            text.push_str(&format!("\nwhat came of it, as {signer} replayed {size} entries and signed:"));
            // Its own act is named above, and need not stand in each line.
            let own = act.id().0.to_hex();
            for line in state {
                text.push_str(&format!("\n  {}", line.replacen(&own, "…", 1)));
            }
        }
        None => text.push_str("\nInclusion is not effect: this proof does not say what came of the act."),
    }
    Ok(Said::Good(text))
}

/// `mithaq verify x.contradiction.json`
pub(super) fn contradiction(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let said = check_contradiction(&args.path, &args.expected())?;
    let exit = say(args, globals, "contradiction", said);
    if args.register.is_none() && !globals.json {
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
            Said::Good(format!(
                "C{} `{}`: {}\nin the register {}{}\nIt convicts a key. Who held it, and whether it was stolen, bytes cannot say.",
                conviction.kind.number(),
                conviction.kind,
                conviction.sentence(),
                VoiceName::of(&conviction.register),
                facts.concat(),
            ))
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
