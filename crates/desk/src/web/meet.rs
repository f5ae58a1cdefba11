//! Nodes meet by HTTP: one posts a bundle with its proof, and is answered with a bundle (FORMATS.md, *Meeting*).

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt as _;
use node::bundle::Imported;
use node::meet::{BROUGHT_BYTES_MAX, Proof};
use node::{Fault, Node};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use terms::{Hash, Instant, ParticipantId};

use super::serve::plain;
use crate::desk::Desk;

/// Where nodes meet.
pub const PATH: &str = "/meet";

/// The heads of a proof.
const SIGNER: &str = "mithaq-signer";
const AT: &str = "mithaq-at";
const SIGNATURE: &str = "mithaq-signature";

/// How long the other may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Takes a bundle in, and answers with one.
pub(super) async fn serve(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (file, hash) = match spooled(body).await {
        Ok(spooled) => spooled,
        Err((status, why)) => return plain(status, why),
    };
    let done = tokio::task::spawn_blocking(move || answer(&desk, &parts.headers, &file, &hash));
    match done.await {
        Ok(Ok((body, hash))) => {
            let mut response = Response::new(Body::from(body));
            if let Ok(value) = hash.to_string().parse() {
                response.headers_mut().insert("mithaq-sha256", value);
            }
            response
        }
        Ok(Err((status, why))) => plain(status, &why),
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "a fault of the program"),
    }
}

/// What came, in a file that goes when it is closed.
async fn spooled(mut body: Body) -> Result<(NamedTempFile, Hash), (StatusCode, &'static str)> {
    let machine = |_| (StatusCode::INSUFFICIENT_STORAGE, "this machine has no room for it");
    let mut file = NamedTempFile::new().map_err(machine)?;
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| (StatusCode::BAD_REQUEST, "it did not come whole"))?;
        let Ok(bytes) = frame.into_data() else { continue };
        size += bytes.len() as u64;
        if size > BROUGHT_BYTES_MAX {
            return Err((
                StatusCode::PAYLOAD_TOO_LARGE,
                "it is larger than what goes over a network: bring it on a stick",
            ));
        }
        hash.update(&bytes);
        file.write_all(&bytes).map_err(machine)?;
    }
    Ok((file, Hash::from_bytes(hash.finalize().into())))
}

fn answer(
    desk: &Desk,
    head: &HeaderMap,
    file: &NamedTempFile,
    hash: &Hash,
) -> Result<(Vec<u8>, Hash), (StatusCode, String)> {
    let proof = proof_of(head).ok_or((StatusCode::UNAUTHORIZED, "no proof of who brings it".to_owned()))?;
    desk.work(|node, now| {
        let who = node
            .who_comes(&proof, hash, now)
            .map_err(|fault| (StatusCode::UNAUTHORIZED, fault.to_string()))?;
        let refused = |fault: Fault| (StatusCode::CONFLICT, fault.to_string());
        let imported = node.take_brought(&who, file.path(), now).map_err(refused)?;
        log(&who, &imported);
        brought(node, &who, now).map_err(|why| (StatusCode::INTERNAL_SERVER_ERROR, why))
    })
}

/// A bundle for somebody, with its hash.
fn brought(node: &mut Node, to: &ParticipantId, now: Instant) -> Result<(Vec<u8>, Hash), String> {
    let folder =
        tempfile::tempdir().map_err(|error| format!("this machine has no room for a bundle: {error}"))?;
    let exported =
        node.bring(to, &folder.path().join("to.mithaq"), now).map_err(|fault| fault.to_string())?;
    // Of several parts the first: what is in the others comes when the receiver has it.
    let first = exported.files.first().ok_or("a bundle without a part")?;
    let bytes = std::fs::read(first).map_err(|error| format!("the bundle can't be read: {error}"))?;
    let hash = Hash::of(&bytes);
    Ok((bytes, hash))
}

fn proof_of(head: &HeaderMap) -> Option<Proof> {
    let text = |name: &str| head.get(name)?.to_str().ok();
    let signature = STANDARD.decode(text(SIGNATURE)?).ok()?;
    Some(Proof {
        signer: text(SIGNER)?.parse().ok()?,
        at: Instant::parse(text(AT)?)?,
        signature: signature.try_into().ok()?,
    })
}

/// Meets another node once: brings it a bundle, and takes in what it answers with.
///
/// # Errors
///
/// A sentence: it can't be reached, does not take what was brought, or answers with what is no bundle for us.
pub fn meet(desk: &Desk, other: &ParticipantId, address: &str) -> Result<Imported, String> {
    let fault = |fault: Fault| fault.to_string();
    let (bytes, proof) = desk.work(|node, now| {
        let (bytes, hash) = brought(node, other, now)?;
        let proof = node.prove(other, &hash, now).map_err(fault)?;
        Ok::<_, String>((bytes, proof))
    })?;
    // Nobody at this desk waits while the other thinks.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let mut answer = agent
        .post(format!("{}{PATH}", address.trim_end_matches('/')))
        .header(SIGNER, proof.signer.to_string())
        .header(AT, proof.at.to_string())
        .header(SIGNATURE, STANDARD.encode(proof.signature))
        .send(&bytes[..])
        .map_err(|error| format!("`{other}` can't be reached at {address}: {error}"))?;
    let status = answer.status();
    let mut file = NamedTempFile::new().map_err(|error| error.to_string())?;
    let mut body = answer.body_mut().as_reader().take(BROUGHT_BYTES_MAX);
    if !status.is_success() {
        let mut why = String::new();
        // Whatever it says is shown to whoever runs this node, and is no more than a line.
        let _ = body.take(500).read_to_string(&mut why);
        let why: String = why.chars().filter(|letter| !letter.is_control()).collect();
        return Err(format!("`{other}` did not take what was brought ({status}): {why}"));
    }
    std::io::copy(&mut body, &mut file)
        .map_err(|error| format!("`{other}` did not answer to the end: {error}"))?;
    let imported = desk.work(|node, now| node.take_brought(other, file.path(), now)).map_err(fault)?;
    log(other, &imported);
    Ok(imported)
}

/// Another node, and where it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Whose it is.
    pub participant: ParticipantId,
    /// Its address, without a path: `http://host:port`.
    pub address: String,
}

/// Meets the others again and again, until `stop` says so or is gone; a registrar's own witness cosigns when the beat is due.
/// What goes wrong is said once, and again when it has become something else.
pub fn rounds(desk: &Desk, peers: &[Peer], every: Duration, stop: &Receiver<()>) {
    let mut said: BTreeMap<&ParticipantId, String> = BTreeMap::new();
    loop {
        let beat = desk.work(|node, now| {
            let due = node.settings().registrar && node.is_beat_due(now);
            due.then(|| node.cosign_own(now))
        });
        if let Some(Err(fault)) = beat {
            eprintln!("fault: no checkpoint: {fault}");
        }
        for peer in peers {
            match meet(desk, &peer.participant, &peer.address) {
                Ok(_) => {
                    if said.remove(&peer.participant).is_some() {
                        eprintln!("`{}` is reached again", peer.participant);
                    }
                }
                Err(why) => {
                    if said.insert(&peer.participant, why.clone()).as_ref() != Some(&why) {
                        eprintln!("{why}");
                    }
                }
            }
        }
        match stop.recv_timeout(every) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What is wrong with what another brought, for whoever runs this node.
fn log(from: &ParticipantId, imported: &Imported) {
    for wrong in &imported.wrongs {
        eprintln!("wrong: from {from}: {wrong}");
    }
    for refused in &imported.refused {
        eprintln!("refused: {refused}");
    }
}
