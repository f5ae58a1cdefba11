//! What an officer does at a desk.

use std::io::Read;

use act::Body;
use act::body::{Answer, Open, Opened, Step};
use act::value::{FieldValue, Fields, File as Sealed, MatterRef, Word};
use node::evidence::Evidence;
use node::{Fault, Node};
use terms::{ActId, Instant, Item};

use super::super::cast::{Stage, code, who};
use crate::show::progress::{Progress, Unit};

pub(super) fn seal(
    node: &Node,
    plain: &mut dyn Read,
    bytes: u64,
    media_type: &str,
    name: &str,
    to: &[terms::ParticipantId],
) -> Result<(Sealed, vault::Grant), Fault> {
    let mut progress = Progress::new("sealing", Unit::Bytes);
    let evidence = Evidence { plain, bytes, media_type, name: Some(name) };
    node.seal(evidence, to, &mut |done, of| progress.tell(done, of))
}

/// Opens an exhibit onto a desk, and signs that it did.
pub(super) fn read(stage: &Stage, node: &mut Node, exhibit: &Item, name: &str) -> Result<(), Fault> {
    let target = stage.keys.join("desk").join(name);
    let mut progress = Progress::new("opening", Unit::Bytes);
    node.open_exhibit(exhibit, Some(&target), &mut |done, of| progress.tell(done, of))?;
    node.act("liaison-1", Body::Opened(Opened { exhibit: *exhibit }), stage.now)?;
    Ok(())
}

pub(super) fn answer(
    node: &mut Node,
    exhibit: &Item,
    text: &str,
    to: &[&str],
    now: Instant,
) -> Result<ActId, Fault> {
    let text = text.as_bytes();
    let to = to.iter().map(|id| who(id)).collect::<Result<Vec<_>, _>>()?;
    let (file, _) =
        seal(node, &mut { text }, text.len() as u64, "text/plain; charset=utf-8", "answer.txt", &to)?;
    let answer = Answer { exhibit: *exhibit, choice: Some(code("no-information-yet")?), files: vec![file] };
    Ok(node.act("liaison-1", Body::Answer(answer), now)?.act().id())
}

pub(super) fn give_notice(node: &mut Node, text: &str, now: Instant) -> Result<ActId, Fault> {
    let text = text.as_bytes();
    let to = [who("doha")?];
    let (file, _) =
        seal(node, &mut { text }, text.len() as u64, "text/plain; charset=utf-8", "notice.txt", &to)?;
    let mut fields = Fields::new();
    fields.insert(code("told")?, FieldValue::Several(vec![Word::Code(code("doha")?)]));
    let open =
        Open { procedure: code("notice")?, tier: None, fields, strands: Vec::new(), files: vec![file] };
    Ok(node.act("liaison-1", Body::Open(open), now)?.act().id())
}

pub(super) fn acknowledge(node: &mut Node, notice: &ActId, now: Instant) -> Result<(), Fault> {
    let step = Step {
        matter: MatterRef::Opened(*notice),
        strands: Vec::new(),
        step: code("acknowledge")?,
        choice: None,
        fields: Fields::new(),
        files: Vec::new(),
    };
    node.act("liaison-1", Body::Step(step), now)?;
    Ok(())
}

pub(super) fn reference_of(node: &Node, matter: &ActId) -> String {
    let id = MatterRef::Opened(*matter);
    let found = node.docket().settlement().matter(&id);
    found.map_or_else(|| matter.to_string(), |(_, matter)| matter.reference.to_string())
}

pub(super) fn registered_time(node: &Node, id: &ActId) -> Result<Instant, Fault> {
    let (index, _) = node.find(id)?;
    Ok(act::Entry::parse(&node.entry(index)?)?.receipt().time)
}

pub(super) fn sorted(items: &[Item]) -> Vec<Item> {
    let mut items = items.to_vec();
    items.sort_by_key(ToString::to_string);
    items
}

pub(super) fn clock(at: Instant) -> String {
    let text = at.to_string();
    format!("{} {} UTC", &text[..10], &text[11..16])
}
