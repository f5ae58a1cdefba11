//! Acts and what came of them, in a few words.

use std::collections::BTreeMap;

use act::Body;
use act::body::{Disown, Enrol, Transcribed};
use act::value::MatterRef;
use docket::v1::event::What;
use docket::v1::{Event, MatterKey, Replay, Stance};
use serde::Serialize;
use serde_json::Value;
use terms::{ActId, Item, ParticipantId};

use crate::say::value as say;

/// What an act says, for a line of a table, with participants as `named` calls them.
pub(crate) fn what(body: &Body, replay: &Replay, named: impl Fn(&ParticipantId) -> String) -> String {
    let exhibit = |item: &Item| say::exhibit(replay, item);
    let matter = |id: &MatterRef| say::matter(replay, id);
    match body {
        Body::Genesis(genesis) => {
            let founders: Vec<String> =
                genesis.founders.iter().map(|seat| named(&seat.participant)).collect();
            format!("founded by {}", founders.join(", "))
        }
        Body::Enrol(Enrol::Key(key)) => format!("{} as {}, {}", key.label, key.capacity, key.office),
        Body::Enrol(Enrol::Seat(seat)) => format!("seat of {}", named(&seat.participant)),
        Body::Revoke(revoke) => revoke.label.to_string(),
        Body::Disown(Disown::Key { label, since }) => format!("{label} since {since}"),
        Body::Disown(Disown::Act(act)) => act.to_string(),
        Body::Recover(recover) => format!("new roots of {}", named(&recover.participant)),
        Body::Mark(mark) => {
            let size = mark.checkpoint.as_str().lines().nth(1).unwrap_or_default();
            format!("as far as {size}")
        }
        Body::Intake(intake) => format!("{} at {}", intake.act, intake.time),
        Body::Freeze(_) => "the registrar's key".to_owned(),
        Body::Succeed(succeed) => format!("goes on from {}", succeed.size),
        Body::Open(open) => open.procedure.to_string(),
        Body::Step(step) => format!("{} in {}", step.step, matter(&step.matter)),
        Body::Correct(correct) => correct.entry.to_string(),
        Body::Withdraw(withdraw) => withdraw.entry.to_string(),
        Body::Batch(batch) => format!("{}, {} rows", batch.table, batch.rows),
        Body::Offer(offer) => match offer.files.len() {
            1 => "one exhibit".to_owned(),
            n => format!("{n} exhibits"),
        },
        Body::Grant(grant) => {
            let to: Vec<String> = grant.grants.iter().map(|grant| named(&grant.to)).collect();
            format!("{} to {}", exhibit(&grant.exhibit), to.join(", "))
        }
        Body::Keep(keep) => keep.exhibits.iter().map(exhibit).collect::<Vec<_>>().join(", "),
        Body::Opened(opened) => exhibit(&opened.exhibit),
        Body::Answer(answer) => match &answer.choice {
            Some(choice) => format!("{}: {choice}", exhibit(&answer.exhibit)),
            None => exhibit(&answer.exhibit),
        },
        Body::Challenge(challenge) => format!("{}: {}", exhibit(&challenge.exhibit), code(&challenge.ground)),
        Body::Rule(rule) => format!("{}: {}", exhibit(&rule.exhibit), code(&rule.outcome)),
        Body::Hold(hold) => format!("{} until {}", exhibit(&hold.exhibit), hold.until),
        Body::Destroy(destroy) => format!("{}: {}", exhibit(&destroy.exhibit), code(&destroy.ground)),
        Body::Extend(extend) => {
            format!("{} in {} by {} s", extend.step, matter(&extend.matter), extend.seconds)
        }
        Body::Suspend(suspend) => format!("{} for {} s", matter(&suspend.matter), suspend.seconds),
        Body::Resume(resume) => matter(&resume.matter),
        Body::Cut(cut) => format!("{} from {} to {}", named(&cut.participant), cut.from, cut.to),
        Body::SetAside(set_aside) => format!("{} to {}", matter(&set_aside.matter), set_aside.to),
        Body::Serve(serve) => format!("{} on {}", serve.act, named(&serve.on)),
        Body::Transcribe(transcribe) => match &transcribe.what {
            Transcribed::Open(open) => {
                format!("for {}: opens {}", named(&transcribe.on_behalf_of), open.procedure)
            }
            Transcribed::Step(step) => format!("for {}: {}", named(&transcribe.on_behalf_of), step.step),
        },
        Body::Confirm(confirm) => confirm.act.to_string(),
        Body::Screen(screen) => format!("{}: {}", screen.key, code(&screen.result)),
        Body::Publish(publish) => match (&publish.matter, &publish.annex) {
            (Some(id), _) => matter(id),
            (None, Some(annex)) => annex.sha256.to_string(),
            (None, None) => String::new(),
        },
    }
}

/// The reference of what an act opened or entered as a table, to put before what it says.
pub(crate) fn reference_first(replay: &Replay, entry: u64, id: &ActId) -> String {
    let settlement = replay.settlement();
    let matter = settlement.matters().get(&MatterKey::opened(entry)).map(|matter| &matter.reference);
    let found = matter.or_else(|| settlement.tables().get(id).map(|table| &table.reference));
    found.map(|reference| format!("{reference}: ")).unwrap_or_default()
}

/// A word of a closed list, as it stands in acts.
fn code(word: &impl Serialize) -> String {
    match serde_json::to_value(word) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// What happened, by the entry that brought it.
pub(crate) fn by_entry(events: &[Event]) -> BTreeMap<u64, Vec<&Event>> {
    let mut by_entry: BTreeMap<u64, Vec<&Event>> = BTreeMap::new();
    for event in events {
        if let Some(entry) = event.entry {
            by_entry.entry(entry).or_default().push(event);
        }
    }
    by_entry
}

/// Whether an act has effect: `in effect`, `void: no-power`, `malformed: key`, `on its way`.
pub(crate) fn effect(replay: &Replay, id: &ActId, entry: u64, events: Option<&Vec<&Event>>) -> String {
    for event in events.into_iter().flatten() {
        match &event.what {
            What::Void(reason) => return format!("void: {reason}"),
            What::Malformed(ground) => return format!("malformed: {ground}"),
            _ => {}
        }
    }
    let settlement = replay.settlement();
    let exhibit = settlement.exhibits().get(&Item::exhibit(*id, 1));
    let transcript = settlement.transcripts().get(id);
    let taken_back = exhibit.is_some_and(|exhibit| exhibit.disowned)
        || transcript.is_some_and(|transcript| transcript.stance == Stance::Disowned)
        || settlement.matters().get(&MatterKey::opened(entry)).is_some_and(|matter| matter.disowned);
    if taken_back {
        "disowned: its participant took it back".to_owned()
    } else if entry < replay.timeline().settled() {
        "in effect".to_owned()
    } else {
        "on its way".to_owned()
    }
}
