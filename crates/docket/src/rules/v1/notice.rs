//! `notice`: a party tells guarantors at once, before or without any allegation or finding. One
//! strand for each who is told; acknowledging is receipt only. It stands here as data until the
//! reader of whole instruments reads it from a file.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, Seconds};

use super::procedure::{
    ClockKind, ClockRule, Field, Holds, Law, Leads, Phrase, Procedure, Relief, Silence, Span, StateKind,
    Step, Who,
};

/// The law of a register whose instrument names no procedures.
#[must_use]
pub fn law() -> Law {
    Law { procedures: BTreeMap::from([(code("notice"), procedure())]), relief: Relief::default() }
}

fn code(text: &str) -> Code {
    #[expect(clippy::expect_used, reason = "codes that are written in this file")]
    Code::new(text).expect("a code")
}

fn procedure() -> Procedure {
    let field = |holds, optional, several| Field { holds, optional, several };
    Procedure {
        reference: "NOT",
        strands: vec![code("told")],
        fields: BTreeMap::from([
            (code("told"), field(Holds::Participant(Who::Guarantors), false, true)),
            (code("provision"), field(Holds::Provision, true, false)),
        ]),
        states: BTreeMap::from([
            (code("sent"), StateKind::Waiting),
            (code("not-acknowledged"), StateKind::Rest),
            (code("acknowledged"), StateKind::End),
            (code("withdrawn"), StateKind::End),
        ]),
        opened_by: Who::Parties,
        begins: code("sent"),
        open_due: None,
        steps: BTreeMap::from([
            (
                code("acknowledge"),
                Step {
                    from: BTreeSet::from([code("sent"), code("not-acknowledged")]),
                    by: Who::Field(code("told")),
                    leads: Leads::To(code("acknowledged")),
                    clock: Some(ClockRule {
                        kind: ClockKind::Due,
                        phrase: Phrase::AfterService(Span::Exact(Seconds::hours(24))),
                        carriage: None,
                    }),
                    silence: Silence::Moves(code("not-acknowledged")),
                    fields: BTreeSet::new(),
                    must: BTreeSet::new(),
                    needs_file: false,
                },
            ),
            (
                code("withdraw"),
                Step {
                    from: BTreeSet::new(),
                    by: Who::Opener,
                    leads: Leads::To(code("withdrawn")),
                    clock: None,
                    silence: Silence::Noted,
                    fields: BTreeSet::new(),
                    must: BTreeSet::new(),
                    needs_file: false,
                },
            ),
        ]),
        waits_for_vacant: true,
    }
}
