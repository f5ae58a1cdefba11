//! An alert is raised once and told up a ladder, and no stop of the program loses it or what is to be sent of it.

#![allow(clippy::allow_attributes, reason = "the helpers of tests")]

use std::path::Path;

use store::alert::Look;
use store::outgoing::RETRIES;
use store::{Alert, AlertKind, Fault, Private};
use terms::{Code, Instant, Seconds};

const STEP: Seconds = Seconds(900);

fn at(minutes: u64) -> Instant {
    Instant::parse("2026-01-12T08:00:00Z").expect("a time").plus(Seconds(60 * minutes))
}

fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

fn alert(id: &str, kind: AlertKind) -> Alert {
    Alert {
        id: id.to_owned(),
        kind,
        reference: "INC-26-0001-K".to_owned(),
        since: at(0),
        due: None,
        whom: None,
    }
}

/// What is there, in a folder that is opened anew each time, as after a stop.
struct Kept<'a>(&'a Path);

impl Kept<'_> {
    fn open(&self) -> Private {
        Private::open(self.0).expect("it opens")
    }

    fn look(&self, found: &[Alert], ladder: &[&str], now: Instant) -> u64 {
        let ladder: Vec<String> = ladder.iter().map(|who| (*who).to_owned()).collect();
        let look = Look { found, events: 7, ladder: &ladder, step: STEP, sends: true, now };
        self.open().look_at_alerts(&look).expect("kept")
    }

    fn told(&self, id: &str) -> Vec<(u32, String)> {
        let all = self.open().alerts(false).expect("read");
        let one = all.into_iter().find(|raised| raised.alert.id == id).expect("it is kept");
        one.told.into_iter().map(|told| (told.rung, told.who)).collect()
    }
}

#[test]
fn up_the_ladder_until_somebody_takes_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = Kept(folder.path());
    assert_eq!(kept.open().events_seen().expect("read"), None);
    let found = [alert("a", AlertKind::Grave)];
    let ladder = ["ops-1", "Duty officer", "Head"];
    let rung = |n: u32, who: &str| (n, who.to_owned());
    assert_eq!(kept.look(&found, &ladder, at(0)), 1);
    assert_eq!(kept.open().events_seen().expect("read"), Some(7));
    assert_eq!(kept.look(&found, &ladder, at(14)), 1, "it is raised once");
    assert_eq!(kept.told("a"), [rung(1, "ops-1")]);
    // Who has the watch now may be another: nobody is told twice, and nobody is left out.
    kept.look(&[], &["ops-2", "ops-1", "Head"], at(15));
    kept.look(&[], &["ops-2", "ops-1", "Head"], at(29));
    assert_eq!(kept.told("a"), [rung(1, "ops-1"), rung(2, "ops-2")]);
    kept.look(&[], &ladder, at(30));
    assert_eq!(kept.told("a").last(), Some(&rung(3, "Duty officer")));
    let private = kept.open();
    assert_eq!((private.open_alerts(), private.alerts(true).expect("read").len()), (1, 1));
    private.take_alert("a", &code("ops-2"), at(31)).expect("taken");
    assert_eq!(private.open_alerts(), 0);
    private.take_alert("a", &code("ops-2"), at(32)).expect("to say it again changes nothing");
    assert!(matches!(private.take_alert("a", &code("ops-1"), at(33)), Err(Fault::Done)));
    assert!(matches!(private.take_alert("b", &code("ops-1"), at(33)), Err(Fault::NoLine)));
    drop(private);
    kept.look(&found, &ladder, at(300));
    assert_eq!(kept.told("a").len(), 3, "nobody else is told");
    let all = kept.open().alerts(false).expect("read");
    assert_eq!(all[0].taken, Some((at(31), code("ops-2"))));
}

#[test]
fn what_passes_is_over_and_what_happened_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = Kept(folder.path());
    let found = AlertKind::ALL.map(|kind| alert(kind.as_str(), kind));
    assert_eq!(kept.look(&found, &[], at(0)), 7);
    assert_eq!(kept.told("half"), [(1, String::new())], "nobody was on duty, and that is said");
    kept.look(&[], &[], at(1));
    let waiting = kept.open().alerts(true).expect("read");
    let mut waiting: Vec<&str> = waiting.iter().map(|raised| raised.alert.id.as_str()).collect();
    waiting.sort_unstable();
    assert_eq!(waiting, ["grave", "misbehaviour", "served"]);
    let behind = kept.open().alerts_behind(4, 10).expect("read");
    assert_eq!(behind.iter().map(|raised| raised.seq).collect::<Vec<_>>(), [5, 6, 7]);
    let mut own = alert("own", AlertKind::Assigned);
    own.whom = Some(code("legal-1"));
    kept.look(&[own], &["ops-1"], at(2));
    kept.look(&[], &[], at(2));
    assert_eq!(kept.told("own"), [(1, "legal-1".to_owned())], "whom it concerns is told first");
}

#[test]
fn what_goes_out_is_tried_until_it_is_taken_or_given_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = Kept(folder.path());
    kept.look(&[alert("a", AlertKind::Grave)], &["ops-1", "Head"], at(0));
    assert_eq!(kept.open().due_outgoing(at(0).minus(Seconds(1)), 9).expect("read"), []);
    let mut now = at(0);
    for (tries, wait) in (0..).zip(RETRIES) {
        let private = kept.open();
        let due = private.due_outgoing(now, 9).expect("read");
        assert_eq!((due.len(), due[0].tries, due[0].id.as_str()), (1, tries, "a.1"));
        private.was_not_sent(&due[0], "it did not answer", now).expect("kept");
        assert_eq!(private.due_outgoing(now, 9).expect("read"), [], "not at once");
        now = now.plus(wait);
    }
    let private = kept.open();
    let last = private.due_outgoing(now, 9).expect("read");
    private.was_not_sent(&last[0], "it did not answer", now).expect("kept");
    let stands = private.outgoing_stands().expect("read");
    assert_eq!((stands.waiting, stands.given_up), (0, 1));
    let failed = private.failed_outgoing(9).expect("read");
    assert_eq!((failed[0].why.as_str(), failed[0].next, failed[0].tries), ("it did not answer", None, 10));
    assert_eq!(private.try_again(now).expect("kept"), 1);
    drop(private);
    // A stop between the answer and its note sends it once more, under the same name.
    let again = kept.open().due_outgoing(now, 9).expect("read");
    assert_eq!(again[0].id, "a.1");
    kept.open().was_sent("a.1", now).expect("kept");
    kept.open().was_not_sent(&again[0], "late", now).expect("kept");
    let stands = kept.open().outgoing_stands().expect("read");
    assert_eq!((stands.waiting, stands.given_up), (0, 0));
    // The next rung goes out by itself.
    kept.look(&[], &["ops-1", "Head"], now);
    let next = kept.open().due_outgoing(now, 9).expect("read");
    assert_eq!((next[0].id.as_str(), next[0].rung), ("a.2", 2));
}
