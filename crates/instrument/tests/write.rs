//! What is written is read to the same instrument.

use instrument::{Instrument, write};

fn read(text: &str) -> Instrument {
    let (instrument, found) = instrument::read(text, &instrument::library::shipped());
    assert_eq!(found, [], "{text}");
    instrument.expect("nothing is wrong with it")
}

fn there_and_back(text: &str) -> String {
    let it = read(text);
    let written = write(&it, text);
    let again = read(&written);
    for (kind, procedure) in &it.procedures {
        assert_eq!(again.procedures.get(kind), Some(procedure), "{kind}\n{written}");
    }
    assert_eq!(again, it, "{written}");
    assert_eq!(write(&again, text), written);
    written
}

#[test]
fn the_shipped_ones_come_back_as_they_were() {
    for text in [
        include_str!("../../../instruments/exercise.toml"),
        include_str!("../../../instruments/exercise-two.toml"),
        include_str!("../../../instruments/exercise-hand-over.toml"),
        include_str!("../../../instruments/doha-istanbul-2025.toml"),
        include_str!("../../../instruments/colombia-mvm-2016.toml"),
        include_str!("../../../instruments/india-pakistan-cbm.toml"),
    ] {
        there_and_back(text);
    }
}

#[test]
fn what_takes_something_away_from_the_library_comes_back() {
    let text = include_str!("../../../instruments/exercise.toml").replace(
        "[procedure.case]\nlike = \"case\"\n",
        "[procedure.case]\nlike = \"case\"\npublic = []\nwithout = [\"step.dissent\", \"step.undertake.opens\"]\n\
         [procedure.case.step.respond]\neyes = 1\n\
         [procedure.case.step.find]\nown_hand = false\n\
         [procedure.case.step.comment]\nsays = \"A \\\"word\\\",\\nand another.\"\n",
    );
    let written = there_and_back(&text);
    for line in
        ["public = []  # own", "eyes = 1  # own", "own_hand = false  # own", "by = \"all of parties\"\n"]
    {
        assert!(written.contains(line), "{line}\n{written}");
    }
}

#[test]
fn rules_and_transitions_come_back() {
    let rules = "\n[custody]\nfind = \"device\"\n[tiers]\nerasure = 30\n[exhibits]\nhold = \"any of guarantors\"\n\
                 [quota]\nacts = 7\n[transition.request]\nput = \"put\"\nanswered = \"answered\"\nsilent = \"silent\"\n";
    there_and_back(&(include_str!("../../../instruments/exercise.toml").to_owned() + rules));
}
