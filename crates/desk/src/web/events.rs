//! Server-sent events (HTML Living Standard §9.2): a page is told at once that there is something new. What goes out is a
//! reference and a sentence that says how many; who wants more asks for the page.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use lang::{Arg, Texts};
use serde_json::json;
use store::Raised;
use terms::{Code, Instant};
use tokio::sync::watch::Receiver;
use tokio::time::timeout;

use super::answer::{Answer, Sorry};
use super::asked::Asked;
use super::session::{Standing, mark};
use crate::alert::look::News;
use crate::desk::Desk;
use crate::page::alerts::is_for;
use crate::page::shell::reader;
use crate::people::May;
use crate::words::when::When;

/// How many streams one session has open, and all of them.
const OF_SESSION: usize = 8;
const MOST: usize = 96;

/// How long one lasts: whoever reads it asks again from where it ended.
const LASTS: Duration = Duration::from_mins(10);

/// How often it is looked whether its session still is.
const TICK: Duration = Duration::from_secs(2);

/// How often something goes out that says nothing, so that a reader who has gone is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// How many alerts are read at once.
const AT_ONCE: u32 = 1_000;

/// The streams that are open, by the mark of their session.
#[derive(Default)]
pub(crate) struct Streams(Mutex<BTreeMap<String, usize>>);

impl Streams {
    /// A place for one more.
    fn take(&self, session: &str) -> bool {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.values().sum::<usize>() >= MOST || open.get(session).is_some_and(|n| *n >= OF_SESSION) {
            return false;
        }
        *open.entry(session.to_owned()).or_default() += 1;
        true
    }

    fn give_back(&self, session: &str) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(session) {
            *count -= 1;
            if *count == 0 {
                open.remove(session);
            }
        }
    }
}

/// A stream that is asked for.
pub(crate) struct Start {
    session: String,
    texts: &'static Texts,
    person: Option<Code>,
    /// What they may see.
    may: May,
    /// What was there when the page was made, and what was told before.
    after: u64,
    told: u64,
    /// Since when there is something new, as it is said.
    since: String,
}

/// Opens a stream. It begins behind the alert that the address says, or where the last one ended.
pub(crate) fn open(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let session = asked.session.clone().ok_or(Sorry::SignInFirst)?;
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let number = |text: Option<&str>| text.and_then(|text| text.trim().parse::<u64>().ok());
    let newest = desk.private.newest_alert()?;
    // What is behind all that there is began in another store: nothing of it is left out.
    let within = |place: u64| if place > newest { 0 } else { place };
    let after = number(asked.query("after")).map_or(newest, within);
    let told = number(Some(&asked.last_event)).map_or(after, within).max(after);
    let since = asked.query("since").and_then(Instant::parse).unwrap_or(reader.now);
    let since = When::of(reader, since);
    Ok(Answer::Events(Start {
        session,
        texts: reader.texts,
        person: asked.person.clone(),
        may: reader.may,
        after,
        told,
        since: if since.is_today { since.clock } else { since.words() },
    }))
}

/// A stream that is open.
struct Open {
    desk: Arc<Desk>,
    start: Start,
    news: Receiver<News>,
    /// How many were told, or had been, since the page was made.
    count: u64,
    /// How far it has read.
    read: u64,
    ready: VecDeque<Event>,
    until: tokio::time::Instant,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.desk.streams.give_back(&mark(&self.start.session));
    }
}

impl Open {
    /// What comes next; nothing when it is over.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Open)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some((Ok(event), self));
            }
            if !self.lasts() {
                return None;
            }
            let news = *self.news.borrow_and_update();
            if news.is_over {
                return None;
            }
            if news.newest > self.read {
                self = self.read_on().await?;
                continue;
            }
            // Whether something came or not, the session is looked at again.
            let _ = timeout(TICK, self.news.changed()).await;
        }
    }

    /// Whether its session is open still, which to listen does not lengthen.
    fn lasts(&self) -> bool {
        let desk = &self.desk;
        let standing = desk.sessions.peek(&self.start.session, desk.manner().idle, desk.now());
        matches!(standing, Standing::Open(_)) && tokio::time::Instant::now() < self.until
    }

    /// Reads what was raised since.
    async fn read_on(self) -> Option<Open> {
        let read = tokio::task::spawn_blocking(move || {
            let raised = self.desk.private.alerts_behind(self.read, AT_ONCE);
            (self, raised)
        });
        let (mut open, raised) = read.await.ok()?;
        let raised = raised.map_err(|fault| tracing::error!(%fault, "a stream ends")).ok()?;
        for one in raised {
            open.read = one.seq;
            if !is_for(&one.alert, open.start.person.as_ref(), open.start.may) {
                continue;
            }
            open.count += 1;
            if one.seq > open.start.told {
                open.ready.push_back(open.event(&one));
            }
        }
        Some(open)
    }

    /// A reference and how many are new: nothing of what was said.
    fn event(&self, raised: &Raised) -> Event {
        let args = [("n", self.count.into()), ("time", Arg::Text(&self.start.since))];
        let says = self.start.texts.say("alerts-new", &args).replace(['\u{2068}', '\u{2069}'], "");
        let data = json!({
            "id": raised.alert.id,
            "reference": raised.alert.reference,
            "new": self.count,
            "says": says,
        });
        Event::default().id(raised.seq.to_string()).event("alert").data(data.to_string())
    }
}

fn stream(desk: &Arc<Desk>, start: Start) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let mut news = desk.alerts.news.subscribe();
    // Also what was raised before anybody looked in this run.
    news.mark_changed();
    let read = start.after;
    let open = Open {
        desk: Arc::clone(desk),
        start,
        news,
        count: 0,
        read,
        ready: VecDeque::new(),
        until: tokio::time::Instant::now() + LASTS,
    };
    unfold(open, Open::next)
}

/// The response; nothing, if there are too many.
pub(crate) fn response(desk: &Arc<Desk>, start: Start) -> Option<Response> {
    desk.streams.take(&mark(&start.session)).then(|| {
        Sse::new(stream(desk, start)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
    })
}
