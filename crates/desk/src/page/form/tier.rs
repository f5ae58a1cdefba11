//! How freely something may be spoken of: that is chosen before anything is typed (PRACTICE N16). Good offices are no tier of
//! the register: what is said in them is noted elsewhere, and never enters it.

use act::body::Tier;
use askama::Template;
use lang::Arg;
use store::Part;
use terms::Code;

use crate::desk::{Desk, Held};
use crate::page::begun::CONTACT;
use crate::page::shell::{Shell, reader};
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::{Asked, Form};
use crate::words::sentence;
use crate::writing::{TIER, tier_word, tiers};

/// One of them.
struct One {
    href: String,
    label: String,
    says: &'static str,
}

#[derive(Template)]
#[template(path = "tier.html")]
struct Page {
    shell: Shell,
    heading: String,
    tiers: Vec<One>,
}

/// The words for a tier, and for what it means.
pub(super) const fn words(tier: Tier) -> (&'static str, &'static str) {
    match tier {
        Tier::Record => ("tier-record", "tier-record-says"),
        Tier::WithoutPrejudice => ("tier-prejudice", "tier-prejudice-says"),
    }
}

/// The page on which it is chosen, of a kind that leaves a choice, if the address says none of its tiers. A program has the
/// form at once, with the choice in it.
pub(super) fn choice(desk: &Desk, held: &Held, asked: &Asked, kind: &Code) -> Result<Option<Answer>, Sorry> {
    let reader = reader(desk, held, asked);
    let Some(procedure) = reader.instrument().procedures.get(kind) else { return Ok(None) };
    let all = tiers(procedure);
    let is_said = asked.query(TIER).is_some_and(|said| all.iter().any(|tier| tier_word(*tier) == said));
    if all.len() < 2 || is_said || asked.form != Form::Page {
        return Ok(None);
    }
    let one = |tier: Tier| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(asked.query.iter().filter(|(name, _)| *name != TIER));
        query.append_pair(TIER, tier_word(tier));
        let (label, says) = words(tier);
        let label = sentence(&reader.texts.say(label, &[]));
        One { href: format!("{}?{}", asked.path, query.finish()), label, says }
    };
    let mut shown: Vec<One> = all.into_iter().map(one).collect();
    if kind.as_str() == CONTACT && reader.may.see(Part::GoodOffices) {
        let href = format!("/{}/good-offices", reader.agreement);
        shown.push(One { href, label: reader.texts.say("offices", &[]), says: "tier-offices-says" });
    }
    let title = reader.title(procedure);
    let heading = reader.texts.say("form-new", &[("title", Arg::Text(&title))]);
    let shell = Shell::of(reader, asked, heading.clone());
    Ok(Some(Answer::Page(Page { shell, heading, tiers: shown }.render()?)))
}
