//! Programs hand in acts, one in each request, at the node that keeps the register (FORMATS.md, *Handing in*).

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use node::Fault;
use node::hand_in::{HandedIn, SUBMISSION_BYTES_MAX};
use tokio::sync::oneshot;

use super::listen::From;
use super::meet::{NO_ROOM, No, at_most, fell, no};
use super::serve::{guarded, plain, too_often};
use crate::desk::Desk;

/// Where acts are handed in.
pub const PATH: &str = "/register/acts";

/// How many are registered at once: what a batch holds is in memory.
const BATCH: usize = 256;

const TEXT: &str = "text/plain; charset=utf-8";

/// What waits for its turn to be registered, with who waits for its answer.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<Vec<(Vec<u8>, oneshot::Sender<Said>)>>);

type Said = Result<HandedIn, Arc<Fault>>;

impl Waiting {
    /// Those whose turn it is.
    fn next(&self) -> Vec<(Vec<u8>, oneshot::Sender<Said>)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let many = all.len().min(BATCH);
        all.drain(..many).collect()
    }
}

/// Takes an act in, and answers with its receipt or with the registrar's refusal.
pub(crate) async fn hand_in(desk: Arc<Desk>, request: Request) -> Response {
    let from = request.extensions().get::<From>().copied();
    // Who is let in is bound by the instrument's quota in what is registered; by the door in what is refused.
    let has_room = |from: From| desk.doors.has_room(from.0, std::time::Instant::now());
    if !from.is_none_or(has_room) {
        return too_often(&desk);
    }
    let (parts, body) = request.into_parts();
    match handed_in(&desk, &parts.headers, body).await {
        Ok(HandedIn::Registered(receipt)) => note(StatusCode::OK, &receipt),
        Ok(HandedIn::Refused(refusal)) => {
            counts(&desk, from);
            note(StatusCode::UNPROCESSABLE_ENTITY, &refusal)
        }
        Ok(HandedIn::Lacks(why)) => {
            counts(&desk, from);
            plain(StatusCode::CONFLICT, &why)
        }
        Err((status, why)) => {
            counts(&desk, from);
            let mut response = plain(status, &why);
            if status == StatusCode::UNAUTHORIZED {
                let value = axum::http::HeaderValue::from_static("Bearer");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            response
        }
    }
}

fn counts(desk: &Desk, from: Option<From>) {
    if let Some(From(ip)) = from {
        desk.doors.may(ip, std::time::Instant::now());
    }
}

fn note(status: StatusCode, note: &note::Note) -> Response {
    guarded(status, TEXT, "no-store", Body::from(note.to_bytes()))
}

async fn handed_in(desk: &Arc<Desk>, head: &HeaderMap, body: Body) -> Result<HandedIn, No> {
    let token =
        head.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if token.and_then(|token| desk.readers.who(token, desk)).is_none() {
        return Err(no(StatusCode::UNAUTHORIZED, "no token of a participant's node: `/reader` gives one"));
    }
    if !desk.settings().registrar {
        return Err(no(
            StatusCode::MISDIRECTED_REQUEST,
            "this node does not keep the register: bring acts to the one that does",
        ));
    }
    if !desk.has_room() {
        return Err(no(StatusCode::INSUFFICIENT_STORAGE, NO_ROOM));
    }
    let bytes = at_most(body, SUBMISSION_BYTES_MAX).await?;
    let (say, hear) = oneshot::channel();
    desk.waiting.0.lock().unwrap_or_else(PoisonError::into_inner).push((bytes, say));
    let desk = Arc::clone(desk);
    // Whoever has the node first registers what all the others brought meanwhile: one sync for all of it.
    tokio::task::spawn_blocking(move || register(&desk)).await.map_err(fell)?;
    let said = hear.await.map_err(|_| no(StatusCode::INTERNAL_SERVER_ERROR, "it was not answered"))?;
    said.map_err(|fault| (StatusCode::INTERNAL_SERVER_ERROR, fault.to_string()))
}

/// Registers what waits, if anything still does.
fn register(desk: &Desk) {
    let all = desk.work_if(
        || Some(desk.waiting.next()).filter(|all| !all.is_empty()),
        |node, all, now| {
            let (brought, say): (Vec<_>, Vec<_>) = all.into_iter().unzip();
            (node.hand_in(&brought, now), say)
        },
    );
    match all {
        None => {}
        // Whoever has gone away meanwhile gets the same by handing it in again.
        Some((Ok(answers), say)) => {
            for (answer, say) in answers.into_iter().zip(say) {
                let _ = say.send(Ok(answer));
            }
        }
        Some((Err(fault), say)) => {
            let fault = Arc::new(fault);
            for say in say {
                let _ = say.send(Err(Arc::clone(&fault)));
            }
        }
    }
}
