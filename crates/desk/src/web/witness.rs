//! C2SP tlog-witness: `/witness` is the submission prefix of this node's witness; and the registrar's node asks witnesses by
//! their own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use note::SignatureLine;

use super::meet::{agent, at_most, fell, one_line};
use super::serve::{guarded, plain};
use crate::desk::Desk;

/// Where this node's witness is asked.
pub const PATH: &str = "/witness/add-checkpoint";

/// The most bytes of a question, and of an answer.
const BYTES_MAX: usize = 64 << 10;

/// How long a witness may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Cosigns what somebody asks for, or says why not.
pub(crate) async fn add_checkpoint(desk: Arc<Desk>, request: Request) -> Response {
    let body = match at_most(request.into_body(), BYTES_MAX).await {
        Ok(body) => body,
        Err((status, why)) => return plain(status, &why),
    };
    let asked = tokio::task::spawn_blocking(move || desk.work(|node, now| node.add_checkpoint(&body, now)));
    match asked.await {
        Ok(Ok(line)) => {
            let line = Body::from(format!("{line}\n"));
            guarded(StatusCode::OK, "text/plain; charset=utf-8", "no-store", line)
        }
        Ok(Err(why)) => {
            let status = StatusCode::from_u16(why.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            match why.size_body() {
                Some(size) => guarded(status, "text/x.tlog.size", "no-store", Body::from(size)),
                None => plain(status, &why.to_string()),
            }
        }
        Err(fault) => {
            let (status, why) = fell(fault);
            plain(status, &why)
        }
    }
}

/// A witness that the registrar's node asks.
#[derive(Debug)]
pub struct Asked {
    /// What it is called here.
    pub name: String,
    /// Its submission prefix: `http://host:port/path`.
    pub address: String,
    /// How many entries it cosigned last, as far as is known, and whether that cosignature came here.
    last: Mutex<(u64, bool)>,
}

impl Asked {
    /// A witness at its submission prefix.
    #[must_use]
    pub const fn new(name: String, address: String) -> Asked {
        Asked { name, address, last: Mutex::new((0, true)) }
    }
}

/// Asks a witness for what the register needs now. Gives the index of the mark, if its cosignature made one.
///
/// # Errors
///
/// A sentence: it can't be reached, or does not cosign.
pub fn ask(desk: &Desk, witness: &Asked) -> Result<Option<u64>, String> {
    let mut last = witness.last.lock().unwrap_or_else(PoisonError::into_inner);
    let url = format!("{}/add-checkpoint", witness.address.trim_end_matches('/'));
    let name = &witness.name;
    // A second time, if it says that it cosigned another size last than was thought.
    for is_again in [false, true] {
        let (old, is_shown) = *last;
        let asked = desk.work(|node, now| Ok((node.ask_witness(old, is_shown, now)?, node.size())));
        let (ask, size) = asked.map_err(|fault: node::Fault| fault.to_string())?;
        let Some(ask) = ask else { return Ok(None) };
        let unreached = |error| format!("the witness `{name}` can't be reached at {url}: {error}");
        let mut answer = agent(PATIENCE).post(&url).send(&ask.to_bytes()[..]).map_err(unreached)?;
        let status = answer.status().as_u16();
        let said = answer.body_mut().with_config().limit(BYTES_MAX as u64).read_to_string();
        let said =
            said.map_err(|error| format!("the witness `{name}` did not answer to the end: {error}"))?;
        match status {
            200 => {
                let lines: Option<Vec<SignatureLine>> =
                    said.lines().map(|line| SignatureLine::parse(line).ok()).collect();
                let lines =
                    lines.ok_or_else(|| format!("the witness `{name}` answers with no cosignature"))?;
                let mark = desk.work(|node, now| node.take_cosigned(&ask.checkpoint, &lines, now));
                *last = (ask.checkpoint.checkpoint().size, true);
                return mark.map_err(|fault| format!("the witness `{name}`: {fault}"));
            }
            409 if !is_again => match said.trim_end().parse() {
                Ok(told) if told > size => {
                    return Err(format!(
                        "the witness `{name}` says that it cosigned {told} entries, and this register has {size}: \
                         this node may have lost some; look before you go on"
                    ));
                }
                Ok(told) => *last = (told, false),
                Err(_) => return Err(format!("the witness `{name}` (409): {}", shown(&said))),
            },
            _ => return Err(format!("the witness `{name}` does not cosign ({status}): {}", shown(&said))),
        }
    }
    Ok(None)
}

fn shown(said: &str) -> String {
    one_line(said).chars().take(200).collect()
}
