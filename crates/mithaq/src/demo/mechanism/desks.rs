//! Five desks, each with its own node, its own keys and its own copy of the register.

use std::collections::{BTreeMap, BTreeSet};

use act::{Body, Submission};
use node::bundle::Imported;
use node::{Fault, Node};
use terms::{Instant, Seconds, VoiceName};

use super::super::cast::{Stage, enrol_all, witness_name};

/// Who runs the register. It cosigns nothing: that is for those who do not run it.
pub(in crate::demo) const REGISTRAR: &str = "secretariat";

/// Who cosigns it. Any three of the four suffice, and two that could be deceived alike are always held together by one
/// that was not.
pub(super) const COSIGNERS: [&str; 4] = ["ankara", "doha", "islamabad", "kabul"];
const QUORUM: usize = 3;

/// The two that also stamp what others hand them for the register.
const FACILITATORS: [&str; 2] = ["ankara", "doha"];

/// All five, in the order of their ids.
pub(in crate::demo) const DESKS: [&str; 5] = ["ankara", "doha", "islamabad", "kabul", REGISTRAR];

/// The two drawings of the story's line: by its instrument they are kept beside the register.
const LINES: [(&str, &[u8]); 2] = [
    ("exercise-ridge.geojson", include_bytes!("../../../../../instruments/exercise-ridge.geojson")),
    ("exercise-survey.geojson", include_bytes!("../../../../../instruments/exercise-survey.geojson")),
];

/// The desks, and what time it is.
pub(super) struct Desks {
    pub(super) stage: Stage,
    nodes: BTreeMap<&'static str, Node>,
    /// When the last mark was entered.
    pub(super) last_mark: Option<Instant>,
    heartbeat: Seconds,
    last_beat: Instant,
    /// How often the register's checkpoint went round. Each time another comes first: the third to answer closes a mark, so
    /// that the same one would never stand in any.
    rounds: usize,
    /// Whom the register's checkpoint does not reach.
    pub(super) out_of_reach: BTreeSet<&'static str>,
}

pub(super) fn desk(name: &str) -> Result<&'static str, Fault> {
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
        enrol_all(
            &mut registrar,
            &["liaison-1", "liaison-2", "seal-1", "node-1"],
            office(REGISTRAR),
            stage.now,
        )?;
        // All take the same copy in before any of them adds to it, so that all cosign the same first checkpoint; and
        // then the same ones ever after.
        let mut nodes = BTreeMap::new();
        for (name, ring) in rings {
            nodes.insert(name, stage.join(name, ring, &mut registrar, true, FACILITATORS.contains(&name))?);
        }
        for (name, node) in &mut nodes {
            let keys = ["liaison-1", "liaison-2", "seal-1", "node-1", "stamp-1"];
            let keys = &keys[..if FACILITATORS.contains(name) { 5 } else { 4 }];
            enrol_all(node, keys, office(name), stage.now)?;
            stage.carry(node, &mut registrar, None)?;
        }
        let heartbeat = registrar.docket().instrument().calendar.heartbeat;
        nodes.insert(REGISTRAR, registrar);
        for (name, file) in LINES {
            nodes.values().try_for_each(|node| node.home().put_line(name, file))?;
        }
        let last_beat = stage.now;
        let mut desks = Desks {
            stage,
            nodes,
            last_mark: None,
            heartbeat,
            last_beat,
            rounds: 0,
            out_of_reach: BTreeSet::new(),
        };
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

    /// The register's checkpoint goes to all who cosign and are in reach, comes back, and with the third is entered as a mark.
    pub(super) fn beat(&mut self) -> Result<(), Fault> {
        self.last_beat = self.stage.now;
        self.round()
    }

    /// What the last mark settles has its effect once that mark is cosigned itself.
    pub(super) fn settle(&mut self) -> Result<(), Fault> {
        self.round()
    }

    fn round(&mut self) -> Result<(), Fault> {
        let mut order = COSIGNERS;
        order.rotate_left(self.rounds % COSIGNERS.len());
        self.rounds += 1;
        let reached: Vec<&str> = order.into_iter().filter(|name| !self.out_of_reach.contains(name)).collect();
        // No mark can come of fewer: nobody is asked.
        if reached.len() < QUORUM {
            return Ok(());
        }
        for name in &reached {
            self.carry(REGISTRAR, name)?;
        }
        for name in reached {
            if self.carry(name, REGISTRAR)?.mark.is_some() {
                self.last_mark = Some(self.stage.now);
            }
        }
        Ok(())
    }

    /// In how many marks each who cosigns stands, and how many there are.
    ///
    /// # Errors
    ///
    /// They can't be read; or one stands in far fewer than another.
    pub(super) fn marks(&self) -> Result<(u64, BTreeMap<&'static str, u64>), Fault> {
        let registrar = self.node(REGISTRAR)?;
        let (mut all, mut of_each) = (0, BTreeMap::from(COSIGNERS.map(|name| (name, 0))));
        registrar.for_each_entry(registrar.size(), |_, entry| {
            let Body::Mark(mark) = entry.act().body() else { return };
            all += 1;
            for (name, stands) in &mut of_each {
                // Who signed is checked when all is; here they are counted.
                let line = format!("\n\u{2014} {} ", witness_name(name));
                *stands += u64::from(mark.checkpoint.as_str().contains(&line));
            }
        })?;
        let (least, most) = (of_each.values().min(), of_each.values().max());
        // One who is out of reach for days may miss some.
        if least.zip(most).is_none_or(|(least, most)| least * 4 < most * 3) {
            return Err(Fault::Unknown(format!(
                "of {all} marks not all stand in about as many: {of_each:?}"
            )));
        }
        Ok((all, of_each))
    }

    /// When the next beat is due.
    pub(super) fn next_beat(&self) -> Instant {
        self.last_beat.plus(self.heartbeat)
    }

    /// The day ends: each takes the last copy in, and puts its keys away.
    pub(super) fn close(mut self) -> Result<Stage, Fault> {
        for name in COSIGNERS {
            self.carry(REGISTRAR, name)?;
        }
        Ok(self.stage)
    }
}
