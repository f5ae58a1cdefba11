//! A third joins by stick, and a paper that puts a person in danger.

use act::Body;
use act::body::{Destroy, DestroyGround, Grant, Keep, Offer, Rule, RuleOutcome};
use node::{Fault, Node};
use terms::{ActId, Item};

use super::super::cast::{Stage, enrol_all, vote, who};
use super::super::tell::Teller;
use super::desk::{
    acknowledge, answer, clock, give_notice, read, reference_of, registered_time, seal, sorted,
};
use super::{Handed, KEYS, made};

pub(super) fn third(
    stage: &mut Stage,
    tell: &mut Teller,
    islamabad: &mut Node,
    doha: &mut Node,
    handed: &Handed,
) -> Result<(Node, ActId), Fault> {
    tell.chapter("A third joins, and answers");
    let ring = stage.keyring("kabul", false)?;
    let seat = stage.seat(&ring, "kabul")?;
    tell.at(
        stage.now,
        "The agreement has a seat for Kabul from the first day. Kabul makes its keys and takes the seat: \
         Islamabad and Doha each sign for the same keys, and Kabul's own sign with one of them. Neither alone \
         could have seated somebody else.",
    );
    vote(doha, &seat, Some(&ring), stage.now)?;
    vote(islamabad, &seat, None, stage.now)?;
    stage.settle(islamabad, doha, None)?;
    let mut kabul = stage.join("kabul", ring, doha, false, false)?;
    enrol_all(&mut kabul, &KEYS, "Office for contacts", stage.now)?;
    stage.wait(2);
    let imported = stage.carry(&mut kabul, doha, None)?;
    tell.at(
        stage.now,
        format!(
            "Kabul reaches no folder. Its first {} acts go to Doha on a stick; Doha's desk stamps each with the \
             time, and carries them on.",
            imported.stamped
        ),
    );
    stage.settle(islamabad, doha, None)?;

    let grant = islamabad.grant(&handed.photograph, &who("kabul")?)?;
    let grant = Body::Grant(Grant { exhibit: handed.photograph, grants: vec![grant] });
    islamabad.act("liaison-1", grant, stage.now)?;
    stage.settle(islamabad, doha, None)?;
    let file = stage.carry(islamabad, &mut kabul, None)?;
    tell.at(
        stage.now,
        format!("Islamabad grants the photograph to Kabul too; a stick brings {} sealed file.", file.sealed),
    );
    read(stage, &mut kabul, &handed.photograph, "photograph-at-kabul.jpg")?;
    let answer = answer(&mut kabul, &handed.photograph, made::ANSWER, &["doha", "islamabad"], stage.now)?;
    let text = made::PLAN.as_bytes();
    let to = [who("doha")?, who("islamabad")?];
    let (plan, _) =
        seal(&kabul, &mut { text }, text.len() as u64, "text/plain; charset=utf-8", "plan.txt", &to)?;
    let plan = kabul.act("liaison-1", Body::Offer(Offer { files: vec![plan] }), stage.now)?.act().id();
    let plan = Item::exhibit(plan, 1);
    let other = give_notice(&mut kabul, made::OTHER_NOTICE, stage.now)?;
    let handed_in = stage.now;
    stage.wait(3);
    stage.carry(&mut kabul, doha, None)?;
    let taken_in = stage.now;
    stage.wait(30);
    stage.settle(islamabad, doha, None)?;
    tell.at(
        handed_in,
        "Kabul opens it, and answers: no information yet, inquiries under way. It offers an exhibit of its own \
         to both, a plan of works on a road, and gives Doha notice of them. All is on the stick.",
    );
    let registered = registered_time(doha, &answer)?;
    tell.at(
        taken_in,
        format!(
            "Doha has them in its hands and stamps them. They reach the register on {}; for every clock the \
             stamp counts, since it is earlier: {}.",
            clock(registered),
            if registered > taken_in { "a slow way costs Kabul nothing" } else { "both are the same here" }
        ),
    );
    let keep = Body::Keep(Keep { exhibits: sorted(&[plan, Item::exhibit(answer, 1)]) });
    doha.act("liaison-1", keep, stage.now)?;
    read(stage, doha, &plan, "plan-at-doha.txt")?;
    read(stage, doha, &Item::exhibit(answer, 1), "answer-of-kabul.txt")?;
    read(stage, doha, &Item::exhibit(other, 1), "notice-of-kabul.txt")?;
    acknowledge(doha, &other, stage.now)?;
    stage.settle(islamabad, doha, None)?;
    tell.at(
        stage.now,
        format!(
            "Doha opens and keeps the plan and the answer, reads the notice, and acknowledges receipt of {}, \
             receipt only.",
            reference_of(doha, &other)
        ),
    );
    stage.carry(doha, islamabad, None)?;
    read(stage, islamabad, &plan, "plan-at-islamabad.txt")?;
    read(stage, islamabad, &Item::exhibit(answer, 1), "answer-at-islamabad.txt")?;
    self::answer(islamabad, &plan, made::OTHER_ANSWER, &["doha", "kabul"], stage.now)?;
    stage.settle(islamabad, doha, None)?;
    stage.carry(doha, &mut kabul, None)?;
    tell.at(
        stage.now,
        "Islamabad opens the plan, and Kabul's answer. It answers too: no information yet, the works will be \
         looked at. A stick brings that to Kabul.",
    );
    Ok((kabul, answer))
}

pub(super) fn danger(
    stage: &mut Stage,
    tell: &mut Teller,
    islamabad: &mut Node,
    doha: &mut Node,
    handed: &Handed,
) -> Result<(), Fault> {
    tell.chapter("A person's safety");
    let exhibit = handed.statement;
    let rule = Rule { exhibit, outcome: RuleOutcome::Danger, challenge: None };
    doha.act("liaison-1", Body::Rule(rule), stage.now)?;
    stage.settle(islamabad, doha, None)?;
    tell.at(
        stage.now,
        "Doha finds that the statement puts a person in danger. There is no monitor in this exercise, so a \
         facilitating State that did not file it may say so.",
    );
    let destroy = || Body::Destroy(Destroy { exhibit, ground: DestroyGround::Danger });
    doha.act("liaison-1", destroy(), stage.now)?;
    islamabad.act("liaison-1", destroy(), stage.now)?;
    stage.settle(islamabad, doha, None)?;
    for node in [&*islamabad, &*doha] {
        node.destroy_copy(&exhibit)?;
    }
    tell.at(
        stage.now,
        "Islamabad and Doha destroy their copies, and each signs that it did. That there was a statement, who \
         filed it and when, stays provable; what it said is gone.",
    );
    stage.settle(islamabad, doha, None)
}
