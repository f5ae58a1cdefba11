//! Lists as somebody wants them again: a name for what stands in the address, private to whoever gave it.

use serde::Serialize;
use store::{Name, View};

use super::{fresh, new_name};
use crate::desk::Desk;
use crate::people::key;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::{Asked, query};

/// How long a name may be, in characters.
const NAME_MAX: usize = 60;

/// What of an address is of one look alone.
const PASSING: [&str; 5] = ["lang", "as", "from", "note", "look"];

/// The views of a page, as its head shows them.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Saved {
    /// The page: what follows the agreement in its path.
    pub(super) page: String,
    /// What stands in its address now.
    pub(super) query: String,
    pub(super) views: Vec<Known>,
    /// The name of the one that would be saved.
    #[serde(skip)]
    pub(super) fresh: String,
}

/// A view.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Known {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) is_current: bool,
}

/// An address without what is of one look alone, in one order.
fn lasting(pairs: &std::collections::BTreeMap<String, String>) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    let lasts = pairs.iter().filter(|(name, value)| !PASSING.contains(&name.as_str()) && !value.is_empty());
    text.extend_pairs(lasts).finish()
}

impl Saved {
    /// Whether one of them is what is shown.
    pub(super) fn is_shown(&self) -> bool {
        self.views.iter().any(|view| view.is_current)
    }

    /// Those of whoever asks. A disk that fails takes no page away.
    pub(super) fn of(desk: &Desk, asked: &Asked) -> Saved {
        let root = format!("/{}/", desk.agreement());
        let page = asked.path.strip_prefix(&root).unwrap_or_default().to_owned();
        let now = lasting(&asked.query);
        let views = desk.private.views(key(asked), &page).unwrap_or_else(|fault| {
            tracing::error!(%fault, "saved views are not known");
            Vec::new()
        });
        let known = |view: View| Known {
            href: format!("{root}{}?{}", view.page, view.query),
            is_current: view.query == now,
            id: view.id.to_string(),
            name: view.name,
        };
        let views = views.into_iter().map(known).collect();
        Saved { page, query: now, views, fresh: fresh().unwrap_or_default() }
    }
}

/// Saves a view, or drops one; and leads back to its page.
pub(crate) fn change(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let page = asked.sent("page").unwrap_or_default();
    let is_plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    if page.is_empty() || !page.bytes().all(is_plain) {
        return Err(Sorry::NotFound);
    }
    let text = lasting(&query(asked.sent("query").unwrap_or_default()));
    let id = asked.sent("id").and_then(Name::new).map_or_else(new_name, Ok)?;
    let name = asked.sent("name").unwrap_or_default().trim();
    match asked.sent("go") {
        Some("drop") => desk.private.drop_view(key(asked), &id)?,
        Some("save") if name.is_empty() => {}
        Some("save") => {
            let name = name.chars().take(NAME_MAX).collect();
            let (who, page) = (key(asked).to_owned(), page.to_owned());
            desk.private.save_view(&View { id, who, page, name, query: text.clone() })?;
        }
        _ => return Err(Sorry::NotFound),
    }
    Ok(Answer::See(format!("/{}/{page}?{text}", desk.agreement())))
}
