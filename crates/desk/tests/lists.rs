//! What lists of matters ask and show by their kind: on the page, as JSON and for a spreadsheet alike.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod sent;
mod served;

use four::{Four, INCIDENT, four, newest};
use sent::Sender;
use served::{Browser, between, main_of};

fn json(browser: &Browser, path: &str) -> serde_json::Value {
    serde_json::from_str(&browser.get(path).body).expect("it is JSON")
}

/// What stands in a column of the first row, as programs have it.
fn cell(list: &serde_json::Value, column: &str) -> serde_json::Value {
    let columns = list["columns"].as_array().expect("columns");
    let place = columns.iter().position(|it| it["column"] == column);
    list["rows"][0]["cells"][place.expect("a column of this name")].clone()
}

#[test]
fn a_list_of_incidents_says_who_reported_what_and_who_gave_an_account() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let list = json(&north, "incidents?as=json");
    assert_eq!(cell(&list, "account"), serde_json::json!([]), "nobody gave one yet");
    let reference = newest(&south, "incidents");
    let sign = south.fill(&format!("incidents/{reference}/account"), &[("text", "We saw smoke.")], "sign");
    south.sign(&sign, "liaison-1");
    four.meet();

    let list = json(&north, "incidents?as=json");
    assert_eq!(list["question"], "What is reported, where, and how sure?");
    assert_eq!(list["rows"][0]["matter"]["reference"], reference.as_str());
    for (column, values) in
        [("opener", ["north"]), ("kind", ["fire"]), ("reported-grade", ["serious"]), ("account", ["south"])]
    {
        assert_eq!(cell(&list, column), serde_json::json!(values), "{column}");
    }
    // The hour that was typed is one on the instrument's clocks.
    let time = cell(&list, "time")[0].as_str().expect("a time").to_owned();
    assert!(time.starts_with("2026-01-0") && time.ends_with(":00Z"), "{time}");

    let page = north.get("incidents");
    let main = main_of(&page.body);
    assert!(main.contains("<h1><bdi>What is reported, where, and how sure?</bdi></h1>"), "{main}");
    let row = between(main, "<tbody>", "</tr>").expect("a row");
    for (label, shown) in [
        ("Reported by", ">North<"),
        ("Kind", "<bdi>Fire</bdi>"),
        ("Reported grade", "<bdi>Serious</bdi>"),
        ("Time", time.as_str()),
        ("Accounts by", ">South<"),
    ] {
        assert!(main.contains(&format!("<th scope=\"col\">{label}</th>")), "{label}: {main}");
        let cell = between(row, &format!("<td data-l=\"{label}\">"), "</td>");
        assert!(cell.is_some_and(|cell| cell.contains(shown)), "{label}: {row}");
    }

    // Place, date and kind have columns of their own: a title would say them twice.
    assert!(!main.contains("<th scope=\"col\">What</th>"), "{main}");
    let place = between(row, "<td data-l=\"Place\">", "</td>").expect("where it is");
    assert!(place.contains("<span class=\"grid\">") && place.contains("Not determined"), "{place}");

    // A spreadsheet has codes and times, and who reported it but once.
    let sheet = north.get("incidents.csv").body;
    let mut sheet = csv::Reader::from_reader(sheet.as_bytes());
    let head = sheet.headers().expect("a head").clone();
    let line = sheet.records().next().expect("a row").expect("whole");
    let place = |word: &str| {
        let of_it: Vec<usize> =
            (0..head.len()).filter(|at| head[*at].ends_with(&format!("[{word}]"))).collect();
        assert_eq!(of_it.len(), 1, "{word}: {head:?}");
        of_it[0]
    };
    for (word, value) in [
        ("opener", "North"),
        ("kind", "fire"),
        ("reported-grade", "serious"),
        ("time", time.as_str()),
        ("account", "south"),
    ] {
        assert_eq!(&line[place(word)], value, "{word}");
    }

    // The same in another language, by its words.
    let urdu = north.get("incidents?lang=ur");
    assert!(main_of(&urdu.body).contains("کیا اطلاع دی گئی، کہاں، اور کتنی یقینی؟"), "{}", urdu.body);
}

#[test]
fn each_kind_of_matter_that_the_text_has_has_a_list_that_asks_something() {
    let four = four();
    let north = four.browser("north");
    let procedures =
        instrument::read(four::EXERCISE, &instrument::library::shipped()).0.expect("it is read").procedures;
    assert!(procedures.len() > 15, "the exercise has the library");
    for (kind, procedure) in &procedures {
        let stem = kind.as_str().trim_end_matches(['y', 's']);
        let paths = [format!("{kind}s"), format!("{kind}es"), format!("{stem}ies"), "lives".to_owned()];
        let list = paths.iter().find_map(|path| {
            let got = north.get(&format!("{path}?as=json"));
            let list: serde_json::Value = serde_json::from_str(&got.body).ok()?;
            (got.status == 200 && list["kind"] == kind.as_str()).then_some(list)
        });
        let list = list.unwrap_or_else(|| panic!("{kind} has no list"));
        let question = list["question"].as_str().expect("a question");
        assert!(question.ends_with('?'), "{kind}: {question}");
        let columns: Vec<&str> = list["columns"]
            .as_array()
            .expect("columns")
            .iter()
            .map(|it| it["column"].as_str().expect("a word"))
            .collect();
        // Each strand of a matter says of what it is; each column stands once.
        for strand in &procedure.strands {
            assert!(columns.contains(&strand.as_str()), "{kind}: {columns:?}");
        }
        let once: std::collections::BTreeSet<&str> = columns.iter().copied().collect();
        assert_eq!(once.len(), columns.len(), "{kind}: {columns:?}");
        assert!(!columns.is_empty(), "{kind}");
    }
}

/// What a spreadsheet has of a list: its head, and its rows.
fn sheet(browser: &Browser, path: &str) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let got = browser.get(path);
    assert_eq!(got.head["content-type"], "text/csv; charset=utf-8; header=present", "{path}");
    let mut sheet = csv::Reader::from_reader(got.body.as_bytes());
    let head = sheet.headers().expect("a head").clone();
    (head, sheet.records().map(|row| row.expect("whole")).collect())
}

/// An incident of north, with these fields changed; its reference.
fn incident(four: &Four, changed: &[(&'static str, &'static str)]) -> String {
    let north = four.browser("north");
    let form = INCIDENT.map(|(name, value)| {
        (name, changed.iter().find(|(known, _)| *known == name).map_or(value, |(_, value)| value))
    });
    let sign = north.fill("incidents/new", &form, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let list = json(&north, "incidents?view=all&as=json");
    let rows = list["rows"].as_array().expect("rows").iter();
    let references = rows.map(|row| row["matter"]["reference"].as_str().expect("a reference").to_owned());
    references.max().expect("one was opened")
}

#[test]
fn what_is_new_since_somebody_looked_is_marked_and_is_a_view() {
    let four = four();
    let first = incident(&four, &[]);
    // The first page is a look: what is there when nobody ever looked is as good as seen.
    let south = four.browser("south");
    let list = json(&south, "incidents?as=json");
    assert_eq!((&list["new"], &list["rows"][0]["is-new"]), (&0.into(), &false.into()));
    assert_eq!(json(&south, "incidents?view=new&as=json")["rows"], serde_json::json!([]));

    // What comes after it is new in each list.
    let second = incident(&four, &[("f-kind", "mine")]);
    let list = json(&south, "incidents?as=json");
    assert_eq!(list["new"], 1);
    let marks = |list: &serde_json::Value| -> Vec<(String, bool)> {
        let rows = list["rows"].as_array().expect("rows").iter();
        let mark = |row: &serde_json::Value| {
            let reference = row["matter"]["reference"].as_str().expect("a reference").to_owned();
            (reference, row["is-new"].as_bool().expect("whether"))
        };
        let mut marks: Vec<_> = rows.map(mark).collect();
        marks.sort();
        marks
    };
    let mut wanted = vec![(first.clone(), false), (second.clone(), true)];
    wanted.sort();
    assert_eq!(marks(&list), wanted);
    assert_eq!(marks(&json(&south, "incidents?view=new&as=json")), [(second.clone(), true)]);
    let page = main_of(&south.get("incidents?view=new").body).to_owned();
    assert!(page.contains("aria-current=\"true\">New since you last looked: 1<"), "{page}");
    assert!(page.contains(&format!(
        "<span class=\"unseen\">New: </span><a href=\"/{}/incidents/{second}\"",
        south.agreement
    )));
    assert!(!page.contains(&first), "{page}");
    let (_, rows) = sheet(&south, "incidents?view=new&as=csv");
    assert_eq!(rows.iter().map(|row| &row[0]).collect::<Vec<_>>(), [second.as_str()]);

    // What is said in it is new, too, though it stands as it did.
    let sign = south.fill(&format!("incidents/{first}/account"), &[("text", "We saw smoke.")], "sign");
    south.sign(&sign, "liaison-1");
    four.meet();
    assert_eq!(json(&south, "incidents?view=new&as=json")["of"], 2);

    // A spreadsheet that asks by an address of its own looks at nothing, so nothing is new to it.
    assert!(!page.contains("/feed\""), "{page}");
    let got = south.post("feed", &[("shows", "incidents?view=new")]);
    assert_eq!(got.status, 400, "{}", got.body);
    assert_eq!(json(&south, "feed?as=json")["feeds"], serde_json::json!([]));
}

#[test]
fn what_is_new_of_exhibits_is_marked_and_is_a_view() {
    let four = four();
    let north = four.browser("north");
    let sender = Sender::of(&north);
    let file = |draft: &str, name: &str| {
        let path = sender.begin(name, "text/plain", draft, 4);
        assert_eq!(sender.patch(&path, 0, b"word").status, 204);
        let id = path.rsplit('/').next().expect("a name").to_owned();
        let form = [&[("kind", "incident"), ("go", "sign"), ("files", &id)], &INCIDENT[..]].concat();
        let kept = north.post(&format!("unsigned/{draft}"), &form);
        north.sign(&kept.head["location"], "liaison-1");
        four.meet();
        newest(&north, "evidence")
    };
    let first = file("AAAAAAAAAAAAAAAAAAAAAA", "one.txt");
    let south = four.browser("south");
    assert_eq!(json(&south, "evidence?as=json")["new"], 0);
    let second = file("BBBBBBBBBBBBBBBBBBBBBB", "two.txt");
    assert_ne!(first, second);
    let of = |list: &serde_json::Value| -> Vec<String> {
        let rows = list["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["reference"].as_str().expect("a reference").to_owned()).collect()
    };
    let list = json(&south, "evidence?view=new&as=json");
    assert_eq!((list["new"].as_u64(), of(&list)), (Some(1), vec![second.clone()]));
    let page = main_of(&south.get("evidence").body).to_owned();
    assert!(page.contains("New since you last looked: 1"), "{page}");
    assert_eq!(page.matches("<span class=\"unseen\">New: </span>").count(), 1, "{page}");
    // Of one exhibit alone nobody asks.
    assert!(json(&south, &format!("evidence/{second}?as=json"))["row"].get("is-new").is_none());
}

#[test]
fn lists_of_what_is_kept_here_are_saved_as_views_and_taken_as_csv() {
    let four = four();
    let north = four.browser("north");
    let kept =
        north.post("unsigned/AAAAAAAAAAAAAAAAAAAAAA", &[("kind", "notice"), ("text", "=SUM(A1), as said")]);
    assert_eq!(kept.status, 303, "{}", kept.body);
    let noted = north.post("memo", &[("circle", "internal"), ("says", "Ask again\nabout the road")]);
    assert_eq!(noted.status, 303, "{}", noted.body);
    for (path, query) in
        [("record", "to=3"), ("alerts", "view=all"), ("people", "view=in-force"), ("unsigned", "view=ours")]
    {
        let saved =
            north.post("views", &[("go", "save"), ("page", path), ("name", "Our own"), ("query", query)]);
        assert_eq!(saved.head["location"], format!("/{}/{path}?{query}", north.agreement));
        let page = main_of(&north.get(&format!("{path}?{query}")).body).to_owned();
        let link = format!(
            "<a href=\"/{}/{path}?{query}\" aria-current=\"true\"><bdi>Our own</bdi></a>",
            north.agreement
        );
        assert!(page.contains(&link), "{path}: {page}");
        assert!(page.contains("Save this view"), "{path}: {page}");
    }
    let (head, rows) = sheet(&north, "unsigned?as=csv");
    let place = |head: &csv::StringRecord, word: &str| {
        head.iter()
            .position(|cell| cell.ends_with(&format!("[{word}]")))
            .unwrap_or_else(|| panic!("{word}: {head:?}"))
    };
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0][place(&head, "kind")], &rows[0][place(&head, "first")]),
        ("notice", "'=SUM(A1), as said")
    );
    // In another session nobody has touched it.
    let other = four.browser("north");
    assert_eq!(json(&other, "unsigned?view=ours&as=json")["drafts"], serde_json::json!([]));
    assert_eq!(json(&other, "unsigned?as=json")["all"], 1);
    let (head, rows) = sheet(&north, "people?as=csv");
    let keys: Vec<&str> = rows.iter().map(|row| &row[place(&head, "key")]).collect();
    assert!(keys.contains(&"liaison-1"), "{keys:?}");
    let people = json(&north, "people?view=in-force&as=json");
    assert_eq!(people["in-force"], people["officers"].as_array().expect("officers").len());
    let (head, rows) = sheet(&north, "notes?as=csv");
    assert_eq!(&rows[0][place(&head, "text")], "Ask again\nabout the road");
    assert!(main_of(&north.get("notes").body).contains("as=csv"));
    // What is noted of good offices goes into no spreadsheet.
    let offices = north.get("good-offices?as=csv");
    assert!(offices.head["content-type"].starts_with("text/html"), "{:?}", offices.head);
}

#[test]
fn a_list_is_filtered_by_what_the_procedure_and_the_instrument_have() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let fire = incident(&four, &[]);
    let mine =
        incident(&four, &[("f-kind", "mine"), ("f-time", "2026-01-03T10:00"), ("f-reported-grade", "minor")]);
    let list = |query: &str| -> Vec<String> {
        let list = json(&south, &format!("incidents?view=all&{query}&as=json"));
        let rows = list["rows"].as_array().unwrap_or_else(|| panic!("{query}: {list}")).iter();
        let reference =
            |row: &serde_json::Value| row["matter"]["reference"].as_str().expect("one").to_owned();
        let mut all: Vec<String> = rows.map(reference).collect();
        all.sort();
        // A spreadsheet and a page have the same rows.
        let (_, rows) = sheet(&south, &format!("incidents?view=all&{query}&as=csv"));
        let mut same: Vec<String> = rows.iter().map(|row| row[0].to_owned()).collect();
        same.sort();
        assert_eq!(all, same, "{query}");
        let page = south.get(&format!("incidents?view=all&{query}")).body;
        let table = between(&page, "<tbody>", "</tbody>").unwrap_or_default();
        assert_eq!(table.matches("<tr>").count(), all.len(), "{query}");
        all
    };
    let both = vec![fire.clone(), mine.clone()];
    let none: Vec<String> = Vec::new();
    assert_eq!(list(""), both);
    assert_eq!(list("f-kind=mine"), [mine.as_str()]);
    assert_eq!(list("f-kind=raid"), none);
    assert_eq!(list("f-reported-grade=serious"), [fire.as_str()]);
    assert_eq!(list("f-reported-grade=serious&f-kind=mine"), none);
    assert_eq!((list("opener=north"), list("opener=south")), (both.clone(), none.clone()));
    // When it happened is not when it changed.
    assert_eq!(list("happened-until=2026-01-03"), [mine.as_str()]);
    assert_eq!(list("happened-since=2026-01-04"), [fire.as_str()]);
    assert_eq!(list("until=2026-01-03"), none);
    // Words stand in the title as the reader has it, whatever their case and order.
    assert_eq!(list("words=MINE"), [mine.as_str()]);
    assert_eq!(list("words=fire+january"), [fire.as_str()]);
    assert_eq!(list("words=elsewhere"), none);
    let read = json(&south, "incidents?view=all&f-kind=mine&words=mine&as=json");
    let (filter, is_cut) = (&read["filter"], &read["is-cut"]);
    assert_eq!((filter["fields"]["kind"].as_str(), filter["words"].as_str()), (Some("mine"), Some("mine")));
    assert_eq!(is_cut, false);
    for bad in ["f-kind=Mine!", "f-UP=x", "opener=%F0%9F%98%80", "happened-since=soon", "f-colour=red"] {
        let got = south.get(&format!("incidents?{bad}"));
        assert_eq!(got.status, 400, "{bad}: {}", got.body);
    }

    // What may be chosen is what the procedure has, with its words; what was is said on paper too, and can be saved.
    let page =
        main_of(&south.get("incidents?view=all&f-kind=mine&opener=north&happened-since=2026-01-03").body)
            .to_owned();
    for said in [
        "<option value=\"closure\">Closure</option>",
        "<option value=\"mine\" selected>Mine</option>",
        "name=\"f-assessed-grade\"",
        "<option value=\"north\" selected>North</option>",
        "Time, from",
        "Kind: <bdi>Mine</bdi>",
        "Opened by: <bdi>North</bdi>",
        "Time, from: <bdi>2026-01-03</bdi>",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let query = "f-kind=mine&opener=north&view=all";
    let save = [("go", "save"), ("page", "incidents"), ("name", "Mines"), ("query", query)];
    assert_eq!(south.post("views", &save).status, 303);
    let page = south.get(&format!("incidents?{query}")).body;
    assert!(page.contains("aria-current=\"true\"><bdi>Mines</bdi></a>"), "{page}");

    // A case is of the provision that its strand is called by.
    let case = [("f-bearer", "south"), ("f-provision", "p1"), ("f-grade", "minor")];
    let sign = north.fill("cases/new", &case, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let of = |query: &str| json(&south, &format!("cases?view=all&{query}&as=json"))["all"].clone();
    assert_eq!((of("f-provision=p1"), of("f-provision=p2")), (1.into(), 0.into()));
    assert_eq!((of("f-bearer=south&f-provision=p1"), of("f-bearer=north")), (1.into(), 0.into()));
    assert!(main_of(&south.get("cases").body).contains("<option value=\"p2\">p2</option>"));
}

#[test]
fn an_empty_list_says_how_much_that_says() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let main = |path: &str| main_of(&south.get(path).body).replace(['\u{2068}', '\u{2069}'], "");
    let says = |path: &str, bold: &str, note: &str| {
        let page = main(path);
        let both = format!("<p><b>{bold}</b></p>\n<p class=\"note\">{note}");
        assert!(page.contains(&both), "{path}: {both}: {page}");
    };
    says(
        "incidents",
        "No report in this view.",
        "Coverage: of 5 who may report, none has a report on record.",
    );
    says("cases", "No open case.", "Closed: 0.");
    says("requests", "No request is open.", "0 open, 0 over.");
    says("contacts", "No contact is logged.", "Calls not logged do not appear.");
    says("notices", "No Notice in this view.", "0 open, 0 over.");
    says("cases?state=alleged", "No Case in this view.", "0 open, 0 over, of those that are asked for.");
    // Who may see the watch is told how many look.
    let out = [
        ("team", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("id", "BBBBBBBBBBBBBBBBBBBBBB"),
        ("name", "Team 4"),
        ("place", "X-03"),
        ("in", "60"),
    ];
    assert_eq!(south.post("teams", &out).status, 303);
    let note = "Coverage: of 5 who may report, none has a report on record. Teams out: 1; heard in time: 1.";
    says("incidents", "No report in this view.", note);
    assert!(main("cases?lang=ur").contains("کوئی کھلا کیس نہیں۔"));
    south.get("?lang=en");

    incident(&four, &[]);
    let coverage =
        "Coverage: 1 of 5 who may report have a report on record; the last one was opened 5 Jan 2026 ";
    let page = main("incidents?f-kind=raid");
    assert!(page.contains("<b>No report in this view.</b>"), "{page}");
    assert!(page.contains(coverage.trim_end_matches(" 2026 ")), "{page}");
    let call = [
        ("f-other", "south"),
        ("f-channel", "phone"),
        ("f-time", "2026-01-05T09:00"),
        ("tier", "record"),
        ("text", "A call."),
    ];
    let sign = north.fill("contacts/new?tier=record", &call, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let list = json(&south, "contacts?view=all&as=json");
    assert_eq!(list["all"], 1, "{list}");
    says("contacts?f-channel=courier", "No Contact in this view.", "Calls not logged do not appear.");
    // Once it is taken back none is open, and none came after it.
    let contact = newest(&north, "contacts");
    let sign = north.fill(&format!("contacts/{contact}/withdraw"), &[], "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let page = main("contacts");
    let since = between(&page, "<b>No contact logged since ", ".</b>").unwrap_or_else(|| panic!("{page}"));
    assert!(since.starts_with("5 Jan "), "{since}");
    assert!(page.contains("Calls not logged do not appear."), "{page}");
}
