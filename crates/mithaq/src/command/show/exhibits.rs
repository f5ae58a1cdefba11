//! Each side's words: what was handed over in a matter, and how it is read.

use docket::v1::exhibit::Exhibit;
use serde_json::{Value, json};
use terms::Item;

use super::Shown;
use crate::reading::Reading;
use crate::say::{erasure, label, labels};
use crate::show::table::print_text;
use crate::show::text::{bytes, safe};
use crate::show::time::utc;

/// An exhibit of a matter.
pub(super) struct Listed<'r> {
    item: Item,
    exhibit: &'r Exhibit,
    /// Its name and its type, as its filer says, if this node can open its grant.
    said: Option<String>,
    size: Option<u64>,
    /// Whether this node was granted it and has its bytes.
    here: bool,
    /// What it says, if it is a text that is not long, and this node can open it.
    words: Option<String>,
}

pub(super) fn of<'r>(shown: &Shown<'r>) -> Vec<Listed<'r>> {
    let reading = shown.reading;
    let all = reading.replay().settlement().exhibits().iter();
    let opener = reading.node.opener();
    let mut listed: Vec<Listed<'r>> = all
        .filter(|(_, exhibit)| exhibit.matter == Some(shown.key))
        .map(|(item, exhibit)| {
            let filed = reading.node.filed(item).ok();
            let said = filed.as_ref().and_then(|(file, _)| reading.node.said_of(file)).map(|grant| {
                let name = grant.name.as_ref().map(|name| format!("{}, ", name.as_str())).unwrap_or_default();
                format!("{name}{}", grant.media_type.as_str())
            });
            let here = filed.as_ref().is_some_and(|(file, _)| reading.node.holds(file));
            let granted = exhibit.granted.contains_key(reading.node.me());
            let words = filed.as_ref().and_then(|(file, _)| opener.words(&exhibit.filer, file));
            Listed {
                item: *item,
                exhibit,
                said,
                size: filed.map(|(file, _)| file.size),
                here: here && granted,
                words,
            }
        })
        .collect();
    listed.sort_by_key(|listed| (listed.exhibit.entry, listed.item));
    listed
}

pub(super) fn print(reading: &Reading, listed: &[Listed<'_>]) {
    let instrument = reading.replay().instrument();
    for Listed { exhibit, said, size, here, words, .. } in listed {
        let what = said.clone().unwrap_or_else(|| "sealed".to_owned());
        let size = size.map(|size| format!(", {}", bytes(size))).unwrap_or_default();
        println!("\n{} of {}: {}{size}", exhibit.reference, label(instrument, &exhibit.filer), safe(&what));
        for line in words.iter().flat_map(|words| words.lines()) {
            print_text(&safe(&format!("> {line}")), 2);
        }
        let granted = labels(instrument, exhibit.granted.keys());
        print_text(&format!("can be opened by {}", granted.join(", ")), 2);
        let mut became = Vec::new();
        for (word, stage) in
            [("opened", &exhibit.opened), ("kept", &exhibit.kept), ("answered", &exhibit.answered)]
        {
            became.extend(
                stage
                    .iter()
                    .map(|(who, (at, _))| format!("{word} by {} on {}", label(instrument, who), utc(*at))),
            );
        }
        for (who, challenge) in exhibit.challenged.iter() {
            became.push(format!("challenged by {} on {}", label(instrument, who), utc(challenge.at)));
        }
        for (who, at) in exhibit.destroyed.iter() {
            became.push(format!("{} destroyed its copy on {}", label(instrument, who), utc(*at)));
        }
        if exhibit.disowned {
            became.push("taken back by its participant".to_owned());
        }
        if exhibit.withdrawn {
            became.push("withdrawn by its author".to_owned());
        }
        if let Some(erasure) = erasure::of(reading.replay(), exhibit) {
            became.push(erasure.says(reading.replay()));
        }
        for one in became {
            print_text(&one, 2);
        }
        if *here {
            // What stands above is read already.
            if words.is_none() {
                println!("  to read it: mithaq evidence open {} --out FILE", exhibit.reference);
            }
        } else if exhibit.granted.contains_key(reading.node.me()) && exhibit.destroyed.is_empty() {
            println!("  granted to {}; its bytes are not here yet", label(instrument, reading.node.me()));
        }
    }
}

impl Listed<'_> {
    pub(super) fn value(&self, reading: &Reading) -> Value {
        json!({
            "erase-by": erasure::of(reading.replay(), self.exhibit).map(|erasure| erasure.by),
            "exhibit": self.item,
            "reference": self.exhibit.reference.to_string(),
            "filer": self.exhibit.filer,
            "entry": self.exhibit.entry,
            "granted": self.exhibit.granted.keys().collect::<Vec<_>>(),
            "said": self.said,
            "here": self.here,
            "words": self.words,
        })
    }
}
