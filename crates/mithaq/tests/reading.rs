//! A week of a mechanism, read and written from the command line: what is asked, of whom, by when; each matter's
//! story; what was known when.

#![expect(clippy::unwrap_used, reason = "a test that fails")]

mod support;

use std::fmt::Write as _;
use std::fs;

use support::five::Five;
use support::{Desk, Ran, scrubbed};

/// What a person was asked and told, then the answer, then the exit code.
fn told(five: &Five, said: &str, ran: &Ran) -> String {
    let mut text = String::new();
    write!(text, "$ mithaq {said}\n{}{}exit {}\n", ran.err, ran.out, ran.code).unwrap();
    scrubbed(&text, five.folder.path())
}

/// Pages of 80 columns, one below the other.
#[track_caller]
fn pages(five: &Five, desk: &Desk, now: &str, all: &[&[&str]]) -> String {
    let mut text = String::new();
    for args in all {
        write!(text, "$ mithaq {}\n{}\n", args.join(" "), desk.page(now, args)).unwrap();
    }
    without_sizes(&scrubbed(&text, five.folder.path()))
}

/// Answers for machines.
#[track_caller]
fn machines(five: &Five, desk: &Desk, now: &str, all: &[&[&str]]) -> String {
    let mut text = String::new();
    for args in all {
        let answer = desk.good(now, &[args, ["--json"].as_slice()].concat());
        let _: serde_json::Value = serde_json::from_str(&answer).unwrap();
        write!(text, "$ mithaq {} --json\n{answer}\n", args.join(" ")).unwrap();
    }
    scrubbed(&text, five.folder.path())
}

/// Sealed files differ in size from run to run.
fn without_sizes(text: &str) -> String {
    let line = |line: &str| match line.strip_suffix(" B").and_then(|rest| rest.rsplit_once(", ")) {
        Some((rest, size)) if size.bytes().all(|b| b.is_ascii_digit()) => format!("{rest}, ⟨size⟩\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn reference(desk: &Desk, now: &str, kind: &str) -> String {
    desk.ask(now, &["list", kind], "/matters/0/reference")
}

/// A person files an incident without the manual.
fn an_incident_is_filed(five: &Five) {
    fs::write(five.folder.path().join("seen.txt"), "What we saw.\n").unwrap();
    // Two answers are not understood, and are asked for again.
    let answers = [
        "INC",
        "fier",
        "fire",
        "2026-01-12 09:10",
        "somewhere",
        "10.25, -39.9 ± 200 m",
        "4",
        "4, civilians",
        "religious-site, civilians",
        "",
        "",
        "seen.txt",
        "",
        "liaison-1",
        "maybe",
        "yes",
    ];
    let ran = five.north.answer("01-12 09:20", &["open", "--ask"], &answers).ends(0);
    insta::assert_snapshot!("filed", told(five, "open --ask", &ran));
    // It is taken back to nothing, if nobody agrees; and the answers may end at any time.
    let none = five
        .north
        .answer("01-12 09:30", &["open", "incident", "--ask"], &["1", "now", "10.25, -39.9"])
        .ends(2);
    assert!(none.err.contains("mithaq::unanswered"), "{}", none.err);
    let no = ["1", "now", "10.25, -39.9", "5", "", "", "", "seen.txt", "", "liaison-1", "no"];
    let none = five.north.answer("01-12 09:30", &["open", "incident", "--ask"], &no).ends(5);
    assert!(none.err.contains("mithaq::not_signed"), "{}", none.err);
    five.settle("01-12 10:0");
    assert_eq!(five.ford.ask("01-12 10:10", &["list", "incident"], "/matters/0/fields/kind"), "fire");
    assert_eq!(five.ford.good("01-12 10:10", &["list", "incident"]).matches("INC-26-").count(), 1);
}

#[test]
fn a_week_is_written_and_read() {
    let five = Five::founded();
    an_incident_is_filed(&five.copied());
    let week = Week::begun(five);
    what_is_refused(&week);
    two_officers_sign(&week.five.copied(), &week);
    what_is_told_before_it_is_signed(&week.five.copied());
    what_is_without_prejudice_is_erased(&week.five.copied(), &week);
    more_time_is_given(&week.five.copied(), &week);
    relief_that_waits_is_told(&week.five.copied(), &week);
    the_week_is_read(&week);
}

/// A week: an incident, a case on two provisions, an arrangement, a call without prejudice. South answers on one
/// provision, and not on the other.
struct Week {
    five: Five,
    incident: String,
    case: String,
    contact: String,
    arrangement: String,
}

/// Does something that needs no question.
#[track_caller]
fn does(desk: &Desk, now: &str, args: &[&str]) {
    desk.good(now, &[args, ["--by", "liaison-1", "--yes"].as_slice()].concat());
}

impl Week {
    /// The first day: all is said that is said in time.
    fn begun(five: Five) -> Week {
        let (north, south) = (&five.north, &five.south);
        for (name, text) in [("seen.txt", "What we saw.\n"), ("answer.txt", "Our answer.\n")] {
            fs::write(five.folder.path().join(name), text).unwrap();
        }
        let fields =
            ["--field", "kind=fire", "--field", "time=2026-01-12 09:10", "--field", "reported-grade=serious"];
        let more = ["--field", "place=10.25, -39.9 ± 200 m", "--file", "seen.txt"];
        does(north, "01-12 09:20", &[["open", "incident"].as_slice(), &fields, &more].concat());
        five.settle("01-12 10:0");
        let incident = reference(north, "01-12 10:10", "incident");

        let about = format!("incident={incident}");
        let fields = ["--field", "bearer=south", "--field", "provision=p2,p1", "--field", "grade=serious"];
        does(
            north,
            "01-12 10:20",
            &[["open", "case"].as_slice(), &fields, &["--field", &about, "--file", "seen.txt"]].concat(),
        );
        let fields =
            ["--field", "other=south", "--field", "channel=hotline", "--field", "time=2026-01-12 10:00"];
        does(
            north,
            "01-12 10:30",
            &[["open", "contact", "--tier", "without-prejudice"].as_slice(), &fields].concat(),
        );
        let fields = ["--field", "kind=corridor", "--field", "place=10.25, -39.9 ± 200 m"];
        let window = ["--field", "window=2026-01-14 06:00 to 2026-01-16 18:00"];
        does(&five.harbour, "01-12 10:35", &[["open", "arrangement"].as_slice(), &fields, &window].concat());
        five.settle("01-12 11:0");
        let at = "01-12 11:10";
        let case = reference(north, at, "case");
        let contact = reference(north, at, "contact");
        let arrangement = reference(north, at, "arrangement");

        let correct = ["act", "correct", "26", "--field", "grade=significant", "--by", "liaison-1"];
        north.good("01-12 11:15", &correct);
        does(
            &five.secretariat,
            "01-12 11:20",
            &["step", &case, "acknowledge", "--strand", "south:p1", "--on-behalf-of", "south"],
        );
        five.settle("01-12 11:3");
        for desk in [north, south] {
            does(desk, "01-12 11:45", &["step", &arrangement, "answer", "--choice", "agree"]);
        }
        let respond = ["step", &case, "respond", "--strand", "south:p1", "--choice", "deny"];
        does(
            south,
            "01-12 11:50",
            &[respond.as_slice(), &["--by", "legal-1", "--file", "answer.txt"]].concat(),
        );
        // What is not North's to do stands in the story, without effect.
        does(north, "01-12 11:55", &[respond.as_slice(), &["--by", "legal-1", "--anyway"]].concat());
        five.settle("01-12 12:0");
        Week { five, incident, case, contact, arrangement }
    }

    /// The days after: one receipt comes late, one answer not at all.
    fn go_on(&self) {
        let (five, south) = (&self.five, &self.five.south);
        let transcript = south.ask("01-13 11:00", &["act", "list", "--kind", "transcribe"], "/acts/0/entry");
        south.good("01-13 11:00", &["act", "confirm", &transcript, "--by", "liaison-1"]);
        does(south, "01-13 20:00", &["step", &self.case, "acknowledge", "--strand", "south:p2"]);
        for day in ["01-13 21:0", "01-14 21:0", "01-15 13:0", "01-16 13:0"] {
            five.settle(day);
        }
    }
}

/// What is asked, each matter's story, and what was known then.
fn the_week_is_read(week: &Week) {
    let Week { five, incident, case, contact, arrangement } = week;
    let (north, south, harbour) = (&five.north, &five.south, &five.harbour);

    // The first day.
    let at = "01-12 12:10";
    let shown: &[&[&str]] = &[
        &["due"],
        &["due", "--for", "south", "--within", "48h"],
        &["list"],
        &["list", "incident"],
        &["list", "case", "--open"],
        &["list", "case", "--state", "found"],
        &["show", incident],
        &["show", contact],
        &["brief"],
        &["clock"],
    ];
    insta::assert_snapshot!("first_day", pages(five, south, at, shown));
    // What this desk has done waits to be carried.
    does(
        north,
        "01-12 12:20",
        &["step", case, "assess", "--strand", "south:p1", "--choice", "does-not-answer"],
    );
    five.settle("01-12 12:3");
    does(south, "01-12 13:00", &["step", case, "reserve", "--strand", "south:p1"]);
    assert!(south.page("01-12 13:10", &["show", case]).contains("on its way: South: reserve"));

    week.go_on();
    let at = "01-16 13:10";
    let shown: &[&[&str]] = &[
        &["due"],
        &["list", "case"],
        &["show", case],
        &["show", arrangement],
        &["brief", "--for", "south", "--since", "2026-01-13"],
    ];
    insta::assert_snapshot!("last_day", pages(five, north, at, shown));
    let asked: &[&[&str]] = &[
        &["due", "--for", "secretariat"],
        &["list"],
        &["list", "contact"],
        &["show", contact],
        &["brief", "--for", "harbour"],
        &["clock"],
        &["cite", case],
    ];
    insta::assert_snapshot!("machines", machines(five, north, at, asked));
    insta::assert_snapshot!(
        "cited",
        pages(five, north, at, &[&["cite", case], &["cite", "26"], &["cite", incident]])
    );

    assert!(north.page(at, &["brief", "--for", "south", "--since", "2026-01-12"]).lines().count() <= 60);

    // What was known then: the answer on one provision was waited for, overdue, and no state had moved.
    let then: &[&[&str]] = &[
        &["due", "--as-of", "2026-01-12 10:10"],
        &["due", "--for", "south", "--as-of", "2026-01-15 20:00"],
        &["list", "case", "--as-of", "2026-01-15 20:00"],
        &["show", case, "--as-of", "2026-01-12 11:30"],
        &["brief", "--as-of", "2026-01-15 20:00"],
        &["clock", "--as-of", "2026-01-15 20:00"],
        &["cite", case, "--as-of", "2026-01-12 11:30"],
    ];
    insta::assert_snapshot!("then", pages(five, south, at, then));
    // What South registered at 21:00 was not on its way at noon, to anybody.
    for (then, ways) in [("2026-01-13 12:00", 0), ("2026-01-13 21:00", 1)] {
        for command in [["due"].as_slice(), &["show", case]] {
            let page = south.good(at, &[command, &["--as-of", then]].concat());
            let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(page.matches("by South one is on its way: registered").count(), ways, "{page}");
            let page = south.good(at, &[command, &["--as-of", then, "--json"]].concat());
            assert_eq!(page.matches("\"on-its-way\": [\n").count() >= 1, ways == 1, "{page}");
        }
    }
    let brief = ["brief", "--as-of", "2026-01-13 12:00"];
    assert_eq!(south.ask(at, &brief, "/on-their-way"), "0");
    let settled = south.ask(at, &brief, "/settled").parse::<u64>().unwrap();
    let entries = south.ask(at, &brief, "/entries").parse::<u64>().unwrap();
    assert_eq!(entries, settled);
    let cite = south.run(at, &["cite", &entries.to_string(), "--as-of", "2026-01-13 12:00"]).ends(2);
    assert!(cite.err.contains("was not on record then"), "{}", cite.err);
    let before = south.run(at, &["show", case, "--as-of", "2026-01-12 10:10"]).ends(2);
    assert!(before.err.contains("[mithaq::unknown]"), "{}", before.err);

    // Silence is set aside by those whom the instrument names, forward.
    for (desk, minute) in [(&five.ford, 20), (harbour, 21), (south, 22)] {
        let aside = ["act", "set-aside", case, "alleged", "--strand", "south:p2", "--by", "liaison-1"];
        desk.good(&format!("01-16 13:{minute}"), &aside);
    }
    five.settle("01-16 14:0");
    assert_eq!(north.ask("01-16 14:10", &["show", case], "/matter/strands/south:p2/state"), "alleged");
}

/// What can't be done is said with what can.
fn what_is_refused(week: &Week) {
    let Week { five, case, contact, .. } = week;
    let mut text = String::new();
    let (north, south, at) = (&five.north, &five.south, "01-12 12:10");
    let wrong = format!("{}K", &case[..case.len() - 1]);
    let rows: &[(&Desk, &[&str], i32)] = &[
        (north, &["show", &wrong], 2),
        (north, &["show", "CASE-26-0002-K"], 2),
        (north, &["show", "EXH-26-0001-R"], 2),
        (north, &["show", "0"], 2),
        (north, &["list", "cse"], 2),
        (north, &["list", "weather"], 2),
        (north, &["list", "case", "--state", "alledged"], 2),
        (north, &["due", "--for", "soth"], 2),
        (north, &["due", "--as-of", "2026-02-01"], 2),
        (north, &["cite", contact], 5),
        (north, &["open"], 2),
        (north, &["open", "visit"], 5),
        (north, &["open", "incident"], 2),
        (north, &["open", "incident", "--field", "kind=fier", "--field", "time=now"], 2),
        (north, &["open", "incident", "--field", "colour=red"], 2),
        (north, &["open", "incident", "--field", "place=somewhere"], 2),
        (north, &["open", "case", "--field", "provision=p1,p2,p1"], 2),
        (north, &["step", case], 2),
        (north, &["step", case, "respnd"], 2),
        (north, &["step", case, "respond"], 5),
        (south, &["step", case, "respond", "--strand", "south:p2"], 2),
        (south, &["step", case, "respond", "--strand", "south:p3"], 2),
        (south, &["step", case, "respond", "--strand", "south:p2", "--strand", "south:p2"], 2),
        (south, &["step", case, "respond", "--strand", "south:p2", "--choice", "denie"], 2),
        (
            south,
            &[
                "step",
                case,
                "respond",
                "--strand",
                "south:p2",
                "--choice",
                "deny",
                "--by",
                "liaison-1",
                "--by",
                "legal-9",
                "--yes",
            ],
            2,
        ),
        (north, &["act", "extend", case, "respond", "24h"], 2),
        (north, &["act", "correct", "26", "--field", "bearer=north"], 2),
    ];
    for (desk, args, code) in rows {
        let ran = desk.run(at, args).ends(*code);
        assert!(ran.err.contains("error["), "{args:?}: {}", ran.err);
        write!(text, "$ mithaq {}\n{}exit {}\n\n", args.join(" "), ran.err, ran.code).unwrap();
    }
    insta::assert_snapshot!("refused", scrubbed(&text, five.folder.path()));
    // However it is typed.
    assert_eq!(north.ask(at, &["show", &case.to_lowercase()], "/matter/reference"), *case);
}

/// Two officers sign, here; or a draft goes to the one elsewhere.
fn two_officers_sign(five: &Five, week: &Week) {
    let south = &five.south;
    let answers = ["respond", "explain", "answer.txt", "", "liaison-1", "liaison-1", "legal-1", "yes"];
    let ran = south.answer("01-12 12:10", &["step", &week.case, "--ask"], &answers).ends(0);
    insta::assert_snapshot!("two_officers", told(five, &format!("step {} --ask", week.case), &ran));
    five.settle("01-12 12:2");
    assert_eq!(south.ask("01-12 12:30", &["show", &week.case], "/matter/strands/south:p2/state"), "answered");
    // A draft goes to whoever signs elsewhere.
    let draft = [
        "step",
        &week.case,
        "reserve",
        "--strand",
        "south:p1",
        "--by",
        "liaison-1",
        "--draft",
        "reserve.json",
        "--yes",
    ];
    south.good("01-12 12:40", &draft);
    let waits = south.ask("01-12 12:40", &["act", "sign", "reserve.json", "--look"], "/kind");
    assert_eq!(waits, "step");
}

/// What follows from an act is told before anybody signs it: what else happens, and how it is taken back.
fn what_is_told_before_it_is_signed(five: &Five) {
    let north = &five.north;
    let window = "window=2026-02-10 06:00 to 2026-02-11 18:00";
    let place = "place=10.25, -39.9 ± 200 m";
    let instrument = fs::read_to_string(five.folder.path().join("exercise.toml")).unwrap();
    fs::write(
        five.folder.path().join("second.toml"),
        instrument.replace("carriage = \"24h\"", "carriage = \"48h\""),
    )
    .unwrap();
    let rows: &[(&[&str], &[&str])] = &[
        (
            &["departure"],
            &[
                "Once it is `left`: no matter can be opened any more; open ones run on; not before 4 d have passed",
                "the step `take-back`",
            ],
        ),
        (&["suspension"], &["With it: what its opener asked of others rests;"]),
        (
            &["amendment", "--field", "text=second.toml"],
            &["Once it is `adopted`: its text becomes the agreement;"],
        ),
        (
            &[
                "notification",
                "--field",
                "told=south,harbour",
                "--field",
                "kind=works",
                "--field",
                window,
                "--field",
                place,
            ],
            &[
                "It can be taken back by the step `cancel`.",
                "it is over by itself (`over`).",
                "North may `change` by 2026-02-08 00:00 UTC.\n",
            ],
        ),
        (
            &[
                "contact",
                "--field",
                "other=south",
                "--field",
                "channel=hotline",
                "--field",
                "time=2026-01-12 12:00",
            ],
            &["It can be taken back by the step `withdraw`."],
        ),
    ];
    for (number, (args, says)) in rows.iter().enumerate() {
        let draft = format!("draft-{number}.json");
        let more = ["--by", "liaison-1", "--yes", "--draft", &draft];
        let told = north.run("01-12 12:20", &[["open"].as_slice(), args, &more].concat()).ends(0).err;
        for says in *says {
            assert!(told.contains(says), "{says:?} is missing:\n{told}");
        }
    }
}

/// What was handed over without prejudice is told with its end, once its matter is over.
fn what_is_without_prejudice_is_erased(five: &Five, week: &Week) {
    let (north, south, contact) = (&five.north, &five.south, &week.contact);
    let at = "01-12 12:40";
    assert!(!north.good(at, &["due"]).contains("without prejudice"));
    let agree = ["step", contact, "confirm", "--choice", "agree", "--file", "answer.txt"];
    does(south, "01-12 12:20", &agree);
    five.settle("01-12 12:3");
    let says = "without prejudice: North and South destroy their copies by 2026-04-12 12:30 UTC";
    for command in [["show", contact].as_slice(), &["due"], &["due", "--for", "south"]] {
        assert!(north.good(at, command).contains(says), "{command:?}: {}", north.good(at, command));
    }
    assert!(!north.good(at, &["due", "--for", "harbour"]).contains(says));
    assert!(!north.good(at, &["status", "--quick"]).contains("to be destroyed"));
    assert!(
        north
            .good("04-06 12:00", &["status", "--quick"])
            .contains("without prejudice, is to be destroyed, due 2026-04-12 12:30 UTC")
    );
    let exhibit = north.ask(at, &["due"], "/erase/0/exhibit");
    south.good("01-12 12:50", &["evidence", "destroy", &exhibit, "ended", "--yes", "--by", "liaison-1"]);
    five.settle("01-12 13:0");
    let says = "without prejudice: North destroys its copy by 2026-04-12 12:30 UTC";
    assert!(north.good("01-12 13:10", &["due"]).contains(says));
}

/// Why a clock moved: more time was given, or somebody could not be reached. Who has spoken is not called silent.
fn more_time_is_given(five: &Five, week: &Week) {
    let case = &week.case;
    let extend = ["act", "extend", case, "respond", "24h", "--strand", "south:p2", "--by", "liaison-1"];
    five.harbour.good("01-12 13:00", &extend);
    let respond = ["step", case, "respond", "--strand", "south:p2", "--choice", "no-information-yet"];
    does(
        &five.south,
        "01-12 13:00",
        &[respond.as_slice(), &["--by", "legal-1", "--file", "answer.txt"]].concat(),
    );
    five.settle("01-12 14:0");
    let cut = [
        "act",
        "cut",
        "south",
        "--from",
        "2026-01-13 06:00",
        "--to",
        "2026-01-13 18:00",
        "--by",
        "liaison-1",
    ];
    five.harbour.good("01-13 19:00", &cut);
    for day in ["01-13 20:0", "01-15 13:0", "01-17 14:0", "01-18 14:0"] {
        five.settle(day);
    }
    insta::assert_snapshot!("moved", pages(five, &five.north, "01-18 14:10", &[&["show", case]]));
}

/// Whoever would join sees what was asked for, word for word.
fn relief_that_waits_is_told(five: &Five, week: &Week) {
    let suspend = ["act", "suspend", &week.case, "24h", "--strand", "south:p2", "--by", "liaison-1"];
    five.harbour.good("01-12 13:00", &suspend);
    five.settle("01-12 14:0");
    let shown = five.north.good("01-12 14:10", &["show", &week.case]);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = "relief that waits for others: clocks stand for 1 d, asked for by Harbour (entry ";
    assert!(shown.contains(says) && shown.contains("it takes all of guarantors"), "{shown}");
    let asked = five.north.ask("01-12 14:10", &["show", &week.case], "/matter/relief-asked-for/0/kind");
    assert_eq!(asked, "suspend");
    // Whoever could join is told, and nobody else.
    let is_told = |at, command, who| {
        let told = five.north.good(at, &[command, "--for", who]);
        told.split_whitespace().collect::<Vec<_>>().join(" ").contains(says)
    };
    for command in ["due", "brief"] {
        assert!(is_told("01-12 14:10", command, "ford"), "{command}");
        assert!(!is_told("01-12 14:10", command, "harbour"), "{command}: it has said so");
        assert!(!is_told("01-12 14:10", command, "north"), "{command}: it is not asked");
    }
    let joins = five.north.ask("01-12 14:10", &["due"], "/relief/0/could-join/0");
    assert_eq!(joins, "ford");
    let waits = |at| five.north.good(at, &["show", &week.case]).contains("waits for others");
    let entry =
        five.north.ask("01-12 14:10", &["show", &week.case], "/matter/relief-asked-for/0/by/harbour/0");
    five.harbour.good("01-12 14:20", &["act", "withdraw", &entry, "--by", "liaison-1"]);
    five.settle("01-12 15:0");
    assert!(!waits("01-12 15:10"), "it was taken back");
    assert!(!is_told("01-12 15:10", "due", "ford"), "it was taken back");
    // Alone it brings nothing about; with the other it does.
    five.ford.good("01-12 15:20", &suspend);
    five.settle("01-12 16:0");
    assert!(waits("01-12 16:10"));
    five.harbour.good("01-12 16:20", &suspend);
    five.settle("01-12 17:0");
    assert!(!waits("01-12 17:10"));
}
