//! Which exhibits the address lets through.

use docket::v1::exhibit::Exhibit;
use serde::Serialize;
use store::Seen;

use crate::web::asked::Asked;
use crate::words::Reader;

/// What the address lets through.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Filter {
    /// `unopened` for those that this participant was granted and has not opened, `ours` for those that it filed,
    /// `challenged`, `new` for those of which something is on record since whoever asks looked last, `all`.
    pub(super) view: &'static str,
    /// Filed by this participant.
    pub(super) of: String,
    /// Whose reference, or whose matter's, has this in it.
    pub(super) reference: String,
}

impl Filter {
    pub(super) fn read(asked: &Asked) -> Filter {
        let view = match asked.query("view") {
            Some("unopened") => "unopened",
            Some("ours") => "ours",
            Some("challenged") => "challenged",
            Some("new") => "new",
            _ => "all",
        };
        let text = |name: &str| asked.query(name).unwrap_or_default().trim().to_owned();
        Filter { view, of: text("of"), reference: text("reference") }
    }

    /// Whether it lets all through.
    pub(super) fn is_open(&self) -> bool {
        self.of.is_empty() && self.reference.is_empty()
    }

    pub(super) fn address(&self, path: &str, view: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("view", view);
        for (name, text) in [("of", &self.of), ("reference", &self.reference)] {
            if !text.is_empty() {
                query.append_pair(name, text);
            }
        }
        format!("{path}?{}", query.extend_pairs(more).finish())
    }

    pub(super) fn lets(&self, reader: Reader<'_>, exhibit: &Exhibit) -> bool {
        let is_of = self.of.is_empty() || exhibit.filer.as_str() == self.of;
        let part = self.reference.to_uppercase();
        let matter = exhibit.matter.and_then(|key| reader.replay.settlement().matters().get(&key));
        let has = |reference: &terms::Reference| reference.to_string().contains(&part);
        is_of && (part.is_empty() || has(&exhibit.reference) || matter.is_some_and(|it| has(&it.reference)))
    }
}

/// Whether an exhibit is in a view.
pub(super) fn is_in(view: &str, reader: Reader<'_>, exhibit: &Exhibit, seen: Option<Seen>) -> bool {
    match view {
        "new" => seen.is_some_and(|seen| is_new(exhibit, seen)),
        "unopened" => {
            let is_theirs = exhibit.filer != *reader.me && exhibit.granted.contains_key(reader.me);
            is_theirs
                && !exhibit.opened.contains_key(reader.me)
                && !exhibit.destroyed.contains_key(reader.me)
                && !exhibit.withdrawn
                && !exhibit.disowned
        }
        "ours" => exhibit.filer == *reader.me,
        "challenged" => exhibit.challenged.iter().any(|(by, _)| !exhibit.is_mended(by)),
        _ => true,
    }
}

/// Whether it was filed, or something was said of it, in an entry that was not there yet; or at a time that was not.
pub(super) fn is_new(exhibit: &Exhibit, seen: Seen) -> bool {
    let is_later = |entry: u64| entry >= seen.entries;
    let said = [&exhibit.kept, &exhibit.opened, &exhibit.answered, &exhibit.holds];
    let challenges = exhibit.challenged.values();
    is_later(exhibit.entry)
        || said.iter().any(|all| all.values().any(|(_, entry)| is_later(*entry)))
        || exhibit.danger.is_some_and(|(_, entry)| is_later(entry))
        || challenges
            .into_iter()
            .any(|it| is_later(it.entry) || it.upheld.is_some_and(|(_, entry)| is_later(entry)))
        || [&exhibit.granted, &exhibit.destroyed].iter().any(|all| all.values().any(|at| *at > seen.until))
}
