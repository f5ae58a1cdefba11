//! What the model says, in the lines of a state that it knows something of.

use act::body::Tier;
use act::value::FieldValue;
use instrument::procedure::Effect;

use crate::matter::{FOREVER, Matter, Sought};
use crate::model::Model;
use crate::times::instant;

/// Whether a line of the docket is one that the model has too, and without what it does not know of it: references.
pub(crate) fn known(line: &str) -> Option<String> {
    let (path, value) = line.split_once(' ')?;
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["matter", _] => {
            let mut words: Vec<&str> = value.split(' ').collect();
            words.remove(1);
            Some(format!("{path} {}", words.join(" ")))
        }
        ["matter", _, "strand", _, "done", ..] => None,
        // A pause that takes no time is none.
        ["pause", who, _] => {
            let (_, times) = value.split_at(value.rmatch_indices(' ').nth(1)?.0 + 1);
            let (from, to) = times.split_once(' ')?;
            (from != to).then(|| format!("pause/{who} {value}"))
        }
        ["matter" | "cut" | "closed" | "relief", ..] => Some(line.to_owned()),
        ["time", "dead", _] => Some(line.to_owned()),
        _ => None,
    }
}

fn field(value: &FieldValue) -> String {
    match value {
        FieldValue::Window(window) => format!("{}..{}", window.start, window.end),
        FieldValue::Annex(annex) => format!("{} {}", annex.sha256.to_hex(), annex.size),
        FieldValue::Place(place) => format!("{} {} {}", place.lat_e7, place.lon_e7, place.radius_m),
        words => crate::fields::words(words).join(","),
    }
}

fn voices(sought: &Sought) -> String {
    let all: Vec<String> =
        sought.voices.iter().map(|(who, entries)| format!("{who}@{}", entries[0])).collect();
    format!("{} {}", sought.body.kind(), all.join(","))
}

fn matter_key(matter: &Matter) -> String {
    match matter.key {
        (index, 0) => index.to_string(),
        (index, n) => format!("{index}m{n}"),
    }
}

impl Model {
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut out = Vec::new();
        for matter in self.matters.values() {
            self.matter_lines(matter, &mut out);
        }
        for cut in &self.cuts {
            out.push(format!("cut/{}/{} {} {}", cut.who, cut.entry, instant(cut.from), instant(cut.to)));
        }
        for (n, (from, to)) in self.dead.iter().enumerate() {
            out.push(format!("time/dead/{} {} {}", n + 1, instant(*from), instant(*to)));
        }
        for (n, sought) in self.sought_cuts.iter().enumerate() {
            out.push(format!("relief/{} {}", n + 1, voices(sought)));
        }
        if let Some(at) = self.closed {
            out.push(format!("closed {}", instant(at)));
        }
        self.pause_lines(&mut out);
        out.sort_unstable();
        out
    }

    fn matter_lines(&self, matter: &Matter, out: &mut Vec<String>) {
        let path = format!("matter/{}", matter_key(matter));
        out.push(format!(
            "{path} {} {} opened {} id {}{}",
            matter.kind,
            matter.opener,
            instant(matter.opened),
            matter.id,
            if matter.disowned.is_some() { " disowned" } else { "" }
        ));
        for (name, value) in &matter.fields {
            out.push(format!("{path}/field/{name} {}", field(value)));
        }
        if matter.law > 1 {
            out.push(format!("{path}/law {}", matter.law));
        }
        if matter.tier == Tier::WithoutPrejudice {
            out.push(format!("{path}/tier without-prejudice"));
        }
        for entry in matter.withdrawn.keys() {
            out.push(format!("{path}/withdrawn/{entry} withdrawn"));
        }
        let heard = matter.sought.iter().filter(|sought| !sought.voices.is_empty());
        for (n, sought) in heard.enumerate() {
            out.push(format!("{path}/relief/{} {}", n + 1, voices(sought)));
        }
        for (place, strand) in matter.strands.iter().enumerate() {
            let path = format!("{path}/strand/{}", strand.name);
            let came = if strand.came { " came" } else { "" };
            let flagged = if strand.flagged { " flagged" } else { "" };
            let since = instant(strand.stage().since);
            out.push(format!("{path} {} since {since}{came}{flagged}", strand.state()));
            for (name, value) in &strand.fields {
                out.push(format!("{path}/field/{name} {}", field(value)));
            }
            for clock in strand.clocks.values() {
                let path = format!("{path}/clock/{}", clock.step);
                let asked = self.clock_asks(matter, strand, clock);
                if let Some((due, closes)) = self.times(matter, strand, clock, &matter.seen(strand)) {
                    let names: Vec<&str> = asked.iter().map(terms::ParticipantId::as_str).collect();
                    let noted = if clock.noted.is_some() { " ran-out" } else { "" };
                    let (due, closes) = (instant(due), instant(closes));
                    out.push(format!("{path} {} due {due} closes {closes}{noted}", names.join(",")));
                } else {
                    let waits = |who: &&terms::ParticipantId| {
                        self.vacant.contains(*who)
                            || Self::waits_for_service(matter, strand, clock)
                                && !clock.served.contains_key(*who)
                    };
                    for who in asked.iter().filter(waits) {
                        let (_, deemed) = self.served(matter, clock, who, self.now);
                        let when = if self.vacant.contains(who) {
                            "seat vacant".to_owned()
                        } else {
                            format!("deemed {}", instant(deemed))
                        };
                        out.push(format!("{path}/unserved/{who} {when}"));
                    }
                }
                for entry in &clock.held {
                    let act = self.act(*entry);
                    let counted = instant(self.counted(act, self.is_backwards(matter, strand, &clock.step)));
                    out.push(format!("{path}/held/{entry} {} {counted}", act.of));
                }
            }
            for (n, label) in strand.labels.iter().enumerate() {
                let (step, who, counted) = (&label.clock.step, &label.who, instant(label.counted));
                out.push(format!("{path}/late/{} {step} {who} {counted} entry {}", n + 1, label.entry));
            }
            for voice in strand.waiting() {
                let to = voice.to.as_ref().map_or("stay", terms::Code::as_str);
                out.push(format!("{path}/voice/{}/{} {to} entry {}", voice.step, voice.who, voice.entry));
            }
            for (n, (from, to)) in strand.suspended.iter().enumerate() {
                out.push(format!("{path}/suspended/{} {} {}", n + 1, instant(*from), instant(*to)));
            }
            if let Some(at) = self.effect_comes(matter.key, place) {
                let effect = matter.effect(strand.state());
                let word = if effect == Some(Effect::Amend) { "amend" } else { "close" };
                out.push(format!("{path}/comes {word} {}", instant(at)));
            }
        }
    }

    fn pause_lines(&self, out: &mut Vec<String>) {
        for matter in self.matters.values() {
            for strand in &matter.strands {
                let all = strand.pauses(matter).into_iter();
                for (from, to) in all.filter(|(from, to)| from < to) {
                    let to = if to == FOREVER { "-".to_owned() } else { instant(to).to_string() };
                    let (who, key, from) = (&matter.opener, matter_key(matter), instant(from));
                    out.push(format!("pause/{who} {key} {} {from} {to}", strand.name));
                }
            }
        }
    }
}
