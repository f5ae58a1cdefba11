//! What a node counts for whoever runs it, as Prometheus reads it: few numbers, none of them about a matter or a person.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::health::newest;
use super::serve::{guarded, plain};
use crate::desk::Desk;

/// Where it is told.
pub(crate) const PATH: &str = "/metrics";

/// Labels whose values stand in this program: never a text from outside.
type Labels<const N: usize> = [(&'static str, &'static str); N];

/// What is counted.
pub(crate) struct Counted {
    registry: Registry,
    /// By the table's path, and what came of it.
    requests: Family<Labels<2>, Counter>,
    seconds: Histogram,
    meetings: Family<Labels<1>, Counter>,
    turned_away: Counter,
    entries: Gauge<u64, AtomicU64>,
    cosigned: Gauge<u64, AtomicU64>,
    checkpoint: Gauge<u64, AtomicU64>,
    alerts: Gauge<u64, AtomicU64>,
    outgoing: Gauge<u64, AtomicU64>,
    given_up: Gauge<u64, AtomicU64>,
}

impl Default for Counted {
    fn default() -> Counted {
        let mut registry = Registry::with_prefix("mithaq");
        let bounds = [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0, 60.0];
        let counted = Counted {
            requests: Family::default(),
            seconds: Histogram::new(bounds),
            meetings: Family::default(),
            turned_away: Counter::default(),
            entries: Gauge::default(),
            cosigned: Gauge::default(),
            checkpoint: Gauge::default(),
            alerts: Gauge::default(),
            outgoing: Gauge::default(),
            given_up: Gauge::default(),
            registry: Registry::default(),
        };
        let Counted { requests, seconds, meetings, turned_away, entries, cosigned, checkpoint, .. } =
            &counted;
        registry.register("requests", "Requests answered, by route and kind of status", requests.clone());
        registry.register_with_unit("request", "How long an answer took", Unit::Seconds, seconds.clone());
        registry.register("meetings", "Meetings with other nodes, by how they went", meetings.clone());
        registry.register(
            "turned_away",
            "Requests that came too often from one address",
            turned_away.clone(),
        );
        registry.register("entries", "Entries that this node holds", entries.clone());
        registry.register("entries_cosigned", "Entries that a quorum has cosigned", cosigned.clone());
        let when = "When a quorum cosigned the newest checkpoint, in seconds since 1970";
        registry.register_with_unit("checkpoint_time", when, Unit::Seconds, checkpoint.clone());
        let Counted { alerts, outgoing, given_up, .. } = &counted;
        registry.register("alerts_waiting", "Alerts that nobody has taken", alerts.clone());
        registry.register("webhooks_waiting", "Alerts that the webhook has yet to take", outgoing.clone());
        registry.register("webhooks_given_up", "Alerts that the webhook never took", given_up.clone());
        Counted { registry, ..counted }
    }
}

impl Counted {
    /// An answer by a route of the table.
    pub(crate) fn answered(&self, route: &'static str, status: StatusCode, took: Duration) {
        let kind = match status.as_u16() {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&[("route", route), ("status", kind)]).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn met(&self, went_well: bool) {
        let result = if went_well { "met" } else { "failed" };
        self.meetings.get_or_create(&[("result", result)]).inc();
    }

    pub(crate) fn turned_away(&self) {
        self.turned_away.inc();
    }

    fn text(&self, desk: &Desk) -> Result<String, std::fmt::Error> {
        let held = desk.held();
        self.entries.set(held.size);
        // What can't be read is said by the node's health.
        if let Ok(Some(newest)) = newest(desk) {
            self.cosigned.set(newest.size);
            self.checkpoint.set(newest.at.secs());
        }
        self.alerts.set(u64::from(desk.private.open_alerts()));
        // A store that can't be read is in the log of whoever asked it for more.
        if let Ok(stands) = desk.private.outgoing_stands() {
            self.outgoing.set(stands.waiting);
            self.given_up.set(stands.given_up);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Tells all of it.
pub(crate) async fn show(desk: Arc<Desk>, _: Request) -> Response {
    let told = tokio::task::spawn_blocking(move || desk.counted.text(&desk)).await;
    match told {
        Ok(Ok(text)) => {
            let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            guarded(StatusCode::OK, media, "no-store", Body::from(text))
        }
        Ok(Err(_)) | Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "a fault of the program"),
    }
}
