//! Five desks, each with its own node, its own keys and its own copy of the register.

use std::collections::BTreeMap;

use act::Submission;
use node::bundle::Imported;
use node::{Fault, Node};
use terms::{Instant, Seconds, VoiceName};

use super::super::cast::{Stage, enrol_all};

/// Who runs the register. It cosigns nothing: that is for those who do not run it.
pub(super) const REGISTRAR: &str = "secretariat";

/// Who cosigns it. Any three of the four suffice, and two that could be deceived alike are always held together by one
/// that was not.
pub(super) const COSIGNERS: [&str; 4] = ["ankara", "doha", "islamabad", "kabul"];
const QUORUM: usize = 3;

/// The two that also stamp what others hand them for the register.
const FACILITATORS: [&str; 2] = ["ankara", "doha"];

/// All five, in the order of their ids.
pub(super) const DESKS: [&str; 5] = ["ankara", "doha", "islamabad", "kabul", REGISTRAR];

/// The desks, and what time it is.
pub(super) struct Desks {
    pub(super) stage: Stage,
    nodes: BTreeMap<&'static str, Node>,
    /// When the last mark was entered.
    pub(super) last_mark: Option<Instant>,
    heartbeat: Seconds,
    /// How often a bundle was carried.
    pub(super) carried: u32,
}

fn desk(name: &str) -> Result<&'static str, Fault> {
    let found = DESKS.into_iter().find(|desk| *desk == name);
    found.ok_or_else(|| Fault::Unknown(format!("`{name}` has no desk here")))
}

impl Desks {
    /// The register is founded by all five, each with its own keys; the four others take the first copy in.
    pub(super) fn found(
        mut stage: Stage,
        instrument: &str,
        offices: &[(&str, &str)],
    ) -> Result<Desks, Fault> {
        let mut rings = BTreeMap::new();
        for name in COSIGNERS {
            rings.insert(name, stage.keyring(name, false)?);
        }
        let ring = stage.keyring(REGISTRAR, true)?;
        let others: Vec<_> = rings.iter().map(|(name, ring)| (*name, ring)).collect();
        let mut registrar = stage.found(instrument, (REGISTRAR, ring), &others, &COSIGNERS, QUORUM)?;
        let office = |name: &str| {
            let found = offices.iter().find(|(desk, _)| *desk == name);
            found.map_or("Liaison office", |(_, office)| *office)
        };
        enrol_all(&mut registrar, &["liaison-1", "liaison-2", "seal-1"], office(REGISTRAR), stage.now)?;
        // All take the same copy in before any of them adds to it, so that all cosign the same first checkpoint; and
        // then the same ones ever after.
        let mut nodes = BTreeMap::new();
        for (name, ring) in rings {
            nodes.insert(name, stage.join(name, ring, &mut registrar, true, FACILITATORS.contains(&name))?);
        }
        for (name, node) in &mut nodes {
            let keys = ["liaison-1", "liaison-2", "seal-1", "stamp-1"];
            let keys = &keys[..if FACILITATORS.contains(name) { 4 } else { 3 }];
            enrol_all(node, keys, office(name), stage.now)?;
            stage.carry(node, &mut registrar, None)?;
        }
        let heartbeat = registrar.docket().instrument().calendar.heartbeat;
        nodes.insert(REGISTRAR, registrar);
        let mut desks = Desks { stage, nodes, last_mark: None, heartbeat, carried: 0 };
        desks.beat()?;
        desks.settle()?;
        Ok(desks)
    }

    /// The register's name, as it is read out.
    pub(super) fn voice(&self) -> Result<VoiceName, Fault> {
        Ok(VoiceName::of(&self.node(REGISTRAR)?.genesis()))
    }

    pub(super) fn node(&self, name: &str) -> Result<&Node, Fault> {
        self.nodes.get(desk(name)?).ok_or_else(|| Fault::Unknown(format!("`{name}` has no desk here")))
    }

    pub(super) fn node_mut(&mut self, name: &str) -> Result<&mut Node, Fault> {
        self.nodes.get_mut(desk(name)?).ok_or_else(|| Fault::Unknown(format!("`{name}` has no desk here")))
    }

    /// Carries what one lacks from another.
    pub(super) fn carry(&mut self, from: &str, to: &str) -> Result<Imported, Fault> {
        let taken = |name: &str| Fault::Unknown(format!("`{name}` has no desk here"));
        let (from, to) = (desk(from)?, desk(to)?);
        let mut sender = self.nodes.remove(from).ok_or_else(|| taken(from))?;
        let mut receiver = self.nodes.remove(to).ok_or_else(|| taken(to))?;
        let carried = self.stage.carry(&mut sender, &mut receiver, None);
        self.nodes.insert(from, sender);
        self.nodes.insert(to, receiver);
        self.carried += 1;
        let carried = carried?;
        match carried.refused.first() {
            Some(refused) => Err(Fault::Foreign(refused.clone())),
            None => Ok(carried),
        }
    }

    /// Signs an act at a desk. It waits there to be carried, but at the registrar's own.
    pub(super) fn sign(&mut self, name: &str, by_two: bool, body: act::Body) -> Result<Submission, Fault> {
        let now = self.stage.now;
        let labels: &[&str] = if by_two { &["liaison-1", "liaison-2"] } else { &["liaison-1"] };
        self.node_mut(name)?.act_with(labels, body, now)
    }

    /// The register's checkpoint goes to all who cosign, comes back, and with the third is entered as a mark.
    pub(super) fn beat(&mut self) -> Result<(), Fault> {
        self.round()?;
        self.last_mark = Some(self.stage.now);
        Ok(())
    }

    /// What the last mark settles has its effect once that mark is cosigned itself.
    pub(super) fn settle(&mut self) -> Result<(), Fault> {
        self.round()
    }

    fn round(&mut self) -> Result<(), Fault> {
        COSIGNERS.into_iter().try_for_each(|name| self.carry(REGISTRAR, name).map(drop))?;
        COSIGNERS.into_iter().try_for_each(|name| self.carry(name, REGISTRAR).map(drop))
    }

    /// When the next beat is due.
    pub(super) fn next_beat(&self) -> Instant {
        self.last_mark.map_or(self.stage.now, |last| last.plus(self.heartbeat))
    }

    /// The day ends: each takes the last copy in, and puts its keys away.
    pub(super) fn close(mut self) -> Result<Stage, Fault> {
        for name in COSIGNERS {
            self.carry(REGISTRAR, name)?;
        }
        Ok(self.stage)
    }
}
