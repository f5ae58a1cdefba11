//! What a line of a story says in a register.

use std::sync::Arc;

use act::Body;
use act::body::{
    Answer, Batch, Challenge, ChallengeGround, Confirm, Correct, Cut, Destroy, DestroyGround, Disown, Extend,
    Grant, Hold, Keep, Offer, Open, Opened, Resume, Rule, RuleOutcome, Serve, SetAside, Step, Suspend, Tier,
    Transcribe, Transcribed, Withdraw,
};
use act::value::{AnnexRef, FieldValue, Fields, File, GrantRef, MatterRef, StrandName, Window, Word};
use instrument::Procedure;
use instrument::procedure::{Field, Holds, Opens};
use terms::{ActId, Code, Hash, Item, ParticipantId, Place};

use super::line::{Line, Names, moment};
use crate::v1::{Law, Replay};

/// Where a story is played: what no line says by itself.
pub trait Host {
    /// The docket.
    fn replay(&self) -> &Replay;

    /// The text that a story calls by this name.
    fn annex(&self, name: &str) -> AnnexRef;

    /// Seals a file of this name, and grants it.
    ///
    /// # Errors
    ///
    /// It can't be sealed.
    fn file(&self, name: &str, to: &[ParticipantId]) -> Result<File, String>;

    /// Grants an exhibit to one more.
    ///
    /// # Errors
    ///
    /// It can't be granted.
    fn grant(&self, exhibit: &Item, to: &ParticipantId) -> Result<GrantRef, String>;
}

/// What a line says; nothing, if it is about keys, which each place makes in its own way.
///
/// # Errors
///
/// It can't be read, or names what nothing is called by.
pub fn body(line: &Line<'_>, names: &Names, host: &dyn Host) -> Result<Option<Body>, String> {
    let writer = Writer { line, names, host };
    let body = match line.plain[..] {
        ["enrol" | "revoke" | "recover" | "seat" | "intake", ..] => None,
        ["disown", label] if !names.acts.contains_key(label) => None,
        _ => Some(writer.body()?),
    };
    match (line.named("for"), body) {
        (Some(party), Some(body)) => {
            let what = match body {
                Body::Open(open) => Transcribed::Open(open),
                Body::Step(step) => Transcribed::Step(step),
                other => return Err(format!("{:?} is not written down for others", other.kind())),
            };
            Ok(Some(Body::Transcribe(Transcribe { on_behalf_of: participant(party)?, what })))
        }
        (_, body) => Ok(body),
    }
}

/// The kind of the matter that the step of a line opens, if it opens one.
pub(super) fn opened_kind(line: &Line<'_>, names: &Names, replay: &Replay) -> Option<Code> {
    let [step, matter, ..] = line.plain[..] else { return None };
    let (_, procedure) = under(matter, names, replay)?;
    match &procedure.step(&Code::new(step)?)?.opens {
        Opens::Nothing => None,
        Opens::Always(kind) => Some(kind.clone()),
        Opens::For(kinds) => kinds.get(&Code::new(line.plain.get(2)?)?).cloned(),
    }
}

/// The law and the procedure that a matter is under; one that has no effect yet is under those in force.
fn under(matter: &str, names: &Names, replay: &Replay) -> Option<(Arc<Law>, Arc<Procedure>)> {
    let (id, kind) = names.matters.get(matter.split('/').next().unwrap_or(matter))?;
    if let Some((_, found)) = replay.settlement().matter(id) {
        return Some((found.law.clone(), found.procedure.clone()));
    }
    let law = replay.settlement().law();
    Some((law.clone(), law.procedure(kind)?.clone()))
}

fn code(text: &str) -> Result<Code, String> {
    Code::new(text).ok_or_else(|| format!("`{text}` is no code"))
}

fn participant(text: &str) -> Result<ParticipantId, String> {
    ParticipantId::new(text).ok_or_else(|| format!("`{text}` is no participant"))
}

fn participants(names: &[&str]) -> Result<Vec<ParticipantId>, String> {
    names.iter().map(|name| participant(name)).collect()
}

fn word(text: &str) -> Result<Word, String> {
    text.parse::<Word>().map_err(|_| format!("`{text}` is no value"))
}

fn several(text: &str) -> Result<FieldValue, String> {
    let mut words = text.split(',').map(word).collect::<Result<Vec<Word>, String>>()?;
    words.sort_by_key(Word::to_string);
    Ok(FieldValue::Several(words))
}

fn window(text: &str) -> Result<Window, String> {
    let ends = text.split_once("..").or_else(|| text.split_once('/'));
    let (start, end) = ends.ok_or_else(|| format!("`{text}` is no window"))?;
    Ok(Window { start: moment(start)?, end: moment(end)? })
}

/// A place as `LATITUDE,LONGITUDE` in degrees, or `LATITUDE,LONGITUDE,METRES`, else known to 500 m; for any other name an invented one in the open ocean, where the exercise
/// has its lines, on one side of them or the other.
fn place(text: &str) -> Result<Place, String> {
    let degrees = |text: &str| -> Option<i64> {
        let (whole, part) = text.split_once('.')?;
        let (whole, part) = (whole.parse::<i64>().ok()?, format!("{part:0<7}"));
        let part: i64 = part.get(..7)?.parse().ok()?;
        Some(whole * 10_000_000 + if text.starts_with('-') { -part } else { part })
    };
    if let Some((lat, lon)) = text.split_once(',') {
        let of = |text: &str| degrees(text).ok_or_else(|| format!("`{text}` is no degrees"));
        let (lon, radius) = lon.split_once(',').unwrap_or((lon, "500"));
        let radius_m = radius.parse().map_err(|_| format!("`{radius}` is no number of metres"))?;
        return Ok(Place { lat_e7: of(lat)?, lon_e7: of(lon)?, radius_m });
    }
    let hash = Hash::of(text.as_bytes());
    let [a, b, ..] = *hash.as_bytes();
    Ok(Place {
        lat_e7: 97_000_000 + i64::from(a) * 10_000,
        lon_e7: -402_000_000 + i64::from(b) * 12_000,
        radius_m: 500,
    })
}

fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no length");
    let (unit, length) = match text.chars().last() {
        Some('d') => (86_400, 1),
        Some('h') => (3600, 1),
        Some('m') => (60, 1),
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - length].parse().map_err(|_| wrong())?;
    number.checked_mul(unit).ok_or_else(wrong)
}

/// The act that opened a matter.
fn opened(matter: MatterRef) -> Result<MatterRef, String> {
    match matter {
        MatterRef::Opened(_) => Ok(matter),
        MatterRef::ByStep(_) => Err("a step opened it".to_owned()),
    }
}

struct Writer<'w> {
    line: &'w Line<'w>,
    names: &'w Names,
    host: &'w dyn Host,
}

impl Writer<'_> {
    fn body(&self) -> Result<Body, String> {
        let line = self.line;
        if let [verb, target, rest @ ..] = &line.plain[..]
            && let Some(exhibit) = self.names.exhibits.get(*target).copied()
            && *verb != "serve"
        {
            return self.with_exhibit(verb, exhibit, rest);
        }
        let unknown = || format!("no such act: {}", line.plain.join(" "));
        match line.plain[..] {
            [verb, matter, ..] if self.has_step(matter, verb) => self.step(verb, matter),
            ["open", kind, _] => self.opening(kind),
            ["offer"] => Ok(Body::Offer(Offer { files: self.files()? })),
            ["batch", table] => self.batch(table),
            ["serve", act, on] => Ok(Body::Serve(Serve {
                act: self.names.act(act.split('/').next().unwrap_or(act))?,
                on: participant(on)?,
            })),
            ["confirm-act", act] => Ok(Body::Confirm(Confirm { act: self.names.act(act)? })),
            ["disown", act] => Ok(Body::Disown(Disown::Act(self.names.act(act)?))),
            ["withdraw-entry", matter, act] => Ok(Body::Withdraw(Withdraw {
                matter: Some(self.strands(matter)?.0),
                entry: self.names.act(act)?,
            })),
            ["correct", matter, act] => {
                let (id, _) = self.strands(matter)?;
                let fields = match under(matter, self.names, self.host.replay()) {
                    Some((law, procedure)) => self.fields(&law, Some(&procedure))?,
                    None => Fields::new(),
                };
                Ok(Body::Correct(Correct { matter: id, entry: self.names.act(act)?, fields }))
            }
            [verb @ ("extend" | "suspend" | "resume" | "set-aside"), matter, ref rest @ ..] => {
                self.relief(verb, matter, rest)
            }
            ["cut", whom] => Ok(Body::Cut(Cut {
                participant: participant(whom)?,
                from: self.moment("from")?,
                to: self.moment("until")?,
            })),
            [step, matter, ..] => self.step(step, matter),
            _ => Err(unknown()),
        }
    }

    fn with_exhibit(&self, verb: &str, exhibit: Item, rest: &[&str]) -> Result<Body, String> {
        let rule = |outcome, challenge: Option<ActId>| Ok(Body::Rule(Rule { exhibit, outcome, challenge }));
        match (verb, rest) {
            ("keep", []) => Ok(Body::Keep(Keep { exhibits: vec![exhibit] })),
            ("opened", []) => Ok(Body::Opened(Opened { exhibit })),
            ("answer", []) => Ok(Body::Answer(Answer { exhibit, choice: None, files: Vec::new() })),
            ("challenge", []) => {
                Ok(Body::Challenge(Challenge { exhibit, ground: ChallengeGround::DoesNotOpen }))
            }
            ("grant", []) => {
                let to = participants(&self.line.list("to"))?;
                let grants = to.iter().map(|to| self.host.grant(&exhibit, to)).collect::<Result<_, _>>()?;
                Ok(Body::Grant(Grant { exhibit, grants }))
            }
            ("rule", ["danger"]) => rule(RuleOutcome::Danger, None),
            ("rule", ["upheld", of]) => rule(RuleOutcome::Upheld, Some(self.names.act(of)?)),
            ("rule", ["not-upheld", of]) => rule(RuleOutcome::NotUpheld, Some(self.names.act(of)?)),
            ("hold", []) => Ok(Body::Hold(Hold { exhibit, until: self.moment("until")? })),
            ("destroy", ["danger"]) => Ok(Body::Destroy(Destroy { exhibit, ground: DestroyGround::Danger })),
            ("destroy", ["ended"]) => Ok(Body::Destroy(Destroy { exhibit, ground: DestroyGround::Ended })),
            _ => Err(format!("no such thing for an exhibit: {}", self.line.plain.join(" "))),
        }
    }

    fn relief(&self, verb: &str, matter: &str, rest: &[&str]) -> Result<Body, String> {
        let (matter, strands) = self.strands(matter)?;
        let matter = opened(matter)?;
        match (verb, rest) {
            ("extend", [step, by]) => {
                let (step, seconds) = (code(step)?, seconds(by)?);
                Ok(Body::Extend(Extend { matter, strands, step, seconds }))
            }
            ("suspend", [by]) => Ok(Body::Suspend(Suspend { matter, strands, seconds: seconds(by)? })),
            ("resume", []) => Ok(Body::Resume(Resume { matter, strands })),
            ("set-aside", []) => {
                let to = code(self.line.named("to").ok_or("to where? `to=STATE`")?)?;
                Ok(Body::SetAside(SetAside { matter, strands, to }))
            }
            _ => Err(format!("no such relief: {}", self.line.plain.join(" "))),
        }
    }

    fn batch(&self, table: &str) -> Result<Body, String> {
        let line = self.line;
        let rows = line.named("rows").ok_or("how many rows? `rows=N`")?;
        Ok(Body::Batch(Batch {
            table: code(table)?,
            rows: rows.parse().map_err(|_| format!("`{rows}` is no number"))?,
            window: line.named("window").map(window).transpose()?,
            annex: line.named("text").map(|name| self.host.annex(name)),
            file: self.files()?.pop(),
        }))
    }

    fn moment(&self, key: &str) -> Result<terms::Instant, String> {
        moment(self.line.named(key).ok_or_else(|| format!("`{key}=` is missing"))?)
    }

    fn files(&self) -> Result<Vec<File>, String> {
        let to = participants(&self.line.list("to"))?;
        self.line.list("files").into_iter().map(|name| self.host.file(name, &to)).collect()
    }

    /// Whether the matter of this name has a step by this name.
    fn has_step(&self, matter: &str, step: &str) -> bool {
        let under = under(matter, self.names, self.host.replay());
        let step = Code::new(step);
        under.is_some_and(|(_, procedure)| step.is_some_and(|step| procedure.step(&step).is_some()))
    }

    fn step(&self, step: &str, name: &str) -> Result<Body, String> {
        let (matter, strands) = self.strands(name)?;
        let fields = match under(name, self.names, self.host.replay()) {
            Some((law, procedure)) => self.fields(&law, Some(&procedure))?,
            None => Fields::new(),
        };
        let choice = self.line.plain.get(2).map(|choice| code(choice)).transpose()?;
        Ok(Body::Step(Step { matter, strands, step: code(step)?, choice, fields, files: self.files()? }))
    }

    fn opening(&self, kind: &str) -> Result<Body, String> {
        let law = self.host.replay().settlement().law().clone();
        let kind = code(kind)?;
        let procedure = law.procedure(&kind).cloned();
        let mut fields = self.fields(&law, procedure.as_deref())?;
        let strands = self.line.list("strands");
        let of_strands = procedure.iter().flat_map(|procedure| &procedure.strands).enumerate();
        for (place, name) in of_strands.filter(|_| !strands.is_empty()) {
            let mut values: Vec<&str> =
                strands.iter().filter_map(|strand| strand.split(':').nth(place)).collect();
            values.sort_unstable();
            values.dedup();
            fields.insert(name.clone(), several(&values.join(","))?);
        }
        Ok(Body::Open(Open {
            procedure: kind,
            tier: self.line.named("tier").map(|_| Tier::WithoutPrejudice),
            fields,
            strands: strands.into_iter().map(strand).collect::<Result<_, _>>()?,
            files: self.files()?,
        }))
    }

    /// The fields of a line, each as its procedure holds it.
    fn fields(&self, law: &Law, procedure: Option<&Procedure>) -> Result<Fields, String> {
        const OWN: [&str; 11] =
            ["as", "seen", "intake", "registered", "files", "to", "for", "eyes", "strands", "tier", "quotes"];
        let mut fields = Fields::new();
        for (name, value) in self.line.named.iter().filter(|(name, _)| !OWN.contains(name)) {
            let name = code(name)?;
            let own = procedure.and_then(|procedure| procedure.fields.get(&name));
            // A step may give a field of the matter that it opens.
            let any = || law.instrument.procedures.values().find_map(|p| p.fields.get(&name));
            let value = self.value(own.or_else(any), value)?;
            fields.insert(name, value);
        }
        Ok(fields)
    }

    fn value(&self, field: Option<&Field>, value: &str) -> Result<FieldValue, String> {
        let is_several = field.is_some_and(|field| field.several) || value.contains(',');
        match field.map(|field| &field.holds) {
            Some(Holds::Place) => Ok(FieldValue::Place(place(value)?)),
            Some(Holds::Count) if !is_several => {
                Ok(FieldValue::Count(value.parse().map_err(|_| format!("`{value}` is no number"))?))
            }
            Some(Holds::Window) => Ok(FieldValue::Window(window(value)?)),
            Some(Holds::Instant) => Ok(FieldValue::One(Word::Instant(moment(value)?))),
            Some(Holds::Text) => Ok(FieldValue::Annex(self.host.annex(value))),
            Some(Holds::Matter { .. }) => Ok(FieldValue::One(match self.names.matter(value)?.0 {
                MatterRef::Opened(act) => Word::Hash(act.0),
                MatterRef::ByStep(item) => Word::Item(item),
            })),
            _ if value.contains("..") => Ok(FieldValue::Window(window(value)?)),
            _ if is_several => several(value),
            _ => Ok(FieldValue::One(word(value)?)),
        }
    }

    /// `NAME/strand+strand`, where a strand is `north` or `north/p1`.
    fn strands(&self, text: &str) -> Result<(MatterRef, Vec<StrandName>), String> {
        let (name, strands) = text.split_once('/').unwrap_or((text, ""));
        let strands = strands.split('+').filter(|strand| !strand.is_empty());
        let strands = strands.map(|name| strand(&name.replace('/', ":"))).collect::<Result<_, _>>()?;
        Ok((self.names.matter(name)?.0, strands))
    }
}

fn strand(name: &str) -> Result<StrandName, String> {
    StrandName::new(name.to_owned()).map_err(|_| format!("`{name}` is no strand"))
}
