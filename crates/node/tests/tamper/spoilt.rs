//! What is tampered with, and who checks it.

use std::sync::LazyLock;

use act::Body;
use act::body::{Grant as GrantBody, Keep, Offer};
use audit::{Report, Verdict};
use node::evidence::Evidence;
use note::{KeyName, SigningKey};
use terms::{Hash, Instant, Item};
use tlog::{CosignedCheckpoint, cosignature};

use crate::common;
use crate::common::{
    Files, Remembering, World, at, carry, check, files_of, import, quiet, signing, who, witness_name,
};

/// A registrar's folder and a guarantor's, with everything that a folder can have; small, to be spoilt at
/// each byte, and large, with full and partial tiles.
pub(crate) struct Spoilt {
    pub(crate) small: Files,
    pub(crate) guarantor: Files,
    pub(crate) large: Files,
    pub(crate) registrar: SigningKey,
    pub(crate) witness: SigningKey,
    pub(crate) public: SigningKey,
    pub(crate) node: SigningKey,
    pub(crate) genesis: Hash,
    pub(crate) now: Instant,
}

pub(crate) static SPOILT: LazyLock<Spoilt> = LazyLock::new(make);

pub(crate) fn keep() -> Body {
    Body::Keep(Keep { exhibits: vec![Item::exhibit(terms::ActId(Hash::ZERO), 1)] })
}

fn make() -> Spoilt {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour", "public"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    let public = signing(&world.rings["public"], &witness_name("public"));
    carry(&mut harbour, &mut world.north, &stick, 2);
    carry(&mut world.north, &mut harbour, &stick, 3);

    // Two exhibits, one granted later; an annex; a refusal; a stamp.
    let plain = b"EXERCISE. An invented statement.".to_vec();
    for to in [vec![who("harbour")], vec![]] {
        let mut bytes: &[u8] = &plain;
        let evidence =
            Evidence { plain: &mut bytes, bytes: plain.len() as u64, media_type: "text/plain", name: None };
        let (file, _) = world.north.seal(evidence, &to, &mut quiet).expect("sealed");
        let offer = Body::Offer(Offer { files: vec![file] });
        let offer = world.north.act("liaison-1", offer, at(4)).expect("offered");
        if to.is_empty() {
            let exhibit = Item::exhibit(offer.act().id(), 1);
            let grant = world.north.grant(&exhibit, &who("harbour")).expect("granted");
            let body = Body::Grant(GrantBody { exhibit, grants: vec![grant] });
            world.north.act("liaison-1", body, at(4)).expect("granted");
        }
    }
    let table = b"one,two\n".to_vec();
    let annex = world.north.annexes().put(&table).expect("put");
    let batch =
        serde_json::json!({"table": "events", "rows": 1, "annex": {"sha256": annex, "size": table.len()}});
    let batch = Body::Batch(serde_json::from_value(batch).expect("a batch"));
    world.north.act("liaison-1", batch, at(4)).expect("registered");
    let root = Body::Revoke(act::body::Revoke { label: common::code("node-1") });
    harbour.act("liaison-1", root, at(5)).expect("queued");
    import(&mut harbour, &mut world.north, &stick, 6).expect("imported");
    carry(&mut world.north, &mut harbour, &stick, 7);
    // A surplus cosignature, and a mark with both.
    let mut asked = world.north.sign_checkpoint().expect("signed");
    let stamped = |checkpoint: &CosignedCheckpoint, key: &SigningKey, name: &str, hour| {
        let name = KeyName::new(&witness_name(name)).expect("a name");
        cosignature::sign(checkpoint.checkpoint(), at(hour), key, &name)
    };
    let own = signing(&world.rings["harbour"], &witness_name("harbour"));
    let lines = [stamped(&asked, &own, "harbour", 8), stamped(&asked, &public, "public", 8)];
    world.north.take_cosigned(&asked, &lines, at(8)).expect("taken").expect("a mark");
    // An act that waits in the guarantor's queue, and one on its way through it; some in the journal.
    harbour.act("liaison-1", keep(), at(9)).expect("queued");
    let other = keep();
    world.north.act("liaison-1", other, at(9)).expect("registered");
    let small = files_of(&world.north.home().data);
    let guarantor = files_of(&harbour.home().data);

    while world.north.size() < 301 {
        world.north.act("liaison-1", keep(), at(10)).expect("registered");
    }
    asked = world.north.sign_checkpoint().expect("signed");
    let lines = [stamped(&asked, &own, "harbour", 11), stamped(&asked, &public, "public", 11)];
    world.north.take_cosigned(&asked, &lines, at(11)).expect("taken").expect("a mark");
    for _ in 0..5 {
        world.north.act("liaison-1", keep(), at(11)).expect("registered");
    }
    asked = world.north.sign_checkpoint().expect("signed");
    let lines = [stamped(&asked, &own, "harbour", 12), stamped(&asked, &public, "public", 12)];
    world.north.take_cosigned(&asked, &lines, at(12)).expect("taken").expect("a mark");
    Spoilt {
        small,
        guarantor,
        large: files_of(&world.north.home().data),
        registrar: signing(&world.rings["north"], &format!("{}/registrar", common::origin())),
        witness: own,
        public,
        node: signing(&world.rings["harbour"], &format!("{}/harbour/node-1", common::origin())),
        genesis: world.north.genesis(),
        now: at(12),
    }
}

/// Checks folders one after the other, remembering signatures.
#[derive(Default)]
pub(crate) struct Checker(Remembering);

impl Checker {
    pub(crate) fn report(&mut self, files: &Files) -> Report {
        check(files, &mut self.0).report
    }

    pub(crate) fn good(&mut self, files: &Files, what: &str) {
        let report = self.report(files);
        assert_eq!(report.verdict(), Verdict::Good, "{what}: {report:#?}");
    }

    /// Something is wrong, and this file is named.
    pub(crate) fn wrong(&mut self, files: &Files, file: &str, what: &str) {
        let report = self.report(files);
        assert_eq!(report.verdict(), Verdict::Wrong, "{what}: {report:#?}");
        assert!(report.wrongs.iter().any(|wrong| wrong.file == file), "{what}: {:#?}", report.wrongs);
    }

    pub(crate) fn undecided(&mut self, files: &Files, what: &str) {
        let report = self.report(files);
        assert_eq!(report.verdict(), Verdict::Undecided, "{what}: {report:#?}");
        assert_eq!(report.state, None, "{what}");
    }
}
