//! Kernel kinds outside matters: keys, exhibits, tables, service, recovery, freezes.

use act::Body;
use act::body::{Enrol, Recover, Seat};
use act::value::File;
use terms::{Item, ItemPart, Role};

use super::{Context, PendingRecovery, Settled, Settlement, VoidReason};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit::{self, Exhibit};
use crate::rules::v1::ledger::Entered;

impl Settlement {
    pub(super) fn kernel(
        &mut self,
        settled: &Settled<'_>,
        entered: &Entered,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        let (by, at, entry) = (&settled.by, settled.effective, settled.index);
        let here = Some(entry);
        match settled.act.body() {
            Body::Enrol(Enrol::Key(enrolment)) => {
                let name = terms::SignerName::key(by, &enrolment.label);
                self.happened(at, here, What::Enrolled(name));
                if let Some(note) = &enrolment.note {
                    self.file(settled, std::slice::from_ref(note), None);
                }
            }
            Body::Enrol(Enrol::Seat(_)) => {
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
                exhibit::check_files(ledger, &offer.files)?;
                self.may_take_part(settled, context)?;
                self.file(settled, &offer.files, None);
            }
            Body::Batch(batch) => {
                if let Some(file) = &batch.file {
                    exhibit::check_files(ledger, std::slice::from_ref(file))?;
                }
                self.may_take_part(settled, context)?;
                let reference = self.next_reference("BAT", at);
                let item = Item { act: settled.id, part: ItemPart::Row(1) };
                self.happened(at, here, What::Batched(item, reference, by.clone()));
                if let Some(file) = &batch.file {
                    self.file(settled, std::slice::from_ref(file), None);
                }
            }
            Body::Grant(grant) => {
                exhibit::check_grants(ledger, &grant.grants)?;
                let exhibit = self.exhibit_mut(&grant.exhibit)?;
                if exhibit.filer != *by {
                    return Err(VoidReason::NoPower);
                }
                if grant.grants.iter().any(|g| ledger.is_vacant(&g.to)) {
                    return Err(VoidReason::Vacant);
                }
                for to in grant.grants.iter().map(|g| &g.to) {
                    exhibit.granted.entry(to.clone()).or_insert(at);
                }
                for to in grant.grants.iter().map(|g| g.to.clone()) {
                    self.happened(at, here, What::Granted(grant.exhibit, to));
                }
            }
            Body::Keep(keep) => {
                for item in &keep.exhibits {
                    let mut trial = self.exhibit_mut(item)?.clone();
                    trial.keep(by, at, entry)?;
                }
                for item in &keep.exhibits {
                    self.exhibit_mut(item)?.keep(by, at, entry)?;
                    self.happened(at, here, What::Kept(*item, by.clone()));
                }
            }
            Body::Opened(opened) => {
                self.exhibit_mut(&opened.exhibit)?.open(by, at, entry)?;
                self.happened(at, here, What::OpenedExhibit(opened.exhibit, by.clone()));
            }
            Body::Answer(answer) => {
                exhibit::check_files(ledger, &answer.files)?;
                self.exhibit_mut(&answer.exhibit)?.answer(by, at, entry)?;
                self.happened(at, here, What::Answered(answer.exhibit, by.clone()));
                self.file(settled, &answer.files, None);
            }
            Body::Challenge(challenge) => {
                self.exhibit_mut(&challenge.exhibit)?.challenge(by, settled.id, at, challenge.ground)?;
                self.happened(at, here, What::Challenged(challenge.exhibit, by.clone()));
            }
            Body::Rule(rule) => {
                let upheld =
                    self.exhibit_mut(&rule.exhibit)?.rule(by, ledger, at, rule.outcome, rule.challenge)?;
                let what = match upheld {
                    Some(upheld) => What::Ruled(rule.exhibit, upheld),
                    None => What::Danger(rule.exhibit),
                };
                self.happened(at, here, what);
            }
            Body::Hold(hold) => {
                self.exhibit_mut(&hold.exhibit)?.hold(by, at, hold.until)?;
                self.happened(at, here, What::HeldUntil(hold.exhibit, by.clone(), hold.until));
            }
            Body::Destroy(destroy) => {
                let cited = self.is_cited(&destroy.exhibit);
                self.exhibit_mut(&destroy.exhibit)?.destroy(by, at, destroy.ground, cited)?;
                self.happened(at, here, What::Destroyed(destroy.exhibit, by.clone()));
            }
            Body::Serve(serve) => self.serve_by_other(settled, serve, context)?,
            Body::Freeze(freeze) => {
                let witnesses = ledger.policy.witnesses().iter();
                let signed = witnesses
                    .filter(|w| {
                        act::freeze::FreezeNote::verify(freeze.note.as_str().as_bytes(), &w.key).is_ok_and(
                            |f| {
                                f.genesis == *ledger.genesis()
                                    && f.body.registrar.0.raw() == ledger.registrar.raw()
                            },
                        )
                    })
                    .map(|w| w.name.clone())
                    .next();
                let witness = signed.ok_or(VoidReason::Form)?;
                self.frozen.insert(witness.clone());
                self.happened(at, here, What::Frozen(witness));
            }
            Body::Succeed(_) => {
                if entered.succeeded {
                    self.happened(at, here, What::Succeeded);
                }
            }
            Body::Screen(screen) => {
                if !ledger.keys().contains_key(&screen.key) {
                    return Err(VoidReason::Unknown);
                }
                self.happened(at, here, What::Screened(screen.key.clone()));
            }
            // Nobody may transcribe, publish or correct under an instrument without the tables that say
            // who; the reader of whole instruments brings them.
            Body::Transcribe(_) | Body::Publish(_) => return Err(VoidReason::NoPower),
            Body::Correct(_) | Body::Withdraw(_) | Body::Confirm(_) => return Err(VoidReason::Unknown),
            Body::Genesis(_)
            | Body::Mark(_)
            | Body::Open(_)
            | Body::Step(_)
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

    fn may_take_part(&self, settled: &Settled<'_>, context: Context<'_>) -> Result<(), VoidReason> {
        match context.ledger.role(&settled.by) {
            Some(Role::Party | Role::Guarantor | Role::Monitor) => Ok(()),
            Some(Role::Observer) | None => Err(VoidReason::NoPower),
        }
    }

    /// The files of an act that took effect become exhibits.
    pub(super) fn file(&mut self, settled: &Settled<'_>, files: &[File], matter: Option<u64>) {
        for (number, file) in (1_u32..).zip(files) {
            let item = Item::exhibit(settled.id, number);
            let reference = self.next_reference("EXH", settled.effective);
            let what = What::Offered(item, reference.clone(), settled.by.clone());
            self.happened(settled.effective, Some(settled.index), what);
            let mut exhibit =
                Exhibit::new(reference, settled.by.clone(), settled.index, settled.effective, matter);
            for grant in &file.grants {
                exhibit.granted.insert(grant.to.clone(), settled.effective);
                self.happened(settled.effective, Some(settled.index), What::Granted(item, grant.to.clone()));
            }
            self.exhibits.insert(item, exhibit);
        }
    }

    /// Whether an open matter cites an exhibit: it was filed there, or a field names it.
    fn is_cited(&self, item: &Item) -> bool {
        let filed_in = self.exhibits.get(item).and_then(|exhibit| exhibit.matter);
        self.matters.iter().any(|(index, matter)| {
            let open =
                self.law.procedures.get(&matter.kind).is_some_and(|procedure| matter.is_open(procedure));
            let named = || {
                matter.fields.values().any(|value| {
                    crate::rules::v1::matter::words(Some(value))
                        .any(|word| matches!(word, act::value::Word::Item(named) if named == item))
                })
            };
            open && (filed_in == Some(*index) || named())
        })
    }

    /// New roots: by the participant's own recovery keys, or by every other seated guarantor.
    fn begin_recovery(
        &mut self,
        settled: &Settled<'_>,
        body: &Recover,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        if ledger.excluded.names(body.participant.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        ledger.role(&body.participant).ok_or(VoidReason::Unknown)?;
        if ledger.is_vacant(&body.participant) {
            return Err(VoidReason::Vacant);
        }
        let own = settled.by == body.participant;
        if !own && ledger.role(&settled.by) != Some(Role::Guarantor) {
            return Err(VoidReason::NoPower);
        }
        let seat = Seat {
            participant: body.participant.clone(),
            roots: body.roots.clone(),
            recovery: body.recovery.clone(),
        };
        let place = match self.recoveries.iter().position(|r| r.seat == seat) {
            Some(place) => place,
            None => {
                let signed = std::collections::BTreeMap::new();
                self.recoveries.push(PendingRecovery { seat, signed, begun: None, comes: None });
                self.recoveries.len() - 1
            }
        };
        let signer = settled.act.head().signers[0].clone();
        let recovery = &mut self.recoveries[place];
        recovery.signed.insert(settled.by.clone(), signer);
        let mut others = ledger
            .roles
            .iter()
            .filter(|(id, role)| {
                **role == Role::Guarantor && **id != body.participant && !ledger.is_vacant(id)
            })
            .map(|(id, _)| id);
        let enough = own || others.all(|id| recovery.signed.contains_key(id));
        if enough && recovery.begun.is_none() {
            recovery.begun = Some(settled.high);
            let comes = self.irreversible_comes(settled.high, context);
            self.recoveries[place].comes = Some(comes);
            let what = What::RecoveryBegun(body.participant.clone(), comes);
            self.happened(settled.effective, Some(settled.index), what);
        }
        Ok(())
    }
}
