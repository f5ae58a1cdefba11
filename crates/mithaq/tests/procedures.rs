//! Matters under the procedures of an instrument, by the command line: each act is written from its body, and is shown,
//! named and proved as any other.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Desk, INSTRUMENT, Two, founded_under, run};

/// Procedures of the library: a question, whose answer that answers nothing opens an action point.
const PROCEDURES: &str = r#"
[relief]
extend = { by = "any of guarantors", most = "72h", times = 1 }
suspend = { by = "any of guarantors", most = "72h" }
cut = { by = "any of guarantors", most = "14d" }
set-aside = { by = "any of guarantors" }

[transcription]
by = "harbour"
for = ["south"]

[procedure.life]
like = "life"
[procedure.amendment]
like = "amendment"
[procedure.notice]
like = "notice"
without = ["field.incident", "field.provision"]
[procedure.request]
like = "request"
[procedure.request.step.assess]
opens = { does-not-answer = "action" }
[procedure.action]
like = "action"
without = ["field.meeting"]
"#;

struct Exercise {
    two: Two,
    day: u32,
}

impl Exercise {
    fn at(&self) -> String {
        format!("01-{:02} 08:00", self.day)
    }

    /// Writes an act from its body. Gives its id.
    #[track_caller]
    fn write(&self, desk: &Desk, kind: &str, body: &Value) -> String {
        fs::write(self.two.folder.path().join("body.json"), body.to_string())
            .expect("a folder that can be written to");
        desk.ask(&self.at(), &["act", "write", kind, "body.json"], "/act")
    }

    /// There and back, twice; what was written is in effect by the next day.
    fn settle(&mut self) {
        let (day, two) = (self.day, &self.two);
        for (hour, from, to) in [
            ("20:00", &two.harbour, &two.north),
            ("21:00", &two.north, &two.harbour),
            ("22:00", &two.harbour, &two.north),
            ("23:00", &two.north, &two.harbour),
            ("23:30", &two.harbour, &two.north),
        ] {
            from.carry(to, &format!("01-{day:02} {hour}"), &[]);
        }
        self.day += 1;
    }

    /// What came of an act, as both say.
    #[track_caller]
    fn in_effect(&self, act: &str) -> String {
        let shown = ["act", "show", act];
        for desk in [&self.two.north, &self.two.harbour] {
            assert_eq!(desk.ask(&self.at(), &shown, "/effect"), "in effect");
        }
        self.two.north.ask(&self.at(), &shown, "/happened")
    }
}

#[test]
fn every_act_of_a_matter_is_written_and_named() {
    let two = founded_under(&format!("{INSTRUMENT}{PROCEDURES}"));
    let mut exercise = Exercise { two, day: 13 };
    let (north, harbour) = (exercise.two.north.clone(), exercise.two.harbour.clone());
    let asked = json!({ "procedure": "request", "fields": { "asked": ["harbour"] } });
    let request = exercise.write(&north, "open", &asked);
    let second = exercise.write(&north, "open", &asked);
    let other = json!({ "procedure": "request", "fields": { "asked": ["north"] } });
    let written = json!({ "for": "south", "does": { "open": other } });
    let written = exercise.write(&harbour, "transcribe", &written);
    exercise.settle();
    assert!(exercise.in_effect(&request).contains("REQ-26-0001-"));
    let told = exercise.in_effect(&written);
    assert!(told.contains("transcribed south harbour"), "{told}");
    // That it is right, only south can say.
    fs::write(exercise.two.folder.path().join("body.json"), json!({ "act": written }).to_string())
        .expect("a folder that can be written to");
    let ran = north.run(&exercise.at(), &["act", "write", "confirm", "body.json"]).ends(5);
    assert!(ran.err.contains("this would be void: no-power"), "{}", ran.err);

    let withdraw = exercise.write(&north, "withdraw", &json!({ "matter": second, "entry": second }));
    let answer = json!({ "matter": request, "step": "answer", "choice": "answer" });
    let answer = exercise.write(&harbour, "step", &answer);
    exercise.settle();
    assert!(exercise.in_effect(&withdraw).contains("withdrawn"));
    exercise.in_effect(&answer);

    let fields = json!({ "owner": "harbour", "by-when": "2026-01-25T00:00:00Z" });
    let assess =
        json!({ "matter": request, "step": "assess", "choice": "does-not-answer", "fields": fields });
    let assess = exercise.write(&north, "step", &assess);
    exercise.settle();
    let told = exercise.in_effect(&assess);
    let at = told.find("ACT-26-0001-").expect("it opened an action point");
    let reference = &told[at..at + 13];
    assert_eq!(north.ask(&exercise.at(), &["act", "show", reference], "/act"), assess);

    // The matter that the step opened is named by its act, and is corrected, relieved and gone on with as any.
    let action = format!("{assess}#m1");
    let fields = json!({ "by-when": "2026-01-27T00:00:00Z" });
    let correct = json!({ "matter": action, "entry": assess, "fields": fields });
    let correct = exercise.write(&north, "correct", &correct);
    let suspend = exercise.write(&harbour, "suspend", &json!({ "matter": action, "seconds": 259_200 }));
    exercise.settle();
    assert!(exercise.in_effect(&correct).contains("corrected"));
    assert!(exercise.in_effect(&suspend).contains("suspended"));
    let resume = exercise.write(&harbour, "resume", &json!({ "matter": action }));
    let extend = json!({ "matter": action, "step": "do", "seconds": 3_600 });
    let extend = exercise.write(&harbour, "extend", &extend);
    let done = exercise.write(&harbour, "step", &json!({ "matter": action, "step": "do" }));
    exercise.settle();
    for act in [&resume, &extend, &done] {
        exercise.in_effect(act);
    }
    let set_aside = exercise.write(&harbour, "set-aside", &json!({ "matter": action, "to": "open" }));
    let at = exercise.at();
    let cut = ["act", "cut", "north", "--from", "2026-01-16 08:00", "--to", "2026-01-16 12:00"];
    let cut = harbour.ask(&at, &cut, "/act");
    exercise.settle();
    assert!(exercise.in_effect(&set_aside).contains("set-aside"));
    exercise.in_effect(&cut);

    // One file proves the act, and what came of both matters.
    harbour.good(&exercise.at(), &["proof", "make", reference, "--out", "assess.mithaq-proof"]);
    let folder = exercise.two.folder.path();
    let proof = run(folder, &["verify", "assess.mithaq-proof", "--register", &exercise.two.voice]).good();
    assert!(proof.contains(&format!("{reference}, action by North")), "{proof}");
    assert!(proof.contains("open since") && proof.contains("its clocks stood from"), "{proof}");
    assert!(!proof.contains("Beside these"), "{proof}");
    let proof = |pointer| harbour.ask(&exercise.at(), &["verify", "assess.mithaq-proof"], pointer);
    assert_eq!(proof("/matters/1/strands/harbour/state"), "insufficient");
    assert_eq!(proof("/matters/0/act"), action);
    harbour.good(&exercise.at(), &["proof", "make", &written, "--out", "written.mithaq-proof"]);
    let written = run(folder, &["verify", "written.mithaq-proof"]).good();
    assert!(written.contains("was written down by Harbour on behalf of South"), "{written}");
    run(folder, &["verify", "north/data"]).good();
}
