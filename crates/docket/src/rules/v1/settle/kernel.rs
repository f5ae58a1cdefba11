//! Kernel kinds outside matters: keys, exhibits, tables, service, recovery, freezes.

use act::Body;
use act::body::Enrol;
use act::value::{File, Word};
use terms::{ActId, Instant, Item, ItemPart, ParticipantId, Role};

use super::fit::grants_vacant;
use super::sought::About;
use super::{Context, Screening, Settled, Settlement, Table, VoidReason, check_hand};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit::{self, Exhibit};
use crate::rules::v1::ledger::Entered;
use crate::rules::v1::matter::{MatterKey, words};

impl Settlement {
    pub(super) fn kernel(
        &mut self,
        settled: &Settled,
        body: &Body,
        entered: &Entered,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        let (by, at, entry) = (&settled.by, settled.effective, settled.index);
        let here = Some(entry);
        // What roots sign says who they are, wherever their keys lie; a freeze and a succession have force from their own
        // index, before this can be judged.
        let hand = || check_hand(&self.law, (body.kind(), None), settled);
        match body {
            Body::Enrol(Enrol::Key(enrolment)) => {
                let name = terms::SignerName::key(by, &enrolment.label);
                self.happened(at, here, What::Enrolled(name));
                if let Some(note) = &enrolment.note {
                    self.file(settled, std::slice::from_ref(note), None);
                }
            }
            Body::Enrol(Enrol::Seat(_)) => {
                if let Some(who) = &entered.voted {
                    self.happened(at, here, What::Voted(by.clone(), who.clone()));
                }
                if let Some(who) = &entered.seated {
                    self.happened(at, here, What::Seated(who.clone()));
                    self.seat_was_taken(who, settled.high, context);
                }
            }
            Body::Revoke(_) => {
                for name in &entered.ended {
                    self.happened(at, here, What::Ended(name.clone()));
                }
            }
            Body::Recover(recover) => self.begin_recovery(settled, recover, context)?,
            Body::Offer(offer) => {
                let files = exhibit::check_files(ledger, &offer.files);
                first([files, self.may_take_part(settled, context), hand()])?;
                self.file(settled, &offer.files, None);
            }
            Body::Batch(batch) => {
                let files = batch.file.as_slice();
                let vacant = unless(grants_vacant(files, context), VoidReason::Vacant);
                let files = exhibit::check_files(ledger, files);
                first([files, self.may_take_part(settled, context), hand(), vacant])?;
                let reference = self.next_reference("BAT", at);
                let item = Item { act: settled.id, part: ItemPart::Row(1) };
                let table = Table {
                    reference: reference.clone(),
                    by: by.clone(),
                    at,
                    holds: batch.table.clone(),
                    rows: batch.rows,
                    withdrawn: false,
                    withdrew: Vec::new(),
                };
                self.tables.insert(settled.id, table);
                self.happened(at, here, What::Batched(item, reference, by.clone()));
                if let Some(file) = &batch.file {
                    self.file(settled, std::slice::from_ref(file), None);
                }
            }
            Body::Grant(grant) => {
                exhibit::check_grants(ledger, &grant.grants)?;
                let exhibit = self.exhibit(&grant.exhibit)?;
                let power = unless(exhibit.filer != *by, VoidReason::NoPower);
                let vacant = grant.grants.iter().any(|grant| context.is_vacant(&grant.to));
                let matter = exhibit.matter.and_then(|key| self.matters.get(&key));
                let seen = matter
                    .map_or(Ok(()), |matter| Self::check_seen(matter, matter.strands.keys(), &grant.grants));
                first([power, hand(), unless(vacant, VoidReason::Vacant), seen])?;
                let exhibit = self.exhibit_mut(&grant.exhibit)?;
                for to in grant.grants.iter().map(|g| &g.to) {
                    exhibit.granted.insert_new(to.clone(), at);
                }
                for to in grant.grants.iter().map(|g| g.to.clone()) {
                    self.happened(at, here, What::Granted(grant.exhibit, to));
                }
            }
            Body::Keep(keep) => {
                let judge = |item: &Item| self.exhibit(item)?.clone().keep(by, at, entry);
                let all = keep.exhibits.iter().filter_map(|item| judge(item).err()).min();
                first([all.map_or(Ok(()), Err), hand()])?;
                for item in &keep.exhibits {
                    self.exhibit_mut(item)?.keep(by, at, entry)?;
                    self.happened(at, here, What::Kept(*item, by.clone()));
                }
            }
            Body::Opened(opened) => {
                let mut trial = self.exhibit(&opened.exhibit)?.clone();
                first([trial.open(by, at, entry), hand()])?;
                *self.exhibit_mut(&opened.exhibit)? = trial;
                self.happened(at, here, What::OpenedExhibit(opened.exhibit, by.clone()));
            }
            Body::Answer(answer) => {
                exhibit::check_files(ledger, &answer.files)?;
                let mut trial = self.exhibit(&answer.exhibit)?.clone();
                let vacant = unless(grants_vacant(&answer.files, context), VoidReason::Vacant);
                first([trial.answer(by, at, entry), hand(), vacant])?;
                *self.exhibit_mut(&answer.exhibit)? = trial;
                self.happened(at, here, What::Answered(answer.exhibit, by.clone()));
                self.file(settled, &answer.files, None);
            }
            Body::Challenge(challenge) => {
                let mut trial = self.exhibit(&challenge.exhibit)?.clone();
                let good = trial.challenge(by, (settled.id, entry), at, challenge.ground);
                first([good, hand()])?;
                *self.exhibit_mut(&challenge.exhibit)? = trial;
                self.happened(at, here, What::Challenged(challenge.exhibit, by.clone()));
            }
            Body::Rule(rule) => {
                let mut trial = self.exhibit(&rule.exhibit)?.clone();
                let filer = trial.filer.clone();
                let needs = exhibit::needs_to_rule(&self.law, context, (&filer, rule.outcome));
                let power = unless(!needs.speakers.contains(by), VoidReason::NoPower);
                let ruled = trial.rule((by, at, entry), rule.outcome, rule.challenge);
                first([ruled.map(|_| ()), power, hand()])?;
                if !self.seek(settled, About::Exhibit(rule.exhibit), body, vec![needs]) {
                    return Ok(());
                }
                *self.exhibit_mut(&rule.exhibit)? = trial;
                self.forget_exhibit_voices(&rule.exhibit);
                let what = match ruled? {
                    Some(upheld) => What::Ruled(rule.exhibit, upheld),
                    None => What::Danger(rule.exhibit),
                };
                self.happened(at, here, what);
            }
            Body::Hold(hold) => {
                let mut trial = self.exhibit(&hold.exhibit)?.clone();
                let needs = exhibit::needs_to_hold(&self.law, context);
                let may = needs.as_ref().is_none_or(|needs| needs.speakers.contains(by));
                let held = trial.hold(by, at, hold.until, entry);
                first([held, unless(!may, VoidReason::NoPower), hand()])?;
                let needs: Vec<_> = needs.into_iter().collect();
                if !self.seek(settled, About::Exhibit(hold.exhibit), body, needs) {
                    return Ok(());
                }
                *self.exhibit_mut(&hold.exhibit)? = trial;
                self.happened(at, here, What::HeldUntil(hold.exhibit, by.clone(), hold.until));
            }
            Body::Destroy(destroy) => {
                let cited = self.is_cited(&destroy.exhibit);
                let mut trial = self.exhibit(&destroy.exhibit)?.clone();
                first([trial.destroy(by, at, destroy.ground, cited), hand()])?;
                *self.exhibit_mut(&destroy.exhibit)? = trial;
                self.happened(at, here, What::Destroyed(destroy.exhibit, by.clone()));
            }
            Body::Serve(serve) => self.serve_by_other(settled, serve, context)?,
            Body::Freeze(_) => {
                if let Some(witness) = &entered.frozen {
                    self.frozen.insert(witness.clone());
                    self.happened(at, here, What::Frozen(witness.clone()));
                }
            }
            Body::Succeed(succeed) => {
                if entered.succeeded {
                    self.frozen.clear();
                    self.happened(at, here, What::Succeeded);
                    self.set_aside_by_succession(settled, &succeed.set_aside, context);
                }
            }
            Body::Screen(screen) => {
                let is_group = ledger.excluded.names(screen.list.as_str()) == Some(&screen.list);
                // The ledger is ahead of what settles: a key has force from an index on, and none before.
                let stands = ledger.keys().get(&screen.key).is_some_and(|key| key.since <= entry);
                let unknown = unless(!stands || !is_group, VoidReason::Unknown);
                first([unknown, self.may_take_part(settled, context), hand()])?;
                let screening = Screening { by: by.clone(), at, result: screen.result };
                self.screenings.insert((screen.key.clone(), screen.list.clone()), screening);
                let what = What::Screened(screen.key.clone(), screen.list.clone(), screen.result);
                self.happened(at, here, what);
            }
            // No instrument names who may publish yet.
            Body::Publish(_) => return Err(VoidReason::NoPower),
            Body::Genesis(_)
            | Body::Mark(_)
            | Body::Open(_)
            | Body::Step(_)
            | Body::Correct(_)
            | Body::Withdraw(_)
            | Body::Transcribe(_)
            | Body::Confirm(_)
            | Body::Extend(_)
            | Body::Suspend(_)
            | Body::Resume(_)
            | Body::Cut(_)
            | Body::SetAside(_)
            | Body::Disown(_)
            | Body::Intake(_) => return Err(VoidReason::Unknown),
        }
        Ok(())
    }

    /// Voices on an exhibit that can come to nothing any more: on a challenge that is decided, or not there.
    pub(super) fn forget_exhibit_voices(&mut self, item: &Item) {
        let about = About::Exhibit(*item);
        let (Some(all), Some(exhibit)) = (self.sought.get_mut(&about), self.exhibits.get(item)) else {
            return;
        };
        all.retain(|sought| match &sought.body {
            Body::Rule(rule) => rule.challenge.is_none_or(|challenge| exhibit.waits_for_ruling(&challenge)),
            _ => true,
        });
        if all.is_empty() {
            self.sought.remove(&about);
        }
    }

    fn may_take_part(&self, settled: &Settled, context: Context<'_>) -> Result<(), VoidReason> {
        match context.ledger.role(&settled.by) {
            Some(Role::Party | Role::Guarantor | Role::Monitor) => Ok(()),
            Some(Role::Observer) | None => Err(VoidReason::NoPower),
        }
    }

    /// The files of an act that took effect become exhibits.
    pub(super) fn file(&mut self, settled: &Settled, files: &[File], matter: Option<MatterKey>) {
        self.file_of((settled.id, settled.index, &settled.by), settled.effective, files, matter);
    }

    pub(super) fn file_of(
        &mut self,
        (act, index, by): (ActId, u64, &ParticipantId),
        at: Instant,
        files: &[File],
        matter: Option<MatterKey>,
    ) {
        for (number, file) in (1_u32..).zip(files) {
            let item = Item::exhibit(act, number);
            let reference = self.next_reference("EXH", at);
            let what = What::Offered(item, reference.clone(), by.clone());
            self.happened(at, Some(index), what);
            let mut exhibit = Exhibit::new(reference, by.clone(), index, at, matter);
            for grant in &file.grants {
                exhibit.granted.insert_new(grant.to.clone(), at);
                self.happened(at, Some(index), What::Granted(item, grant.to.clone()));
            }
            self.exhibits.insert(item, exhibit);
        }
    }

    /// Whether an open matter cites an exhibit: it was filed there, or a field names it.
    fn is_cited(&self, item: &Item) -> bool {
        let filed_in = self.exhibits.get(item).and_then(|exhibit| exhibit.matter);
        let names = |index: &MatterKey| {
            self.matters.lend(index).is_some_and(|matter| {
                let words = matter.values().flat_map(|(_, value)| words(Some(value)));
                words.into_iter().any(|word| *word == Word::Item(*item))
            })
        };
        filed_in.is_some_and(|index| self.open.contains_key(&index)) || self.open.keys().any(names)
    }
}

/// Of what was judged, the first line of the table that applies (PROCEDURE §3).
fn first<const N: usize>(judged: [Result<(), VoidReason>; N]) -> Result<(), VoidReason> {
    judged.into_iter().filter_map(Result::err).min().map_or(Ok(()), Err)
}

const fn unless(applies: bool, reason: VoidReason) -> Result<(), VoidReason> {
    if applies { Err(reason) } else { Ok(()) }
}
