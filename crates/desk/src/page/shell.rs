//! What stands around every page.

use std::collections::BTreeSet;

use instrument::model::Order;
use lang::time::Local;
use lang::{Arg, LANGUAGES, Texts};
use store::Part;
use terms::Role;

use super::path;
use super::record::alarm::Level;
use super::settings::{DENSITIES, KEYS, THEMES, one_of, own_zone};
use crate::desk::{Desk, Held};
use crate::index::OfKind;
use crate::people::May;
use crate::web::asked::Asked;
use crate::web::assets;
use crate::web::session::form_token;
use crate::words::place::{Disclaimer, disclaimers, may_have_places};
use crate::words::when::{When, zone};
use crate::words::{Reader, Who};

/// The frame of a page.
pub(crate) struct Shell {
    texts: &'static Texts,
    /// What the page is about: its title in the browser.
    pub(crate) title: String,
    pub(crate) is_exercise: bool,
    /// The agreement's name.
    pub(crate) name: String,
    pub(crate) agreement: String,
    pub(crate) sheets: Vec<String>,
    /// The token that each form of this session sends; empty before anybody has signed in.
    pub(crate) token: String,
    /// Who works here, by which title; none before anybody has signed in.
    pub(crate) me: Option<(Who, String)>,
    /// Which of its people, if that was said.
    pub(crate) person: Option<String>,
    /// The label of the officer's key that opened the session, if a passkey did.
    pub(crate) proved: Option<String>,
    pub(crate) tongues: Vec<Tongue>,
    pub(crate) index: Vec<Group>,
    /// The date on the instrument's clocks, the time there, the time in UTC.
    pub(crate) dates: Option<Dates>,
    /// The last entry that is final, and when that was cosigned.
    pub(crate) is_final_to: Option<(u64, When)>,
    /// Whether the record, or the last check of everything, is an alarm.
    pub(crate) alarm: Option<Level>,
    /// Whether this page shows what is known of it.
    pub(crate) is_record: bool,
    /// Where a page that is open asks for what is new, if somebody has signed in.
    pub(crate) events: Option<String>,
    /// How far the instrument's clocks are ahead of UTC, in minutes.
    pub(crate) offset: i32,
    pub(crate) standing: String,
    /// What stands under each map and table of places, if there can be any here: titles have places, too.
    pub(crate) disclaimer: Vec<Disclaimer>,
    pub(crate) order: String,
    pub(crate) zone: String,
    /// How close rows stand, and whether by day or by night, if that was set.
    pub(crate) density: Option<&'static str>,
    pub(crate) theme: Option<&'static str>,
    /// Whether single keys were switched off (WCAG 2.1.4).
    keys_off: bool,
}

/// A language of the switch.
pub(crate) struct Tongue {
    pub(crate) tag: &'static str,
    pub(crate) name: &'static str,
    pub(crate) href: String,
    pub(crate) is_current: bool,
}

/// Part of the index.
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) links: Vec<Link>,
}

/// A line of the index.
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) words: String,
    pub(crate) count: Option<u64>,
    pub(crate) is_current: bool,
    /// The key that leads there after `g`: the same whatever language the page is in.
    pub(crate) key: Option<char>,
    /// Whether it is a kind of matter, of which one can be opened.
    pub(crate) is_kind: bool,
    /// Whether it is where one says what is opened.
    pub(crate) is_new: bool,
}

/// When a page was made.
pub(crate) struct Dates {
    pub(crate) exact: String,
    pub(crate) weekday: String,
    pub(crate) date: String,
    /// The same day in the reader's second calendar.
    pub(crate) beside: Option<String>,
    pub(crate) clock: String,
    pub(crate) utc: String,
    /// On clocks of whoever reads it, if they want them: the time, and which.
    pub(crate) own: Option<(String, String)>,
}

impl Shell {
    /// The frame for somebody who is signed in.
    pub(crate) fn of(reader: Reader<'_>, asked: &Asked, title: String) -> Shell {
        let known = reader.instrument().participants.get(reader.me);
        let last = reader.replay.timeline().last();
        let local = Local::at(reader.now, reader.offset());
        Shell {
            me: known.map(|known| (reader.who(reader.me), reader.titled(known))),
            person: asked.person.as_ref().map(ToString::to_string),
            proved: asked.proved.as_ref().map(ToString::to_string),
            index: index(reader, asked),
            token: asked.session.as_deref().map(token).unwrap_or_default(),
            dates: Some(Dates {
                exact: reader.now.to_string(),
                weekday: local.weekday(reader.texts),
                date: local.date(reader.texts),
                beside: reader.texts.manner().second().map(|beside| local.date_in(beside, reader.texts)),
                clock: local.clock.to_string(),
                utc: Local::at(reader.now, 0).clock.to_string(),
                own: own_zone(&asked.settings)
                    .map(|own| (Local::at(reader.now, own).clock.to_string(), zone(own))),
            }),
            events: Some(format!(
                "/{}/events?after={}&since={}",
                reader.agreement, reader.newest_alert, reader.now
            )),
            disclaimer: if may_have_places(reader.instrument()) { disclaimers(reader) } else { Vec::new() },
            alarm: reader.alarm,
            is_record: asked.path.ends_with("/record"),
            is_final_to: last
                .map(|last| (reader.replay.timeline().settled().saturating_sub(1), When::of(reader, last))),
            ..Shell::bare(reader, asked, title)
        }
    }

    /// The frame for somebody who is not: it says whose desk this is, and no more.
    pub(crate) fn outside(desk: &Desk, held: &Held, asked: &Asked, title: String) -> Shell {
        Shell::bare(reader(desk, held, asked), asked, title)
    }

    fn bare(reader: Reader<'_>, asked: &Asked, title: String) -> Shell {
        let instrument = reader.instrument();
        let order = match instrument.order {
            Order::Alphabetical => "foot-order-alphabetical",
            Order::Alternat => "foot-order-alternat",
        };
        Shell {
            title,
            is_exercise: reader.replay.is_exercise(),
            name: instrument.name.clone(),
            agreement: reader.agreement.to_owned(),
            sheets: assets::sheets(reader.replay.is_exercise()),
            token: String::new(),
            me: None,
            person: None,
            proved: None,
            tongues: tongues(asked),
            index: Vec::new(),
            dates: None,
            alarm: None,
            is_record: false,
            is_final_to: None,
            events: None,
            standing: instrument
                .standing
                .clone()
                .unwrap_or_else(|| reader.texts.say("foot-no-recognition", &[])),
            disclaimer: Vec::new(),
            order: reader.texts.say(order, &[]),
            zone: zone(reader.offset()),
            offset: reader.offset(),
            density: one_of(&asked.settings, "density", DENSITIES),
            theme: one_of(&asked.settings, "theme", THEMES),
            keys_off: one_of(&asked.settings, "keys", KEYS).is_some(),
            texts: reader.texts,
        }
    }

    /// What stands between parts of a series.
    pub(crate) fn comma(&self) -> &'static str {
        self.texts.language().comma
    }

    /// Whether single keys lead somewhere.
    pub(crate) fn has_keys(&self) -> bool {
        !self.index.is_empty() && !self.keys_off
    }

    /// What all its pages stand under.
    pub(crate) fn root(&self) -> String {
        format!("/{}/", self.agreement)
    }

    /// Where the icon of a page is, which takes no side: lines of a register.
    pub(crate) fn icon(&self) -> String {
        format!("{}/icon.svg", assets::folder())
    }

    /// Where a module of this name is.
    pub(crate) fn script(&self, name: &str) -> String {
        format!("{}/{name}", assets::folder())
    }

    pub(crate) fn lang(&self) -> &'static str {
        self.texts.language().tag
    }

    pub(crate) fn dir(&self) -> &'static str {
        self.texts.language().direction.as_str()
    }

    /// Whether what procedures say is translated here: none of it is authentic.
    pub(crate) fn has_procedures(&self) -> bool {
        !self.texts.language().procedures.is_empty()
    }

    pub(crate) fn review(&self) -> &'static str {
        if self.texts.language().is_reviewed { "foot-reviewed" } else { "foot-not-reviewed" }
    }

    /// A message.
    pub(crate) fn t(&self, id: &str) -> String {
        self.texts.say(id, &[])
    }

    /// A message with a text in it.
    pub(crate) fn with(&self, id: &str, name: &str, text: &str) -> String {
        self.texts.say(id, &[(name, Arg::Text(text))])
    }

    /// Where whether the node is there can be asked of anybody.
    pub(crate) const fn health(&self) -> &'static str {
        crate::web::health::PATH
    }

    /// What is said where the node can't be reached; a script fills in since when, and of when the page is.
    pub(crate) fn offline(&self) -> String {
        let args = [("since", Arg::Text("SINCE")), ("made", Arg::Text("MADE"))];
        self.texts.say("offline-says", &args)
    }

    /// Which of how many are shown.
    pub(crate) fn pages(&self, from: u64, to: u64, all: u64) -> String {
        self.texts.say("pages", &[("from", from.into()), ("to", to.into()), ("all", all.into())])
    }

    /// A message with a number in it.
    pub(crate) fn count(&self, id: &str, name: &str, number: &u64) -> String {
        self.texts.say(id, &[(name, Arg::Number(*number))])
    }
}

/// For whom a page is made.
/// The token of a page; none, and a form that changes nothing, where no random bytes are to be had.
fn token(session: &str) -> String {
    form_token(session).unwrap_or_else(|why| {
        tracing::error!(why, "forms have no token");
        String::new()
    })
}

pub(crate) fn reader<'r>(desk: &'r Desk, held: &'r Held, asked: &Asked) -> Reader<'r> {
    Reader {
        texts: asked.texts(),
        replay: held.replay(),
        index: held.index(),
        me: held.me(),
        agreement: desk.agreement(),
        now: desk.now(),
        waiting: u64::from(desk.private.waiting()),
        tasks: u64::from(desk.private.open_tasks()),
        held: u64::from(desk.private.held_forms()),
        alerts: u64::from(desk.private.open_alerts()),
        newest_alert: desk.alerts.news.borrow().newest,
        may: May::of(desk, asked),
        alarm: Level::of(held, desk.whole().as_deref()),
    }
}

/// The switch: this page, in each language, under the same query.
fn tongues(asked: &Asked) -> Vec<Tongue> {
    let rest = asked.query.iter().filter(|(name, _)| *name != "lang");
    let each = LANGUAGES.iter().map(|language| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(rest.clone()).append_pair("lang", language.tag);
        Tongue {
            tag: language.tag,
            name: language.name,
            href: format!("?{}", query.finish()),
            is_current: language.tag == asked.language.tag,
        }
    });
    each.collect()
}

fn index(reader: Reader<'_>, asked: &Asked) -> Vec<Group> {
    let root = format!("/{}", reader.agreement);
    let link = |href: String, words: String, count: Option<u64>| {
        let is_current = asked.path == href;
        Link { href, words, count, is_current, key: None, is_kind: false, is_new: false }
    };
    let own = |path: &str, id: &str| link(format!("{root}/{path}"), reader.texts.say(id, &[]), None);
    let ours = reader.index.asks().iter().filter(|ask| ask.is_of(reader.me));
    let mut overview = own("", "overview");
    overview.count = Some(ours.count() as u64).filter(|count| *count > 0);
    let mut unsigned = own("unsigned", "unsigned");
    unsigned.count = Some(reader.waiting).filter(|count| *count > 0);
    let kinds = reader.instrument().procedures.iter().map(|(kind, procedure)| {
        let href = format!("{root}/{}", path::of_kind(kind));
        let open = reader.index.kind(kind).map_or(0, OfKind::open) as u64;
        let link = link(href, reader.title(procedure), Some(open).filter(|open| *open > 0));
        Link { is_kind: reader.may.see(Part::Drafts), ..link }
    });
    let matters = [own("evidence", "evidence")].into_iter().chain(kinds).collect();
    let mut worklist = own("worklist", "worklist");
    worklist.count = Some(reader.tasks).filter(|count| *count > 0);
    let mut alerts = own("alerts", "alerts");
    alerts.count = Some(reader.alerts).filter(|count| *count > 0);
    let mut today = vec![overview, alerts];
    let mut held = own("held", "held");
    held.count = Some(reader.held);
    today.extend((reader.held > 0).then_some(held));
    if reader.may.see(Part::Watch) {
        today.extend([own("watch", "watch"), own("teams", "teams")]);
    }
    today.extend(reader.may.see(Part::Tasks).then_some(worklist));
    // Who stands surety or watches over it speaks with each side; others find the page from a matter.
    let role = reader.instrument().role(reader.me);
    let has_offices = matches!(role, Some(Role::Guarantor | Role::Monitor));
    let has_offices = has_offices && reader.may.see(Part::GoodOffices);
    today.extend(reader.may.see(Part::Directory).then(|| own("directory", "directory")));
    if reader.may.see(Part::Drafts) {
        today.extend([Link { is_new: true, ..own("new", "new") }, unsigned]);
    }
    today.extend(reader.may.see(Part::Notes).then(|| own("notes", "notes")));
    today.extend(has_offices.then(|| own("good-offices", "offices")));
    let reference = vec![
        own("agreement", "agreement"),
        own("record", "record"),
        own("people", "people"),
        own("feed", "feed"),
        own("settings", "settings"),
        own("help", "help"),
    ];
    let group = |id: &str, links: Vec<Link>| Group { title: reader.texts.say(id, &[]), links };
    let mut all =
        vec![group("nav-today", today), group("nav-matters", matters), group("nav-reference", reference)];
    let mut taken: BTreeSet<char> = DAILY.iter().map(|(_, key)| *key).collect();
    for link in all.iter_mut().flat_map(|group| &mut group.links) {
        let path = link.href.rsplit('/').next().unwrap_or_default();
        let daily = DAILY.iter().find(|(known, _)| *known == path).map(|(_, key)| *key);
        // Others have the first letter of their address that is free, as long as there are any.
        let mut free = path.chars().filter(char::is_ascii_lowercase);
        link.key = daily.or_else(|| free.find(|letter| taken.insert(*letter)));
    }
    all
}

/// The keys of what is opened every day, by the last part of its address; the overview has none.
const DAILY: [(&str, char); 18] = [
    ("", 'o'),
    ("alerts", 'a'),
    ("watch", 'w'),
    ("worklist", 't'),
    ("directory", 'd'),
    ("unsigned", 'u'),
    ("evidence", 'e'),
    ("incidents", 'i'),
    ("cases", 'c'),
    ("contacts", 'k'),
    ("requests", 'q'),
    ("notices", 'n'),
    ("meetings", 'm'),
    ("visits", 'v'),
    ("agreement", 'g'),
    ("record", 'r'),
    ("people", 'p'),
    ("settings", 's'),
];
