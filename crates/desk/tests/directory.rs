//! Whom one can call, and what stands beside a matter.

#[path = "../../node/tests/common/mod.rs"]
mod common;

mod served;
mod shift;

use common::at;
use served::{between, main_of};
use shift::{WORDS, harbour, json, lines, place};

#[test]
fn a_post_is_kept_tested_and_called() {
    let north = place("north");
    north.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let post = [
            ("office", WORDS),
            ("participant", "harbour"),
            ("role", "Duty officer"),
            ("number-is", "hotline"),
            ("number", "+۰۰۰ 555 0100"),
            ("number-is", "radio"),
            ("number", "channel 4"),
            ("number-is", "phone"),
            ("number", " "),
            ("until", "2026-12-31"),
        ];
        assert_eq!(ops.post("directory", &post).status, 303);
        let page = ops.get("directory").body;
        assert!(page.contains("href=\"tel:+0005550100\"") && !page.contains("<b>Team 4"), "{page}");
        assert!(page.contains("One hotline has not answered a test"), "an untested hotline is none");
        let entry = json(&ops, "directory")["posts"][0].clone();
        assert_eq!(
            (&entry["is-untested"], entry["numbers"].as_array().map(Vec::len)),
            (&true.into(), Some(2))
        );
        let path = entry["href"].as_str().expect("a page").to_owned();
        // One press is one test, in the watch log too.
        for _ in 0..2 {
            let test = [("go", "answered"), ("id", "AAAAAAAAAAAAAAAAAAAAAA")];
            assert_eq!(ops.post(&path, &test).status, 303);
        }
        let log = lines(&ops);
        assert_eq!((log.len(), &log[0]["kind"], &log[0]["by"]), (1, &"line-test".into(), &"ops-1".into()));
        let entry = json(&ops, "directory")["posts"][0].clone();
        assert_eq!((&entry["tested"]["result"], &entry["is-untested"]), (&"answered".into(), &false.into()));
        assert_eq!(ops.post(&path, &[("go", "no-answer")]).status, 303);
        assert_eq!(json(&ops, &path)["tests"].as_array().map(Vec::len), Some(2));
        assert_eq!(json(&ops, "directory")["posts"][0]["is-untested"], true, "it did not answer");
        // Who is on duty, and until when.
        for until in ["2026-01-01T00:00", "soon", ""] {
            let got = ops.post(&path, &[("go", "on-duty"), ("until", until)]);
            assert!(got.head["location"].ends_with("note=time"), "{until}");
        }
        assert_eq!(ops.post(&path, &[("go", "on-duty"), ("until", "2026-01-07T06:00")]).status, 303);
        assert_eq!(json(&ops, "directory?view=duty")["posts"].as_array().map(Vec::len), Some(1));
        assert_eq!(ops.post(&path, &[("go", "off-duty")]).status, 303);
        assert_eq!(json(&ops, "directory?view=duty")["posts"].as_array().map(Vec::len), Some(0));
        // What can't be kept stays on the page; what is no longer in force is not called.
        for (form, why) in [
            (vec![("office", ""), ("note", "xyzzy")], "the office is needed"),
            (vec![("office", "xyzzy"), ("participant", "nobody")], "no such participant"),
            (vec![("office", "xyzzy"), ("until", "31.12.2026")], "a day looks like"),
            (vec![("office", "xyzzy"), ("number-is", "fax"), ("number", "1")], "a number is a hotline"),
        ] {
            let got = ops.post("directory", &form);
            assert!(got.status == 200 && got.body.contains(why) && got.body.contains("xyzzy"), "{form:?}");
        }
        assert_eq!(
            ops.post(&path, &[("go", "keep"), ("office", "Ford"), ("until", "2026-01-01")]).status,
            303
        );
        assert_eq!(json(&ops, "directory")["posts"].as_array().map(Vec::len), Some(0));
        assert_eq!(json(&ops, "directory?view=all&words=ford")["posts"][0]["holds"], false);
        assert_eq!(ops.post(&path, &[("go", "erase")]).status, 303);
        assert_eq!(ops.get(&path).status, 404);
        assert_eq!(lines(&ops).len(), 2, "the log keeps its entries");
        assert_eq!(ops.post(&path, &[("go", "answered")]).status, 404);
    });
}

#[test]
fn a_directory_goes_out_and_comes_in_as_it_was() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let rows = "Office [office],participant,numbers,role,person,valid-until,note\r\n\
                    \"Ford, post 1\",north,hotline '+1; +93 20 555; radio chan 4,=1+1,مشق,2026-12-31,\"two\r\nlines\"\r\n\
                    Harbour,,,,,,\r\n";
        assert_eq!(ops.post("directory/import", &[("csv", rows)]).status, 303);
        let sheet = ops.get("directory?view=all&as=csv").body;
        assert!(sheet.contains("'=1+1") && sheet.contains("hotline '+1; phone +93 20 555; radio chan 4"), "{sheet}");
        let before = json(&ops, "directory?view=all")["posts"].clone();
        // Its own export changes nothing, with names or without.
        for csv in [sheet.clone(), rows.to_owned()] {
            assert_eq!(ops.post("directory/import", &[("csv", &csv)]).status, 303);
            let after = json(&ops, "directory?view=all")["posts"].clone();
            let ids = |posts: &serde_json::Value| {
                let all = posts.as_array().expect("posts").iter();
                all.map(|post| (post["id"].to_string(), post["role"].to_string())).collect::<Vec<_>>()
            };
            assert_eq!(ids(&before), ids(&after), "{csv}");
        }
        // All or nothing: each row that is wrong is named, and what was pasted stays.
        for (csv, why) in [
            ("", "there is no column"),
            ("participant\nnorth", "there is no column"),
            ("office,participant\nA,north\nB,nobody\n,south", "Row 3:"),
            ("office,participant\nA,north\nB,nobody\n,south", "Row 4:"),
            ("office,valid-from\nxyzzy,tomorrow", "a day looks like"),
        ] {
            let got = ops.post("directory/import", &[("csv", csv)]);
            assert!(got.status == 200 && got.body.contains(why), "{csv}: {}", got.body);
        }
        assert_eq!(json(&ops, "directory?view=all")["posts"].as_array().map(Vec::len), Some(2));
    });
}

#[test]
fn tasks_and_notes_stand_beside_their_matter() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let matter = format!("/{}/notices/{}", ops.agreement, harbour.reference);
        let about = [("reference", harbour.reference.as_str()), ("back", matter.as_str())];
        for (path, circle, says) in [
            ("worklist", "", "call north"),
            ("memo", "internal", WORDS),
            ("memo", "good-offices", "said in trust"),
        ] {
            let form = [&about[..], &[("circle", circle), ("says", says)]].concat();
            let got = ops.post(path, &form);
            assert_eq!((got.status, got.head["location"].as_str()), (303, matter.as_str()), "{says}");
        }
        let page = ops.get(&matter).body;
        let main = main_of(&page);
        assert!(
            main.contains("call north")
                && main.contains("&#60;b&#62;Team 4")
                && main.contains("said in trust")
        );
        assert!(main.contains("class=\"band offices\"") && main.contains("never in the register"), "{main}");
        let beside = json(&ops, &matter)["beside"].clone();
        assert_eq!(beside["notes"][0]["says"], WORDS);
        assert_eq!(json(&ops, "")["tasks"][0]["says"], "call north");
        let offices = json(&ops, "good-offices");
        assert_eq!(offices["notes"].as_array().map(Vec::len), Some(1), "{offices}");
        // What can't be kept stays on the page.
        for circle in ["good-offices", "internal"] {
            let lost = [("circle", circle), ("says", "xyzzy"), ("reference", "INC-26-0001-A")];
            let got = ops.post("memo", &lost);
            let is_there = got.body.contains("xyzzy") && got.body.contains("no matter has this");
            assert!(got.status == 200 && is_there, "{circle}: {}", got.body);
        }
        // Notes have a page of their own, with those of no matter.
        let alone = [("circle", "internal"), ("says", "the road is washed out")];
        assert!(ops.post("memo", &alone).head["location"].ends_with("/notes"));
        let notes = ops.get("notes").body;
        assert!(
            main_of(&notes).contains("the road is washed out")
                && main_of(&notes).contains(&harbour.reference)
        );
        assert_eq!(json(&ops, "notes")["notes"].as_array().map(Vec::len), Some(2));
        assert_eq!(ops.post("memo", &[("says", "x")]).status, 404, "of no circle");
        let id = beside["notes"][0]["id"].as_str().expect("a name");
        let wrong = [("circle", "good-offices"), ("id", id), ("back", &matter)];
        assert_eq!(ops.post("memo/erase", &wrong).status, 303);
        assert_eq!(
            json(&ops, &matter)["beside"]["notes"].as_array().map(Vec::len),
            Some(1),
            "of another circle"
        );
        assert_eq!(ops.post("memo/erase", &[("circle", "internal"), ("id", id)]).status, 303);
        assert_eq!(json(&ops, &matter)["beside"]["notes"].as_array().map(Vec::len), Some(0));
        let task = between(main, "/worklist/", "\"").expect("a task").to_owned();
        assert_eq!(ops.post(&format!("worklist/{task}"), &[("go", "done"), ("back", &matter)]).status, 303);
        assert!(ops.get(&matter).body.contains("call north"), "what was done stays with the matter");
    });
}
