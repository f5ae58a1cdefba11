//! A hand-over of evidence, scene by scene. Its clock is its own: it begins on 2 February 2026.

mod cheat;
mod desk;
mod kabul;
mod left;
mod made;

use std::path::Path;

use act::Body;
use act::body::{Batch, Challenge, ChallengeGround, Grant, Keep, Offer};
use act::value::{AnnexRef, Window};
use docket::v1::What;
use node::{Fault, Node};
use terms::{ActId, Hash, Instant, Item, VoiceName};
use vault::{GrantError, OpenError};

use self::desk::{acknowledge, clock, give_notice, read, reference_of, seal, sorted};
pub(super) use self::left::Left;
use self::made::Recording;
use super::cast::{Stage, code, enrol_all, enrol_office, who};
use super::history::TABLE;
use super::tell::Teller;
use crate::hosted::taking_hosted;

const INSTRUMENT: &str = include_str!("../../../../instruments/exercise-hand-over.toml");

/// The folder that both desks reach takes no file above this.
const FOLDER_LARGEST: u64 = 20_000_000;

/// The keys that each enrols.
const KEYS: [&str; 4] = ["liaison-1", "seal-1", "stamp-1", "node-1"];

/// What was handed over.
struct Handed {
    offer: ActId,
    photograph: Item,
    recording: Item,
    statement: Item,
}

pub(super) fn play(out: &Path, keys: &Path, recording: u64, aside: bool) -> Result<Left, Fault> {
    let begins = Instant::parse("2026-02-02T08:00:00Z").unwrap_or(Instant::EPOCH);
    let mut stage = Stage::new(out, keys, "register.example/exercise-hand-over", begins)?;
    let mut tell = Teller::new(aside);
    tell.say(
        "EXERCISE. Islamabad and Kabul are named here, and Doha between them. None of them has agreed to \
         this, and nothing that is handed over shows anything that happened: it is made on the spot. The \
         clock is the story's own. Taking part implies no recognition of any State, government or claim.",
    );

    let (mut islamabad, mut doha) = two_desks(&mut stage, &mut tell)?;
    let handed = hand_over(&mut stage, &mut tell, &mut islamabad, &mut doha, recording)?;
    wrong_grant(&mut stage, &mut tell, &mut islamabad, &mut doha, &handed)?;
    let notice = notice(&mut stage, &mut tell, &mut islamabad, &mut doha)?;
    history_and_exclusion(&mut stage, &mut tell, &mut islamabad, &mut doha)?;
    let (kabul, answer) = kabul::third(&mut stage, &mut tell, &mut islamabad, &mut doha, &handed)?;
    kabul::danger(&mut stage, &mut tell, &mut islamabad, &mut doha, &handed)?;
    left::proofs(&stage, &mut tell, &doha, &handed, &notice, &answer)?;
    let voice = VoiceName::of(&doha.genesis());
    let instrument = doha.docket().instrument().clone();
    drop((islamabad, doha, kabul));
    let cheats = cheat::play(&stage, &mut tell)?;
    left::last_check(&stage, &mut tell, &instrument, voice, cheats)
}

fn two_desks(stage: &mut Stage, tell: &mut Teller) -> Result<(Node, Node), Fault> {
    tell.chapter("Two desks");
    let doha_ring = stage.keyring("doha", false)?;
    let ring = stage.keyring("islamabad", true)?;
    tell.at(
        stage.now,
        "Each desk makes its keys: three roots, of which two sign for all others; one for an officer; one to \
         which evidence is sealed; Doha's also to cosign, and to stamp what it takes in.",
    );
    let mut islamabad = stage.found(
        &taking_hosted(INSTRUMENT),
        ("islamabad", ring),
        &[("doha", &doha_ring)],
        &["doha"],
        1,
    )?;
    enrol_all(&mut islamabad, &KEYS, "Liaison office", stage.now)?;
    let voice = VoiceName::of(&islamabad.genesis());
    tell.at(
        stage.now,
        "Islamabad founds the register; both sign it. Its name is read out over the telephone, so that \
         nobody can slip in another:",
    );
    tell.line(voice);
    stage.wait(1);
    let mut doha = stage.join("doha", doha_ring, &mut islamabad, true, true)?;
    enrol_all(&mut doha, &KEYS, "Facilitation desk", stage.now)?;
    tell.at(
        stage.now,
        "Doha takes the first copy in, checks every entry, and cosigns. From now on neither of them alone can \
         take back or change what stands in it. Both together could, before they show it to anybody else: \
         with a witness more, that would take three.",
    );
    stage.carry(&mut doha, &mut islamabad, None)?;
    stage.settle(&mut islamabad, &mut doha, None)?;
    Ok((islamabad, doha))
}

fn hand_over(
    stage: &mut Stage,
    tell: &mut Teller,
    islamabad: &mut Node,
    doha: &mut Node,
    recording: u64,
) -> Result<Handed, Fault> {
    tell.chapter("Evidence is sealed and offered");
    let to = [who("doha")?];
    let photograph = made::photograph().map_err(Fault::Unknown)?;
    let (photograph, _) = seal(
        islamabad,
        &mut photograph.as_slice(),
        photograph.len() as u64,
        "image/jpeg",
        "IMG_0001.jpg",
        &to,
    )?;
    let megabytes = recording / 1_000_000;
    let (mut recording, grant) =
        seal(islamabad, &mut Recording::new(recording), recording, "audio/vnd.wave", "call.wav", &[])?;
    // The slip of the story: the grant for Doha is sealed to Islamabad's own key.
    let own = islamabad.recipients_of(&who("islamabad")?)?;
    let wrong = islamabad.vault().grant(&grant, &own)?;
    recording.grants.push(islamabad.grant_ref(&to[0], wrong)?);
    recording.grants.sort_by(|a, b| a.to.cmp(&b.to));
    let text = made::STATEMENT.as_bytes();
    let (statement, _) =
        seal(islamabad, &mut { text }, text.len() as u64, "text/plain; charset=utf-8", "statement.txt", &to)?;
    tell.at(
        stage.now,
        format!(
            "Islamabad seals a photograph with its camera data, a recording of {megabytes} MB and a statement, each \
             to a key of its own, and grants all three to Doha. The register gets their hashes, never a word of \
             them."
        ),
    );
    let offer = Body::Offer(Offer { files: vec![photograph, recording, statement] });
    let offer = islamabad.act("liaison-1", offer, stage.now)?.act().id();
    let handed = Handed {
        offer,
        photograph: Item::exhibit(offer, 1),
        recording: Item::exhibit(offer, 2),
        statement: Item::exhibit(offer, 3),
    };
    stage.settle(islamabad, doha, Some(FOLDER_LARGEST))?;
    for (item, what) in [
        (handed.photograph, "the photograph"),
        (handed.recording, "the recording"),
        (handed.statement, "the statement"),
    ] {
        if let Some(exhibit) = doha.docket().settlement().exhibits().get(&item) {
            tell.line(format!("{}  {what}, offered {}", exhibit.reference, clock(exhibit.offered)));
        }
    }
    tell.at(
        stage.now,
        "They go into a folder that both desks reach. It takes no file above 20 MB: the photograph and the \
         statement arrive, the recording waits for a stick.",
    );
    let keep = Body::Keep(Keep { exhibits: sorted(&[handed.photograph, handed.statement]) });
    doha.act("liaison-1", keep, stage.now)?;
    read(stage, doha, &handed.photograph, "photograph.jpg")?;
    tell.at(
        stage.now,
        "Doha keeps both and opens the photograph: recipient, hash and commitment agree, and Doha signs that \
         they do. The statement it holds sealed.",
    );
    stage.settle(islamabad, doha, Some(FOLDER_LARGEST))?;
    Ok(handed)
}

fn wrong_grant(
    stage: &mut Stage,
    tell: &mut Teller,
    islamabad: &mut Node,
    doha: &mut Node,
    handed: &Handed,
) -> Result<(), Fault> {
    tell.chapter("A wrong grant, and a stick");
    let imported = stage.carry(islamabad, doha, None)?;
    tell.at(
        stage.now,
        format!(
            "A stick brings what the folder would not: {} sealed file, the recording. The stick is sealed to Doha; \
             whoever finds it reads nothing.",
            imported.sealed
        ),
    );
    match doha.open_exhibit(&handed.recording, None, &mut |_, _| {}) {
        Err(Fault::Open(OpenError::Grant(GrantError::NotForMe))) => {}
        Err(other) => return Err(other),
        Ok(_) => return Err(Fault::Unknown("the wrong grant opened".to_owned())),
    }
    let challenge = Challenge { exhibit: handed.recording, ground: ChallengeGround::GrantNotForMe };
    doha.act("liaison-1", Body::Challenge(challenge), stage.now)?;
    tell.at(
        stage.now,
        "Doha can't open the recording: its grant was sealed to another key. Nobody else could have seen \
         that, so Doha says it, on the record.",
    );
    stage.beat(islamabad, doha, None)?;
    let grant = islamabad.grant(&handed.recording, &who("doha")?)?;
    let grant = Body::Grant(Grant { exhibit: handed.recording, grants: vec![grant] });
    islamabad.act("liaison-1", grant, stage.now)?;
    tell.at(stage.now, "Islamabad grants it again. The slip stays visible; so does that it was mended.");
    stage.beat(islamabad, doha, None)?;
    stage.carry(islamabad, doha, None)?;
    let keep = Body::Keep(Keep { exhibits: vec![handed.recording] });
    doha.act("liaison-1", keep, stage.now)?;
    read(stage, doha, &handed.recording, "recording.wav")?;
    read(stage, doha, &handed.statement, "statement.txt")?;
    tell.at(
        stage.now,
        "Doha opens the recording and the statement, checks them, keeps the recording too, and signs for all \
         of it.",
    );
    stage.settle(islamabad, doha, None)
}

fn notice(
    stage: &mut Stage,
    tell: &mut Teller,
    islamabad: &mut Node,
    doha: &mut Node,
) -> Result<ActId, Fault> {
    tell.chapter("Notice, and its acknowledgement");
    let notice = give_notice(islamabad, made::NOTICE, stage.now)?;
    stage.settle(islamabad, doha, None)?;
    tell.at(
        stage.now,
        format!(
            "Islamabad gives notice to Doha ({}): that exhibits were handed over, and nothing else. It needs no \
             allegation, no finding, and nobody's consent.",
            reference_of(doha, &notice)
        ),
    );
    read(stage, doha, &Item::exhibit(notice, 1), "notice-of-islamabad.txt")?;
    acknowledge(doha, &notice, stage.now)?;
    stage.settle(islamabad, doha, None)?;
    tell.at(
        stage.now,
        "Doha reads it and acknowledges receipt. That is receipt only: it accepts nothing of what the notice \
         says.",
    );
    Ok(notice)
}

fn history_and_exclusion(
    stage: &mut Stage,
    tell: &mut Teller,
    islamabad: &mut Node,
    doha: &mut Node,
) -> Result<(), Fault> {
    tell.chapter("A table of history, and a name that can hold nothing");
    let annex = AnnexRef { sha256: Hash::of(TABLE), size: TABLE.len() as u64 };
    doha.annexes().put(TABLE)?;
    islamabad.annexes().put(TABLE)?;
    let day = |text: &str| Instant::parse(text).unwrap_or(Instant::EPOCH);
    let window = Window { start: day("2012-01-01T00:00:00Z"), end: day("2022-12-31T23:59:59Z") };
    let batch = Batch {
        table: code("historical-events")?,
        rows: 1500,
        window: Some(window),
        annex: Some(annex),
        file: None,
    };
    doha.act("liaison-1", Body::Batch(batch), stage.now)?;
    tell.at(
        stage.now,
        "Doha enters a table of 1,500 events of 2012 to 2022 as historical data, in one entry, under no \
         accusation. They are real, and are told as their source coded them: UCDP Georeferenced Event \
         Dataset, Uppsala University, CC BY 4.0, reduced to one stretch of land. It must not be read as \
         two-sided: one side of it is nearly complete, the other a small sample.",
    );
    let name = "Tehrik-e Taliban Pakistan";
    enrol_office(doha, "trial-1", name, stage.now)?;
    stage.settle(islamabad, doha, None)?;
    let excluded =
        doha.happened().from(0).any(|event| event.what == What::Void(docket::v1::VoidReason::Excluded));
    if !excluded {
        return Err(Fault::Unknown("the enrolment in an excluded name had an effect".to_owned()));
    }
    tell.at(
        stage.now,
        format!(
            "To try the rule, Doha enrols a key for an office called «{name}», which this exercise excludes. It \
             stands in the register for all to see, and has no effect: void, excluded. A group that is talked \
             about can hold no key, seat or grant."
        ),
    );
    Ok(())
}
