//! A register to measure with: one registrar, one witness, some participants with an officer each.

use std::path::Path;
use std::sync::Arc;

use act::body::{Enrol, Genesis, GenesisAnnexes, KeyEnrolment, Mark, Open, Seat, Step};
use act::form::By;
use act::value::{AnnexRef, FieldValue, Fields, KeySet, MatterRef, NoteText, Office, Vkey, Word};
use act::{Act, Body, Draft, Head, Submission};
use docket::v1::Ledger;
use note::{KeyName, SigningKey, VerifierKey};
use register::{Folder, Log, RealDisk, Registrar, Shelf};
use terms::{
    ActId, Capacity, Claimed, Code, Custody, Hash, Instant, Origin, ParticipantId, RefusalGround, SignerName,
};
use tlog::{Policy, cosignature};

/// Parties p-0, p-1, … and one guarantor.
const PARTIES: usize = 15;

pub(crate) struct World {
    pub(crate) origin: Origin,
    pub(crate) genesis: Hash,
    pub(crate) log: Log<RealDisk>,
    pub(crate) judge: Judge,
    registrar: SigningKey,
    witness: SigningKey,
    registrar_chain: (u64, Option<ActId>),
    pub(crate) officers: Vec<Officer>,
}

/// An officer's key and where its chain stands.
pub(crate) struct Officer {
    pub(crate) participant: ParticipantId,
    signer: SignerName,
    key: SigningKey,
    root: SigningKey,
    n: u64,
    prev: Option<ActId>,
}

/// Judges as a registrar's node does.
#[derive(Clone)]
pub(crate) struct Judge(pub(crate) Option<Ledger>);

impl register::Judge for Judge {
    fn judge(&mut self, _: u64, submission: &Submission, registered: Instant) -> Result<(), RefusalGround> {
        let Some(ledger) = &mut self.0 else { return Ok(()) };
        docket::v1::replay::judge_submission(ledger, submission, registered)?;
        ledger.enter(submission, registered);
        Ok(())
    }
}

fn seed(number: usize) -> SigningKey {
    let mut seed = [3; 32];
    seed[..8].copy_from_slice(&(number as u64 + 1).to_be_bytes());
    SigningKey::from_seed(&seed)
}

pub(crate) fn code(text: &str) -> Code {
    #[expect(clippy::expect_used, reason = "codes that are written in this bench")]
    Code::new(text).expect("a code")
}

fn instrument() -> String {
    let mut text =
        "[instrument]\nname = \"Bench\"\nexercise = true\nlanguages = [\"en\"]\nauthentic = [\"en\"]\n\
                    order = \"alphabetical\"\nbasis = \"text\"\n"
            .to_owned();
    for n in 0..PARTIES {
        text.push_str(&format!("[participant.p-{n}]\nrole = \"party\"\nnames = {{ own = \"P{n}\" }}\n"));
    }
    text.push_str("[participant.harbour]\nrole = \"guarantor\"\nnames = { own = \"Harbour\" }\n");
    text.push_str(
        "[calendar]\nzone = \"+00:00\"\ndeemed = \"24h\"\nheartbeat = \"1h\"\ncarriage = \"24h\"\n",
    );
    text
}

impl World {
    /// A register in a new folder, with `officers` keys enrolled, shared out among the participants.
    pub(crate) fn new(folder: &Path, name: &str, officers: usize, now: Instant) -> Result<World, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let origin = Origin::new("register.example/bench").ok_or("an origin")?;
        let (registrar, witness) = (seed(1000), seed(1001));
        let participants: Vec<ParticipantId> = (0..PARTIES)
            .map(|n| format!("p-{n}"))
            .chain(["harbour".to_owned()])
            .filter_map(|id| ParticipantId::new(&id))
            .collect();
        let plain = |name: &str, key: &SigningKey| {
            KeyName::new(name).map(|name| Vkey(VerifierKey::plain(name, key.public()))).ok_or("a name")
        };
        let witness_name = KeyName::new("harbour.example/witness").ok_or("a name")?;
        let policy = Policy::new(
            VerifierKey::plain(KeyName::checkpoint(&origin), registrar.public()),
            vec![("harbour".to_owned(), VerifierKey::cosigner(witness_name, witness.public()))],
            1,
        )
        .map_err(|errors| format!("{errors:?}"))?
        .to_string();
        let instrument = instrument();
        let library = instrument::library::shipped();
        let library = library.as_bytes();
        let annex = |bytes: &[u8]| AnnexRef { sha256: Hash::of(bytes), size: bytes.len() as u64 };
        let mut founders = Vec::new();
        for (n, participant) in participants.iter().enumerate() {
            let keys = vec![plain(&format!("{origin}/{participant}/root"), &seed(2000 + n))?];
            founders.push(Seat {
                participant: participant.clone(),
                roots: KeySet { k: 1, keys },
                recovery: None,
            });
        }
        founders.sort_by(|a, b| a.participant.cmp(&b.participant));
        let body = Body::Genesis(Genesis {
            origin: origin.clone(),
            rules: 1,
            exercise: true,
            annexes: GenesisAnnexes {
                instrument: annex(instrument.as_bytes()),
                library: annex(library),
                policy: annex(policy.as_bytes()),
            },
            registrar: plain(&format!("{origin}/registrar"), &registrar)?,
            founders,
        });
        let mut signers = vec![SignerName::Registrar];
        signers.extend(participants.iter().map(|p| SignerName::key(p, &code("root"))));
        let head = Head {
            by: By::Registrar,
            signers: signers.clone(),
            n: 1,
            prev: None,
            seen: None,
            at: Claimed(now),
        };
        let act =
            Draft { origin: origin.clone(), genesis: None, head, body }.write().map_err(|e| text(&e))?;
        let lines = signers
            .iter()
            .map(|signer| {
                let key = match signer.participant() {
                    None => &registrar,
                    Some(who) => &seed(2000 + participants.iter().position(|p| p == who).unwrap_or(0)),
                };
                key.sign_note(act.text(), &KeyName::signer(&origin, signer))
            })
            .collect();
        let submission = Submission::new(act, lines, Vec::new(), Vec::new()).map_err(|e| text(&e))?;
        let genesis = submission.act().id().0;

        let (data, kept) = (folder.join(name), folder.join(format!("{name}.kept")));
        let opened: Arc<Folder<RealDisk>> = Folder::open(RealDisk, &data, &kept).map_err(|e| text(&e))?;
        let shelf = Shelf::annexes(&opened);
        for bytes in [instrument.as_bytes(), library, policy.as_bytes()] {
            shelf.put(bytes).map_err(|e| text(&e))?;
        }
        let keys = Registrar { origin: origin.clone(), key: registrar.clone() };
        let (log, _) = Log::found(&opened, keys, &submission, now, &mut Judge(None)).map_err(|e| text(&e))?;
        let parsed = instrument::terms(&instrument).map_err(|e| format!("{e:?}"))?;
        let policy = Policy::parse(policy.as_bytes()).map_err(|e| format!("{e:?}"))?;
        let ledger = Ledger::begin(submission.act(), &parsed, policy)?;
        let officers = (0..officers.max(participants.len()))
            .map(|n| {
                let participant = &participants[n % participants.len()];
                Officer {
                    participant: participant.clone(),
                    signer: SignerName::key(participant, &code(&format!("liaison-{n}"))),
                    key: seed(n),
                    root: seed(2000 + n % participants.len()),
                    n: 0,
                    prev: None,
                }
            })
            .collect();
        let registrar_chain = (1, Some(submission.act().id()));
        let judge = Judge(Some(ledger));
        let mut world = World { origin, genesis, log, judge, registrar, witness, registrar_chain, officers };
        world.enrol(now)?;
        Ok(world)
    }

    fn enrol(&mut self, now: Instant) -> Result<(), String> {
        let mut submissions = Vec::new();
        let mut chains: std::collections::BTreeMap<SignerName, (u64, Option<ActId>)> = Default::default();
        for officer in &self.officers {
            let name = KeyName::signer(&self.origin, &officer.signer);
            let SignerName::Key { label, .. } = &officer.signer else { continue };
            let body = Body::Enrol(Enrol::Key(KeyEnrolment {
                label: label.clone(),
                capacity: Capacity::Officer,
                vkey: Some(Vkey(VerifierKey::plain(name, officer.key.public()))),
                passkey: None,
                recipient: None,
                custody: Custody::Device,
                office: Office::new("Desk".to_owned())?,
                note: None,
            }));
            let root = SignerName::key(&officer.participant, &code("root"));
            let (n, prev) = chains.get(&root).copied().unwrap_or_default();
            let signed = sign(&self.origin, self.genesis, &root, &officer.root, (n + 1, prev), now, body)?;
            chains.insert(root, (n + 1, Some(signed.act().id())));
            submissions.push(signed);
        }
        let bytes: Vec<Vec<u8>> = submissions.iter().map(Submission::to_bytes).collect();
        self.log.append(&bytes, now, &mut self.judge).map_err(|error| error.to_string())?;
        Ok(())
    }

    /// The next act of an officer, signed.
    pub(crate) fn act(&mut self, officer: usize, body: Body, now: Instant) -> Result<Submission, String> {
        let who = &mut self.officers[officer];
        let chain = (who.n + 1, who.prev);
        let submission = sign(&self.origin, self.genesis, &who.signer, &who.key, chain, now, body)?;
        who.n += 1;
        who.prev = Some(submission.act().id());
        Ok(submission)
    }

    /// A notice to harbour, and its acknowledgement.
    pub(crate) fn notice(&mut self, party: usize, now: Instant) -> Result<[Submission; 2], String> {
        let mut fields = Fields::new();
        fields.insert(code("told"), FieldValue::Several(vec![Word::Code(code("harbour"))]));
        let open =
            Open { procedure: code("notice"), tier: None, fields, strands: Vec::new(), files: Vec::new() };
        let open = self.act(party % PARTIES, Body::Open(open), now)?;
        let step = Step {
            matter: MatterRef::Opened(open.act().id()),
            strands: Vec::new(),
            step: code("acknowledge"),
            choice: None,
            fields: Fields::new(),
            files: Vec::new(),
        };
        let step = self.act(PARTIES, Body::Step(step), now)?;
        Ok([open, step])
    }

    /// A checkpoint, cosigned, served, and entered as a mark.
    pub(crate) fn mark(&mut self, now: Instant) -> Result<(), String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let signed = self.log.checkpoint().map_err(|e| text(&e))?;
        let name = KeyName::new("harbour.example/witness").ok_or("a name")?;
        let line = cosignature::sign(signed.checkpoint(), now, &self.witness, &name);
        let note = signed.note().clone().with(line);
        let cosigned = tlog::CosignedCheckpoint::from_note(note).map_err(|e| text(&e))?;
        self.log.serve(&cosigned).map_err(|e| text(&e))?;
        let body = Body::Mark(Mark { checkpoint: NoteText::new(cosigned.note().to_string())? });
        let (n, prev) = self.registrar_chain;
        let signer = SignerName::Registrar;
        let mark = sign(&self.origin, self.genesis, &signer, &self.registrar, (n + 1, prev), now, body)?;
        self.registrar_chain = (n + 1, Some(mark.act().id()));
        self.log.append(&[mark.to_bytes()], now, &mut self.judge).map_err(|e| text(&e))?;
        Ok(())
    }
}

pub(crate) fn sign(
    origin: &Origin,
    genesis: Hash,
    signer: &SignerName,
    key: &SigningKey,
    (n, prev): (u64, Option<ActId>),
    now: Instant,
    body: Body,
) -> Result<Submission, String> {
    let by = signer.participant().map_or(By::Registrar, |who| By::Participant(who.clone()));
    let head = Head { by, signers: vec![signer.clone()], n, prev, seen: None, at: Claimed(now) };
    let draft = Draft { origin: origin.clone(), genesis: Some(genesis), head, body };
    let act: Act = draft.write().map_err(|error| error.to_string())?;
    let line = key.sign_note(act.text(), &KeyName::signer(origin, signer));
    Submission::new(act, vec![line], Vec::new(), Vec::new()).map_err(|error| error.to_string())
}
