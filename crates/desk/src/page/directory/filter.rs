//! Which posts the address of the directory lets through.

use serde::Serialize;

use super::Entry;
use crate::web::asked::Asked;

/// What the address lets through.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Filter {
    /// `now` for those that hold, `duty` for those at which somebody is on duty, `all`.
    pub(super) view: &'static str,
    /// Of this participant.
    pub(super) of: String,
    /// With these words.
    pub(super) words: String,
}

impl Filter {
    pub(super) fn read(asked: &Asked) -> Filter {
        let view = match asked.query("view") {
            Some("all") => "all",
            Some("duty") => "duty",
            _ => "now",
        };
        let text = |name: &str| asked.query(name).unwrap_or_default().trim().to_owned();
        Filter { view, of: text("of"), words: text("words") }
    }

    /// Whether it lets more through than its view says.
    pub(super) fn is_open(&self) -> bool {
        self.of.is_empty() && self.words.is_empty()
    }

    pub(super) fn address(&self, path: &str, view: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("view", view);
        for (name, text) in [("of", &self.of), ("words", &self.words)] {
            if !text.is_empty() {
                query.append_pair(name, text);
            }
        }
        format!("{path}?{}", query.extend_pairs(more).finish())
    }

    pub(super) fn lets(&self, post: &Entry) -> bool {
        let is_seen = match self.view {
            "all" => true,
            "duty" => post.holds && post.duty_until.is_some(),
            _ => post.holds,
        };
        let is_of = self.of.is_empty() || post.participant.as_ref().is_some_and(|who| who.id == self.of);
        let words = self.words.to_lowercase();
        let numbers = post.numbers.iter().map(|number| &number.number);
        let mut texts =
            [&post.office, &post.role, &post.person, &post.languages, &post.note].into_iter().chain(numbers);
        is_seen && is_of && (words.is_empty() || texts.any(|text| text.to_lowercase().contains(&words)))
    }
}
