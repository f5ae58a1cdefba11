//! Procedures that use all that the kernel can do by now, for tests. No people ever agreed to them.

use std::collections::{BTreeMap, BTreeSet};

use terms::Seconds;

use super::code;
use crate::v1::procedure::{
    ClockKind, ClockRule, Field, Holds, Law, Leads, Phrase, Procedure, Relief, Silence, Span, StateKind,
    Step, Who,
};

/// `notice` as it is, and beside it `request`, `plan`, `visit`, `watch` and `alarm`; relief by guarantors.
#[must_use]
pub fn exercise() -> Law {
    let mut law = crate::v1::notice::law();
    let more = [
        ("request", request()),
        ("plan", plan()),
        ("visit", visit()),
        ("watch", watch()),
        ("alarm", alarm()),
    ];
    law.procedures.extend(more.map(|(name, procedure)| (code(name), procedure)));
    law.relief = relief();
    law
}

/// Relief by guarantors: two extensions of at most two days, pauses of at most a week, cuts of at
/// most two weeks for one clock, and setting aside.
#[must_use]
pub fn relief() -> Relief {
    Relief {
        extend: Some((Who::Guarantors, Seconds::days(2), 2)),
        suspend: Some((Who::Guarantors, Seconds::days(7))),
        cut: Some((Who::Guarantors, Seconds::days(14))),
        set_aside: Some(Who::Guarantors),
    }
}

fn states(list: &[(&str, StateKind)]) -> BTreeMap<terms::Code, StateKind> {
    list.iter().map(|(name, kind)| (code(name), *kind)).collect()
}

fn step(from: &[&str], by: Who, leads: Leads) -> Step {
    Step {
        from: from.iter().map(|name| code(name)).collect(),
        by,
        leads,
        clock: None,
        silence: Silence::Noted,
        fields: BTreeSet::new(),
        must: BTreeSet::new(),
        needs_file: false,
    }
}

fn clock(kind: ClockKind, phrase: Phrase, carriage_h: Option<u64>) -> Option<ClockRule> {
    Some(ClockRule { kind, phrase, carriage: carriage_h.map(Seconds::hours) })
}

fn choice(list: &[(&str, Option<&str>)]) -> Leads {
    Leads::Choice(list.iter().map(|(name, to)| (code(name), to.map(code))).collect())
}

fn moves(to: &str) -> Silence {
    Silence::Moves(code(to))
}

fn hours(n: u64) -> Span {
    Span::Exact(Seconds::hours(n))
}

fn field(holds: Holds, optional: bool, several: bool) -> Field {
    Field { holds, optional, several }
}

/// The request of PROCEDURE §1: three questions, three ways of not answering. `about` may name what
/// it is about: a code, for which an excluded group's name is no harm.
fn request() -> Procedure {
    use StateKind::{End, Rest, Waiting};
    Procedure {
        reference: "REQ",
        strands: vec![code("asked")],
        fields: BTreeMap::from([
            (
                code("asked"),
                field(
                    Holds::Participant(Who::OtherThan(Box::new(Who::Everyone), Box::new(Who::Opener))),
                    false,
                    true,
                ),
            ),
            (code("about"), field(Holds::Codes([code("the-band"), code("a-place")].into()), true, false)),
            (code("matter"), field(Holds::Matter, true, false)),
        ]),
        states: states(&[
            ("put", Waiting),
            ("answered", Waiting),
            ("silent", Rest),
            ("satisfied", End),
            ("insufficient", End),
            ("not-assessed", End),
            ("refused", End),
        ]),
        opened_by: Who::Everyone,
        begins: code("put"),
        open_due: None,
        steps: BTreeMap::from([
            (
                code("answer"),
                Step {
                    clock: clock(ClockKind::Due, Phrase::AfterService(hours(72)), None),
                    silence: moves("silent"),
                    ..step(
                        &["put", "silent"],
                        Who::Field(code("asked")),
                        choice(&[("answer", Some("answered")), ("refuse", Some("refused")), ("later", None)]),
                    )
                },
            ),
            (
                code("assess"),
                Step {
                    clock: clock(ClockKind::Due, Phrase::AfterService(hours(48)), Some(24)),
                    silence: moves("not-assessed"),
                    ..step(
                        &["answered"],
                        Who::Opener,
                        choice(&[("answers", Some("satisfied")), ("does-not-answer", Some("insufficient"))]),
                    )
                },
            ),
        ]),
        waits_for_vacant: false,
    }
}

/// A plan that is adopted unless somebody objects in time: a right that ends.
fn plan() -> Procedure {
    use StateKind::{End, Waiting};
    Procedure {
        reference: "PLAN",
        strands: Vec::new(),
        fields: BTreeMap::from([(code("party"), field(Holds::Participant(Who::Parties), false, false))]),
        states: states(&[("proposed", Waiting), ("agreed", End), ("objected", End)]),
        opened_by: Who::Parties,
        begins: code("proposed"),
        open_due: None,
        steps: BTreeMap::from([
            (
                code("object"),
                Step {
                    clock: clock(ClockKind::Until, Phrase::AfterFinality(hours(48)), Some(24)),
                    silence: moves("agreed"),
                    ..step(
                        &["proposed"],
                        Who::OtherThan(Box::new(Who::Everyone), Box::new(Who::Opener)),
                        Leads::To(code("objected")),
                    )
                },
            ),
            (code("propose-anew"), step(&["proposed"], Who::Opener, Leads::To(code("proposed")))),
        ]),
        waits_for_vacant: false,
    }
}

/// A visit that is told two days before its window; noting it is only shown, and who was told checks in
/// each day.
fn visit() -> Procedure {
    use StateKind::{End, Waiting};
    Procedure {
        reference: "VIS",
        strands: Vec::new(),
        fields: BTreeMap::from([
            (code("told"), field(Holds::Participant(Who::Parties), false, false)),
            (code("window"), field(Holds::Window, false, false)),
        ]),
        states: states(&[("announced", Waiting), ("over", End), ("called-off", End)]),
        opened_by: Who::Everyone,
        begins: code("announced"),
        open_due: Some(Phrase::Before(code("window"), hours(48))),
        steps: BTreeMap::from([
            (
                code("note"),
                Step {
                    clock: clock(ClockKind::Due, Phrase::AfterService(hours(24)), Some(24)),
                    ..step(&["announced"], Who::Field(code("told")), Leads::Stays)
                },
            ),
            (
                code("move-window"),
                Step {
                    clock: clock(ClockKind::Until, Phrase::Before(code("window"), hours(24)), Some(0)),
                    fields: [code("window")].into(),
                    must: [code("window")].into(),
                    ..step(&["announced"], Who::Opener, Leads::Stays)
                },
            ),
            (
                code("check-in"),
                Step {
                    clock: clock(ClockKind::Due, Phrase::AfterFinality(hours(24)), Some(0)),
                    ..step(&["announced"], Who::Field(code("told")), Leads::To(code("announced")))
                },
            ),
            (
                code("pass"),
                Step {
                    clock: clock(ClockKind::Until, Phrase::At(code("window")), Some(0)),
                    silence: moves("over"),
                    ..step(&["announced"], Who::Opener, Leads::To(code("called-off")))
                },
            ),
        ]),
        waits_for_vacant: false,
    }
}

/// All guarantors are asked, in days; one clock for several.
fn watch() -> Procedure {
    use StateKind::{End, Waiting};
    Procedure {
        reference: "WAT",
        strands: Vec::new(),
        fields: BTreeMap::new(),
        states: states(&[("asked", Waiting), ("taken", End), ("nobody", End)]),
        opened_by: Who::Monitors,
        begins: code("asked"),
        open_due: None,
        steps: BTreeMap::from([(
            code("take"),
            Step {
                clock: clock(ClockKind::Due, Phrase::AfterService(Span::Days(2)), Some(24)),
                silence: moves("nobody"),
                needs_file: true,
                ..step(&["asked"], Who::Guarantors, Leads::To(code("taken")))
            },
        )]),
        waits_for_vacant: false,
    }
}

/// What is not answered in a day comes before a watcher: a clock from service where a silence led.
fn alarm() -> Procedure {
    use StateKind::{End, Waiting};
    let named = |set| field(Holds::Participant(set), false, false);
    Procedure {
        reference: "ALA",
        strands: Vec::new(),
        fields: BTreeMap::from([
            (code("party"), named(Who::Parties)),
            (code("watcher"), named(Who::Guarantors)),
        ]),
        states: states(&[
            ("raised", Waiting),
            ("unanswered", Waiting),
            ("answered", End),
            ("looked-at", End),
            ("passed", End),
        ]),
        opened_by: Who::Everyone,
        begins: code("raised"),
        open_due: None,
        steps: BTreeMap::from([
            (
                code("reply"),
                Step {
                    clock: clock(ClockKind::Due, Phrase::AfterFinality(hours(24)), Some(24)),
                    silence: moves("unanswered"),
                    ..step(&["raised"], Who::Field(code("party")), Leads::To(code("answered")))
                },
            ),
            (
                code("look"),
                Step {
                    clock: clock(ClockKind::Due, Phrase::AfterService(hours(24)), Some(24)),
                    silence: moves("passed"),
                    ..step(&["unanswered"], Who::Field(code("watcher")), Leads::To(code("looked-at")))
                },
            ),
        ]),
        waits_for_vacant: false,
    }
}
