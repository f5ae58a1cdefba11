//! The story, scene by scene. Its clock is its own: it begins on 2 February 2026.

use std::io::Read;
use std::path::Path;

use act::Body;
use act::body::{
    Answer, Batch, Challenge, ChallengeGround, Destroy, DestroyGround, Grant, Keep, Offer, Open, Opened,
    Rule, RuleOutcome, Step,
};
use act::value::{AnnexRef, FieldValue, Fields, File as Sealed, MatterRef, Window, Word};
use audit::{Checked, Expected, Report, Verdict, verify_folder};
use docket::v1::What;
use instrument::Instrument;
use node::batch::Threads;
use node::disk::Disk;
use node::evidence::Evidence;
use node::{Fault, Node};
use serde_json::{Value, json};
use terms::{ActId, Hash, Instant, Item, VoiceName};
use vault::{GrantError, OpenError};

use super::cast::{PASSPHRASE, Stage, code, enrol_all, enrol_office, vote, who};
use super::cheat;
use super::made::{self, Recording};
use super::tell::Teller;
use crate::show::progress::{Progress, Unit};

const INSTRUMENT: &str = include_str!("../../../../instruments/exercise-hand-over.toml");

/// The folder that both desks reach takes no file above this.
const FOLDER_LARGEST: u64 = 20_000_000;

/// What was handed over.
struct Handed {
    offer: ActId,
    photograph: Item,
    recording: Item,
    statement: Item,
}

/// What the story left behind.
pub(super) struct Left {
    /// Whether all of it verifies.
    pub(super) good: bool,
    voice: VoiceName,
    cheats: VoiceName,
    state: Option<act::state::StateBody>,
}

impl Left {
    /// The same, for machines.
    pub(super) fn value(&self, out: &Path, keys: &Path) -> Value {
        json!({
            "out": out, "keys": keys, "exercise": true, "register": self.voice.to_string(),
            "cheats-register": self.cheats.to_string(), "desks": DESKS, "files": FILES, "state": self.state,
            "verdict": if self.good { "good" } else { "wrong" },
        })
    }
}

/// The desks, a folder each.
const DESKS: [&str; 3] = ["doha", "islamabad", "kabul"];

/// The files to take away.
const FILES: [&str; 4] =
    ["offer.mithaq-proof", "notice.mithaq-proof", "answer.mithaq-proof", "offer.tlog-proof"];

/// Whether the story leaves something of this name.
pub(super) fn leaves(name: &str) -> bool {
    name == "README.txt" || DESKS.contains(&name) || FILES.contains(&name) || cheat::leaves(name)
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
    let (kabul, answer) = third(&mut stage, &mut tell, &mut islamabad, &mut doha, &handed)?;
    danger(&mut stage, &mut tell, &mut islamabad, &mut doha, &handed)?;
    proofs(&stage, &mut tell, &doha, &handed, &notice, &answer)?;
    let voice = VoiceName::of(&doha.genesis());
    let instrument = doha.docket().instrument().clone();
    drop((islamabad, doha, kabul));
    let cheats = cheat::play(&stage, &mut tell)?;
    last_check(&stage, &mut tell, &instrument, voice, cheats)
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
    let mut islamabad = stage.found(INSTRUMENT, ("islamabad", ring), ("doha", &doha_ring))?;
    enrol_all(&mut islamabad, "Liaison office", stage.now)?;
    let voice = VoiceName::of(&islamabad.genesis());
    tell.at(
        stage.now,
        "Islamabad founds the register; both sign it. Its name is read out over the telephone, so that \
         nobody can slip in another:",
    );
    tell.line(voice);
    stage.wait(1);
    let mut doha = stage.join("doha", doha_ring, &mut islamabad, true)?;
    enrol_all(&mut doha, "Facilitation desk", stage.now)?;
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
    let annex = AnnexRef { sha256: Hash::of(made::TABLE), size: made::TABLE.len() as u64 };
    doha.annexes().put(made::TABLE)?;
    islamabad.annexes().put(made::TABLE)?;
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
    let excluded = doha
        .docket_mut()
        .take_events()
        .iter()
        .any(|event| event.what == What::Void(docket::v1::VoidReason::Excluded));
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

fn third(
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
    let mut kabul = stage.join("kabul", ring, doha, false)?;
    enrol_all(&mut kabul, "Office for contacts", stage.now)?;
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

fn danger(
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

fn proofs(
    stage: &Stage,
    tell: &mut Teller,
    doha: &Node,
    handed: &Handed,
    notice: &ActId,
    answer: &ActId,
) -> Result<(), Fault> {
    tell.chapter("What Doha's officer holds");
    let offered = doha.standing_proof(&handed.offer)?;
    let noticed = doha.standing_proof(notice)?;
    let answered = doha.standing_proof(answer)?;
    let (index, _) = doha.find(&handed.offer)?;
    let bare = doha.log_proof(index)?.to_bytes();
    for (name, bytes) in [
        ("offer.mithaq-proof", &offered),
        ("notice.mithaq-proof", &noticed),
        ("answer.mithaq-proof", &answered),
        ("offer.tlog-proof", &bare),
    ] {
        let path = stage.out.join(name);
        std::fs::write(&path, bytes).map_err(|error| Fault::Io { path, error })?;
    }
    tell.say(format!(
        "One small file, offer.mithaq-proof ({} kB), proves to anybody who knows the register's name what was \
         offered, by whom, when, who cosigned it, and that Doha opened it all. notice.mithaq-proof does the same \
         for the notice, and answer.mithaq-proof for Kabul's answer, with the votes that seated Kabul. \
         offer.tlog-proof is the bare proof that other programs read.",
        offered.len() / 1000
    ));
    Ok(())
}

fn last_check(
    stage: &Stage,
    tell: &mut Teller,
    instrument: &Instrument,
    voice: VoiceName,
    cheats: VoiceName,
) -> Result<Left, Fault> {
    tell.chapter("Everything is checked, without trusting anyone");
    let expected = Expected::Voice(voice);
    let mut left = Left { good: true, voice, cheats, state: None };
    let label = |who: &str| {
        let found = instrument.participants.iter().find(|(id, _)| id.as_str() == who);
        found.map_or_else(|| who.to_owned(), |(_, who)| who.names.label.clone())
    };
    for participant in DESKS {
        let report = check(&stage.out.join(participant), &expected);
        left.good &= report.verdict() == Verdict::Good;
        let counts = report.counts;
        tell.line(format!(
            "{:<10} {} entries, {} signatures, {} files: {}",
            label(participant),
            counts.entries,
            counts.signatures,
            counts.files,
            match report.wrongs.first() {
                Some(wrong) => format!("{}: {}", wrong.file, wrong.what),
                None => "nothing wrong found".to_owned(),
            }
        ));
        if participant == "doha" {
            tell.line(String::new());
            tell.line(
                "filed by     offered  filed  shared  answered      (texts of notices and answers too)",
            );
            for (who, tally) in &report.tallies {
                tell.line(format!(
                    "{:<12} {:>7}  {:>5}  {:>6}  {:>8}",
                    label(who.as_str()),
                    tally.offered,
                    tally.filed,
                    tally.shared,
                    tally.answered
                ));
            }
            if let Some(state) = &report.state {
                tell.line(String::new());
                tell.line(format!("rules {} · size {} · root {}", state.rules, state.size, state.root));
                tell.line(format!("as of {} · state {}", state.as_of, state.state));
            }
            tell.line(String::new());
            left.state = report.state;
        }
    }
    let readme = readme(&voice, &cheats);
    let path = stage.out.join("README.txt");
    std::fs::write(&path, readme).map_err(|error| Fault::Io { path, error })?;
    tell.say(format!(
        "The folder {} holds all of it and no key. Check it yourself, on any machine, offline:",
        stage.out.display()
    ));
    tell.line(format!("mithaq verify {} \\", stage.out.display()));
    tell.line(format!("    --register {voice} \\"));
    tell.line(format!("    --register {cheats}"));
    tell.say(format!(
        "The keys lie beside it, in {}, with what was opened at the desks. To sit down at one, with the passphrase \
         «{PASSPHRASE}»:",
        stage.keys.display()
    ));
    for command in ["status", "evidence list", "act list"] {
        tell.line(format!(
            "mithaq {command} --data {} --keys {}",
            stage.out.join("doha").display(),
            stage.keys.join("doha").display()
        ));
    }
    Ok(left)
}

fn readme(voice: &VoiceName, cheats: &VoiceName) -> String {
    format!(
        "{}

One register, as three desks hold it:
  doha, islamabad, kabul      a folder each: the log, the plain texts, sealed files and grants
Files to take away:
  offer.mithaq-proof          what was offered, by whom, and what became of it
  notice.mithaq-proof         the notice, and its acknowledgement
  answer.mithaq-proof         Kabul's answer, and the votes by which Kabul has its seat
  offer.tlog-proof            the bare proof of inclusion, as other programs read it
Another register, of invented parties, whose registrar cheated:
  *.contradiction.json        signed contradictions; each convicts its signer

The registers' names, to be compared by voice:
  {voice}
  {cheats}      the other one

Check everything:
  mithaq verify . --register {voice} --register {cheats}

The table of history among the annexes: UCDP Georeferenced Event Dataset (GED), Uppsala Conflict Data
Program, Uppsala University, CC BY 4.0; reduced to events near one line, values unchanged.
",
        super::MARK
    )
}

fn check(folder: &Path, expected: &Expected) -> Report {
    checked(folder, expected).report
}

pub(super) fn checked(folder: &Path, expected: &Expected) -> Checked {
    let mut progress = Progress::new("checking", Unit::Entries);
    let mut threads = Threads::start();
    verify_folder(&Disk::at(folder), expected, None, &mut threads, &mut |done, of| {
        progress.tell(done, of);
    })
}

fn seal(
    node: &Node,
    plain: &mut dyn Read,
    bytes: u64,
    media_type: &str,
    name: &str,
    to: &[terms::ParticipantId],
) -> Result<(Sealed, vault::Grant), Fault> {
    let mut progress = Progress::new("sealing", Unit::Bytes);
    let evidence = Evidence { plain, bytes, media_type, name: Some(name) };
    node.seal(evidence, to, &mut |done, of| progress.tell(done, of))
}

/// Opens an exhibit onto a desk, and signs that it did.
fn read(stage: &Stage, node: &mut Node, exhibit: &Item, name: &str) -> Result<(), Fault> {
    let target = stage.keys.join("desk").join(name);
    let mut progress = Progress::new("opening", Unit::Bytes);
    node.open_exhibit(exhibit, Some(&target), &mut |done, of| progress.tell(done, of))?;
    node.act("liaison-1", Body::Opened(Opened { exhibit: *exhibit }), stage.now)?;
    Ok(())
}

fn answer(node: &mut Node, exhibit: &Item, text: &str, to: &[&str], now: Instant) -> Result<ActId, Fault> {
    let text = text.as_bytes();
    let to = to.iter().map(|id| who(id)).collect::<Result<Vec<_>, _>>()?;
    let (file, _) =
        seal(node, &mut { text }, text.len() as u64, "text/plain; charset=utf-8", "answer.txt", &to)?;
    let answer = Answer { exhibit: *exhibit, choice: Some(code("no-information-yet")?), files: vec![file] };
    Ok(node.act("liaison-1", Body::Answer(answer), now)?.act().id())
}

fn give_notice(node: &mut Node, text: &str, now: Instant) -> Result<ActId, Fault> {
    let text = text.as_bytes();
    let to = [who("doha")?];
    let (file, _) =
        seal(node, &mut { text }, text.len() as u64, "text/plain; charset=utf-8", "notice.txt", &to)?;
    let mut fields = Fields::new();
    fields.insert(code("told")?, FieldValue::Several(vec![Word::Code(code("doha")?)]));
    let open =
        Open { procedure: code("notice")?, tier: None, fields, strands: Vec::new(), files: vec![file] };
    Ok(node.act("liaison-1", Body::Open(open), now)?.act().id())
}

fn acknowledge(node: &mut Node, notice: &ActId, now: Instant) -> Result<(), Fault> {
    let step = Step {
        matter: MatterRef::Opened(*notice),
        strands: Vec::new(),
        step: code("acknowledge")?,
        choice: None,
        fields: Fields::new(),
        files: Vec::new(),
    };
    node.act("liaison-1", Body::Step(step), now)?;
    Ok(())
}

fn reference_of(node: &Node, matter: &ActId) -> String {
    let id = MatterRef::Opened(*matter);
    let found = node.docket().settlement().matters().values().find(|m| m.id == id);
    found.map_or_else(|| matter.to_string(), |m| m.reference.to_string())
}

fn registered_time(node: &Node, id: &ActId) -> Result<Instant, Fault> {
    let (index, _) = node.find(id)?;
    Ok(act::Entry::parse(&node.entry(index)?)?.receipt().time)
}

fn sorted(items: &[Item]) -> Vec<Item> {
    let mut items = items.to_vec();
    items.sort_by_key(ToString::to_string);
    items
}

fn clock(at: Instant) -> String {
    let text = at.to_string();
    format!("{} {} UTC", &text[..10], &text[11..16])
}
