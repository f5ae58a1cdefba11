//! Who signs: one officer, or two where the procedure wants four eyes.

use node::Node;
use terms::Capacity;

use crate::ask::{Asker, Choice};
use crate::command::act::write::Signing;
use crate::failure::Failure;

/// The keys that sign, asked for if it is not plain. Where another's key lies elsewhere the act is drafted.
pub(super) fn chosen(node: &Node, asker: &mut Asker, given: &Signing, eyes: u32) -> Result<Signing, Failure> {
    let mut signing = given.clone();
    let eyes = usize::try_from(eyes).unwrap_or(usize::MAX).max(1);
    let here = node.labels_here(Capacity::Officer);
    if signing.by.len() < eyes && (eyes > 1 || here.len() > 1) {
        if !asker.asks() {
            if eyes > 1 {
                asker.lacks(format!(
                    "`--by LABEL` for each of {eyes} officers who sign; with `--draft FILE`, if the key of one lies \
                     elsewhere"
                ));
                return Ok(signing);
            }
            asker.lacks(format!("`--by` {}", crate::say::or(&here)));
            return Ok(signing);
        }
        signing.by = ask(node, asker, eyes)?;
    }
    let elsewhere: Vec<&String> = signing.by.iter().filter(|label| !here.contains(label)).collect();
    if eyes > 1 && signing.draft.is_none() && !elsewhere.is_empty() {
        let names: Vec<String> = elsewhere.iter().map(|label| format!("`{label}`")).collect();
        let text = format!(
            "The key {} is not here, so that the act is drafted into a file: there `mithaq act sign FILE` adds the \
             other signature, and then `mithaq act submit FILE` hands it in.",
            names.join(" and ")
        );
        if asker.asks() {
            asker.say("");
            asker.say(&text);
            let file = asker.until("draft file", |typed| {
                if typed.is_empty() {
                    Err("a name for the file is needed".to_owned())
                } else {
                    Ok(typed.to_owned())
                }
            })?;
            signing.draft = Some(file.into());
        } else {
            asker.lacks("`--draft FILE`: a key that is to sign lies elsewhere");
        }
    }
    Ok(signing)
}

/// Asks which officers sign: those of this participant whose keys have force, wherever they lie.
fn ask(node: &Node, asker: &Asker, eyes: usize) -> Result<Vec<String>, Failure> {
    let here = node.labels_here(Capacity::Officer);
    let keys = node.ledger().keys().iter().filter(|(signer, key)| {
        signer.participant() == Some(node.me()) && key.capacity == Capacity::Officer && key.ended.is_none()
    });
    let choices: Vec<Choice> = keys
        .filter_map(|(signer, key)| {
            let name = signer.to_string();
            let label = name.split_once('/')?.1.to_owned();
            let place = if here.contains(&label) { "here" } else { "its key lies elsewhere" };
            Some(Choice { means: format!("{}, {place}", key.office), word: label })
        })
        .collect();
    if choices.len() < eyes {
        let message =
            format!("{eyes} officers have to sign, and `{}` has {} on record", node.me(), choices.len());
        return Err(Failure::usage("mithaq::no_key", message)
            .help("`mithaq key new LABEL --capacity officer` makes a key, `mithaq act enrol LABEL` puts it on record"));
    }
    asker.say("");
    if eyes > 1 {
        asker.say(&format!("{eyes} officers sign this, the first of them first."));
    }
    let mut by: Vec<String> = Vec::new();
    while by.len() < eyes {
        let what = if by.is_empty() { "who signs" } else { "who signs next" };
        let place = asker.choose(what, &choices)?;
        let label = choices[place].word.clone();
        if by.contains(&label) {
            asker.say("  another officer has to sign");
        } else {
            by.push(label);
        }
    }
    Ok(by)
}
