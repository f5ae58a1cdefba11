//! What is asked.

use std::collections::BTreeMap;

use lang::{Calendar, Digits, Language, Manner, Texts};
use terms::{Code, ParticipantId};

use super::session::Standing;
use crate::desk::Desk;
use crate::people::{ever_had_passkey, has_passkey};

/// How an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A page.
    Page,
    /// The same, for a program.
    Json,
    /// A list, for a spreadsheet.
    Csv,
    /// For a program that reads no pages: what can't be given is said in a line of text.
    Text,
}

/// What a form sent: the values of each field, in the order of the page.
pub(crate) type Sent = BTreeMap<String, Vec<String>>;

/// A request, read.
#[derive(Clone)]
pub(crate) struct Asked {
    /// The name it was asked under, with its port.
    pub(crate) host: String,
    /// The path as it came, without its query.
    pub(crate) path: String,
    /// The parts of the path that the route leaves open.
    pub(crate) parts: BTreeMap<String, String>,
    /// The query; of several with one name the last.
    pub(crate) query: BTreeMap<String, String>,
    /// What a form sent, each field with all its values.
    pub(crate) sent: Sent,
    pub(crate) form: Form,
    pub(crate) language: &'static Language,
    /// Whether the language was chosen with this request.
    pub(crate) chose: bool,
    /// The session that the cookie names, if it is open.
    pub(crate) session: Option<String>,
    /// Which of the participant's people works in it: whose passkey opened it, or who was said to.
    pub(crate) person: Option<Code>,
    /// The label of the officer's key that opened it, if a passkey did.
    pub(crate) proved: Option<Code>,
    /// How they read the pages.
    pub(crate) settings: BTreeMap<String, String>,
    /// The session that the cookie names, if it is locked.
    pub(crate) locked: Option<String>,
    /// Whose node has the token that came, if that lasts.
    pub(crate) reader: Option<ParticipantId>,
    /// The tags of what whoever asks has already.
    pub(crate) has: String,
    /// The last event that whoever asks for a stream has.
    pub(crate) last_event: String,
    /// Whether they take what is compressed (gzip).
    pub(crate) takes_pressed: bool,
    /// Whether a page may be: not where another site may have had a browser ask, and count how long the answer is.
    pub(crate) may_press: bool,
}

impl Asked {
    pub(crate) fn texts(&self) -> &'static Texts {
        Texts::read_as(self.language, manner(&self.settings))
    }

    pub(crate) fn part(&self, name: &str) -> &str {
        self.parts.get(name).map_or("", String::as_str)
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The first value of a field that a form sent.
    pub(crate) fn sent(&self, name: &str) -> Option<&str> {
        let first = self.sent.get(name).and_then(|values| values.first());
        first.map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Reads what a request's line and head say. What a page asks by itself shows nobody at work: then it is `quiet`.
    pub(crate) fn read(
        desk: &Desk,
        quiet: bool,
        path: &str,
        parts: BTreeMap<String, String>,
        query: BTreeMap<String, String>,
        head: &axum::http::HeaderMap,
    ) -> Asked {
        let text = |name: axum::http::HeaderName| {
            head.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        let cookies = cookies(text(axum::http::header::COOKIE));
        let chosen = query.get("lang").and_then(|tag| Language::of(tag));
        let kept = cookies.get("lang").and_then(|tag| Language::of(tag));
        let form = match query.get("as").map(String::as_str) {
            Some("csv") => Form::Csv,
            Some("json") => Form::Json,
            _ if text(axum::http::header::ACCEPT).starts_with("application/json") => Form::Json,
            _ if text(axum::http::header::ACCEPT).starts_with("text/csv") => Form::Csv,
            _ => Form::Page,
        };
        let named = cookies.get(&desk.cookie()).cloned();
        let (idle, now) = (desk.manner().idle, desk.now());
        let standing = named.as_ref().map(|token| match quiet {
            true => desk.sessions.peek(token, idle, now),
            false => desk.sessions.look(token, idle, now),
        });
        let (session, proved, locked) = match standing {
            // What a key opened that is over by now is over with it.
            Some(Standing::Open(Some(label))) if !has_passkey(desk, &label) => (None, None, None),
            Some(Standing::Open(proved)) => (named, proved, None),
            Some(Standing::Locked) => (None, None, named),
            Some(Standing::Over) | None => (None, None, None),
        };
        // What was said before its passkey was enrolled counts no more, too.
        let said = || desk.people.of(session.as_deref()?).filter(|who| !ever_had_passkey(desk, who));
        let person = proved.clone().or_else(said);
        let settings = session.as_ref().map(|_| settings(desk, person.as_ref())).unwrap_or_default();
        let set = settings.get("language").and_then(|tag| Language::of(tag));
        let language = chosen.or(kept).or(set);
        let language =
            language.unwrap_or_else(|| Language::accepted(text(axum::http::header::ACCEPT_LANGUAGE)));
        let token = text(axum::http::header::AUTHORIZATION).strip_prefix("Bearer ");
        let reader = token.and_then(|token| desk.readers.who(token, desk));
        let has = text(axum::http::header::IF_NONE_MATCH).to_owned();
        let last_event = text(axum::http::HeaderName::from_static("last-event-id")).to_owned();
        let accepted = text(axum::http::header::ACCEPT_ENCODING).split(',').map(str::trim);
        let takes_pressed = accepted
            .into_iter()
            .any(|one| one == "gzip" || one.starts_with("gzip;q=0.") || one == "gzip;q=1");
        let site = text(axum::http::HeaderName::from_static("sec-fetch-site"));
        let may_press = takes_pressed && is_asked_here(site, desk.manner().tls);
        let (path, chose, sent) = (path.to_owned(), chosen.is_some(), Sent::new());
        let host = text(axum::http::header::HOST).to_owned();
        Asked {
            host,
            path,
            parts,
            query,
            sent,
            form,
            language,
            chose,
            session,
            person,
            proved,
            settings,
            locked,
            reader,
            has,
            last_event,
            takes_pressed,
            may_press,
        }
    }
}

/// Whether a page of this desk asks, or the person at the browser, by what the browser says of it. An old one says nothing:
/// then another site may ask, unless there is no TLS, by which who listens reads all of it anyway.
fn is_asked_here(site: &str, tls: bool) -> bool {
    match site {
        "same-origin" | "none" => true,
        "" => !tls,
        _ => false,
    }
}

/// How somebody reads the pages. A disk that fails takes no page away.
fn settings(desk: &Desk, person: Option<&Code>) -> BTreeMap<String, String> {
    desk.private.settings(person.map_or("", Code::as_str)).unwrap_or_else(|fault| {
        tracing::error!(%fault, "how somebody reads the pages is not known");
        BTreeMap::new()
    })
}

fn cookies(header: &str) -> BTreeMap<String, String> {
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A query as a form writes it; of several values of one name the last.
pub(crate) fn query(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// A form as it is sent. Lines end as everywhere else.
pub(crate) fn sent(bytes: &[u8]) -> Sent {
    let mut sent = Sent::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        sent.entry(name.into_owned()).or_default().push(value.replace("\r\n", "\n"));
    }
    sent
}

/// How whoever asks reads dates and numbers, as far as it was set.
pub(crate) fn manner(settings: &BTreeMap<String, String>) -> Manner {
    let set = |name: &str| settings.get(name).map(String::as_str);
    Manner {
        main: set("calendar").and_then(Calendar::of).unwrap_or_default(),
        beside: set("beside").and_then(Calendar::of),
        digits: set("digits").and_then(Digits::of).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_forms_write_it() {
        let read = query("q=INC-26-0001-K&words=a+b%20c&empty=&twice=1&twice=2&latin=%ff");
        let of = |name: &str| read.get(name).map(String::as_str);
        assert_eq!((of("q"), of("words"), of("empty")), (Some("INC-26-0001-K"), Some("a b c"), Some("")));
        assert_eq!((of("twice"), of("latin"), of("none")), (Some("2"), Some("\u{fffd}"), None));
    }

    #[test]
    fn only_this_desk_and_who_sits_there_have_a_page_compressed() {
        let asks = |site| (is_asked_here(site, true), is_asked_here(site, false));
        assert_eq!(["same-origin", "none"].map(asks), [(true, true); 2]);
        assert_eq!(["same-site", "cross-site", "x"].map(asks), [(false, false); 3]);
        assert_eq!(asks(""), (false, true), "an old browser, or no TLS");
    }

    #[test]
    fn a_form_keeps_all_values_of_a_field() {
        let sent = sent(b"harm=children&harm=medical&text=a%0D%0Ab&none");
        assert_eq!(sent["harm"], ["children", "medical"]);
        assert_eq!((sent["text"][0].as_str(), sent["none"][0].as_str()), ("a\nb", ""));
    }
}
