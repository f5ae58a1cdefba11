//! One entry: who, what, when; its bytes; the way from it to the root that was cosigned; its proof to take away.

use act::Entry;
use askama::Template;
use docket::v1::ledger::KeyState;
use lang::Arg;
use serde::Serialize;
use terms::{Custody, Hash, SignerName, VoiceName};
use tlog::{LogProof, climb, leaf_hash};

use super::drawn::{Drawn, draw};
use crate::desk::{Desk, Held};
use crate::page::shell::{Shell, reader};
use crate::page::sign::custody as custody_in_words;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::web::assets;
use crate::words::deed::{Deed, Stands};
use crate::words::when::When;
use crate::words::{Reader, Who};

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Shown {
    register: String,
    by_voice: String,
    genesis: String,
    index: u64,
    act: String,
    #[serde(flatten)]
    deed: Deed,
    /// Nobody, where the registrar did it.
    by: Option<Who>,
    /// The act's number among those of the key that signed it first.
    n: u64,
    signers: Vec<Signer>,
    /// When its author says that it was done: it decides nothing.
    at: When,
    registered: When,
    /// The cosigners' times around it, as far as there are any.
    after: Option<When>,
    before: Option<When>,
    stands: Stands,
    /// None while no quorum has cosigned it.
    proof: Option<Proof>,
    /// The whole entry, as it is hashed.
    text: String,
}

/// Whose key signed it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Signer {
    key: String,
    office: Option<String>,
    custody: Option<Custody>,
    #[serde(skip)]
    custody_words: Option<String>,
    /// The entry that enrolled the key.
    enrolled: Option<u64>,
}

/// That it is in the record.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Proof {
    size: u64,
    leaf: Hash,
    root: Hash,
    steps: Vec<Step>,
    cosigners: Vec<Cosigner>,
}

/// One step upwards.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Step {
    beside: Hash,
    is_left: bool,
    comes_to: Hash,
}

/// Who cosigned.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Cosigner {
    name: String,
    time: When,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Shown,
    what: String,
    root: String,
    drawn: Option<Drawn>,
    /// The words under and above the drawing, and below it.
    foot: String,
    top: String,
    caption: String,
    last: u64,
}

impl Page<'_> {
    fn cosigned_by(&self, proof: &Proof) -> String {
        let named = proof.cosigners.iter().map(|one| format!("{} {}", one.name, one.time.words()));
        named.collect::<Vec<_>>().join(", ")
    }

    fn asset(&self, name: &str) -> String {
        format!("{}/{name}", assets::folder())
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let index = number(asked, &held)?;
    let (data, proof) = query(desk, reader, &held, index)?;
    let answer = either(asked, &data, || {
        let number = index.to_string();
        let shell = Shell::of(reader, asked, reader.texts.say("entry-title", &[("n", Arg::Text(&number))]));
        let (size, steps) =
            data.proof.as_ref().map_or((0, 0), |proof| (proof.size, proof.steps.len() as u64));
        let size = size.to_string();
        Page {
            foot: reader.texts.say("path-foot", &[("n", Arg::Text(&number))]),
            top: reader.texts.say("path-top", &[("size", Arg::Text(&size))]),
            caption: reader.texts.say("path-says", &[("n", steps.into())]),
            what: what(&data),
            root: format!("/{}/record", reader.agreement),
            drawn: proof.map(|steps| draw(&steps)),
            last: held.size.saturating_sub(1),
            shell,
            data: &data,
        }
        .render()
    })?;
    Ok(match answer {
        Answer::Page(page) => Answer::Checking(page),
        other => other,
    })
}

/// Its standing proof, as a file.
pub(crate) fn proof(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let index = number(asked, &held)?;
    if desk.served.checkpoint()?.is_none_or(|cosigned| index >= cosigned.checkpoint().size) {
        return Err(Sorry::NotFound);
    }
    let entry = Entry::parse(&desk.entry(&held, index)?).map_err(node::Fault::from)?;
    let begun = desk.read(|node| node.begin_proof(&entry.act().id()))?;
    let bytes = begun.make()?;
    let name = format!("{}-{index}.mithaq-proof", desk.agreement());
    Ok(Answer::TakeAway(name, "application/json", bytes))
}

/// The entry that is asked for, in the one spelling of its number.
fn number(asked: &Asked, held: &Held) -> Result<u64, Sorry> {
    let text = asked.part("entry");
    let index: u64 = text.parse().map_err(|_| Sorry::NotFound)?;
    if index < held.size && index.to_string() == text { Ok(index) } else { Err(Sorry::NotFound) }
}

fn what(data: &Shown) -> String {
    match &data.deed.of {
        Some(of) => format!("{}: {of}", data.deed.words),
        None => data.deed.words.clone(),
    }
}

fn query(
    desk: &Desk,
    reader: Reader<'_>,
    held: &Held,
    index: u64,
) -> Result<(Shown, Option<Vec<tlog::Rise>>), Sorry> {
    let settings = desk.settings();
    let bytes = desk.entry(held, index)?;
    let entry = Entry::parse(&bytes).map_err(node::Fault::from)?;
    let (act, timeline) = (entry.act(), reader.replay.timeline());
    let when = |at| When::of(reader, at);
    let log = desk.served.log_proof(index)?;
    let steps = log.as_ref().map(|log| rises(log, &bytes)).transpose()?;
    let proof = match (&log, &steps) {
        (Some(log), Some(steps)) => Some(proven(reader, log, &bytes, steps)?),
        _ => None,
    };
    let keys = reader.replay.ledger().keys();
    let shown = Shown {
        register: settings.origin.to_string(),
        by_voice: VoiceName::of(&settings.genesis).to_string(),
        genesis: settings.genesis.to_hex(),
        index,
        act: act.id().to_string(),
        deed: Deed::of(reader, act),
        by: act.head().by.participant().map(|who| reader.who(who)),
        n: act.head().n,
        signers: act.head().signers.iter().map(|name| signer(reader, name, keys.get(name))).collect(),
        at: when(act.head().at.0),
        registered: when(entry.receipt().time),
        after: timeline.low(index).map(when),
        before: timeline.high(index).map(when),
        stands: Stands::of(reader, held, index),
        proof,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    };
    Ok((shown, steps))
}

fn signer(reader: Reader<'_>, name: &SignerName, key: Option<&KeyState>) -> Signer {
    let custody = key.map(|key| key.custody);
    Signer {
        key: name.to_string(),
        office: key.map(|key| key.office.clone()).filter(|office| !office.is_empty()),
        custody,
        custody_words: custody.map(|custody| custody_in_words(reader, custody)),
        enrolled: key.map(|key| key.since),
    }
}

/// The steps of its path.
fn rises(log: &LogProof, bytes: &[u8]) -> Result<Vec<tlog::Rise>, Sorry> {
    let size = log.checkpoint.checkpoint().size;
    climb(&leaf_hash(bytes), log.index, size, &log.path)
        .map_err(|_| Sorry::Broken(format!("the tiles give no path for entry {}", log.index)))
}

fn proven(reader: Reader<'_>, log: &LogProof, bytes: &[u8], steps: &[tlog::Rise]) -> Result<Proof, Sorry> {
    let policy = reader.replay.ledger().policy();
    let leaf = leaf_hash(bytes);
    let cosigners = log.verify(&leaf, policy).map_err(|fault| Sorry::Broken(fault.to_string()))?;
    let named = cosigners.times.iter().map(|(place, time)| Cosigner {
        name: policy.witnesses()[*place].name.clone(),
        time: When::of(reader, *time),
    });
    let checkpoint = log.checkpoint.checkpoint();
    let steps =
        steps.iter().map(|step| Step { beside: step.sibling, is_left: step.is_left, comes_to: step.node });
    Ok(Proof {
        size: checkpoint.size,
        leaf,
        root: checkpoint.root,
        steps: steps.collect(),
        cosigners: named.collect(),
    })
}
