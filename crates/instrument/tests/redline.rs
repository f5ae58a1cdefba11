//! What differs is said once, at its place; what does not is not said.

use instrument::redline::{Line, Redline, redline};

const EXERCISE: &str = include_str!("../../../instruments/exercise.toml");

fn compared(old: &str, new: &str) -> Redline {
    let read = |text: &str| instrument::read(text, &instrument::library::shipped()).0.expect("it is read");
    redline((&read(old), old), (&read(new), new))
}

fn check(new: &str, path: &str, expected: &[Line]) {
    let found = compared(EXERCISE, new);
    let parts: Vec<&str> = found.parts.iter().map(|part| part.path.as_str()).collect();
    assert_eq!(parts, [path], "{found:#?}");
    assert_eq!(found.parts[0].lines, expected);
    // The other way round the same is gone and new.
    let turned: Vec<Line> = compared(new, EXERCISE).parts.remove(0).lines;
    let count = |lines: &[Line]| lines.iter().filter(|line| matches!(line, Line::Gone(_))).count();
    assert_eq!((count(&turned), turned.len()), (expected.len() - count(expected), expected.len()));
}

fn gone(says: &str) -> Line {
    Line::Gone(says.to_owned())
}

fn new(says: &str) -> Line {
    Line::New(says.to_owned())
}

#[test]
fn the_same_has_no_difference() {
    for text in [EXERCISE, include_str!("../../../instruments/doha-istanbul-2025.toml")] {
        assert_eq!(compared(text, text), Redline::default());
        let read = instrument::read(text, &instrument::library::shipped()).0.expect("it is read");
        assert_eq!(compared(text, &instrument::write(&read, text)), Redline::default());
    }
}

#[test]
fn each_clause_is_said_at_its_place() {
    check(
        &EXERCISE.replace("[procedure.request]\n", "[procedure.request]\nsays = \"Ask.\"\n"),
        "procedure.request",
        &[new("It says: “Ask.”")],
    );
    check(
        &EXERCISE.replace(
            "like = \"request\"\n",
            "like = \"request\"\n[procedure.request.step.answer]\ndue = \"48h after service\"\n",
        ),
        "procedure.request.step.answer",
        &[gone("It is due 72h after service."), new("It is due 48h after service.")],
    );
    check(
        &EXERCISE.replace("decides = \"2\"", "decides = \"all\""),
        "body.finders",
        &[gone("It takes 2 of its members to decide."), new("It takes all of its members to decide.")],
    );
    check(
        &EXERCISE.replace("most = \"72h\", times = 1", "most = \"72h\", times = 2"),
        "relief",
        &[
            gone("A clock may be extended by guarantors: 72h at most, once at most."),
            new("A clock may be extended by guarantors: 72h at most, 2 times at most."),
        ],
    );
    check(
        &EXERCISE.replace("deemed = \"24h\"", "deemed = \"48h\""),
        "calendar",
        &[gone("An act counts as served after 24h."), new("An act counts as served after 48h.")],
    );
    check(
        &EXERCISE.replace("text = \"Information is shared.\"", "text = \"Information is shared at once.\""),
        "provision.p3",
        &[gone("It says: “Information is shared.”"), new("It says: “Information is shared at once.”")],
    );
    check(
        &EXERCISE.replace(", \"reedmen\"]", "]"),
        "excluded.reed-band",
        &[gone("It is also called “reedmen”.")],
    );
}

#[test]
fn what_becomes_of_open_matters_is_said() {
    let shorter = EXERCISE.replace(
        "like = \"request\"\n",
        "like = \"request\"\n[procedure.request.step.answer]\ndue = \"48h after service\"\n",
    );
    let said = |new: &str| compared(EXERCISE, new).matters.join("\n");
    assert!(said(&shorter).contains("`request`: open matters go on as they are"), "{}", said(&shorter));
    let moved = shorter.clone() + "[transition.request]\nput = \"put\"\nanswered = \"answered\"\n";
    let moved = said(&moved);
    assert!(
        moved.contains("`request`: all open matters move: `answered` → `answered`, `put` → `put`."),
        "{moved}"
    );
    assert!(moved.contains("`request`: no place is named for what stands in `silent`"), "{moved}");
    let without = EXERCISE.replace("[procedure.crossing]\nlike = \"crossing\"\n", "");
    assert!(said(&without).contains("`crossing`: open matters go on; no new one can be opened."));
    assert!(
        compared(&without, EXERCISE).matters.join("\n").contains("`crossing`: can be opened from then on.")
    );
}

/// Parts come as in the new file, and what is gone where it stood.
#[test]
fn the_order_is_that_of_the_file() {
    let new = EXERCISE
        .replace("coarseness = 1000", "coarseness = 2000")
        .replace("decides = \"2\"", "decides = \"all\"")
        .replace("[procedure.measure]\nlike = \"measure\"\n", "")
        .replace("like = \"life\"\n", "like = \"life\"\nsays = \"Its life.\"\n");
    let found = compared(EXERCISE, &new);
    let paths: Vec<&str> = found.parts.iter().map(|part| part.path.as_str()).collect();
    assert_eq!(paths[..4], ["body.finders", "place", "procedure.life", "procedure.measure"], "{paths:?}");
    assert!(paths[4..].iter().all(|path| path.starts_with("procedure.measure.")), "{paths:?}");
}
