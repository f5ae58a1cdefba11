//! Nodes meet by HTTP: one posts a bundle with its proof, and is answered with a bundle and a proof (FORMATS.md, *Meeting*).

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt as _;
use node::Fault;
use node::bundle::{Imported, Plan};
use node::meet::{BROUGHT_BYTES_MAX, Proof};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use terms::{Hash, Instant, ParticipantId};
use tokio::time::timeout;

use super::serve::{guarded, plain};
use crate::desk::Desk;

/// Where nodes meet.
pub const PATH: &str = "/meet";

/// The heads of a proof, on a request and on its answer.
const SHA256: &str = "mithaq-sha256";
const SIGNER: &str = "mithaq-signer";
const AT: &str = "mithaq-at";
const SIGNATURE: &str = "mithaq-signature";

/// What a bundle is called.
const BUNDLE: &str = "application/octet-stream";

/// Which part of its answer whoever comes asks for.
const PART: &str = "mithaq-part";

/// The most parts of one meeting; what is left comes with the next.
const PARTS_MAX: u32 = 256;

/// How long the other may take for a part, and to be reached at all.
const PATIENCE: Duration = Duration::from_secs(600);
const REACHED_WITHIN: Duration = Duration::from_secs(10);

/// How long what comes may stand still.
const STANDSTILL: Duration = Duration::from_secs(30);
/// How long a small body may take in all.
const WHOLE: Duration = Duration::from_secs(20);

/// Another node, and where it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Whose it is.
    pub participant: ParticipantId,
    /// Its address, without a path: `http://host:port`.
    pub address: String,
}

/// What is said where the disk is full.
pub(super) const NO_ROOM: &str = "this machine has no room for it";

/// Why there is no answer.
pub(super) type No = (StatusCode, String);

pub(super) fn no(status: StatusCode, why: &str) -> No {
    (status, why.to_owned())
}

/// An answer to a program, or why there is none.
pub(super) fn into(answer: Result<(&'static str, Vec<u8>, Option<Heads>), No>) -> Response {
    match answer {
        Ok((media, bytes, heads)) => {
            let mut response = guarded(StatusCode::OK, media, "no-store", Body::from(bytes));
            for (name, value) in heads.iter().flat_map(|Heads(pairs)| pairs) {
                if let Ok(value) = HeaderValue::from_str(value) {
                    response.headers_mut().insert(HeaderName::from_static(name), value);
                }
            }
            response
        }
        Err((status, why)) => plain(status, &why),
    }
}

/// Takes a bundle in, and answers with one.
pub(crate) async fn serve(desk: Arc<Desk>, request: Request) -> Response {
    into(served(desk, request).await.map(|(bytes, heads)| (BUNDLE, bytes, Some(heads))))
}

async fn served(desk: Arc<Desk>, request: Request) -> Result<(Vec<u8>, Heads), No> {
    let (parts, body) = request.into_parts();
    // Who comes is known before anything is read.
    let (told, proof) =
        proof_of(&parts.headers).ok_or_else(|| no(StatusCode::UNAUTHORIZED, "no proof of who brings it"))?;
    let judge = Arc::clone(&desk);
    let who = tokio::task::spawn_blocking(move || who_comes(&judge, &proof, &told));
    let who = who.await.map_err(fell)??;
    if !desk.has_room() {
        return Err(no(StatusCode::INSUFFICIENT_STORAGE, NO_ROOM));
    }
    let (file, hash) = spooled(&parts.headers, body).await?;
    if hash != told {
        return Err(no(StatusCode::CONFLICT, "it is not the bundle that its proof is of"));
    }
    // One at a time: each may be large, and the node takes in one after the other.
    let _turn =
        desk.turn.acquire().await.map_err(|_| no(StatusCode::SERVICE_UNAVAILABLE, "it is being stopped"))?;
    let answering = Arc::clone(&desk);
    let part = parts.headers.get(PART).and_then(|part| part.to_str().ok()?.parse().ok()).unwrap_or(1).max(1);
    let answer = tokio::task::spawn_blocking(move || answer(&answering, &who, file.path(), part));
    let (bytes, proof) = answer.await.map_err(fell)??;
    let heads = Heads::of(&Hash::of(&bytes), &proof);
    Ok((bytes, heads))
}

/// Who proves itself, by what is final here.
pub(super) fn who_comes(desk: &Desk, proof: &Proof, told: &Hash) -> Result<ParticipantId, No> {
    let who = desk.greeter.who_comes(desk.held().replay(), proof, told, desk.now());
    who.map_err(|fault| (StatusCode::UNAUTHORIZED, fault.to_string()))
}

pub(super) fn fell(_: tokio::task::JoinError) -> No {
    no(StatusCode::INTERNAL_SERVER_ERROR, "a fault of the program")
}

/// What came, in a file that goes when it is closed.
async fn spooled(head: &HeaderMap, mut body: Body) -> Result<(NamedTempFile, Hash), No> {
    let large = || {
        no(StatusCode::PAYLOAD_TOO_LARGE, "it is larger than what goes over a network: bring it on a stick")
    };
    let machine = |_| no(StatusCode::INSUFFICIENT_STORAGE, NO_ROOM);
    let length =
        head.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > BROUGHT_BYTES_MAX) {
        return Err(large());
    }
    let mut file = NamedTempFile::new().map_err(machine)?;
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    loop {
        let frame = timeout(STANDSTILL, body.frame()).await;
        let frame = frame.map_err(|_| no(StatusCode::REQUEST_TIMEOUT, "it stood still for too long"))?;
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| no(StatusCode::BAD_REQUEST, "it did not come whole"))?;
        let Ok(bytes) = frame.into_data() else { continue };
        size += bytes.len() as u64;
        if size > BROUGHT_BYTES_MAX {
            return Err(large());
        }
        hash.update(&bytes);
        file.write_all(&bytes).map_err(machine)?;
    }
    Ok((file, Hash::from_bytes(hash.finalize().into())))
}

/// A body of at most so many bytes, all of which comes soon: it is read before anybody has said who it is from.
pub(super) async fn at_most(body: Body, most: usize) -> Result<Vec<u8>, No> {
    let all = timeout(WHOLE, read(body, most)).await;
    all.unwrap_or_else(|_| Err(no(StatusCode::REQUEST_TIMEOUT, "it took too long")))
}

async fn read(mut body: Body, most: usize) -> Result<Vec<u8>, No> {
    let mut bytes = Vec::new();
    loop {
        let frame = timeout(STANDSTILL, body.frame()).await;
        let frame = frame.map_err(|_| no(StatusCode::REQUEST_TIMEOUT, "it stood still for too long"))?;
        let Some(frame) = frame else { return Ok(bytes) };
        let frame = frame.map_err(|_| no(StatusCode::BAD_REQUEST, "it did not come whole"))?;
        let Ok(more) = frame.into_data() else { continue };
        if bytes.len() + more.len() > most {
            return Err(no(StatusCode::PAYLOAD_TOO_LARGE, "it is larger than any such request"));
        }
        bytes.extend_from_slice(&more);
    }
}

/// Takes in what somebody brought, and makes the part of a bundle that answers it.
fn answer(desk: &Desk, who: &ParticipantId, file: &Path, part: u32) -> Result<(Vec<u8>, Proof), No> {
    // What goes in several parts was planned with the first: made anew, it would be cut at other places.
    let begun = {
        let mut plans = desk.plans();
        // The number of the part is not proved: one that is none leaves what was planned alone.
        match plans.get(who) {
            Some(plan) if part > plan.parts() => None,
            _ => plans.remove(who).filter(|_| part > 1),
        }
    };
    let part_bytes = desk.manner().part_bytes;
    let taken = desk.take_brought(who, file);
    let (_, imported) = taken.map_err(|fault| (StatusCode::CONFLICT, fault.to_string()))?;
    log(who, &imported);
    let (plan, part) = match begun {
        Some(plan) => (plan, part),
        None => {
            // Who goes on bringing when all has gone is answered with next to nothing.
            let plan = desk.work(|node, now| node.plan_for(who, part == 1, part_bytes, now));
            (plan.map_err(|fault| (StatusCode::INTERNAL_SERVER_ERROR, fault.to_string()))?, 1)
        }
    };
    let made = brought(desk, &plan, part, who).map_err(|why| (StatusCode::INTERNAL_SERVER_ERROR, why));
    if part < plan.parts() {
        desk.plans().entry(who.clone()).or_insert(plan);
    }
    made
}

/// A part of a bundle for somebody, and the proof that it is of this node. The node may go on with other work meanwhile.
fn brought(desk: &Desk, plan: &Plan, part: u32, to: &ParticipantId) -> Result<(Vec<u8>, Proof), String> {
    let fault = |fault: Fault| fault.to_string();
    let folder =
        tempfile::tempdir().map_err(|error| format!("this machine has no room for a bundle: {error}"))?;
    let path = folder.path().join("to.mithaq");
    plan.write_part(part, &path, &mut |_, _| {}).map_err(fault)?;
    let bytes = std::fs::read(&path).map_err(|error| format!("the bundle can't be read: {error}"))?;
    let proof = desk.greeter.prove(desk.held().replay(), to, &Hash::of(&bytes), desk.now()).map_err(fault)?;
    Ok((bytes, proof))
}

/// The heads of a proof.
pub(super) struct Heads([(&'static str, String); 4]);

impl Heads {
    pub(super) fn of(hash: &Hash, proof: &Proof) -> Heads {
        Heads([
            (SHA256, hash.to_string()),
            (SIGNER, proof.signer.to_string()),
            (AT, proof.at.to_string()),
            (SIGNATURE, STANDARD.encode(proof.signature)),
        ])
    }

    /// Puts them on a request.
    pub(super) fn on<B>(self, mut request: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
        for (name, value) in self.0 {
            request = request.header(name, value);
        }
        request
    }
}

/// The hash that a proof is of, and the proof.
pub(super) fn proof_of(head: &HeaderMap) -> Option<(Hash, Proof)> {
    let text = |name: &str| head.get(name)?.to_str().ok();
    let signature = STANDARD.decode(text(SIGNATURE)?).ok()?;
    let proof = Proof {
        signer: text(SIGNER)?.parse().ok()?,
        at: Instant::parse(text(AT)?)?,
        signature: signature.try_into().ok()?,
    };
    Some((Hash::from_base64(text(SHA256)?)?, proof))
}

/// Meets another node: brings it what it lacks, and takes in what it answers with, a part after the other; and again, while
/// more entries are to come than one meeting brings.
///
/// # Errors
///
/// A sentence: it can't be reached, does not take what was brought, does not prove who it is, or answers with what is no
/// bundle for us. What came until then stays, and the next meeting goes on from there.
pub fn meet(desk: &Desk, other: &ParticipantId, address: &str) -> Result<Imported, String> {
    meet_while(desk, other, address, &|| true)
}

/// The same, as long as it may go on: what came by then stays.
pub(super) fn meet_while(
    desk: &Desk,
    other: &ParticipantId,
    address: &str,
    goes_on: &dyn Fn() -> bool,
) -> Result<Imported, String> {
    let mut all = Imported::default();
    loop {
        let before = desk.held().size;
        all.in_part = false;
        let of = meet_once(desk, other, address, goes_on, &mut all)?;
        let size = desk.held().size;
        // It ends: each time there are more entries here than before.
        if !all.in_part || size == before || !goes_on() {
            return Ok(all);
        }
        tracing::info!(%other, size, of, "catches up");
    }
}

/// One meeting, of as many parts as either side has. Gives how many entries the other has.
fn meet_once(
    desk: &Desk,
    other: &ParticipantId,
    address: &str,
    goes_on: &dyn Fn() -> bool,
    all: &mut Imported,
) -> Result<u64, String> {
    let url = format!("{}{PATH}", address.trim_end_matches('/'));
    let part_bytes = desk.manner().part_bytes;
    let plan_for = |sealed: bool| {
        let planned = desk.work(|node, now| node.plan_for(other, sealed, part_bytes, now));
        planned.map_err(|fault| fault.to_string())
    };
    let mut plan = plan_for(true)?;
    let (mut part, mut ours, mut theirs, mut of) = (1, plan.parts(), 1, 0);
    while part <= ours.max(theirs) && goes_on() {
        if !desk.has_room() {
            return Err(NO_ROOM.to_owned());
        }
        if part == ours + 1 {
            // All that was to be brought is there: what is left to bring is next to nothing.
            plan = plan_for(false)?;
            ours = 0;
        }
        let (bytes, proof) = brought(desk, &plan, if ours == 0 { 1 } else { part }, other)?;
        // Nobody at this desk waits while the other thinks.
        let request = Heads::of(&Hash::of(&bytes), &proof).on(agent(PATIENCE).post(&url));
        let request = request.header(PART, part.to_string());
        let mut answer = request.send(&bytes[..]).map_err(|error| unreached(other, address, &error))?;
        let told = proved(desk, other, address, &mut answer)?;
        let mut file = NamedTempFile::new().map_err(|error| room(&error))?;
        if spool_answer(other, &mut answer, file.as_file_mut())? != told {
            return Err(unproved(other, address));
        }
        let (manifest, imported) = {
            // One at a time of all that are met: each may be large. Nobody waits here for a peer that is slow.
            let _turn = desk.turn_to_take();
            desk.take_brought(other, file.path()).map_err(|fault| fault.to_string())?
        };
        log(other, &imported);
        (theirs, of) = (manifest.parts.min(PARTS_MAX), manifest.size);
        if part > 1 || theirs > 1 {
            tracing::info!(%other, part, ours, theirs, "a part came, and one went");
        }
        add(all, imported);
        part += 1;
    }
    Ok(of)
}

/// What came of all parts.
fn add(all: &mut Imported, part: Imported) {
    all.from = part.from;
    all.entries += part.entries;
    all.registered += part.registered;
    all.stamped += part.stamped;
    all.sealed += part.sealed;
    all.grants += part.grants;
    all.cosigned = part.cosigned.or(all.cosigned);
    all.mark = part.mark.or(all.mark);
    all.refused.extend(part.refused);
    all.wrongs.extend(part.wrongs);
    all.remarks.extend(part.remarks);
    all.in_part |= part.in_part;
}

/// What asks other nodes.
pub(super) fn agent(patience: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(patience))
        .timeout_connect(Some(REACHED_WITHIN))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into()
}

pub(super) fn unreached(other: &ParticipantId, address: &str, error: &ureq::Error) -> String {
    format!("`{other}` can't be reached at {address}: {error}")
}

/// What reads an answer of at most so many bytes, if it is one.
fn reader_of<'a>(
    other: &ParticipantId,
    answer: &'a mut axum::http::Response<ureq::Body>,
    most: u64,
) -> Result<impl Read + use<'a>, String> {
    let status = answer.status();
    let body = answer.body_mut().as_reader().take(most);
    if status.is_success() {
        return Ok(body);
    }
    let mut why = String::new();
    // Whatever it says is shown to whoever runs this node, and is no more than a line.
    let _ = body.take(500).read_to_string(&mut why);
    Err(format!("`{other}` did not take what was brought ({status}): {}", one_line(&why)))
}

fn cut_short(other: &ParticipantId, error: &std::io::Error) -> String {
    format!("`{other}` did not answer to the end: {error}")
}

/// An answer of at most so many bytes, if it is one.
pub(super) fn read_answer(
    other: &ParticipantId,
    answer: &mut axum::http::Response<ureq::Body>,
    most: u64,
) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = reader_of(other, answer, most)?.read_to_end(&mut bytes);
    read.map_err(|error| cut_short(other, &error))?;
    Ok(bytes)
}

/// Writes an answer to a file as it comes. Gives the hash of its bytes.
fn spool_answer(
    other: &ParticipantId,
    answer: &mut axum::http::Response<ureq::Body>,
    file: &mut File,
) -> Result<Hash, String> {
    let mut body = reader_of(other, answer, BROUGHT_BYTES_MAX)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = body.read(&mut buffer).map_err(|error| cut_short(other, &error))?;
        if count == 0 {
            return Ok(Hash::from_bytes(hash.finalize().into()));
        }
        hash.update(&buffer[..count]);
        file.write_all(&buffer[..count]).map_err(|error| room(&error))?;
    }
}

fn room(error: &std::io::Error) -> String {
    format!("this machine has no room for the answer: {error}")
}

fn unproved(other: &ParticipantId, address: &str) -> String {
    format!("what answers at {address} does not prove that it is `{other}`")
}

/// The hash of which an answer's heads prove that it is of that other: looked at before anything of it is read. An answer
/// that is none says why, and proves nothing.
fn proved(
    desk: &Desk,
    other: &ParticipantId,
    address: &str,
    answer: &mut axum::http::Response<ureq::Body>,
) -> Result<Hash, String> {
    if !answer.status().is_success() {
        reader_of(other, answer, 500)?;
    }
    let (told, proof) = proof_of(answer.headers()).ok_or_else(|| unproved(other, address))?;
    let by = who_comes(desk, &proof, &told).ok();
    if by.as_ref() == Some(other) { Ok(told) } else { Err(unproved(other, address)) }
}

/// An answer of at most so many bytes, if it proves that it is of that other.
pub(super) fn read_proved(
    desk: &Desk,
    other: &ParticipantId,
    address: &str,
    answer: &mut axum::http::Response<ureq::Body>,
    most: u64,
) -> Result<Vec<u8>, String> {
    let told = proved(desk, other, address, answer)?;
    let bytes = read_answer(other, answer, most)?;
    if told == Hash::of(&bytes) { Ok(bytes) } else { Err(unproved(other, address)) }
}

/// What came of what another brought, for whoever runs this node: what is new, what is wrong with it, what was left aside.
fn log(from: &ParticipantId, imported: &Imported) {
    let Imported { entries, registered, stamped, sealed, grants, cosigned, mark, .. } = imported;
    if entries + registered + stamped + sealed + grants > 0 || mark.is_some() {
        let (cosigned, mark) = (cosigned.unwrap_or_default(), mark.unwrap_or_default());
        tracing::info!(%from, entries, registered, stamped, sealed, grants, cosigned, mark, "taken in");
    }
    let kinds =
        [("wrong", &imported.wrongs), ("refused", &imported.refused), ("left aside", &imported.remarks)];
    for (kind, lines) in kinds {
        for line in lines {
            tracing::warn!(%from, kind, what = one_line(line), "what was brought");
        }
    }
}

/// What another says, without what could move a terminal's cursor.
pub(super) fn one_line(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}
