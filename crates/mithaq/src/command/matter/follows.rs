//! What follows from an act, in plain sentences, before anybody signs it.

use std::collections::BTreeSet;

use act::Body;
use act::body::{Open, Step, Tier, Transcribed};
use act::value::{MatterRef, StrandName};
use docket::v1::{Asked, Event, Foreseen, Matter, MatterKey, Replay, What};
use docket::view::{
    Ask, Standing, asks_in, leads_to, relief_sought_in, said_before, steps_for, still_to_come,
};
use instrument::procedure::{Leads, StateKind};
use instrument::who::{Count, Set};
use node::Node;
use node::evidence::files_of;
use terms::{Code, Instant};

use crate::cli::Globals;
use crate::command::act::write::Signing;
use crate::failure::Failure;
use crate::say::event::leaves_one;
use crate::say::{self, label, labels, strand_first};
use crate::session;
use crate::show::table::print_talk;
use crate::show::text::safe;
use crate::show::time::{relative, utc};

/// Says on the standard error what is about to be signed, and what follows; gives whether it would have its effect, as
/// far as can be said here.
pub(in crate::command) fn show(
    node: &Node,
    signing: &Signing,
    body: &Body,
    globals: &Globals,
) -> Result<bool, Failure> {
    let now = session::now(globals)?;
    let labels = session::signers(node, &signing.by)?;
    let signers = labels.iter().map(|label| node.signer(label)).collect::<Result<Vec<_>, _>>()?;
    let act = node.write(signers, body.clone(), now)?;
    let Some(foreseen) = node.foresee(&act, now)? else { return Ok(true) };
    let good = foreseen.prospect.is_none();
    if globals.json {
        return Ok(good);
    }
    eprintln!();
    print_talk(
        &format!("By {}, signed by {}:", label(node.docket().instrument(), node.me()), labels.join(" and ")),
        0,
    );
    for line in summary(node, body) {
        print_talk(&safe(&line), 2);
    }
    if let Some(line) = still_ahead(node, body, now) {
        eprintln!();
        print_talk(&safe(&line), 2);
    }
    if good {
        eprintln!("\nWhat follows, if nothing else comes in before it:");
        for line in sentences(node, body, &foreseen, now) {
            print_talk(&safe(&line), 2);
        }
    }
    if let Some(clause) = &node.docket().instrument().standing {
        eprintln!();
        print_talk(&safe(clause), 0);
    }
    eprintln!();
    Ok(good)
}

/// What an act does, whoever wrote it down.
enum Does<'b> {
    Open(&'b Open),
    Step(&'b Step),
    Nothing,
}

const fn does(body: &Body) -> Does<'_> {
    match body {
        Body::Open(open) => Does::Open(open),
        Body::Step(step) => Does::Step(step),
        Body::Transcribe(transcribe) => match &transcribe.what {
            Transcribed::Open(open) => Does::Open(open),
            Transcribed::Step(step) => Does::Step(step),
        },
        _ => Does::Nothing,
    }
}

/// What is signed, field by field.
fn summary(node: &Node, body: &Body) -> Vec<String> {
    let replay = node.docket();
    let mut lines = Vec::new();
    if let Body::Transcribe(transcribe) = body {
        let party = label(replay.instrument(), &transcribe.on_behalf_of);
        lines.push(format!("on behalf of {party}, as it said by voice or on paper"));
    }
    let (procedure, fields) = match does(body) {
        Does::Open(open) => {
            let procedure = replay.instrument().procedures.get(&open.procedure);
            let title =
                procedure.map_or_else(|| open.procedure.to_string(), |procedure| procedure.title.clone());
            lines.push(format!("opens: {title}"));
            (procedure, &open.fields)
        }
        Does::Step(step) => {
            let Some((_, matter)) = replay.settlement().matter(&step.matter) else { return lines };
            let choice = step.choice.as_ref().map(|choice| format!(", {choice}")).unwrap_or_default();
            lines.push(format!("{}{choice}: in {}, {}", step.step, matter.reference, matter.procedure.title));
            for name in &step.strands {
                let instrument = &matter.law.instrument;
                lines.push(format!("for {}", say::strand(instrument, &matter.procedure, name)));
            }
            (Some(&*matter.procedure), &step.fields)
        }
        Does::Nothing => {
            lines.extend(relief(node, body));
            return lines;
        }
    };
    for (name, held) in fields {
        let field = procedure.and_then(|procedure| say::field(replay.instrument(), procedure, name));
        lines.push(format!("{name}: {}", say::value::value(replay, field, held)));
    }
    lines.extend(agreed_to(node, body));
    lines
}

/// What relief is asked for, or said to be taken back.
fn relief(node: &Node, body: &Body) -> Option<String> {
    let replay = node.docket();
    let of_matter = |id: &MatterRef| {
        let found = replay.settlement().matter(id);
        found.map(|(_, matter)| format!(" in {}, {}", matter.reference, matter.procedure.title))
    };
    if let Some(asked) = Asked::of(body) {
        let (_, matter) = replay.settlement().matter(asked.matter)?;
        let strands: String = asked.strands.iter().map(|name| strand_first(matter, name)).collect();
        let what = say::relief::what(body);
        return Some(format!("{strands}{what}{}", of_matter(asked.matter).unwrap_or_default()));
    }
    match body {
        Body::Cut(cut) => {
            let who = label(replay.instrument(), &cut.participant);
            Some(format!("{who} could not be reached from {} to {}", utc(cut.from), utc(cut.to)))
        }
        Body::Withdraw(withdraw) => {
            let entry = node.find(&withdraw.entry).ok().map(|(index, _)| index);
            let entry = entry.map_or_else(|| "an entry".to_owned(), |index| format!("entry {index}"));
            let of = withdraw.matter.as_ref().and_then(of_matter).unwrap_or_default();
            Some(format!("withdraws {entry}{of}"))
        }
        _ => None,
    }
}

/// That what is reported lies ahead, where it does: a slip of the pen, most often.
fn still_ahead(node: &Node, body: &Body, now: Instant) -> Option<String> {
    let Does::Open(open) = does(body) else { return None };
    let procedure = node.docket().instrument().procedures.get(&open.procedure)?;
    let (name, at) = still_to_come(procedure, &open.fields, now)?;
    let (at, left) = (utc(at), relative(at, now));
    Some(format!("`{name}` lies ahead: {at}, {left}. What is reported has been: is that time meant?"))
}

/// What others gave who say the same, and it says with them.
fn agreed_to(node: &Node, body: &Body) -> Vec<String> {
    let replay = node.docket();
    let Does::Step(step) = does(body) else { return Vec::new() };
    let Some((_, matter)) = replay.settlement().matter(&step.matter) else { return Vec::new() };
    let by = match body {
        Body::Transcribe(transcribe) => &transcribe.on_behalf_of,
        _ => node.me(),
    };
    let all = said_before(matter, step, by).into_iter();
    all.map(|(name, (value, who))| {
        let field = matter.procedure.fields.get(name);
        let who = say::and(&labels(&matter.law.instrument, who));
        format!("{name}: {}, as {who} said; it says so too", say::value::value(replay, field, value))
    })
    .collect()
}

fn sentences(node: &Node, body: &Body, foreseen: &Foreseen, now: Instant) -> Vec<String> {
    let after = &foreseen.after;
    let own = |event: &&Event| event.entry == Some(foreseen.entry);
    let opened = foreseen.events.iter().filter(own).find_map(|event| match &event.what {
        What::Opened(id, ..) => Some(*id),
        _ => None,
    });
    let id: Option<MatterRef> = body.matter().or(opened);
    let Some((key, matter)) = id.and_then(|id| after.settlement().matter(&id)) else {
        return foreseen.events.iter().filter(own).filter_map(|event| of_no_matter(after, event)).collect();
    };
    let mut lines = Vec::new();
    for event in foreseen.events.iter().filter(own) {
        // With its voice nothing else can come: that it waits for others would be no news.
        if !leaves_one(event, &foreseen.events) {
            lines.extend(sentence(foreseen, matter, &event.what));
        }
    }
    let moved: &[StrandName] = match does(body) {
        Does::Step(step) => &step.strands,
        Does::Open(_) | Does::Nothing => &[],
    };
    for ask in asks_in(after, now, key) {
        if moved.is_empty() || moved.contains(ask.strand) {
            lines.push(asked(node, foreseen, &ask));
        }
    }
    // What it opens asks something too.
    for event in foreseen.events.iter().filter(own) {
        let What::Opened(of, ..) = &event.what else { continue };
        if let Some((child, opened)) = after.settlement().matter(of).filter(|(child, _)| *child != key) {
            let asks = asks_in(after, now, child).into_iter();
            lines.extend(asks.map(|ask| format!("In {}: {}", opened.reference, asked(node, foreseen, &ask))));
        }
    }
    lines.extend(effects(foreseen, key, matter, body, now));
    lines.extend(seen(matter, body));
    lines.push(admits(matter, body));
    lines.push(goes_back(foreseen, key, matter, body));
    lines
}

/// What an act does that is of no matter: a cut.
fn of_no_matter(after: &Replay, event: &Event) -> Option<String> {
    Some(match &event.what {
        What::Cut(who, from, to) => {
            let who = label(after.instrument(), who);
            format!(
                "What {who} is asked for leaves out {} to {}; others see who said so.",
                utc(*from),
                utc(*to)
            )
        }
        What::Sought(..) => "It waits for others, who have to say the same.".to_owned(),
        _ => return None,
    })
}

/// What the act itself does.
fn sentence(foreseen: &Foreseen, matter: &Matter, what: &What) -> Option<String> {
    let first = |name| strand_first(matter, name);
    Some(match what {
        What::Entered(of, name, state) if *of == matter.id => {
            format!("{}`{state}`: {}", first(name), say::state(&matter.procedure, state))
        }
        What::Opened(of, kind, ..) if *of != matter.id => {
            format!("It opens a matter of its own: `{kind}`, {}.", say::value::matter(&foreseen.after, of))
        }
        What::Spoke(_, name, step, ..) => {
            format!("{}it counts as one of those who decide `{step}`; others have to speak too.", first(name))
        }
        What::Split(_, name, step) => {
            format!("{}with it nothing else can come of `{step}`, whatever the others say.", first(name))
        }
        What::Sought(..) => {
            let waits = relief_sought_in(&foreseen.after, foreseen.after.settlement().matter(&matter.id)?.0);
            let join: Vec<String> = waits.iter().map(say::relief::could_join).collect();
            format!("It waits for others, who have to say the same: {}.", join.join("; "))
        }
        What::SetAside(_, name, to) => {
            format!("{}back to `{to}`, with full time. Nothing that happened is undone.", first(name))
        }
        What::Suspended(_, name, until) => format!("{}clocks stand until {}.", first(name), utc(*until)),
        What::Resumed(_, name) => format!("{}clocks run again.", first(name)),
        What::OpenedLate(_) => {
            "It is opened after the time that the procedure sets for it, and marked late.".to_owned()
        }
        What::LateSoFar(_, name, ..) | What::Late(_, name, ..) => {
            format!("{}it is late, and taken as late.", first(name))
        }
        What::Held(_, name, ..) => format!(
            "{}its time is over: it counts only if it is shown that it was handed over before.",
            first(name)
        ),
        What::Stepped(_, name, step, ..) => {
            let rule = matter.procedure.step(step)?;
            match &rule.leads {
                Leads::Stays => format!("{}it is on record; no state changes.", first(name)),
                Leads::To(_) | Leads::Choice(_) => return None,
            }
        }
        _ => return None,
    })
}

/// Who is asked then, by when, and what silence does.
fn asked(node: &Node, foreseen: &Foreseen, ask: &Ask<'_>) -> String {
    let instrument = node.docket().instrument();
    let first = strand_first(ask.matter, ask.strand);
    let who = labels(instrument, if ask.of.is_empty() { &ask.clock.asked } else { &ask.of });
    let any = docket::v1::matter::alone(&ask.rule.by).is_some();
    let (verb, nobody) = match (!say::is_pressed(ask.rule), any || who.len() < 2) {
        (true, _) => ("may", "if nobody does"),
        (false, true) => ("is asked to", "if no answer is on the record"),
        (false, false) => ("are asked to", "if no answer is on the record"),
    };
    let who = if any { say::or(&who) } else { say::and(&who) };
    let latest = ask.when(&foreseen.after);
    let by = match (&ask.clock.times, &ask.standing) {
        (Some(times), _) if times.closes != Instant::LAST => format!("by {}", utc(times.due)),
        (_, Standing::Unserved(_)) if latest != Instant::LAST => {
            format!("by {} at the latest, as its time begins with service", utc(latest))
        }
        _ => "with no time that runs yet".to_owned(),
    };
    match (say::silence(ask.rule), say::ask::comes_by_itself(ask)) {
        (comes, true) => match by.strip_prefix("by ") {
            Some(on) => format!("{first}on {on} {comes}."),
            None => format!("{first}{comes}, {by}."),
        },
        (silence, false) if silence.is_empty() => format!("{first}{who} {verb} `{}` {by}.", ask.step),
        (silence, false) => {
            let comes = leads_to(&ask.rule.silence).map(|to| say::state(&ask.matter.procedure, to));
            let comes = comes.map_or_else(|| ".".to_owned(), |comes| format!(": {comes}"));
            format!("{first}{who} {verb} `{}` {by}; {nobody}, {silence}{comes}", ask.step)
        }
    }
}

/// What happens beside it: now, or once it has come to a state that it can come to next.
fn effects(foreseen: &Foreseen, key: MatterKey, matter: &Matter, body: &Body, now: Instant) -> Vec<String> {
    let of = |state: &Code| matter.procedure.effects.get(state).copied();
    let mut lines = Vec::new();
    let mut told: BTreeSet<&Code> = BTreeSet::new();
    for event in foreseen.events.iter().filter(|event| event.entry == Some(foreseen.entry)) {
        let What::Entered(entered, name, state) = &event.what else { continue };
        let Some(effect) = of(state).filter(|_| *entered == matter.id && told.insert(state)) else {
            continue;
        };
        let coming = matter.strands.get(name).and_then(|life| life.coming.as_ref());
        let when = coming.map(|coming| format!("From {}, unless it is taken back before", utc(coming.at)));
        lines.push(format!("{}: {}.", when.unwrap_or_else(|| "With it".to_owned()), say::effect(effect)));
    }
    let asks = asks_in(&foreseen.after, now, key);
    let step = match does(body) {
        Does::Step(step) => matter.procedure.step(&step.step),
        Does::Open(_) | Does::Nothing => None,
    };
    let by_silence = asks.iter().filter_map(|ask| leads_to(&ask.rule.silence));
    let rules = asks.iter().map(|ask| ask.rule).chain(step);
    for state in by_silence.chain(rules.flat_map(|rule| rule.leads.states())) {
        if let Some(effect) = of(state).filter(|_| told.insert(state)) {
            let says = say::effect_to_come(&matter.law.instrument, effect);
            lines.push(format!("Once it is `{state}`: {says}."));
        }
    }
    lines
}

/// Who will see what.
fn seen(matter: &Matter, body: &Body) -> Vec<String> {
    let mut lines = vec![
        "All participants see that it was done, when, and what stands above; it is in every copy of the register."
            .to_owned(),
    ];
    let files = files_of(body);
    if files.is_empty() {
        lines.push("Nothing is handed over with it: no file, and no words.".to_owned());
    }
    if let Some(file) = files.first() {
        let who = labels(&matter.law.instrument, file.grants.iter().map(|grant| &grant.to));
        let what = if files.len() == 1 { "The file" } else { "The files" };
        lines.push(format!("{what} can be opened by {} alone.", say::and(&who)));
    }
    if matter.tier == Tier::WithoutPrejudice {
        lines.push("It is without prejudice: nobody cites it.".to_owned());
    }
    lines
}

/// That nothing is admitted by it.
fn admits(matter: &Matter, body: &Body) -> String {
    let says = match does(body) {
        Does::Step(step) => matter.procedure.step(&step.step).and_then(|rule| rule.says.as_deref()),
        Does::Open(_) | Does::Nothing => matter.procedure.says.as_deref(),
    };
    let says = says.map(|says| format!("{says} ")).unwrap_or_default();
    let written = match body {
        Body::Transcribe(transcribe) => {
            let party = label(&matter.law.instrument, &transcribe.on_behalf_of);
            format!(" It is never {party}'s signature: {party} may confirm or disown it.")
        }
        _ => String::new(),
    };
    format!("{says}It admits nothing beyond what stands above.{written}")
}

/// Whether it can be taken back.
fn goes_back(foreseen: &Foreseen, key: MatterKey, matter: &Matter, body: &Body) -> String {
    let stays =
        "It stays on record; a root can disown it within 72 hours, and the key that signed it is over then.";
    if matches!(does(body), Does::Open(_)) {
        let own = steps_for(&foreseen.after, key, &matter.opener).into_iter().find(|may| {
            let alone = matches!(may.rule.by.0.as_slice(), [one] if one.count == Count::Any && one.of.set == Set::Opener);
            let ends = |to| matter.procedure.state(to).is_some_and(|state| state.kind == StateKind::End);
            // What comes without it takes nothing back, nor does what says something else.
            let comes = |to| may.rule.clock.is_some() && leads_to(&may.rule.silence) == Some(to);
            alone
                && may.rule.must.is_nothing()
                && matches!(&may.rule.leads, Leads::To(to) if ends(to) && !comes(to))
        });
        return match own {
            Some(may) => format!("It can be taken back by the step `{}`. {stays}", may.step),
            None => stays.to_owned(),
        };
    }
    let waits = foreseen.events.iter().any(|event| {
        event.entry == Some(foreseen.entry)
            && matches!(event.what, What::Spoke(..) | What::Sought(..))
            && !leaves_one(event, &foreseen.events)
    });
    if waits {
        format!("Until the others have decided, it can be taken back. {stays}")
    } else {
        stays.to_owned()
    }
}
