//! Is everyone safe: teams go out, are heard, are not heard in time, and are back.

#[path = "../../node/tests/common/mod.rs"]
mod common;

mod served;
mod shift;

use common::at;
use served::main_of;
use shift::{WORDS, harbour, json, lines};

#[test]
fn a_team_goes_out_is_heard_and_is_back() {
    let harbour = harbour();
    let id = harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let page = ops.get("teams").body;
        assert!(main_of(&page).contains("No team is known here."), "{}", main_of(&page));
        // What can't be kept says why, and stays on the page.
        for (form, why) in [
            ([("name", " "), ("place", "xyzzy"), ("in", "30")], "A team has a name."),
            ([("name", "Team 4"), ("place", "xyzzy"), ("in", "0")], "say in how many minutes"),
            ([("name", "Team 4"), ("place", "xyzzy"), ("in", "1441")], "say in how many minutes"),
            ([("name", "Team 4"), ("place", "xyzzy"), ("in", "soon")], "say in how many minutes"),
        ] {
            let got = ops.post("teams", &form);
            assert!(got.status == 200 && got.body.contains(why), "{form:?}: {}", main_of(&got.body));
            assert!(got.body.contains("value=\"xyzzy\""), "{form:?}");
        }
        assert_eq!(lines(&ops).len(), 0);
        // The same form twice is one team, and one line.
        let form = [
            ("team", "AAAAAAAAAAAAAAAAAAAAAA"),
            ("id", "BBBBBBBBBBBBBBBBBBBBBB"),
            ("name", WORDS),
            ("place", "X-03"),
            ("in", "۶۰"),
        ];
        for _ in 0..2 {
            assert_eq!(ops.post("teams", &form).status, 303);
        }
        let all = json(&ops, "teams");
        assert_eq!(
            (&all["out"], &all["late"], all["teams"].as_array().map(Vec::len)),
            (&1.into(), &0.into(), Some(1))
        );
        let log = lines(&ops);
        assert_eq!((log.len(), &log[0]["kind"], &log[0]["by"]), (1, &"team".into(), &"ops-1".into()));
        assert!(log[0]["says"].as_str().is_some_and(|says| says.contains("was heard at")), "{log:?}");
        let page = ops.get("teams").body;
        assert!(
            main_of(&page).contains("&#60;b&#62;Team 4") && !page.contains("<b>Team 4"),
            "{}",
            main_of(&page)
        );
        assert!(ops.get("teams?as=csv").body.contains("X-03"));
        // Whoever takes the watch over is told who is out.
        let items = json(&ops, "watch/hand-over")["items"].as_array().expect("items").clone();
        assert!(items.iter().any(|item| item["is"] == "team"), "{items:?}");
        desks.desk.look_for_alerts().expect("looked");
        assert!(!ops.get("alerts").body.contains("not heard in time"));
        all["teams"][0]["id"].as_str().expect("a name").to_owned()
    });
    // Two hours later it was not heard, over a restart of the node.
    harbour.at(at(18), |desks| {
        let ops = desks.sit("ops-1");
        let all = json(&ops, "teams");
        assert_eq!((&all["late"], &all["teams"][0]["is-late"]), (&1.into(), &true.into()));
        let page = ops.get("teams").body;
        assert!(main_of(&page).contains("class=\"danger\">Overdue"), "{}", main_of(&page));
        desks.desk.look_for_alerts().expect("looked");
        let alerts = json(&ops, "alerts")["rows"].as_array().expect("rows").clone();
        let told = alerts.iter().find(|row| row["kind"] == "team").expect("it is told");
        assert_eq!(told["reference"], "", "nothing of the team is in it: {told}");
        assert!(told["href"].as_str().is_some_and(|href| href.ends_with("/teams")), "{told}");
        // It is heard from elsewhere: then the alert is over by itself.
        let path = format!("teams/{id}");
        let seen = |ops: &served::Browser| {
            json(ops, "teams")["teams"][0]["said"].as_str().expect("a line").to_owned()
        };
        let before = seen(&ops);
        let heard = [("go", "heard"), ("place", "Ford"), ("in", "120"), ("seen", before.as_str())];
        assert_eq!(ops.post(&path, &heard).status, 303);
        desks.desk.look_for_alerts().expect("looked");
        let waits = json(&ops, "alerts")["rows"].as_array().expect("rows").clone();
        assert!(waits.iter().all(|row| row["kind"] != "team"), "{waits:?}");
        assert_eq!(json(&ops, "teams")["teams"][0]["place"], "Ford");
        // Who saw it as it was before says nothing of it, whatever stands on that page.
        let stale = ops.post(&path, &[("go", "in"), ("place", "X-03"), ("seen", &before)]);
        assert!(
            stale.status == 200 && stale.body.contains("was heard since this page was made"),
            "{}",
            stale.status
        );
        assert_eq!(ops.post(&path, &[("go", "in"), ("place", "X-03")]).status, 200);
        assert_eq!(
            (&json(&ops, "teams")["out"], &json(&ops, "teams")["teams"][0]["place"]),
            (&1.into(), &"Ford".into())
        );
        // Who is out is not dropped; who is back is, and the log keeps all of it.
        assert_eq!(ops.post(&path, &[("go", "drop")]).status, 303);
        assert_eq!(json(&ops, "teams")["out"], 1);
        assert_eq!(ops.post(&path, &[("go", "in"), ("seen", &seen(&ops))]).status, 303);
        assert_eq!(json(&ops, "teams")["out"], 0);
        let urdu = ops.get("teams?lang=ur").body;
        assert!(main_of(&urdu).contains("کوئی ٹیم باہر نہیں"), "{}", main_of(&urdu));
        assert_eq!(ops.post(&path, &[("go", "drop")]).status, 303);
        assert_eq!(json(&ops, "teams")["teams"].as_array().map(Vec::len), Some(0));
        assert_eq!(ops.post(&path, &[("go", "heard")]).status, 404);
        assert_eq!(lines(&ops).len(), 3);
    });
}
