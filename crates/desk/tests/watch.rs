//! A night at a desk: what is written, how it is corrected, what becomes of it, and who has the watch in the morning.

#[path = "../../node/tests/common/mod.rs"]
mod common;

mod served;
mod shift;

use common::{at, code};
use served::{Browser, between, main_of};
use shift::{HOST, WORDS, harbour, json, lines, place};

fn write(browser: &Browser, form: &[(&str, &str)]) {
    let got = browser.post("watch", form);
    assert_eq!(got.status, 303, "{}", got.body);
}

#[test]
fn a_line_is_kept_once_shown_as_text_and_struck_where_it_was_wrong() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let night = desks.sit("ops-1");
        let page = night.get("watch").body;
        let id = between(&page, "name=\"id\" value=\"", "\"").expect("a form").to_owned();
        for _ in 0..2 {
            write(
                &night,
                &[("id", &id), ("kind", "team"), ("says", WORDS), ("reference", &harbour.reference)],
            );
        }
        let page = night.get("watch").body;
        let main = main_of(&page);
        assert_eq!(main.matches("xyzzy").count(), 1, "sent twice, kept once: {main}");
        assert!(
            main.contains("<bdi>xyzzy &#60;b&#62;Team 4"),
            "it is shown as text, apart from the line: {main}"
        );
        assert!(
            main.contains(&format!("/notices/{}\"", harbour.reference)),
            "the reference leads to its matter"
        );
        // What can't be kept stays on the page.
        for (form, why) in [
            (vec![("says", WORDS), ("at", "yesterday")], "this is no time"),
            (vec![("says", WORDS), ("at", "2099-01-01T00:00")], "it has not happened yet"),
            (vec![("says", " "), ("reference", "xyzzy")], "it has no words"),
        ] {
            let got = night.post("watch", &form);
            assert_eq!(got.status, 200, "{form:?}");
            assert!(got.body.contains(why) && got.body.contains("xyzzy"), "{form:?}: {}", got.body);
        }
        assert_eq!(lines(&night).len(), 1);
        // Corrected: both are there, one of them struck; and both times.
        let line = format!("watch/{id}");
        let right =
            [("go", "correct"), ("says", "xyzzy right"), ("kind", "note"), ("at", "2026-01-05T02:35")];
        assert_eq!(night.post(&line, &right).status, 303);
        let all = lines(&night);
        assert_eq!(all.len(), 2);
        assert_eq!(
            (&all[1]["says"], &all[1]["is-correction"]),
            (&"xyzzy right".into(), &true.into()),
            "by its time"
        );
        assert_eq!(all[0]["struck"]["by"], "ops-1");
        assert!(all[1]["written"]["at"].as_str() > all[1]["at"]["at"].as_str(), "{}", all[1]);
        assert_eq!(night.post(&line, &[("go", "strike"), ("says", "again")]).status, 409, "it is struck");
        let old = night.get(&line).body;
        assert!(old.contains("<s>xyzzy") && !old.contains("value=\"strike\""), "{old}");
        // A reason is needed; there are no other pages and no other lines.
        let right = all[1]["href"].as_str().expect("a page").to_owned();
        assert!(night.post(&right, &[("go", "strike")]).head["location"].ends_with("note=why"));
        assert_eq!(night.post(&right, &[("go", "erase")]).status, 404);
        assert_eq!(night.get("watch/AAAAAAAAAAAAAAAAAAAAAA").status, 404);
        let sheet = night.get("watch?view=all&as=csv").body;
        assert!(sheet.contains("xyzzy right") && sheet.contains("[struck-by]"), "{sheet}");
        let found = json(&night, "watch?view=all&words=RIGHT&kind=note");
        assert_eq!(found["of"], 1, "{found}");
        assert_eq!(json(&night, "watch?view=all&kind=record&words=nowhere")["of"], 0);
        assert_eq!(night.get("watch?since=xyzzy").status, 400);
    });
    harbour.at(at(17), |desks| assert_eq!(lines(&desks.sit("ops-1")).len(), 2, "it outlives the program"));
}

#[test]
fn what_was_written_becomes_a_draft_and_nothing_is_signed_by_it() {
    place("north").at(at(16), |desks| {
        let size = desks.desk.work(|node, _| node.size());
        let night = desks.sit("ops-1");
        write(&night, &[("says", WORDS), ("kind", "note")]);
        let line = lines(&night)[0]["href"].as_str().expect("a page").to_owned();
        let began = json(&night, &line)["begins"].as_array().expect("kinds").clone();
        assert!(!began.is_empty(), "north may open something");
        for kind in &began {
            let kind = kind[0].as_str().expect("a kind");
            let got = night.post(&line, &[("go", "draft"), ("kind", kind)]);
            let draft = got.head["location"].clone();
            assert!(draft.contains("/unsigned/"), "{draft}");
            let text = json(&night, &draft)["text"].clone();
            assert_eq!(text, WORDS, "the words are carried over: {kind}");
        }
        let drafts = lines(&night)[0]["drafts"].as_array().map(Vec::len);
        assert_eq!(drafts, Some(began.len()));
        assert_eq!(night.post(&line, &[("go", "draft"), ("kind", "no-such-kind")]).status, 404);
        assert_eq!(desks.desk.work(|node, _| node.size()), size, "nothing was signed");
    });
}

#[test]
fn the_watch_goes_from_one_to_another_with_what_is_open() {
    let harbour = harbour();
    let paper = harbour.at(at(16), |desks| {
        let nobody = Browser::open(desks.address, HOST, desks.desk);
        let asked = nobody.post("watch/begin", &[]);
        assert!(asked.head["location"].ends_with("settings?note=who"), "who takes the watch has a name");
        let night = desks.sit("ops-1");
        assert_eq!(night.post("watch/begin", &[]).status, 303);
        assert_eq!(night.post("watch/begin", &[]).status, 409);
        write(&night, &[("says", "called at two"), ("at", "2026-01-05T13:02")]);
        let own = json(&night, "watch?view=all");
        let own = own["rows"].as_array().expect("rows").iter().filter(|row| row["by"] == "ops-1");
        assert!(
            own.clone().count() > 0 && own.clone().all(|row| row["is-new"] == false),
            "one's own is not new"
        );
        let set = [("says", "call the ford again"), ("who", "ops-2"), ("due", "2026-01-06T06:00")];
        assert_eq!(night.post("worklist", &set).status, 303);
        let about = [("says", "ask north"), ("reference", harbour.reference.as_str())];
        assert_eq!(night.post("worklist", &about).status, 303);
        let open = json(&night, "watch/hand-over");
        assert_eq!(open["is-mine"], true);
        let is = |is: &str| {
            open["items"].as_array().expect("items").iter().filter(|item| item["is"] == is).count()
        };
        assert_eq!((is("task"), is("due") + is("notice")), (2, 1), "the notice waits for harbour: {open}");
        // Not to oneself, not to nobody, and not by somebody else.
        for taker in ["ops-1", "", "No Body"] {
            let got = night.post("watch/hand-over", &[("taker", taker)]);
            assert!(got.head["location"].ends_with("note=taker"), "{taker}");
        }
        let day = desks.sit("ops-2");
        assert_eq!(day.post("watch/hand-over", &[("taker", "ops-3")]).status, 403);
        let given = night.post("watch/hand-over", &[("taker", "ops-2"), ("says", WORDS)]);
        let paper = given.head["location"].clone();
        assert_eq!(night.post("watch/hand-over", &[("taker", "ops-3")]).status, 409, "one at a time");
        for other in [&night, &desks.sit("ops-3")] {
            assert_eq!(other.post(&paper, &[("go", "take")]).status, 403);
        }
        assert!(night.get("watch").body.contains("ops-1 has had the watch"), "until it is taken");
        paper
    });
    harbour.at(at(17), |desks| {
        let day = desks.sit("ops-2");
        assert!(day.get("watch").body.contains("Read it and take the watch"));
        // What changes after it was handed over does not change the paper.
        assert_eq!(day.post("worklist", &[("says", "something new")]).status, 303);
        let read = json(&day, &paper);
        assert_eq!(
            (&read["says"], read["items"].as_array().map(Vec::len)),
            (&WORDS.into(), Some(3)),
            "{read}"
        );
        assert_eq!(day.post(&paper, &[("go", "take")]).status, 303);
        assert_eq!(day.post(&paper, &[("go", "take")]).status, 409);
        let page = day.get(&paper).body;
        assert!(
            page.contains("ops-1 confirmed, and handed over") && page.contains("ops-2 confirmed, and took")
        );
        let read = json(&day, "watch");
        assert_eq!(read["shift"]["by"], "ops-2");
        // What was written before the watch was taken is read by who takes it.
        let says = |row: &&serde_json::Value| row["says"] == "called at two" && row["is-new"] == true;
        assert_eq!(read["rows"].as_array().expect("rows").iter().filter(says).count(), 1, "{read}");
        let last = &lines(&day)[0];
        assert_eq!((&last["kind"], &last["by"]), (&"handover".into(), &"ops-2".into()));
        // Who is not there to hand it over is relieved, with a reason.
        let third = desks.sit("ops-3");
        let without = third.post("watch/begin", &[("instead", "ops-2")]);
        assert!(without.head["location"].ends_with("note=why"));
        assert_eq!(third.post("watch/begin", &[("instead", "ops-1"), ("says", "x")]).status, 409);
        assert_eq!(third.post("watch/begin", &[("instead", "ops-2"), ("says", "taken ill")]).status, 303);
        assert!(lines(&third)[0]["says"].as_str().is_some_and(|says| says.contains("taken ill")));
        let urdu = third.get("watch?lang=ur").body;
        assert!(urdu.contains("dir=\"rtl\"") && urdu.contains("ڈیوٹی"), "{urdu}");
    });
}

#[test]
fn a_task_is_somebodys_until_it_is_done() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        for (form, why) in [
            (vec![("says", ""), ("reference", "x")], "say what is to be done"),
            (vec![("says", "xyzzy"), ("reference", "INC-26-0001-A")], "no matter has this reference"),
            (vec![("says", "xyzzy"), ("who", "Ops 1")], "by a label"),
            (vec![("says", "xyzzy"), ("due", "soon")], "this is no time"),
        ] {
            let got = ops.post("worklist", &form);
            assert!(got.status == 200 && got.body.contains(why), "{form:?}: {}", got.body);
        }
        let late = [("says", WORDS), ("who", "ops-1"), ("due", "2026-01-05T01:00")];
        assert_eq!(ops.post("worklist", &late).status, 303);
        let task = &json(&ops, "worklist")["tasks"][0];
        assert_eq!((&task["is-mine"], &task["is-late"]), (&true.into(), &true.into()));
        let page = ops.get("worklist").body;
        assert!(page.contains("<span class=\"danger\">"), "overdue for whoever reads it");
        let other = desks.sit("ops-2");
        assert!(!main_of(&other.get("worklist").body).contains("danger"), "and for nobody else");
        let path = format!("worklist/{}", task["id"].as_str().expect("a name"));
        let give =
            [("go", "assign"), ("who", "ops-2"), ("due", "۲۰۲۶-۰۱-۰۷T08:00"), ("back", "//evil.example/")];
        let got = ops.post(&path, &give);
        assert!(got.head["location"].ends_with("/worklist"), "it leads to no other place");
        assert_eq!(json(&ops, "worklist?view=mine")["tasks"].as_array().map(Vec::len), Some(0));
        assert_eq!(other.post(&path, &[("go", "done")]).status, 303);
        assert_eq!(json(&ops, "worklist")["open"], 0);
        let sheet = ops.get("worklist?view=all&as=csv").body;
        assert!(sheet.contains("[done-by]") && sheet.contains("ops-2"), "{sheet}");
        assert_eq!(other.post(&path, &[("go", "open")]).status, 303);
        assert_eq!(json(&ops, "worklist")["open"], 1);
    });
}

#[test]
fn each_reads_the_pages_as_they_like() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let how =
            [("go", "how"), ("language", "ur"), ("density", "roomy"), ("theme", "dark"), ("zone", "۴:۳۰")];
        let got = ops.post("settings", &how);
        assert!(got.head["location"].ends_with("lang=ur"), "{:?}", got.head);
        let page = ops.get("").body;
        assert!(
            page.contains("lang=\"ur\" dir=\"rtl\" data-density=\"roomy\" data-theme=\"dark\""),
            "{page}"
        );
        assert!(page.contains("UTC+04:30"), "{page}");
        assert!(!desks.sit("ops-2").get("").body.contains("data-theme"), "for nobody else");
        for (form, note) in [
            (vec![("go", "who"), ("new", "Ops <1>")], "label"),
            (vec![("go", "how"), ("zone", "east")], "zone"),
        ] {
            assert!(ops.post("settings", &form).head["location"].ends_with(note), "{form:?}");
        }
        ops.post(
            "settings",
            &[("go", "how"), ("density", "\" onload=\""), ("theme", "x"), ("language", "xx")],
        );
        let page = ops.get("?lang=en").body;
        assert!(!page.contains("onload") && !page.contains("data-theme"), "{page}");
        let how = [
            ("go", "how"),
            ("language", "en"),
            ("calendar", "solar"),
            ("beside", "lunar"),
            ("digits", "persian"),
        ];
        ops.post("settings", &how);
        let page = ops.get("").body;
        assert!(page.contains("۱۶ Jadi ۱۴۰۴</time> · ۱۷ Rajab ۱۴۴۷ \u{200e}±1"), "{page}");
        assert!(page.contains("title=\"2026-01-"), "the time by UTC, as the record has it");
    });
    harbour.at(at(17), |desks| {
        let ops = desks.sit("ops-1");
        ops.post("settings", &[("go", "how"), ("density", "compact")]);
        assert!(ops.get("").body.contains("data-density=\"compact\""));
    });
}

/// What nobody would send comes to an answer too, and never to a fault of the program; and nothing is kept by it.
#[test]
fn odd_forms_are_answered() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        ops.post("watch/begin", &[]);
        ops.post("watch", &[("says", "one")]);
        ops.post("worklist", &[("says", "one")]);
        ops.post("directory", &[("office", "one")]);
        let of = |path: &str, list: &str, name: &str| {
            json(&ops, path)[list][0][name].as_str().unwrap_or_default().to_owned()
        };
        let line = lines(&ops)[0]["href"].as_str().expect("a page").to_owned();
        let task = format!("worklist/{}", of("worklist", "tasks", "id"));
        let post = of("directory", "posts", "href");
        let pages = [
            "watch",
            "watch/begin",
            "watch/hand-over",
            &line,
            "worklist",
            &task,
            "directory",
            &post,
            "directory/import",
            "memo",
            "memo/erase",
            "views",
            "access",
            "settings",
        ];
        let long = "x".repeat(300_000);
        let odd = [
            "",
            "\u{0}",
            "\u{202e}\u{2066}",
            "9999-12-31T23:59",
            "0000-00-00T00:00",
            "1969-12-31T23:59",
            "99999999999999999999",
            "AAAAAAAAAAAAAAAAAAAAAA",
            "\"\r\n\",\u{0}\n'=",
            "ops-1 watch",
            "%",
            &long,
        ];
        let fields = [
            "id",
            "says",
            "at",
            "kind",
            "reference",
            "who",
            "due",
            "taker",
            "instead",
            "csv",
            "office",
            "until",
            "from",
            "number",
            "number-is",
            "circle",
            "matter",
            "back",
            "page",
            "query",
            "name",
            "may",
            "new",
            "zone",
            "language",
        ];
        for page in pages {
            for value in odd {
                for go in [
                    "", "strike", "correct", "draft", "assign", "done", "keep", "on-duty", "contact", "save",
                    "drop", "who", "take",
                ] {
                    let mut form: Vec<(&str, &str)> = fields.iter().map(|field| (*field, value)).collect();
                    if value.len() > 1000 {
                        form.truncate(3);
                    }
                    form.push(("go", go));
                    let got = ops.post(page, &form);
                    assert!(got.status < 500, "{page}, {go}, {value:.20?}: {}", got.body);
                    if value.len() > 1000 {
                        break;
                    }
                }
            }
        }
        for query in [
            "view=%ff",
            "from=18446744073709551615",
            "since=9999-12-31",
            "kind=A_B",
            "of=%00",
            "words=%00",
            "note=%3Cb%3E",
            "lang=%ff",
        ] {
            for page in [
                "watch",
                "worklist",
                "directory",
                "good-offices",
                "settings",
                "access",
                "watch/hand-over",
                &line,
                &task,
                &post,
            ] {
                let got = ops.get(&format!("{page}?{query}"));
                assert!(got.status < 500, "{page}?{query}: {}", got.body);
            }
        }
    });
}

/// A log of years is still read in a moment.
#[test]
fn a_long_log_has_pages() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let rows: String = (0..1_500).map(|number| format!("office {number},harbour\n")).collect();
        let csv = format!("office,participant\n{rows}");
        assert_eq!(ops.post("directory/import", &[("csv", &csv)]).status, 303);
        assert_eq!(json(&ops, "directory")["hold"], 1_500);
        for number in 0..203 {
            assert_eq!(ops.post("watch", &[("says", &format!("line {number}"))]).status, 303);
        }
        let page = ops.get("watch?view=all&kind=note").body;
        let main = main_of(&page);
        assert_eq!(main.matches("<th scope=\"row\"").count(), 200);
        let next = between(main, "rel=\"next\" href=\"", "\"").expect("a page behind").replace("&#38;", "&");
        assert_eq!(main_of(&ops.get(&next).body).matches("<th scope=\"row\"").count(), 3, "{next}");
        assert_eq!(ops.get("watch?view=all&kind=note&as=csv").body.lines().count(), 204);
    });
}

/// What does not fit is said, and what was sent before under another's name is not dropped in silence.
#[test]
fn a_line_that_is_not_kept_stays_on_the_page() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let long = "x".repeat(9_000);
        let got = ops.post("watch", &[("says", &long), ("kind", "note")]);
        assert!(got.status == 200 && got.body.contains(&long), "{}", got.status);
        assert!(got.body.contains("it is longer than a line"));
        assert!(lines(&ops).is_empty());
        let id = [("id", "AAAAAAAAAAAAAAAAAAAAAA")];
        for (path, rows) in [("watch", "rows"), ("worklist", "tasks")] {
            let send = |says: &str| ops.post(path, &[&id[..], &[("says", says), ("kind", "note")]].concat());
            let kept = || {
                let all = json(&ops, &format!("{path}?view=all"))[rows].as_array().expect("rows").clone();
                let said = all.iter().filter_map(|row| row["says"].as_str().map(str::to_owned));
                said.filter(|says| says.starts_with("qwxz")).collect::<Vec<_>>()
            };
            assert_eq!((send("qwxz one").status, send("qwxz one").status), (303, 303), "{path}");
            let got = send("qwxz two");
            assert!(got.status == 200 && got.body.contains("sent before with other words"), "{path}");
            assert!(got.body.contains("qwxz two"), "what was typed is there still");
            assert_eq!(kept(), ["qwxz one"], "{path}");
        }
    });
}

/// A log that is longer than what is read at once says where it is cut, as a page and as a sheet, and gives the rest.
#[test]
fn a_long_log_says_where_it_is_cut() {
    let harbour = harbour();
    {
        let home = harbour.world.home("harbour");
        let private = store::Private::open(&home.private()).expect("opened");
        let says = "x".repeat(store::SAYS_BYTES_MAX);
        for n in 0..520_u64 {
            let when = at(15).minus(terms::Seconds(60 * (520 - n)));
            let line = store::Line {
                id: store::Name::new(&format!("{n:->22}")).expect("a name"),
                at: when,
                written: when,
                kind: code("note"),
                says: says.clone(),
                reference: format!("line {n}"),
                by: None,
                corrects: None,
                struck: None,
                drafts: Vec::new(),
            };
            private.log(&line).expect("kept");
        }
    }
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let all = json(&ops, "watch?view=all");
        let cut = all["cut"]["at"].as_str().expect("it is cut").to_owned();
        let page = ops.get("watch?view=all").body;
        let earlier = between(&page, "<a href=\"", "\">Show what was earlier").expect("it says so");
        let earlier = earlier.rsplit("href=\"").next().expect("an address").replace("&#38;", "&");
        let sheet = ops.get("watch?view=all&as=csv").body;
        assert!(sheet.lines().last().is_some_and(|last| last.contains(&format!("until={cut}"))));
        assert!(!sheet.contains("line 0,"));
        let rest = json(&ops, &earlier);
        assert!(rest["cut"].is_null() && rest["rows"].to_string().contains("\"line 0\""), "{}", rest["of"]);
    });
}
