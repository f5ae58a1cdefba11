//! An agreement is checked and told before anybody signs it.

#![expect(clippy::unwrap_used, reason = "a test that fails")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn mithaq(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    command.args(args).env_remove("COLUMNS").output().unwrap()
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../instruments").join(name).with_extension("toml")
}

#[test]
fn the_shipped_ones_work() {
    for name in ["exercise", "doha-istanbul-2025", "colombia-mvm-2016", "india-pakistan-cbm", "exercise-two"]
    {
        let ran = mithaq(&["instrument", "check", shipped(name).to_str().unwrap()]);
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(ran.status.success() && said.ends_with("no error, no warning\n"), "{name}: {said}");
    }
}

#[test]
fn a_fault_is_told_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let text = std::fs::read_to_string(shipped("exercise")).unwrap();
    let broken = text.replace(
        "[procedure.visit]\nlike = \"visit\"",
        "[procedure.visit]\nlike = \"visit\"\n[procedure.visit.step.assure]\nfrom = \"aksed\"",
    );
    std::fs::write(&file, &broken).unwrap();
    let path = file.to_str().unwrap();
    let ran = mithaq(&["instrument", "check", path]);
    let shown = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2), "{shown}");
    assert!(
        shown.contains("instrument::unknown_state") && shown.contains("did you mean `asked`?"),
        "{shown}"
    );
    let ran = mithaq(&["instrument", "check", path, "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let line = broken.lines().position(|line| line.contains("aksed")).unwrap() + 1;
    assert_eq!((&said["errors"], &said["found"][0]["at"]["line"]), (&1.into(), &line.into()), "{said}");
    // What has errors is not told as if it worked, and not signed.
    let ran = mithaq(&["instrument", "explain", path]);
    assert_eq!(ran.status.code(), Some(2));
}

#[test]
fn lives_are_counted_and_traps_told_as_stories() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let text = std::fs::read_to_string(shipped("exercise")).unwrap();
    // Whoever asks may put an answer aside and take it up again, and again.
    let held = "\n[procedure.request.states]\naside = \"Put aside.\"\n\
                [procedure.request.step.put-aside]\nfrom = \"answered\"\nby = \"opener\"\nto = \"aside\"\n\
                [procedure.request.step.take-up-again]\nfrom = \"aside\"\nby = \"opener\"\n\
                due = \"9d after finality\"\nto = \"answered\"\nsilence = { proceed = \"answered\" }\n";
    std::fs::write(&file, text + held).unwrap();
    let path = file.to_str().unwrap();
    let ran = mithaq(&["instrument", "check", path]);
    assert_eq!(ran.status.code(), Some(2));
    insta::assert_snapshot!("instrument_check_lives", String::from_utf8_lossy(&ran.stdout));
    let ran = mithaq(&["instrument", "check", path, "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let request = &said["lives"]["kinds"]["request"];
    assert_eq!(
        (&said["traps"], &request["traps"][0]["code"]),
        (&1.into(), &"instrument::held_by_one".into())
    );
    assert_eq!(request["whole"], true);
}

#[test]
fn it_is_told_in_sentences() {
    let exercise = shipped("exercise");
    let ran = mithaq(&["instrument", "explain", exercise.to_str().unwrap(), "request"]);
    assert!(ran.status.success());
    insta::assert_snapshot!("instrument_explain", String::from_utf8_lossy(&ran.stdout));
    for (name, file) in [("explain_exercise", "exercise"), ("explain_doha", "doha-istanbul-2025")] {
        let ran = mithaq(&["instrument", "explain", shipped(file).to_str().unwrap()]);
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        // No notation of the file is left.
        for notation in
            ["window.start", "window.end", "→", " after service", "after finality", "a right until"]
        {
            assert!(!said.contains(notation), "{notation}: {said}");
        }
        insta::assert_snapshot!(name, said);
    }
    let ran = mithaq(&["instrument", "explain", exercise.to_str().unwrap(), "requests"]);
    assert_eq!(ran.status.code(), Some(2));
}

#[test]
fn an_amended_one_maps_every_open_matter() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("amended.toml");
    let text = std::fs::read_to_string(shipped("exercise")).unwrap();
    let rules = "\n[custody]\nfind = \"device\"\n[tiers]\nerasure = 30\n[exhibits]\nhold = \"any of guarantors\"\n\
                 [transition.request]\nput = \"put\"\nanswered = \"answered\"\n";
    std::fs::write(&file, text + rules).unwrap();
    let (path, before) = (file.to_str().unwrap(), shipped("exercise"));
    // Alone it works; after the one before, who was silent would stand nowhere.
    assert!(mithaq(&["instrument", "check", path]).status.success());
    let ran = mithaq(&["instrument", "check", path, "--after", before.to_str().unwrap()]);
    let shown = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2), "{shown}");
    assert!(shown.contains("instrument::not_mapped") && shown.contains("`silent`"), "{shown}");
    let ran = mithaq(&["instrument", "explain", path]);
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let start = said.find("A participant may hand in").unwrap();
    let end = said[start..].find("\n\n").unwrap();
    insta::assert_snapshot!("instrument_explain_rules", &said[start..start + end]);
}

#[test]
fn it_is_shown_as_it_runs_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let doha = shipped("doha-istanbul-2025");
    let path = doha.to_str().unwrap();
    let shown = mithaq(&["instrument", "show", path]);
    assert!(shown.status.success());
    // What is shown is an instrument that works as well.
    let file = folder.path().join("shown.toml");
    std::fs::write(&file, &shown.stdout).unwrap();
    assert!(mithaq(&["instrument", "check", file.to_str().unwrap()]).status.success());
    let shown = mithaq(&["instrument", "show", path, "--procedure", "case"]);
    insta::assert_snapshot!("instrument_show", String::from_utf8_lossy(&shown.stdout));
    let out = folder.path().join("case.svg");
    let args = ["instrument", "draw", path, "case", "--svg", out.to_str().unwrap()];
    assert!(mithaq(&args).status.success());
    assert!(std::fs::read_to_string(&out).unwrap().starts_with("<svg "));
    // A picture that is there is not written over.
    assert_eq!(mithaq(&args).status.code(), Some(2));
    let drawn = mithaq(&["instrument", "draw", path, "case"]);
    let drawn = String::from_utf8_lossy(&drawn.stdout).into_owned();
    assert!(drawn.starts_with("A reconstruction: "), "{drawn}");
    assert!(drawn.contains("\n\nCase\n  opened by parties ──▶ alleged\n"), "{drawn}");
    let exercise = shipped("exercise");
    let drawn = mithaq(&["instrument", "draw", exercise.to_str().unwrap(), "case"]);
    assert!(String::from_utf8_lossy(&drawn.stdout).starts_with("EXERCISE\n\nCase\n"));
    // So the picture says, and what is checked and compared.
    let out = folder.path().join("exercise.svg");
    let exercise = exercise.to_str().unwrap();
    let args = ["instrument", "draw", exercise, "case", "--svg", out.to_str().unwrap()];
    assert!(mithaq(&args).status.success());
    assert!(std::fs::read_to_string(&out).unwrap().contains(">EXERCISE</text>"));
    let said = |args: &[&str]| String::from_utf8_lossy(&mithaq(args).stdout).into_owned();
    assert!(said(&["instrument", "check", exercise]).starts_with("EXERCISE\n"));
    let first = said(&["instrument", "diff", exercise, path]);
    assert!(first.starts_with("EXERCISE\nA reconstruction: "), "{first}");
    assert_eq!(said(&["instrument", "diff", exercise, exercise]), "");
    let checked = said(&["instrument", "check", path]);
    assert!(checked.lines().nth(1).is_some_and(|line| line.starts_with("A reconstruction: ")), "{checked}");
    assert_eq!(mithaq(&["instrument", "draw", path, "cases"]).status.code(), Some(2));
}

#[test]
fn two_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("amended.toml");
    let before = shipped("exercise");
    let text = std::fs::read_to_string(&before).unwrap();
    let amended = text
        .replace("heartbeat = \"1h\"", "heartbeat = \"2h\"")
        .replace(
            "[procedure.request]\nlike = \"request\"\n",
            "[procedure.request]\nlike = \"request\"\n[procedure.request.step.answer]\ndue = \"48h after service\"\n\
             choice = { answer = \"answered\", refuse = \"refused\", not-yet = \"stay\" }\n",
        )
        .replace("[procedure.visit]\nlike = \"visit\"\n", "[procedure.visit]\nlike = \"visit\"\ntitle = \"Visit to a place\"\n");
    std::fs::write(
        &file,
        amended + "[transition.request]\nput = \"put\"\nanswered = \"answered\"\nsilent = \"silent\"\n",
    )
    .unwrap();
    let (old, new) = (before.to_str().unwrap(), file.to_str().unwrap());
    let ran = mithaq(&["instrument", "diff", old, new]);
    assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
    insta::assert_snapshot!("instrument_diff", String::from_utf8_lossy(&ran.stdout));
    let ran = mithaq(&["instrument", "diff", old, new, "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(said["parts"][0]["path"], "calendar");
    assert_eq!(said["parts"][0]["lines"][1]["new"], "Marks are meant to be no further apart than 2h.");
    let ran = mithaq(&["instrument", "diff", old, old]);
    assert!(ran.status.success() && ran.stdout.is_empty());
}

#[test]
fn each_is_told_what_is_asked_of_it() {
    let exercise = shipped("exercise");
    let path = exercise.to_str().unwrap();
    let ran = mithaq(&["instrument", "explain", path, "case", "--for", "south"]);
    assert!(ran.status.success());
    insta::assert_snapshot!("instrument_explain_for", String::from_utf8_lossy(&ran.stdout));
    // Who is not among the finders finds nothing; who watches takes it up.
    let told = |who: &str| {
        let ran = mithaq(&["instrument", "explain", path, "--for", who, "--json"]);
        let said: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
        let has = |list: &str, step: &str| {
            said[list].as_array().unwrap().iter().any(|it| it["kind"] == "case" && it["step"] == step)
        };
        (has("must", "find"), has("must", "take-up"), has("must", "respond"))
    };
    assert_eq!(told("north"), (false, false, true));
    assert_eq!(told("ford"), (true, false, false));
    assert_eq!(told("secretariat"), (true, true, false));
    let ran = mithaq(&["instrument", "explain", path, "--for", "nobody"]);
    assert_eq!(ran.status.code(), Some(2));
}

/// Writes a new one with these options and answers; gives how it ended, and the file.
fn drafted(options: &[&str], answers: &str) -> (Output, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.toml");
    let mut args = vec!["instrument", "new", file.to_str().unwrap()];
    args.extend(options);
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    let command = command.args(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may have ended without reading.
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    let ran = child.wait_with_output().unwrap();
    let text = std::fs::read_to_string(&file).ok();
    if ran.status.success() {
        let checked = mithaq(&["instrument", "check", file.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(
            checked.status.success() && said.contains("no error") && !said.contains("trap"),
            "{said}\n{}",
            text.unwrap_or_default()
        );
    }
    (ran, text)
}

#[test]
fn a_new_one_works() {
    let (ran, text) = drafted(&["--yes"], "");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    insta::assert_snapshot!("instrument_new", text.as_ref().unwrap());
    // Empty lines take what is proposed; the end of the input takes nothing.
    assert_eq!(drafted(&["--ask"], &"\n".repeat(12)).1, text);
    let (ran, text) = drafted(&["--ask"], "\n");
    assert_eq!((ran.status.code(), text), (Some(2), None));
    // Where nobody can be asked, what lacks an answer is named.
    let (ran, text) = drafted(&["--name=It"], "");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!((ran.status.code(), text), (Some(2), None));
    assert!(said.contains("give `--party`") && !said.contains("give `--name`"), "{said}");
    // By answers and by options it is the same.
    let by_answers = drafted(
        &["--ask"],
        "Two banks\nno\npress\nen, prs\na=A, b=B\nnone\nwatch=Watch\nStay away.\n+04:30\n\n\n",
    );
    let by_options = drafted(
        &[
            "--yes",
            "--name=Two banks",
            "--exercise=no",
            "--basis=press",
            "--language=en",
            "--language=prs",
            "--party=a=A",
            "--party=b=B",
            "--guarantor=none",
            "--monitor=watch=Watch",
            "--provision=Stay away.",
            "--zone=+04:30",
        ],
        "",
    );
    assert!(by_options.0.status.success(), "{}", String::from_utf8_lossy(&by_options.0.stderr));
    assert_eq!(by_answers.1, by_options.1);
    let text = by_options.1.unwrap();
    assert!(text.contains("zone = \"+04:30\"") && !text.contains("guarantor\""), "{text}");
}

#[test]
fn few_or_many_take_part_in_a_new_one() {
    for options in [
        &["--yes", "--guarantor=none", "--monitor=none"][..],
        &["--yes", "--monitor=none"],
        &["--yes", "--guarantor=none"],
        &["--yes", "--party=a=A", "--party=b=B", "--party=c=C", "--guarantor=d=D"],
        &["--yes", "--procedure=case"],
        &["--yes", "--procedure=request", "--name=A \"name\" \\ of sorts"],
    ] {
        let (ran, text) = drafted(options, "");
        assert!(ran.status.success(), "{options:?} {}", String::from_utf8_lossy(&ran.stderr));
        let text = text.unwrap();
        for kind in ["life", "amendment", "departure"] {
            assert!(text.contains(&format!("[procedure.{kind}]")), "{options:?}");
        }
    }
    // Among however few they are: what is written has no trap either, and nothing that takes two of one.
    for parties in [&["--party=a=A"][..], &["--party=a=A", "--party=b=B"]] {
        for guarantors in
            [&["--guarantor=none"][..], &["--guarantor=c=C"], &["--guarantor=c=C", "--guarantor=d=D"]]
        {
            for monitor in ["--monitor=none", "--monitor=e=E"] {
                let options = [&["--yes", monitor], parties, guarantors].concat();
                let (ran, text) = drafted(&options, "");
                assert!(ran.status.success(), "{options:?} {}", String::from_utf8_lossy(&ran.stderr));
                let takes_two = text.unwrap().contains("[procedure.exchange]");
                assert_eq!(takes_two, parties.len() == 2, "{options:?}");
            }
        }
    }
    // Nor is one written that somebody asked for by name, and that has one.
    let (ran, text) = drafted(&["--yes", "--party=a=A", "--procedure=remedy"], "");
    assert_eq!((ran.status.code(), text), (Some(2), None));
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(said.contains("remedy: no life comes to `disputed` (instrument::never_reached)"), "{said}");
    // What a case has to name, or opens, comes with it; what it can do without is left out.
    let text = drafted(&["--yes", "--procedure=case"], "").1.unwrap();
    assert!(text.contains("[procedure.remedy]") && !text.contains("[procedure.incident]"), "{text}");
    assert!(text.contains("without = [\"field.incident\"]"), "{text}");
    // The smallest use: two parties, one guarantor, and notice.
    let smallest = ["--yes", "--guarantor=d=D", "--monitor=none", "--procedure=notice"];
    let text = drafted(&smallest, "").1.expect("a file");
    assert!(text.contains("[procedure.notice]") && !text.contains("monitor"), "{text}");
}

/// How the program ends whose errors and questions nobody reads.
fn unread(args: &[&str]) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(writer).status().unwrap().code()
}

#[test]
fn who_reads_no_errors_breaks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.toml");
    let new = ["instrument", "new", file.to_str().unwrap()];
    let twice = ["--yes", "--party=north=N", "--party=north=S"];
    assert_eq!(unread(&[&new[..], &twice].concat()), Some(2));
    assert_eq!(unread(&["instrument", "check", "nowhere.toml"]), Some(2));
    assert_eq!(unread(&["instrument", "chek"]), Some(2));
    // What nobody can read, nobody has answered.
    assert_eq!(unread(&[&new[..], &["--ask"]].concat()), Some(141));
    assert!(!file.exists());
}

#[test]
fn a_wrong_answer_is_asked_again_and_nothing_is_written_over() {
    let (ran, text) = drafted(&["--ask"], &("\nperhaps\nyes\n".to_owned() + &"\n".repeat(10)));
    assert!(ran.status.success() && text.is_some());
    assert!(String::from_utf8_lossy(&ran.stderr).contains("`perhaps` is neither yes nor no"));
    // The end of the input after a wrong answer is no consent.
    let (ran, text) = drafted(&["--ask"], "\nperhaps\n");
    assert_eq!((ran.status.code(), text), (Some(2), None));
    let (ran, text) = drafted(&["--yes", "--zone=Asia/Karachi"], "");
    assert_eq!((ran.status.code(), text), (Some(2), None));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("mithaq::answer"));
    let (ran, text) = drafted(&["--yes", "--procedure=case", "--guarantor=none", "--monitor=none"], "");
    assert_eq!((ran.status.code(), text), (Some(2), None));
    let (ran, text) = drafted(&["--yes", "--exercise=perhaps"], "");
    assert_eq!((ran.status.code(), text), (Some(2), None));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("mithaq::answer"));
    // Nobody is there to answer, and nothing is proposed unasked.
    let (ran, text) = drafted(&[], "");
    assert_eq!((ran.status.code(), text), (Some(2), None));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("`--zone`"));
    let exercise = shipped("exercise");
    assert_eq!(mithaq(&["instrument", "new", exercise.to_str().unwrap(), "--yes"]).status.code(), Some(2));
}

/// What may stand in it is judged in `instrument`; here, that it is printed whole.
#[test]
fn the_schema_is_printed() {
    for (args, keys) in [
        (["instrument", "schema"].as_slice(), instrument::schema::instrument()),
        (&["instrument", "schema", "--library"], instrument::schema::library()),
    ] {
        let ran = mithaq(args);
        assert!(ran.status.success() && ran.stderr.is_empty());
        let said: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
        assert_eq!(said, keys);
        assert_eq!(said["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(said["properties"]["procedure"]["description"].is_string());
    }
}
