//! Is this node well? It is while it serves a checkpoint that holds, and that is fresh.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use terms::Instant;
use tlog::cosigned::lower_median;

use super::serve::guarded;
use crate::desk::Desk;

/// Where it is asked for.
pub const PATH: &str = "/healthz";

/// Three heartbeats without a mark: the register is silent (TIME T7).
const HEARTBEATS: u64 = 3;

/// How a node is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Health {
    /// `good`, `silent`, `none` or `bad`.
    pub health: Word,
    /// Since when it is not good, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// `failing`, if the webhook has not taken some alert in all its tries; that says nothing of the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<&'static str>,
    /// `full`, if the disk has no room for anything more to be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<&'static str>,
}

/// How a node is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It serves a checkpoint that holds and is fresh.
    Good,
    /// No quorum has cosigned anything for three heartbeats.
    Silent,
    /// It has no checkpoint with a quorum yet.
    None,
    /// The checkpoint that it serves does not hold, or can't be read.
    Bad,
}

/// The newest checkpoint: how many entries, and when its quorum cosigned it.
pub(crate) struct Newest {
    pub(crate) size: u64,
    pub(crate) at: Instant,
}

/// The checkpoint that is served, if it holds: signed, with its quorum, and of the tiles that are here.
pub(crate) fn newest(desk: &Desk) -> Result<Option<Newest>, String> {
    let Some(cosigned) = desk.served.checkpoint().map_err(|fault| fault.to_string())? else {
        return Ok(None);
    };
    let held = desk.held();
    let cosigners = cosigned.examine(held.replay().ledger().policy()).map_err(|fault| fault.to_string())?;
    let checkpoint = cosigned.checkpoint();
    let root = desk.served.root(checkpoint.size).map_err(|fault| fault.to_string())?;
    if !cosigners.is_quorum() || root != checkpoint.root {
        return Err("the checkpoint that is served has no quorum, or is not of the tiles".to_owned());
    }
    let at = lower_median(cosigners.times.iter().map(|(_, time)| *time));
    Ok(at.map(|at| Newest { size: checkpoint.size, at }))
}

/// How a node is now.
#[must_use]
pub fn health(desk: &Desk) -> Health {
    let (health, since) = of_checkpoint(desk);
    let is_failing = desk.private.outgoing_stands().is_ok_and(|stands| stands.given_up > 0);
    Health {
        health,
        since,
        webhook: is_failing.then_some("failing"),
        disk: (!desk.has_room()).then_some("full"),
    }
}

fn of_checkpoint(desk: &Desk) -> (Word, Option<Instant>) {
    let newest = match newest(desk) {
        Ok(Some(newest)) => newest,
        Ok(None) => return (Word::None, None),
        Err(why) => {
            tracing::error!(why, "the checkpoint does not hold");
            return (Word::Bad, None);
        }
    };
    let heartbeat = desk.held().replay().instrument().calendar.heartbeat;
    let until = newest.at.plus(terms::Seconds(heartbeat.0.saturating_mul(HEARTBEATS)));
    if desk.now() > until { (Word::Silent, Some(until)) } else { (Word::Good, None) }
}

/// Says it to a program: 200 if it is well, else 503.
pub(crate) async fn show(desk: Arc<Desk>, _: Request) -> Response {
    let fell = || Health { health: Word::Bad, since: None, webhook: None, disk: None };
    let health = tokio::task::spawn_blocking(move || health(&desk)).await.unwrap_or_else(|_| fell());
    let status = if health.health == Word::Good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let text = serde_json::to_string(&health).unwrap_or_default();
    guarded(status, "application/json", "no-store", Body::from(text + "\n"))
}
