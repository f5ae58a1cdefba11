//! What it came to: one line a fact, sorted, and a Merkle root over them. Equal state, equal history.

mod sparse;

use act::body::Tier;
use act::state::StateBody;
use instrument::procedure::Effect;
use terms::{Code, Hash, Instant, Item, ItemPart, ParticipantId};

use super::event::screen_word;
use super::exhibit::Exhibit;
use super::few::Few;
use super::ledger::{Chain, Ended};
use super::matter::{Armed, Matter, MatterKey};
use super::replay::Replay;
use super::settle::{About, Screening, Sought, Stance, Table, Transcript};
use sparse::Growing;

/// The sorted lines of a state, `path value` each, without line feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    lines: Vec<String>,
}

impl State {
    /// The lines, sorted by their bytes.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The RFC 6962 root over the lines.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut tree = tlog::Frontier::new();
        tree.extend(self.lines.iter().map(|line| tlog::tree::leaf_hash(line.as_bytes())));
        tree.root()
    }

    /// The place and the proof of the line with this path, if there is one.
    #[must_use]
    pub fn prove(&self, path: &str) -> Option<(u64, Vec<Hash>)> {
        let at = self.lines.iter().position(|line| line.split(' ').next() == Some(path))?;
        let leaves: Vec<Hash> =
            self.lines.iter().map(|line| tlog::tree::leaf_hash(line.as_bytes())).collect();
        let tree = tlog::tree::MemoryTree::of(&leaves);
        let proof = tlog::inclusion_proof(&tree, at as u64, leaves.len() as u64).ok()?;
        Some((at as u64, proof))
    }
}

/// Some lines of a state, each with its place and the proof of it, and what the state is called.
#[derive(Clone, Debug)]
pub struct Proved {
    /// The state as a state note says it.
    pub body: StateBody,
    /// The lines, in their order.
    pub lines: Vec<(String, u64, Vec<Hash>)>,
}

impl Replay {
    /// What it came to, all of it in memory.
    #[must_use]
    pub fn state(&self) -> State {
        let mut lines = Vec::new();
        self.for_each_line(&mut |line| lines.push(line.to_owned()));
        State { lines }
    }

    /// Shows each line of what it came to, in their order. Of matters, one at a time is in memory.
    pub fn for_each_line(&self, each: &mut dyn FnMut(&str)) {
        let mut lines = Lines(Vec::new());
        self.register_lines(&mut lines);
        self.key_lines(&mut lines);
        for (act, table) in &self.settlement.tables {
            let Table { reference, by, at, holds, rows, withdrawn, .. } = table;
            let withdrawn = if *withdrawn { " withdrawn" } else { "" };
            let path = format!("batch/{}", act.0.to_hex());
            lines.add(&path, format_args!("{reference} {by} entered {at} {holds} {rows}{withdrawn}"));
        }
        for ((key, list), screening) in &self.settlement.screenings {
            let Screening { by, at, result } = screening;
            lines.add(&format!("screened/{key}/{list}"), format_args!("{} {by} {at}", screen_word(*result)));
        }
        for (item, exhibit) in self.settlement.exhibits.iter() {
            exhibit_lines(item, exhibit, &mut lines);
        }
        self.law_lines(&mut lines);
        let Lines(mut lines) = lines;
        lines.sort_unstable();
        let (before, behind) = lines.split_at(lines.partition_point(|line| line.as_str() < MATTERS));
        before.iter().for_each(|line| each(line));
        // The lines of one matter stand together: what follows its key in them sorts before all that a key can go on with.
        let mut keys: Vec<MatterKey> = self.settlement.matters.keys().copied().collect();
        keys.sort_by_cached_key(as_written);
        for key in keys {
            let Some(matter) = self.settlement.matters.lend(&key) else { continue };
            let mut lines = Lines(Vec::new());
            matter_lines(key, &matter, &mut lines);
            if let Some(sought) = self.settlement.sought.get(&About::Matter(key)) {
                sought_lines(&format!("{MATTERS}{key}/relief"), sought, &mut lines);
            }
            lines.0.sort_unstable();
            lines.0.iter().for_each(|line| each(line));
        }
        behind.iter().for_each(|line| each(line));
    }

    /// The state as a state note says it. `as_of` is the witness time of the last mark read, unless
    /// one was asked for.
    #[must_use]
    pub fn state_body(&self, as_of: Option<Instant>) -> StateBody {
        let mut tree = tlog::Frontier::new();
        self.for_each_line(&mut |line| tree.push(tlog::tree::leaf_hash(line.as_bytes())));
        self.body_of(as_of, &tree)
    }

    fn body_of(&self, as_of: Option<Instant>, lines: &tlog::Frontier) -> StateBody {
        StateBody {
            rules: self.rules,
            size: self.size(),
            root: self.root(),
            as_of: as_of.or_else(|| self.timeline.last()).unwrap_or(Instant::EPOCH),
            lines: lines.size(),
            state: lines.root(),
        }
    }

    /// The first lines, at most so many, of those whose path is wanted, each with its proof. No other is kept.
    #[must_use]
    pub fn prove_lines(&self, wanted: &dyn Fn(&str) -> bool, most: usize) -> Proved {
        let (mut tree, mut found, mut growing) = (tlog::Frontier::new(), Vec::new(), Growing::default());
        self.for_each_line(&mut |line| {
            let is_wanted = found.len() < most && line.split(' ').next().is_some_and(wanted);
            if is_wanted {
                found.push((line.to_owned(), tree.size()));
            }
            let leaf = tlog::tree::leaf_hash(line.as_bytes());
            growing.push(leaf, is_wanted);
            tree.push(leaf);
        });
        let sparse = growing.whole();
        #[expect(clippy::expect_used, reason = "all that a proof of one that was wanted asks for was kept")]
        let proof = |place| tlog::inclusion_proof(&sparse, place, tree.size()).expect("its block is there");
        let lines = found.into_iter().map(|(line, place)| (line, place, proof(place)));
        Proved { lines: lines.collect(), body: self.body_of(None, &tree) }
    }

    fn register_lines(&self, lines: &mut Lines) {
        let (settled, events) = (&self.settlement, &self.settlement.events);
        lines.add("count/entries", self.size());
        lines.add("count/malformed", self.malformed);
        lines.add("count/marks", self.timeline.count());
        lines.add("count/settled", settled.settled_acts);
        lines.add("count/void", settled.voids);
        lines.add("events", format_args!("{} {}", events.count(), events.running().to_hex()));
        lines.add("register", format_args!("{} {}", self.ledger.origin(), self.ledger.genesis().to_hex()));
        lines.add("rules", self.rules);
        if let Some(reached) = self.timeline.register_time() {
            lines.add("time/register", reached);
        }
        if let Some(last) = self.timeline.last() {
            lines.add("time/witness", last);
        }
        for (number, (from, to)) in (1_u32..).zip(self.timeline.dead()) {
            lines.add(&format!("time/dead/{number}"), format_args!("{from} {to}"));
        }
        for (who, cuts) in &settled.cuts {
            for (entry, (from, to)) in cuts {
                lines.add(&format!("cut/{who}/{entry}"), format_args!("{from} {to}"));
            }
        }
        for witness in &settled.frozen {
            lines.add(&format!("frozen/{witness}"), "frozen");
        }
        for (opened, recovery) in &settled.recoveries {
            let who = &recovery.seat.participant;
            let comes = recovery.comes.map_or_else(|| "asked".to_owned(), |at| format!("comes {at}"));
            let by: Vec<String> = recovery.votes.keys().map(ToString::to_string).collect();
            lines.add(&format!("recovery/{who}/{opened}"), format_args!("{comes} by {}", by.join(",")));
        }
        for (who, by) in self.ledger.votes() {
            let by: Vec<String> = by.iter().map(ToString::to_string).collect();
            lines.add(&format!("seat/{who}/votes"), by.join(","));
        }
        if let Some(pending) = self.ledger.succession() {
            let by: Vec<String> = pending.signed.iter().map(ToString::to_string).collect();
            lines.add("succession", format_args!("{} by {}", pending.body.size, by.join(",")));
        }
        lines.add("registrar", self.ledger.registrar_name());
        if let Chain { n, last: Some(last) } = self.ledger.registrar_chain() {
            lines.add("registrar/chain", format_args!("{n} {}", last.0.to_hex()));
        }
    }

    fn law_lines(&self, lines: &mut Lines) {
        let settled = &self.settlement;
        lines.add("law", format_args!("{} {}", settled.law.number, settled.law.annex.to_hex()));
        if let Some(at) = settled.closed {
            lines.add("closed", at);
        }
        for (act, transcript) in &settled.transcripts {
            let Transcript { index, on_behalf_of, by, stance, .. } = transcript;
            let stance = match stance {
                Stance::Nothing => "",
                Stance::Confirmed => " confirmed",
                Stance::Disowned => " disowned",
            };
            let path = format!("transcript/{}", act.0.to_hex());
            lines.add(&path, format_args!("{on_behalf_of} by {by} entry {index}{stance}"));
        }
        for (who, pauses) in &settled.pauses {
            for (number, ((matter, strand), (from, to))) in (1_u32..).zip(pauses) {
                let to = if *to == Instant::LAST { "-".to_owned() } else { to.to_string() };
                lines.add(&format!("pause/{who}/{number}"), format_args!("{matter} {strand} {from} {to}"));
            }
        }
        for (about, all) in &settled.sought {
            match about {
                About::Cut => sought_lines("relief", all, lines),
                About::Exhibit(item) => sought_lines(&format!("{}/relief", exhibit_path(item)), all, lines),
                // With its matter.
                About::Matter(_) => {}
            }
        }
    }

    fn key_lines(&self, lines: &mut Lines) {
        for (who, seat) in self.ledger.seats() {
            let role = self.ledger.role(who).map_or("", terms::Role::as_str);
            match seat.taken {
                Some(index) => lines.add(&format!("seat/{who}"), format_args!("{role} taken {index}")),
                None => lines.add(&format!("seat/{who}"), format_args!("{role} vacant")),
            }
            for (set, threshold) in [("roots", Some(&seat.roots)), ("recovery", seat.recovery.as_ref())] {
                let Some(threshold) = threshold.filter(|t| t.k > 0) else { continue };
                let names: Vec<String> = threshold.keys.iter().map(ToString::to_string).collect();
                lines.add(
                    &format!("seat/{who}/{set}"),
                    format_args!("{} of {}", threshold.k, names.join(",")),
                );
            }
        }
        for (name, key) in self.ledger.keys() {
            let ended = match key.ended {
                None => "live".to_owned(),
                Some((index, Ended::Revoked)) => format!("revoked {index}"),
                Some((index, Ended::Disowned(since))) => format!("disowned {index} since {since}"),
                Some((index, Ended::Replaced)) => format!("replaced {index}"),
            };
            let (capacity, custody, since) = (key.capacity, key.custody, key.since);
            lines.add(&format!("key/{name}"), format_args!("{capacity} {custody} from {since} {ended}"));
            if !key.office.is_empty() {
                lines.add(&format!("key/{name}/office"), &key.office);
            }
            if let Some(vkey) = &key.vkey {
                lines.add(&format!("key/{name}/vkey"), vkey);
            }
            if let Some((vkey, ..)) = &key.passkey {
                lines.add(&format!("key/{name}/passkey"), vkey);
            }
            if let Some(recipient) = &key.recipient {
                lines.add(&format!("key/{name}/recipient"), recipient);
            }
            if let Some(last) = key.chain.last {
                lines.add(&format!("key/{name}/chain"), format_args!("{} {}", key.chain.n, last.0.to_hex()));
            }
        }
    }
}

/// A number by which keys sort as they are written: their characters in order, of which there are twelve with the end.
fn as_written(key: &MatterKey) -> u128 {
    /// Of an index, a letter, and a number: twelve to this is less than a number can hold.
    const LONGEST: usize = 20 + 1 + 10;
    let text = key.to_string();
    let characters = text.bytes().map(|byte| match byte {
        b'0'..=b'9' => 1 + u128::from(byte - b'0'),
        _ => 11,
    });
    characters.chain(std::iter::repeat(0)).take(LONGEST).fold(0, |all, one| all * 12 + one)
}

/// What the paths of matters begin with.
const MATTERS: &str = "matter/";

fn sought_lines(path: &str, all: &[Sought], lines: &mut Lines) {
    let heard = all.iter().filter(|sought| !sought.voices.is_empty());
    for (number, sought) in (1_u32..).zip(heard) {
        let by: Vec<String> =
            sought.voices.iter().map(|(who, entries)| format!("{who}@{}", entries[0])).collect();
        lines.add(&format!("{path}/{number}"), format_args!("{} {}", sought.body.kind(), by.join(",")));
    }
}

struct Lines(Vec<String>);

impl Lines {
    fn add(&mut self, path: &str, value: impl std::fmt::Display) {
        self.0.push(format!("{path} {value}"));
    }
}

/// The path of an exhibit: the act's id in hex, since `/` parts paths.
#[must_use]
pub fn exhibit_path(item: &Item) -> String {
    let number = match item.part {
        ItemPart::Exhibit(n) | ItemPart::Matter(n) | ItemPart::Row(n) => n,
    };
    format!("exhibit/{}/f{number}", item.act.0.to_hex())
}

fn exhibit_lines(item: &Item, exhibit: &Exhibit, lines: &mut Lines) {
    let path = exhibit_path(item);
    let disowned = if exhibit.disowned { " disowned" } else { "" };
    let withdrawn = if exhibit.withdrawn { " withdrawn" } else { "" };
    let matter = exhibit.matter.map_or_else(|| "-".to_owned(), |index| index.to_string());
    lines.add(
        &path,
        format_args!(
            "{} {} offered {} entry {} matter {matter}{disowned}{withdrawn}",
            exhibit.reference, exhibit.filer, exhibit.offered, exhibit.entry
        ),
    );
    for (who, at) in exhibit.granted.iter() {
        lines.add(&format!("{path}/granted/{who}"), at);
    }
    let stages = [("kept", &exhibit.kept), ("opened", &exhibit.opened), ("answered", &exhibit.answered)];
    for (stage, entries) in stages {
        let entries: &Few<ParticipantId, (Instant, u64)> = entries;
        for (who, (at, entry)) in entries.iter() {
            lines.add(&format!("{path}/{stage}/{who}"), format_args!("{at} entry {entry}"));
        }
    }
    for (who, challenge) in exhibit.challenged.iter() {
        let upheld = match challenge.upheld {
            None => "open",
            Some((true, _)) => "upheld",
            Some((false, _)) => "not-upheld",
        };
        let mended = if exhibit.is_mended(who) { "mended" } else { "standing" };
        lines.add(&format!("{path}/challenged/{who}"), format_args!("{} {upheld} {mended}", challenge.at));
    }
    for (who, (until, _)) in exhibit.holds.iter() {
        lines.add(&format!("{path}/held/{who}"), until);
    }
    if let Some((at, _)) = exhibit.danger {
        lines.add(&format!("{path}/danger"), at);
    }
    for (who, at) in exhibit.destroyed.iter() {
        lines.add(&format!("{path}/destroyed/{who}"), at);
    }
}

fn matter_lines(key: MatterKey, matter: &Matter, lines: &mut Lines) {
    let path = format!("matter/{key}");
    let disowned = if matter.disowned { " disowned" } else { "" };
    lines.add(
        &path,
        format_args!(
            "{} {} {} opened {} id {}{disowned}",
            matter.kind, matter.reference, matter.opener, matter.opened, matter.id
        ),
    );
    for (name, value) in matter.fields.iter() {
        lines.add(&format!("{path}/field/{name}"), field_text(value));
    }
    if matter.law.number > 1 {
        lines.add(&format!("{path}/law"), matter.law.number);
    }
    if matter.tier == Tier::WithoutPrejudice {
        lines.add(&format!("{path}/tier"), "without-prejudice");
    }
    for entry in &matter.withdrawn {
        lines.add(&format!("{path}/withdrawn/{entry}"), "withdrawn");
    }
    for (name, strand) in matter.strands.iter() {
        let path = format!("{path}/strand/{name}");
        let flagged = if strand.flagged { " flagged" } else { "" };
        let came = if strand.came { " came" } else { "" };
        lines.add(&path, format_args!("{} since {}{came}{flagged}", strand.state, strand.since));
        for (name, value) in strand.fields().iter() {
            lines.add(&format!("{path}/field/{name}"), field_text(value));
        }
        for (step, clock) in strand.clocks.iter() {
            clock_lines(&path, step, clock, lines);
        }
        for (number, label) in (1_u32..).zip(&strand.labels) {
            lines.add(
                &format!("{path}/late/{number}"),
                format_args!("{} {} {} entry {}", label.step, label.by, label.counted, label.index),
            );
        }
        if let Some(coming) = &strand.coming {
            let effect = if coming.effect == Effect::Amend { "amend" } else { "close" };
            lines.add(&format!("{path}/comes"), format_args!("{effect} {}", coming.at));
        }
        for (step, voices) in strand.voices.iter() {
            for (who, voice) in voices.iter() {
                let to = voice.to.as_ref().map_or("stay", Code::as_str);
                lines.add(&format!("{path}/voice/{step}/{who}"), format_args!("{to} entry {}", voice.index));
            }
        }
        for done in &strand.done {
            lines.add(&format!("{path}/done/{}/{}", done.step, done.index), done.at);
        }
        for (number, (_, (from, to))) in (1_u32..).zip(&strand.suspended) {
            lines.add(&format!("{path}/suspended/{number}"), format_args!("{from} {to}"));
        }
    }
}

fn clock_lines(path: &str, step: &Code, clock: &Armed, lines: &mut Lines) {
    let path = format!("{path}/clock/{step}");
    if let Some(waiting) = &clock.waits {
        for (who, deemed) in &waiting.unserved {
            let at =
                deemed.as_ref().map_or_else(|| "seat vacant".to_owned(), |(_, at)| format!("deemed {at}"));
            lines.add(&format!("{path}/unserved/{who}"), at);
        }
    }
    if let Some(times) = clock.times {
        let noted = if clock.noted { " ran-out" } else { "" };
        let asked: Vec<&str> = clock.asked.iter().map(ParticipantId::as_str).collect();
        let asked = asked.join(",");
        lines.add(&path, format_args!("{asked} due {} closes {}{noted}", times.due, times.closes));
    }
    for held in &clock.held {
        lines.add(&format!("{path}/held/{}", held.index), format_args!("{} {}", held.by, held.counted));
    }
}

/// A field's value in one line: words and numbers as they stand in the act, several with commas.
pub(crate) fn field_text(value: &act::value::FieldValue) -> String {
    use act::value::FieldValue;
    match value {
        FieldValue::One(word) => word.to_string(),
        FieldValue::Count(count) => count.to_string(),
        FieldValue::Several(words) => words.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        FieldValue::Window(window) => format!("{}..{}", window.start, window.end),
        FieldValue::Annex(annex) => format!("{} {}", annex.sha256.to_hex(), annex.size),
        FieldValue::Place(place) => format!("{} {} {}", place.lat_e7, place.lon_e7, place.radius_m),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn keys_sort_as_they_are_written(
            keys in proptest::collection::vec((0_u64.., 0_u32..70, 0_u32..40), 2..40)
        ) {
            let mut keys: Vec<MatterKey> = keys
                .into_iter()
                .map(|(index, by, number)| {
                    let number = if number == 39 { u32::MAX } else { number };
                    MatterKey { index: index.checked_shr(by).unwrap_or_default(), number }
                })
                .collect();
            keys.sort_by_key(as_written);
            let written: Vec<String> = keys.iter().map(ToString::to_string).collect();
            proptest::prop_assert!(written.is_sorted(), "{written:?}");
        }
    }
}
