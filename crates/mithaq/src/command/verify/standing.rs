//! A standing proof, for a person to read: the act, and what came of each exhibit and matter.

mod facts;

use audit::standing::Shown;
use serde_json::{Map, Value, json};
use terms::Instant;

use crate::show::text::{count, safe};
use crate::show::time::utc;

use facts::{Exhibit, Facts, Matter, Strand, Transcript};

/// The whole of it, in lines.
pub(super) fn text(shown: &Shown) -> String {
    let mut text = Text { shown, lines: Vec::new() };
    text.act();
    let Some((signer, note, lines)) = &shown.state else {
        text.add("", "Inclusion is not effect: this proof does not say what came of the act.");
        return text.lines.join("\n");
    };
    let facts = Facts::read(lines);
    for exhibit in &facts.exhibits {
        text.exhibit(exhibit);
    }
    for matter in &facts.matters {
        text.matter(matter);
    }
    for transcript in &facts.transcripts {
        text.transcript(transcript);
    }
    if !facts.others.is_empty() {
        text.add("", "Beside these");
        for line in &facts.others {
            text.add("  ", &safe(line));
        }
    }
    let who = signer.participant().map_or_else(|| signer.to_string(), |who| text.label(who.as_str()));
    let says = format!(
        "So says {who} (`{signer}`), whose node replayed {} entries as of {}, and signed.",
        note.body.size,
        utc(note.body.as_of)
    );
    text.lines.push(String::new());
    text.add("", &says);
    text.lines.join("\n")
}

struct Text<'a> {
    shown: &'a Shown,
    lines: Vec<String>,
}

impl Text<'_> {
    fn add(&mut self, indent: &str, line: &str) {
        self.lines.push(format!("{indent}{line}"));
    }

    fn label(&self, who: &str) -> String {
        let of = |instrument: &instrument::Instrument| {
            let found = instrument.participants.iter().find(|(id, _)| id.as_str() == who);
            found.map(|(_, who)| who.names.label.clone())
        };
        safe(&self.shown.instrument.as_ref().and_then(of).unwrap_or_else(|| who.to_owned()))
    }

    fn act(&mut self) {
        let shown = self.shown;
        let (act, head) = (shown.entry.act(), shown.entry.act().head());
        if let Some(instrument) = &shown.instrument {
            self.add("", &safe(&instrument.name));
        }
        self.add("  ", &format!("register    {}", safe(&shown.origin)));
        self.add("  ", &format!("by voice    {}", shown.voice));
        self.lines.push(String::new());
        let signers: Vec<String> = shown.signers.iter().map(ToString::to_string).collect();
        let cosigners: Vec<String> =
            shown.cosigners.iter().map(|(name, time)| format!("{}, {}", safe(name), utc(*time))).collect();
        let by = self.label(&head.by.to_string());
        self.add("", &format!("`{}` by {by}, registered {}", act.kind(), utc(shown.registered)));
        self.add("  ", &format!("act         {}", act.id()));
        self.add("  ", &format!("signed by   {}", signers.join(", ")));
        self.add("  ", &format!("entry       {} of {}", shown.index, shown.size));
        let said = count(cosigners.len() as u64, "cosigner", "cosigners");
        self.add("  ", &format!("final       {said}: {}", cosigners.join("; ")));
    }

    /// A stage, and for whom it was reached.
    fn stage(&mut self, words: &str, reached: &[(&str, Instant)]) {
        for (who, at) in reached {
            let line = format!("{words} {}, {}", self.label(who), utc(*at));
            self.add("  ", &line);
        }
    }

    fn exhibit(&mut self, exhibit: &Exhibit) {
        let Exhibit { reference, filer, offered, .. } = exhibit;
        self.lines.push(String::new());
        let line = format!("{reference}, offered by {}, {}", self.label(filer), utc(*offered));
        self.add("", &line);
        if exhibit.disowned {
            self.add("  ", "taken back by its participant: disowned");
        }
        if exhibit.withdrawn {
            self.add("  ", "withdrawn by its author");
        }
        let others: Vec<(&str, Instant)> =
            exhibit.granted.iter().filter(|(who, _)| who != filer).map(|(who, at)| (*who, *at)).collect();
        self.stage("granted to", &others);
        self.stage("kept by", &exhibit.kept);
        self.stage("opened by", &exhibit.opened);
        self.stage("answered by", &exhibit.answered);
        let stages = [("kept", &exhibit.kept), ("opened", &exhibit.opened), ("answered", &exhibit.answered)];
        let none: Vec<&str> =
            stages.iter().filter(|(_, reached)| reached.is_empty()).map(|(word, _)| *word).collect();
        if !none.is_empty() {
            self.add("  ", &format!("not on record: {}", none.join(", ")));
        }
        for (who, at, ruling, mended) in &exhibit.challenged {
            let ruling = match *ruling {
                "open" => "not ruled on",
                "not-upheld" => "not upheld",
                other => other,
            };
            let mended = if *mended { ", mended since" } else { "" };
            let line = format!("challenged by {}, {}: {ruling}{mended}", self.label(who), utc(*at));
            self.add("  ", &line);
        }
        for (who, until) in &exhibit.held {
            let line = format!("to be kept until {}, as {} asked", utc(*until), self.label(who));
            self.add("  ", &line);
        }
        if let Some(at) = exhibit.danger {
            self.add("  ", &format!("found to put a person in danger, {}", utc(at)));
        }
        self.stage("destroyed by", &exhibit.destroyed);
    }

    fn matter(&mut self, matter: &Matter) {
        self.lines.push(String::new());
        let line = format!(
            "{}, {} by {}, {}",
            matter.reference,
            matter.procedure,
            self.label(matter.opener),
            utc(matter.opened)
        );
        self.add("", &line);
        if matter.disowned {
            self.add("  ", "taken back by its participant: disowned");
        }
        if matter.without_prejudice {
            self.add("  ", "without prejudice");
        }
        if matter.law > 1 {
            self.add("  ", &format!("under version {} of the agreement", matter.law));
        }
        for entry in &matter.withdrawn {
            self.add("  ", &format!("entry {entry} was withdrawn by its author"));
        }
        self.fields("  ", &matter.fields);
        for strand in &matter.strands {
            self.strand(strand);
        }
    }

    fn fields(&mut self, indent: &str, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            let names: Vec<String> = value.split(',').map(|word| self.label(word)).collect();
            self.add(indent, &format!("{name}: {}", names.join(", ")));
        }
    }

    fn strand(&mut self, strand: &Strand) {
        let flagged = if strand.flagged { "; relief may be due" } else { "" };
        let (state, since) = (strand.state.replace('-', " "), utc(strand.since));
        let line = if strand.name == "all" {
            format!("{state} since {since}{flagged}")
        } else {
            let names: Vec<String> = strand.name.split(':').map(|name| self.label(name)).collect();
            format!("{}: {state} since {since}{flagged}", names.join(", "))
        };
        self.add("  ", &line);
        self.fields("    ", &strand.fields);
        if strand.came {
            self.add("    ", "what this does to the agreement has come, and is not undone");
        }
        if let Some((effect, at)) = strand.comes {
            let what = if effect == "amend" { "the agreement changes" } else { "no more matters are opened" };
            self.add("    ", &format!("{what} from {}, unless it is taken back before", utc(at)));
        }
        for (from, to) in &strand.suspended {
            self.add("    ", &format!("its clocks stood from {} to {}", utc(*from), utc(*to)));
        }
        for (step, who, to, _) in &strand.voices {
            let line = format!(
                "{step}: {} says {}, and others are waited for",
                self.label(who),
                to.replace('-', " ")
            );
            self.add("    ", &line);
        }
        for clock in &strand.clocks {
            let asked: Vec<String> = clock.asked.iter().map(|who| self.label(who)).collect();
            let ran_out = if clock.ran_out { "; it ran out" } else { "" };
            let line =
                format!("{} is due from {} by {}{ran_out}", clock.step, asked.join(", "), utc(clock.due));
            self.add("    ", &line);
        }
        for (step, who, when) in &strand.unserved {
            let line = match when {
                Some(at) => {
                    format!("the clock of {step} waits: {} is deemed served {}", self.label(who), utc(*at))
                }
                None => format!("the clock of {step} waits: the seat of {} is vacant", self.label(who)),
            };
            self.add("    ", &line);
        }
    }

    fn transcript(&mut self, transcript: &Transcript) {
        let said = match transcript.stance {
            Some("confirmed") => "confirmed by it",
            Some(_) => "not its act, it says",
            None => "it has not said whether that is right",
        };
        let (party, by) = (self.label(transcript.on_behalf_of), self.label(transcript.by));
        self.lines.push(String::new());
        self.add(
            "",
            &format!("Entry {} was written down by {by} on behalf of {party}: {said}.", transcript.entry),
        );
    }
}

/// The same, for machines; exhibits as `evidence list` has them.
pub(super) fn value(shown: &Shown) -> Value {
    let act = shown.entry.act();
    let mut value = json!({
        "exercise": shown.exercise,
        "standing": shown.instrument.as_ref().and_then(|instrument| instrument.standing.clone()),
        "name": shown.instrument.as_ref().map(|instrument| instrument.name.clone()),
        "origin": shown.origin, "voice": shown.voice.to_string(), "genesis": shown.genesis,
        "act": act.id(), "kind": act.kind(), "by": act.head().by, "n": act.head().n,
        "signers": shown.signers.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "at": act.head().at, "registered": shown.registered, "entry": shown.index, "size": shown.size,
        "cosigners": shown.cosigners.iter().map(|(name, time)| json!({"name": name, "time": time}))
            .collect::<Vec<_>>(),
        "replayed": null,
    });
    let Some((signer, note, lines)) = &shown.state else { return value };
    let facts = Facts::read(lines);
    value["replayed"] = json!({"by": signer.to_string(), "size": note.body.size, "as-of": note.body.as_of,
        "state": note.body.state});
    value["exhibits"] = facts.exhibits.iter().map(exhibit_value).collect();
    value["matters"] = facts.matters.iter().map(matter_value).collect();
    value["transcripts"] = facts.transcripts.iter().map(transcript_value).collect();
    value["lines"] = json!(lines);
    value
}

fn times(reached: &[(&str, Instant)]) -> Value {
    reached.iter().map(|(who, at)| ((*who).to_owned(), json!(at))).collect::<Map<_, _>>().into()
}

fn exhibit_value(exhibit: &Exhibit) -> Value {
    json!({
        "exhibit": exhibit.item, "reference": exhibit.reference, "filer": exhibit.filer,
        "entry": exhibit.entry, "offered": exhibit.offered, "disowned": exhibit.disowned,
        "withdrawn": exhibit.withdrawn, "granted": times(&exhibit.granted), "filed": times(&exhibit.kept), "shared": times(&exhibit.opened),
        "answered": times(&exhibit.answered), "destroyed": times(&exhibit.destroyed),
        "danger": exhibit.danger, "holds": times(&exhibit.held),
        "challenges": exhibit.challenged.iter().map(|(who, at, ruling, mended)| json!({
            "by": who, "at": at, "upheld": match *ruling {
                "upheld" => Some(true),
                "not-upheld" => Some(false),
                _ => None,
            }, "mended": mended,
        })).collect::<Vec<_>>(),
    })
}

fn matter_value(matter: &Matter) -> Value {
    let strands: Map<String, Value> = matter
        .strands
        .iter()
        .map(|strand| {
            let clocks: Vec<Value> = strand
                .clocks
                .iter()
                .map(|clock| {
                    json!({"step": clock.step, "asked": clock.asked, "due": clock.due, "closes": clock.closes,
                        "ran-out": clock.ran_out})
                })
                .collect();
            let unserved: Vec<Value> = strand
                .unserved
                .iter()
                .map(|(step, who, when)| json!({"step": step, "participant": who, "deemed": when}))
                .collect();
            let voices: Vec<Value> = strand
                .voices
                .iter()
                .map(|(step, who, to, entry)| json!({"step": step, "by": who, "to": to, "entry": entry}))
                .collect();
            let comes = strand.comes.map(|(effect, at)| json!({"effect": effect, "at": at}));
            let value = json!({"state": strand.state, "since": strand.since, "fields": fields_value(&strand.fields), "flagged": strand.flagged,
                "came": strand.came, "comes": comes, "voices": voices, "suspended": strand.suspended, "clocks": clocks, "unserved": unserved});
            (strand.name.to_owned(), value)
        })
        .collect();
    json!({
        "entry": matter.entry, "procedure": matter.procedure, "reference": matter.reference,
        "from": matter.opener, "opened": matter.opened, "act": matter.id, "disowned": matter.disowned,
        "version": matter.law, "without-prejudice": matter.without_prejudice, "withdrawn": matter.withdrawn,
        "fields": fields_value(&matter.fields), "strands": strands,
    })
}

fn fields_value(fields: &[(&str, &str)]) -> Map<String, Value> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}

fn transcript_value(transcript: &Transcript) -> Value {
    json!({
        "act": transcript.act, "entry": transcript.entry, "for": transcript.on_behalf_of, "by": transcript.by,
        "stance": transcript.stance,
    })
}
