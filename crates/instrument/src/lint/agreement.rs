//! The agreement as a whole: its bodies, its clauses, its own life.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, ParticipantId, Role};

use super::Findings;
use super::life::{silent, targets};
use crate::Instrument;
use crate::procedure::Effect;
use crate::rules::ExhibitRules;
use crate::tally::{Needs, Seats};
use crate::who::{Body, Count, Deciders, Group, Item, Rule, Set};

pub(super) fn lint(instrument: &Instrument, findings: &mut Findings<'_>) {
    bodies(instrument, findings);
    references(instrument, findings);
    provisions(instrument, findings);
    own_life(instrument, findings);
    exhibits(instrument, findings);
    relief(instrument, findings);
}

fn bodies(instrument: &Instrument, findings: &mut Findings<'_>) {
    for (name, body) in &instrument.bodies {
        let path = format!("body.{name}");
        if let Rule::Members(Count::Number(number)) = body.decides {
            let (needed, members) = (number as usize, body.members.len());
            if needed > members {
                let message = format!("{needed} of {members} can't decide");
                findings.error(
                    "instrument::out_of_reach",
                    &format!("{path}.decides"),
                    message,
                    "ask for fewer, or say `all`",
                );
            } else if needed * 2 <= members {
                let message = format!("{needed} of {members} decide: two halves could decide two things");
                let help = "say `most` or `all`";
                findings.error("instrument::rival_decisions", &format!("{path}.decides"), message, help);
            }
        }
        asks_its_members(instrument, name, body, findings);
        if let Some(quorum) = &body.quorum
            && let Some(party) = one_that_stops(instrument, &body.members, quorum)
        {
            let message = format!("`{party}` alone can keep this body from meeting");
            let help = "let the quorum rest on those who do not gain by absence";
            findings.warning("instrument::one_can_stop", &format!("{path}.quorum"), message, help);
        }
    }
}

/// A body's rule and quorum can be met by its own members.
fn asks_its_members(instrument: &Instrument, name: &Code, body: &Body, findings: &mut Findings<'_>) {
    let members = |set: &Set| instrument.members(set).into_iter().cloned().collect();
    let seats = Seats { members: &members, bodies: &instrument.bodies, vacant: &|_| false };
    let rule = match &body.decides {
        Rule::Items(_) => Some(("decides", Count::Rule)),
        Rule::Members(_) => None,
    };
    for (key, count) in rule.into_iter().chain(body.quorum.iter().map(|_| ("quorum", Count::Quorum))) {
        let whole = Group { set: Set::Body(name.clone()), but: None };
        let needs = Needs::of(&Deciders(vec![Item { count, of: whole }]), &seats);
        if let Some(need) = needs.each.iter().find(|need| need.number > need.of.len()) {
            let message =
                format!("this asks for {} where {} of its members can speak", need.number, need.of.len());
            let help = "ask members of the body, and no more than there are";
            findings.error("instrument::out_of_reach", &format!("body.{name}.{key}"), message, help);
        }
    }
}

/// A party without which the quorum is never met.
fn one_that_stops<'a>(
    instrument: &Instrument,
    members: &'a [ParticipantId],
    quorum: &Deciders,
) -> Option<&'a ParticipantId> {
    members.iter().filter(|who| instrument.role(who) == Some(Role::Party)).find(|who| {
        quorum.0.iter().any(|item| {
            let people = group(instrument, &item.of);
            let needed = match item.count {
                Count::All => people.len(),
                Count::Most => people.len() / 2 + 1,
                Count::Number(number) => number as usize,
                Count::Any | Count::Rule | Count::Quorum | Count::Chair => 1,
            };
            people.contains(*who) && people.len() - 1 < needed
        })
    })
}

fn group<'a>(instrument: &'a Instrument, group: &Group) -> BTreeSet<&'a ParticipantId> {
    let mut people = instrument.members(&group.set);
    if let Some(but) = &group.but {
        let but = instrument.members(but);
        people.retain(|who| !but.contains(who));
    }
    people
}

fn references(instrument: &Instrument, findings: &mut Findings<'_>) {
    let mut first: BTreeMap<&str, &Code> = BTreeMap::from([]);
    for (name, procedure) in &instrument.procedures {
        let reference = procedure.reference.as_str();
        let other = match reference {
            "EXH" => Some("exhibits"),
            "BAT" => Some("tables"),
            reference => first.get(reference).map(|name| name.as_str()),
        };
        if let Some(other) = other {
            let message = format!("`{reference}` begins the references of `{other}` too");
            let help = "give one of the two letters of its own, with `ref`";
            findings.error("instrument::twice_a_ref", &format!("procedure.{name}.ref"), message, help);
        } else {
            first.insert(reference, name);
        }
    }
}

fn provisions(instrument: &Instrument, findings: &mut Findings<'_>) {
    let run: BTreeSet<&Code> =
        instrument.procedures.values().flat_map(|procedure| &procedure.under).collect();
    for (name, provision) in &instrument.provisions {
        if !provision.not_invoked && !run.contains(&provision.kind) {
            let message = format!("no procedure runs under a provision of the kind `{}`", provision.kind);
            let help = "name the kind in a procedure's `under`, or say `not_invoked = true`";
            findings.warning("instrument::never_invoked", &format!("provision.{name}"), message, help);
        }
    }
}

/// An agreement begins, changes and ends as matters of its own.
fn own_life(instrument: &Instrument, findings: &mut Findings<'_>) {
    let all = || instrument.procedures.values();
    let has = |effect| all().any(|procedure| procedure.effects.values().any(|known| *known == effect));
    if !has(Effect::Close) {
        let message = "no matter ends this agreement".to_owned();
        let help = "use the library's `life`: `[procedure.life]` with `like = \"life\"`";
        findings.error("instrument::no_life", "instrument", message, help);
    }
    let leaves = |procedure: &&crate::Procedure| {
        let closes = |state: &Code| procedure.effects.get(state) == Some(&Effect::Close);
        procedure.like.as_ref().is_some_and(|like| like.as_str() == "departure")
            || procedure.steps.iter().any(|(_, step)| {
                step.by.0.iter().any(|item| matches!(item.of.set, Set::Opener))
                    && (targets(step).any(closes) || silent(step).is_some_and(closes))
            })
    };
    if !all().any(|procedure| leaves(&procedure)) {
        let message = "nobody can leave this agreement alone".to_owned();
        let help = "use the library's `departure`, if the text allows it";
        findings.warning("instrument::cannot_leave", "instrument", message, help);
    }
    if !has(Effect::Amend) {
        let message = "nothing changes this agreement".to_owned();
        findings.warning("instrument::no_amendment", "instrument", message, "use the library's `amendment`");
    }
}

/// Whoever decides about exhibits is there, and are enough.
fn exhibits(instrument: &Instrument, findings: &mut Findings<'_>) {
    let members = |set: &Set| instrument.members(set).into_iter().cloned().collect();
    let seats = Seats { members: &members, bodies: &instrument.bodies, vacant: &|_| false };
    let ExhibitRules { arbiter, hold, destroy } = &instrument.exhibits;
    for (key, by) in [("arbiter", arbiter), ("hold", hold), ("destroy", destroy)] {
        let Some(by) = by else { continue };
        let needs = Needs::of(by, &seats);
        let path = format!("exhibits.{key}");
        if needs.each.iter().any(|need| need.of.is_empty()) {
            let help = "in this instrument there is none: name others, or leave the key out";
            findings.error("instrument::nobody", &path, format!("nobody is in `{by}`"), help);
        } else if needs.each.iter().any(|need| need.number > need.of.len()) {
            let message = format!("`{by}` asks for more than there are");
            findings.error("instrument::out_of_reach", &path, message, "ask for fewer, or for `all of` them");
        }
    }
}

fn relief(instrument: &Instrument, findings: &mut Findings<'_>) {
    let Some(_) = &instrument.relief.set_aside else {
        let message = "what silence did can't be set aside by anybody".to_owned();
        let help = "say in `[relief]` by whom: `set-aside = { by = \"all of guarantors\" }`";
        findings.warning("instrument::no_relief", "relief", message, help);
        return cuts(instrument, findings);
    };
    cuts(instrument, findings);
}

/// Whether somebody could not be reached is said by others.
fn cuts(instrument: &Instrument, findings: &mut Findings<'_>) {
    let Some((by, _)) = &instrument.relief.cut else { return };
    let may = |who: &ParticipantId| matches!(instrument.role(who), Some(Role::Guarantor | Role::Monitor));
    let party = by.0.iter().flat_map(|item| group(instrument, &item.of)).find(|who| !may(who));
    if let Some(party) = party {
        let message = format!("`{party}` could say of itself that it was cut off");
        let help = "a cut is said by guarantors or monitors";
        findings.error("instrument::cuts_itself", "relief.cut", message, help);
    }
}
