//! Looks again and again for what somebody has to be told of, and tells it: in the store, from which pages, streams and what
//! goes outside are served.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::alert::Look;
use store::task::Which;
use store::{Alert, AlertKind, Fault};
use terms::{Instant, Seconds};
use tokio::sync::watch;

use super::{Concern, of_clock, of_events, of_proofs, whose};
use crate::desk::{Desk, Held, Whole};
use crate::web::rounds::Stop;

/// How often it is looked whether something has happened.
const EVERY: Duration = Duration::from_secs(2);

/// How often clocks and the ladder are looked at, though nothing has happened.
const CLOCKS: Seconds = Seconds(20);

/// Where nobody ever looked before, what happened earlier than this is told to nobody: a register that is joined late has
/// years of it.
const AT_FIRST: Seconds = Seconds(7 * 24 * 3600);

/// What streams wait for: how far alerts go, and whether it is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// The place of the newest.
    pub(crate) newest: u64,
    /// Whether the desk is closed.
    pub(crate) is_over: bool,
}

/// What has to be told at a desk.
pub(crate) struct Alerts {
    pub(crate) news: watch::Sender<News>,
    /// One look at a time.
    looking: Mutex<()>,
}

impl Default for Alerts {
    fn default() -> Alerts {
        Alerts { news: watch::Sender::new(News::default()), looking: Mutex::default() }
    }
}

impl Desk {
    /// Looks for alerts once, and tells what is new.
    ///
    /// # Errors
    ///
    /// The disk failed: then nothing was told, and the next look finds it again.
    pub fn look_for_alerts(&self) -> Result<(), Fault> {
        let _turn = self.alerts.looking.lock().unwrap_or_else(PoisonError::into_inner);
        let (held, now) = (self.held(), self.now());
        let all = held.happened().count() as u64;
        let before = self.private.events_seen()?;
        let found = found(self, &held, before.filter(|seen| *seen <= all), now)?;
        let ladder = ladder(self, &held, now)?;
        let manner = &self.manner().alerts;
        let (step, sends) = (manner.step, manner.hook.is_some());
        let look = Look { found: &found, events: all, ladder: &ladder, step, sends, now };
        let newest = self.private.look_at_alerts(&look)?;
        self.alerts.news.send_if_modified(|news| std::mem::replace(&mut news.newest, newest) != newest);
        Ok(())
    }

    /// Looks again and again, until it is over.
    pub(crate) fn watch_for_alerts(&self, stop: &Stop) {
        // A node that tells nobody anything must not look as if it did.
        let _whole = Whole;
        let mut last: Option<(Arc<Held>, Instant)> = None;
        loop {
            let (held, now) = (self.held(), self.now());
            let is_due =
                last.as_ref().is_none_or(|(seen, at)| !Arc::ptr_eq(seen, &held) || at.plus(CLOCKS) <= now);
            if is_due {
                match self.look_for_alerts() {
                    Ok(()) => last = Some((held, now)),
                    Err(fault) => {
                        tracing::error!(%fault, "alerts could not be kept, and are looked for again")
                    }
                }
            }
            if stop.wait(EVERY) {
                return;
            }
        }
    }
}

/// What there is to be told: of what happened, only what was not looked through before.
fn found(desk: &Desk, held: &Held, seen: Option<u64>, now: Instant) -> Result<Vec<Alert>, Fault> {
    let (replay, me) = (held.replay(), held.me());
    let skipped = usize::try_from(seen.unwrap_or_default()).unwrap_or(usize::MAX);
    let mut all = of_events(held.happened().from(skipped), replay, me, &desk.manner().alerts.grave);
    all.extend(of_proofs(desk, held));
    all.retain(|concern| seen.is_some() || concern.since.plus(AT_FIRST) >= now);
    let ours = held.index().asks().iter().filter(|ask| ask.is_of(me));
    for ask in ours.filter_map(|ask| ask.at(replay, now)) {
        all.extend(of_clock(&ask, now));
    }
    all.extend(assigned(desk, held)?);
    all.extend(unheard(desk, now)?);
    let whose = whose(desk, me);
    Ok(all.into_iter().filter_map(|concern| concern.alert(&whose)).collect())
}

/// The tasks in matters that were given to somebody by another, and are not done.
fn assigned(desk: &Desk, held: &Held) -> Result<Vec<Concern>, Fault> {
    let tasks = desk.private.tasks(Which::Open)?;
    let given = tasks.into_iter().filter(|task| task.who.is_some() && task.who != task.by);
    let concern = |task: store::Task| {
        let (_, matter) = held.replay().settlement().matter(&task.matter?)?;
        let who = task.who?;
        Some(Concern {
            kind: Some(AlertKind::Assigned),
            reference: matter.reference.to_string(),
            which: format!("{}\n{who}", task.id),
            since: task.made,
            due: task.due,
            whom: Some(who),
        })
    };
    Ok(given.filter_map(concern).collect())
}

/// The teams that were to be heard and were not. Nothing of them goes outside but that there is one.
pub(crate) fn unheard(desk: &Desk, now: Instant) -> Result<Vec<Concern>, Fault> {
    let teams = desk.private.teams()?.into_iter();
    let late = teams.filter_map(|team| Some((team.id, team.next.filter(|next| *next < now)?)));
    let concern = |(id, next): (store::Name, Instant)| Concern {
        kind: Some(AlertKind::Team),
        reference: String::new(),
        which: format!("{id}\n{next}"),
        since: next,
        due: None,
        whom: None,
    };
    Ok(late.map(concern).collect())
}

/// Who is told, one after the other: who has the watch; then the participant's own posts, those on duty first.
pub(crate) fn ladder(desk: &Desk, held: &Held, now: Instant) -> Result<Vec<String>, Fault> {
    let mut all: Vec<String> = desk.private.shift()?.into_iter().map(|shift| shift.by.to_string()).collect();
    let mut posts = Vec::new();
    for (post, _) in desk.private.posts()? {
        let (from, until) = post.valid;
        let holds = from.is_none_or(|from| from <= now) && until.is_none_or(|until| now <= until);
        if post.participant.as_ref() == Some(held.me()) && holds {
            let is_on_duty = post.duty.is_some_and(|(from, until)| from <= now && now <= until);
            posts.push((!is_on_duty, post.office));
        }
    }
    // Sorting is stable: within each, the directory's own order.
    posts.sort_by_key(|(is_off_duty, _)| *is_off_duty);
    for (_, office) in posts {
        if !all.contains(&office) {
            all.push(office);
        }
    }
    Ok(all)
}
