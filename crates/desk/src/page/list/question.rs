//! What a list answers: its title is that question (PRACTICE §5).

use instrument::Procedure;
use terms::Code;

use crate::words::Reader;

/// That of a kind of the library; of another, the one that each list answers.
pub(super) fn question(reader: Reader<'_>, procedure: Option<&Procedure>, title: &str) -> String {
    let like = procedure.and_then(|procedure| procedure.like.as_ref());
    let id = match like.map(Code::as_str) {
        Some("incident") => "asks-incident",
        Some("case") => "asks-case",
        Some("contact") => "asks-contact",
        Some("request") => "asks-request",
        Some("notice") => "asks-notice",
        Some("notification") => "asks-notification",
        Some("arrangement") => "asks-arrangement",
        Some("crossing") => "asks-crossing",
        Some("visit") => "asks-visit",
        Some("information") => "asks-information",
        Some("meeting") => "asks-meeting",
        Some("measure") => "asks-measure",
        _ => "asks-any",
    };
    reader.texts.say(id, &[("title", title.into())])
}
