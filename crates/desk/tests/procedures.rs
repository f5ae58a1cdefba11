//! Pages in another language say what procedures say in it: no word of the library is left over as the library has it.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use std::collections::BTreeSet;

use four::{EXERCISE, INCIDENT, four, four_under, newest};
use instrument::Procedure;
use instrument::procedure::{Holds, Leads};
use lang::{LANGUAGES, Texts};
use served::{Browser, main_of};

/// A page without what is no text of it, and without the bytes that are signed.
fn text_of(page: &str) -> String {
    let mut text = String::new();
    let without_bytes = page.split("<p class=\"bytes\"").enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once("</p>").map_or("", |(_, rest)| rest),
    });
    for part in without_bytes.collect::<String>().split('<') {
        text.push(' ');
        text.push_str(part.split_once('>').map_or(part, |(_, words)| words));
    }
    text.replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The codes that people read in a procedure.
fn codes(procedure: &Procedure) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = procedure.states.iter().map(|(name, _)| name.to_string()).collect();
    for (name, step) in &procedure.steps {
        all.insert(name.to_string());
        if let Leads::Choice(choices) = &step.leads {
            all.extend(choices.iter().map(|(choice, _)| choice.to_string()));
        }
    }
    for (name, field) in &procedure.fields {
        all.insert(name.to_string());
        if let Holds::Codes(codes) = &field.holds {
            all.extend(codes.iter().map(ToString::to_string));
        }
    }
    all
}

/// What the library says of itself: its sentences, and its codes as they are written where nothing says what they are called.
struct Library {
    sentences: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Library {
    fn of(instrument: &instrument::Instrument) -> Library {
        let (mut sentences, mut words) = (BTreeSet::new(), BTreeSet::new());
        for procedure in instrument.procedures.values() {
            sentences.extend(procedure.says.clone());
            sentences.extend(procedure.states.iter().map(|(_, state)| state.says.clone()));
            sentences.extend(procedure.steps.iter().filter_map(|(_, step)| step.says.clone()));
            words.insert(procedure.title.clone());
            for code in codes(procedure) {
                let spaced = code.replace('-', " ");
                let mut letters = spaced.chars();
                let first = letters.next().map(char::to_uppercase).expect("a letter");
                words.insert(first.chain(letters).collect());
                // One word alone, without a capital, is a word of many other things.
                if code.contains('-') {
                    words.extend([spaced.clone(), code]);
                }
            }
        }
        // Grades of sources and contents are letters and numbers everywhere.
        words.retain(|word| word.len() > 1);
        Library { sentences, words }
    }

    /// What of it stands in a text.
    fn left_in(&self, text: &str) -> Vec<&str> {
        let is_whole = |at: usize, word: &str| {
            let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
            !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + word.len()..].chars().next())
        };
        let sentences = self.sentences.iter().filter(|says| text.contains(says.as_str()));
        let words = self
            .words
            .iter()
            .filter(|word| text.match_indices(word.as_str()).any(|(at, _)| is_whole(at, word)));
        sentences.chain(words).map(String::as_str).collect()
    }
}

/// The exercise, which has all procedures of the library as they are.
fn exercise() -> instrument::Instrument {
    instrument::read(EXERCISE, &instrument::library::shipped()).0.expect("it is read")
}

/// Somebody who looks at pages in Urdu, and notes what is left on them as the library says it.
struct Looking {
    library: Library,
    /// What the instrument itself says: its name and its texts.
    own: Vec<String>,
    left: Vec<String>,
}

impl Looking {
    fn at(&mut self, browser: &Browser, path: &str) -> String {
        let query = if path.contains('?') { '&' } else { '?' };
        let got = browser.get(&format!("{path}{query}lang=ur"));
        assert_eq!(got.status, 200, "{path}: {}", got.body);
        let mut text = text_of(&got.body);
        self.own.iter().for_each(|own| text = text.replace(own, ""));
        self.left.extend(self.library.left_in(&text).into_iter().map(|left| format!("{path}: {left}")));
        main_of(&got.body).to_owned()
    }
}

#[test]
fn no_word_of_the_library_is_left_on_a_page_in_another_language() {
    let four = four();
    let exercise = exercise();
    let library = Library::of(&exercise);
    assert!(library.sentences.len() > 150 && library.words.len() > 300);
    let own = std::iter::once(exercise.name.clone())
        .chain(exercise.provisions.values().map(|provision| provision.text.clone()))
        .chain(exercise.lines.values().map(|line| line.source.clone()));
    let mut looking = Looking { library, own: own.collect(), left: Vec::new() };
    // The test itself: English pages have them.
    let north = four.browser("north");
    let english = text_of(&north.get("agreement/case").body);
    assert!(looking.library.left_in(&english).len() > 50, "{english}");

    let said = Texts::of(LANGUAGES.iter().find(|language| language.tag == "ur").expect("Urdu")).procedures();
    let word = |like: &str, code: &str| said.word(Some(like), code).expect("a word");
    for kind in exercise.procedures.keys() {
        let chart = looking.at(&north, &format!("agreement/{kind}"));
        assert!(chart.contains("<svg ") && chart.contains("direction=\"rtl\""), "{kind}");
    }
    let case = looking.at(&north, "agreement/case");
    for code in ["alleged", "submit-report", "deny", "standing-difference"] {
        assert!(case.contains(word("case", code)), "{code}");
    }
    for path in ["", "agreement", "new", "watch", "alerts", "directory", "unsigned", "worklist", "record"] {
        looking.at(&north, path);
    }
    for path in ["incidents", "cases", "meetings", "visits", "drafts", "notices", "contacts"] {
        looking.at(&north, path);
    }

    // An incident and a case: its form, what is signed, what it is like then, what the others may do in it.
    let form = looking.at(&north, "incidents/new");
    for code in ["crossing-of-the-reference-line", "grave", "religious-site", "reported-grade"] {
        assert!(form.contains(word("incident", code)), "{code}");
    }
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    looking.at(&north, &sign);
    north.sign(&sign, "liaison-1");
    let fields = [("f-bearer", "south"), ("f-provision", "p1"), ("f-grade", "serious")];
    looking.at(&north, "cases/new");
    let sign = north.fill("cases/new", &fields, "sign");
    looking.at(&north, &sign);
    looking.at(&north, "unsigned");
    north.sign(&sign, "liaison-1");
    four.meet();
    let south = four.browser("south");
    let case = format!("cases/{}", newest(&south, "cases"));
    let page = looking.at(&south, &case);
    assert!(page.contains(word("case", "respond")) && page.contains(word("case", "acknowledge")), "{page}");
    let form = looking.at(&south, &format!("{case}/respond"));
    assert!(form.contains(word("case", "no-information-yet")), "{form}");
    let sign = south.fill(&format!("{case}/acknowledge"), &[], "sign");
    looking.at(&south, &sign);
    south.sign(&sign, "liaison-1");
    four.meet();
    for path in
        ["", "cases?view=all&state=alleged", "incidents?view=all", &case, "alerts", "record", "evidence"]
    {
        looking.at(&south, path);
    }
    let incident = format!("incidents/{}", newest(&south, "incidents"));
    looking.at(&south, &incident);
    let size = four.desk("south").work(|node, _| node.size());
    for entry in size.saturating_sub(8)..size {
        looking.at(&south, &format!("record/{entry}"));
    }
    assert!(looking.left.is_empty(), "{:#?}", looking.left);
    // To programs codes stay codes.
    let told = south.get(&format!("{case}?as=json&lang=ur")).body;
    let told: serde_json::Value = serde_json::from_str(&told).expect("it is JSON");
    assert_eq!(told["lives"][0]["state"], "alleged");
    let told = south.get("agreement/case?as=json&lang=ur").body;
    let told: serde_json::Value = serde_json::from_str(&told).expect("it is JSON");
    assert_eq!(told["opened-by"], "parties");
    assert!(
        told["states"][0]["steps"][0]["who"].as_str().is_some_and(|who| who.starts_with("by ")),
        "{told}"
    );
}

/// What an instrument says otherwise stands as it does, in its language; the rest is translated.
#[test]
fn what_an_instrument_says_itself_stays_and_says_in_which_language_it_is() {
    const OWN: &str = "Reported, and nobody has looked at it.";
    let own = EXERCISE.replace(
        "[procedure.incident]\nlike = \"incident\"\n",
        &format!(
            "[procedure.incident]\nlike = \"incident\"\ntitle = \"Occurrence\"\n\
             [procedure.incident.states]\nreported = \"{OWN}\"\n"
        ),
    );
    assert_ne!(own, EXERCISE);
    let four = four_under(&own);
    let north = four.browser("north");
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let path = format!("incidents/{}", newest(&north, "incidents"));
    let page = north.get(&format!("{path}?lang=ur")).body;
    let main = main_of(&page);
    assert!(main.contains(&format!("<bdi lang=\"en\">{OWN}</bdi>")), "{main}");
    let said = Texts::of(LANGUAGES.iter().find(|language| language.tag == "ur").expect("Urdu")).procedures();
    assert!(main.contains(said.word(Some("incident"), "reported").expect("a word")), "{main}");
    assert!(page.contains("Occurrence"), "its title is its own");
    let chart = north.get("agreement/incident?lang=ur").body;
    let dismissed = "Set aside by the monitor: nothing in it that concerns the agreement.";
    assert!(chart.contains(OWN) && !chart.contains(dismissed), "{chart}");
    // In the language that it is written in there is nothing to mark.
    let english = north.get(&format!("{path}?lang=en")).body;
    assert!(main_of(&english).contains(&format!("<bdi>{OWN}</bdi>")), "{english}");
}
