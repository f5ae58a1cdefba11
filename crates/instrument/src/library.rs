//! The library: procedures that instruments start from, each a file of `procedures/` that a person can read aloud.

/// Its files by name, in the order of their names.
pub const SHIPPED: [(&str, &str); 26] = [
    ("action", include_str!("../../../procedures/action.toml")),
    ("amendment", include_str!("../../../procedures/amendment.toml")),
    ("arrangement", include_str!("../../../procedures/arrangement.toml")),
    ("case", include_str!("../../../procedures/case.toml")),
    ("clause", include_str!("../../../procedures/clause.toml")),
    ("contact", include_str!("../../../procedures/contact.toml")),
    ("crossing", include_str!("../../../procedures/crossing.toml")),
    ("declaration", include_str!("../../../procedures/declaration.toml")),
    ("departure", include_str!("../../../procedures/departure.toml")),
    ("draft", include_str!("../../../procedures/draft.toml")),
    ("exchange", include_str!("../../../procedures/exchange.toml")),
    ("hotline", include_str!("../../../procedures/hotline.toml")),
    ("humanitarian", include_str!("../../../procedures/humanitarian.toml")),
    ("incident", include_str!("../../../procedures/incident.toml")),
    ("information", include_str!("../../../procedures/information.toml")),
    ("life", include_str!("../../../procedures/life.toml")),
    ("measure", include_str!("../../../procedures/measure.toml")),
    ("meeting", include_str!("../../../procedures/meeting.toml")),
    ("notice", include_str!("../../../procedures/notice.toml")),
    ("notification", include_str!("../../../procedures/notification.toml")),
    ("recommendation", include_str!("../../../procedures/recommendation.toml")),
    ("remedy", include_str!("../../../procedures/remedy.toml")),
    ("request", include_str!("../../../procedures/request.toml")),
    ("stand-down", include_str!("../../../procedures/stand-down.toml")),
    ("suspension", include_str!("../../../procedures/suspension.toml")),
    ("visit", include_str!("../../../procedures/visit.toml")),
];

/// All of it, one file after the other, as the annex of a register has it (DECISIONS, *library, policy*).
#[must_use]
pub fn shipped() -> String {
    SHIPPED.iter().map(|(_, text)| *text).collect()
}
