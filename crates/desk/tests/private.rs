//! What a participant keeps for itself: who of its people sees it, and that it is nowhere else.

#[path = "../../node/tests/common/mod.rs"]
mod common;

mod heard;
mod served;
mod shift;

use std::path::Path;
use std::sync::Arc;

use common::{at, copy_ring, who};
use desk::web::routes::{ROUTES, Verb, Who};
use served::{Browser, ask, between, desk_of, main_of, serve};
use shift::{Desks, HOST, harbour, json, lines, place};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Words that stand nowhere else, and where they are written.
const PLANTED: [&str; 12] = [
    "qwxz-line",
    "qwxz-struck",
    "qwxz-reference",
    "qwxz-handed",
    "qwxz-task",
    "qwxz-note",
    "qwxz-offices",
    "qwxz-post",
    "qwxz-person",
    "qwxz-number",
    "qwxz-view",
    "qwxz-draft",
];

/// Writes all of them at a desk, and gives the pages on which each can be read.
fn plant(desks: &Desks<'_>, reference: &str) -> Vec<String> {
    let ops = desks.sit("ops-1");
    let kept = |got: served::Got| assert_eq!(got.status, 303, "{}", got.body);
    kept(ops.post("watch/begin", &[]));
    kept(ops.post("watch", &[("says", "qwxz-line"), ("reference", "qwxz-reference"), ("kind", "note")]));
    let line = lines(&ops)[0]["href"].as_str().expect("a page").to_owned();
    kept(ops.post(&line, &[("go", "strike"), ("says", "qwxz-struck")]));
    kept(ops.post("worklist", &[("says", "qwxz-task"), ("reference", reference)]));
    for (circle, says) in [("internal", "qwxz-note"), ("good-offices", "qwxz-offices")] {
        kept(ops.post("memo", &[("circle", circle), ("says", says), ("reference", reference)]));
    }
    let post = [
        ("office", "qwxz-post"),
        ("person", "qwxz-person"),
        ("number-is", "radio"),
        ("number", "qwxz-number"),
    ];
    kept(ops.post("directory", &post));
    kept(
        ops.post("views", &[("go", "save"), ("page", "watch"), ("name", "qwxz-view"), ("query", "view=all")]),
    );
    kept(ops.post("unsigned/AAAAAAAAAAAAAAAAAAAAAA", &[("kind", "notice"), ("text", "qwxz-draft")]));
    let handed = ops.post("watch/hand-over", &[("taker", "ops-2"), ("says", "qwxz-handed")]);
    let matter = format!("notices/{reference}");
    let pages = [
        "watch?view=all",
        "worklist",
        &matter,
        "good-offices",
        "notes",
        "directory",
        "unsigned/AAAAAAAAAAAAAAAAAAAAAA",
    ];
    pages.into_iter().map(str::to_owned).chain([handed.head["location"].clone()]).collect()
}

/// Which of the planted words stand in some bytes.
fn found(bytes: &[u8]) -> Vec<&'static str> {
    let has = |word: &&&str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
    PLANTED.iter().filter(has).copied().collect()
}

/// All files below a folder, but for those whose path has this in it.
fn files(folder: &Path, but: &str, all: &mut Vec<std::path::PathBuf>) {
    for file in std::fs::read_dir(folder).expect("a folder") {
        let path = file.expect("it can be listed").path();
        if path.is_dir() {
            files(&path, but, all);
        } else if !path.to_string_lossy().contains(but) {
            all.push(path);
        }
    }
}

/// Each word can be read at its page, also after a restart; and in no file but those of the private side, no bundle, no
/// part of the register, no feed, no log, no number, and not at another node.
#[test]
fn what_is_private_is_nowhere_else() {
    heard::listen();
    let harbour = harbour();
    let pages = harbour.at(at(16), |desks| plant(desks, &harbour.reference));
    harbour.at(at(17), |desks| {
        let ops = desks.sit("ops-1");
        let shown: String = pages.iter().map(|page| ops.get(page).body).collect();
        assert_eq!(found(shown.as_bytes()), PLANTED, "it is kept through a restart");
        // What goes to another, and what anybody is told.
        let bundle = harbour.world.stick.join("for-north.mithaq");
        let exported =
            desks.desk.work(|node, now| node.export(&who("north"), &bundle, true, now, &mut |_, _| {}));
        exported.expect("exported");
        let key = between(main_of(&ops.post("feed", &[]).body), "<code>", "</code>")
            .expect("an address")
            .to_owned();
        let head = [("host", HOST), ("cookie", ops.cookie.as_str())];
        let told = |path: &str| ask(ops.at, Verb::Get, path, &head, "").body;
        assert!(told(&key).contains(&harbour.reference), "the feed tells of its matter");
        let mut registers = 0;
        let read = ROUTES.iter().filter(|route| matches!(route.who, Who::Reads(_)));
        for path in read.map(|route| route.path) {
            let cosigned = desks.desk.work(|node, _| node.cosigned().expect("read"));
            let path = path.replace("{level}", "0").replace("{*tile}", &format!("000.p/{cosigned}"));
            let annexes = desks.desk.work(|node, _| node.annexes().list().expect("listed"));
            for annex in annexes {
                let got = ask(ops.at, Verb::Get, &path.replace("{hash}", &annex.to_hex()), &head, "");
                assert_eq!((got.status, found(got.body.as_bytes())), (200, vec![]), "{path}");
                registers += 1;
            }
        }
        assert!(registers >= 4, "{registers} parts of the register were read");
        for path in [key.as_str(), "/healthz", "/nowhere/qwxz"] {
            assert_eq!(found(told(path).as_bytes()), [""; 0], "{path}");
        }
    });
    // The files, and what was counted and said.
    let (mut all, mut private) = (Vec::new(), Vec::new());
    files(harbour.world.dir.path(), "/private/", &mut all);
    files(harbour.world.dir.path(), "no such part", &mut private);
    assert!(all.len() > 10 && private.len() > all.len(), "{} and {}", all.len(), private.len());
    for path in &all {
        assert_eq!(found(&std::fs::read(path).expect("read")), [""; 0], "{}", path.display());
    }
    private.retain(|path| !all.contains(path));
    let kept: Vec<u8> = private.iter().flat_map(|path| std::fs::read(path).expect("read")).collect();
    assert_eq!(found(&kept), PLANTED, "the search finds them where they are");
    let bundle = std::fs::read(harbour.world.stick.join("for-north.mithaq")).expect("a bundle");
    assert!(bundle.windows(13).any(|part| part == b"manifest.json"), "it is in the clear");
    let said = heard::said();
    assert!(said.contains("/{agreement}/watch"), "it was listened to");
    assert_eq!(found(said.as_bytes()), [""; 0], "{said}");
}

#[test]
fn no_number_tells_of_it() {
    let north = place("north");
    let ring = copy_ring(&north.world.rings["north"]);
    let node = node::Node::open(&north.world.home("north"), ring).expect("opened");
    let runtime = Runtime::new().expect("a runtime");
    let desk = Arc::new(desk_of(node, &[HOST], at(16)));
    let address = serve(&runtime, &desk);
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let operator = socket.local_addr().expect("an address");
    runtime.spawn(desk::serve_operators(Arc::clone(&desk), socket, std::future::pending()));
    plant(&Desks { desk: &desk, address }, &north.reference);
    // No name of another site that leads to this machine reads them.
    for rebound in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""] {
        assert_eq!(ask(operator, Verb::Get, "/metrics", &[("host", rebound)], "").status, 421, "{rebound}");
    }
    let numbers = ask(operator, Verb::Get, "/metrics", &[("host", &operator.to_string())], "").body;
    assert!(numbers.contains("/{agreement}/worklist"), "{numbers}");
    assert_eq!(found(numbers.as_bytes()), [""; 0]);
}

/// What each page takes, and what a form there takes.
const PARTS: [(&str, &[&str], &[&str]); 7] = [
    ("watch", &["watch", "watch/hand-over"], &["watch", "watch/begin", "watch/hand-over"]),
    ("tasks", &["worklist"], &["worklist"]),
    ("notes", &[], &["memo"]),
    ("good-offices", &["good-offices"], &[]),
    ("directory", &["directory", "directory/new", "directory/import"], &["directory", "directory/import"]),
    ("drafts", &["unsigned", "notices/new"], &["unsigned/BBBBBBBBBBBBBBBBBBBBBB"]),
    ("access", &["access"], &[]),
];

/// How each page of a part answers somebody.
fn statuses(browser: &Browser, part: &str) -> Vec<u16> {
    let (_, pages, forms) = PARTS.iter().find(|(known, ..)| *known == part).expect("a part");
    let form = [("circle", "internal"), ("kind", "notice")];
    let read = pages.iter().map(|page| browser.get(page).status);
    let written = forms.iter().map(|page| browser.post(page, &form).status);
    read.chain(written).collect()
}

#[test]
fn each_sees_what_they_may_and_nothing_else() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let planted = plant(desks, &harbour.reference);
        let handed = planted.last().expect("a page of what was handed over");
        let head = desks.sit("head-1");
        let nobody = Browser::open(desks.address, HOST, desks.desk);
        for part in PARTS.map(|(part, ..)| part).into_iter().filter(|part| *part != "access") {
            let all = statuses(&nobody, part);
            assert!(
                all.iter().all(|status| [200, 303].contains(status)),
                "{part}: {all:?}, while nothing is said"
            );
        }
        let locked = head.post("access", &[("may", "ops-1 watch")]);
        assert!(locked.head["location"].ends_with("note=nobody"), "somebody has to be left");
        assert_eq!(head.post("access", &[("may", "ops-1 all")]).status, 404);
        let ticked: Vec<String> =
            store::Part::ALL.iter().map(|part| format!("head-1 {}", part.as_str())).collect();
        let others = ["watch", "tasks", "notes", "good-offices", "directory", "drafts"];
        let others: Vec<String> = others.iter().map(|part| format!("of-{part} {part}")).collect();
        let form: Vec<(&str, &str)> = ticked.iter().chain(&others).map(|may| ("may", may.as_str())).collect();
        assert!(head.post("access", &form).head["location"].ends_with("note=saved"));
        assert_eq!(nobody.post("access", &form).status, 403);
        // Each has their part alone; who has not said who they are, nothing.
        for (part, ..) in PARTS {
            let of = desks.sit(&format!("of-{part}"));
            for (other, ..) in PARTS {
                for (browser, may) in
                    [(&of, part == other && part != "access"), (&nobody, false), (&head, true)]
                {
                    let all = statuses(browser, other);
                    let is_open = |status: &u16| [200, 303, 409].contains(status);
                    let is_shut = |status: &u16| *status == 403;
                    let good = if may { all.iter().all(is_open) } else { all.iter().all(is_shut) };
                    assert!(good, "{part} at {other}: {all:?}");
                }
            }
        }
        // What is beside a matter, and in the frame of each page.
        let matter = format!("notices/{}", harbour.reference);
        let seen = |browser: &Browser| {
            let pages = ["", &matter, &format!("{matter}?as=json"), "?as=json", "feed", "record", "settings"];
            let pages = pages.into_iter().chain(["watch/hand-over", "watch/hand-over?as=json", handed]);
            let all: String = pages.map(|page| browser.get(page).body).collect();
            found(all.as_bytes())
        };
        assert_eq!(seen(&nobody), [""; 0]);
        assert_eq!(seen(&desks.sit("of-tasks")), ["qwxz-task"]);
        assert_eq!(seen(&desks.sit("of-notes")), ["qwxz-note"]);
        assert_eq!(seen(&desks.sit("of-good-offices")), ["qwxz-offices"]);
        assert_eq!(seen(&head), ["qwxz-handed", "qwxz-task", "qwxz-note", "qwxz-offices"]);
        // What a search finds.
        let searched = |browser: &Browser| {
            let page = browser.get("search?q=qwxz").body;
            found(format!("{}{}", main_of(&page), browser.get("search?q=qwxz&as=json").body).as_bytes())
        };
        assert_eq!(searched(&nobody), [""; 0]);
        // What was struck is read in the log alone.
        assert_eq!(searched(&desks.sit("of-watch")), [""; 0]);
        let line = [("says", "qwxz-handed"), ("kind", "note")];
        assert_eq!(head.post("watch", &line).status, 303);
        let searches = [
            ("watch", "qwxz-handed"),
            ("tasks", "qwxz-task"),
            ("notes", "qwxz-note"),
            ("good-offices", "qwxz-offices"),
            ("directory", "qwxz-post"),
            ("drafts", "qwxz-draft"),
        ];
        for (part, word) in searches {
            assert_eq!(searched(&desks.sit(&format!("of-{part}"))), [word], "{part}");
            assert!(searched(&head).contains(&word), "{word}");
        }
        // Who has the watch alone hands over no tasks and no drafts, and reads none that others handed over.
        let watch = desks.sit("of-watch");
        assert_eq!(seen(&watch), ["qwxz-handed"]);
        for page in ["watch/hand-over", handed.as_str()] {
            let is = |browser: &Browser| -> Vec<String> {
                let items = json(browser, page)["items"].as_array().expect("items").clone();
                items.iter().filter_map(|item| item["is"].as_str().map(str::to_owned)).collect()
            };
            let private = |all: Vec<String>| all.iter().any(|is| ["task", "unsigned"].contains(&is.as_str()));
            assert!(is(&head).contains(&"unsigned".to_owned()) && !private(is(&watch)), "{page}");
        }
        assert!(nobody.get("watch").body.contains("This is for others here"), "it says why");
        assert!(!nobody.get("").body.contains("Watch log"), "nobody is led where they may not go");
        // To sign is a right of its own.
        let drafter = desks.sit("of-drafts");
        let draft = "unsigned/CCCCCCCCCCCCCCCCCCCCCC";
        let step = [
            ("kind", "notice"),
            ("matter", json(&head, &matter)["id"].as_str().expect("an id")),
            ("step", "acknowledge"),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let step: Vec<(&str, &str)> = step.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let kept = drafter.post(draft, &[&step[..], &[("go", "sign")]].concat());
        let sign = kept.head["location"].clone();
        let page = drafter.get(&sign).body;
        assert!(page.contains("To sign into the register is for others here"), "{page}");
        let read = between(&page, "name=\"read\" value=\"", "\"").expect("it can be read").to_owned();
        let form = [("read", read.as_str()), ("by", "liaison-1"), ("ticked", "1")];
        assert_eq!(drafter.post(&sign, &form).status, 403);
        assert_eq!(head.post(&sign, &form).status, 303, "who may, signs it");
        assert!(desks.desk.work(|node, _| node.queued().expect("read").len()) > 0, "it is on its way");
    });
}

#[test]
fn a_view_is_whose_it_is() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let (ops, other) = (desks.sit("ops-1"), desks.sit("ops-2"));
        for page in ["notices", "watch", "worklist", "directory"] {
            let query = "view=all&of=harbour&lang=ur&as=json&x=%3Cb%3E";
            let form = [("go", "save"), ("page", page), ("name", "مشق <b>"), ("query", query)];
            let got = ops.post("views", &form);
            let there = got.head["location"].clone();
            assert!(there.ends_with(&format!("/{page}?of=harbour&view=all&x=%3Cb%3E")), "{there}");
            let main = ops.get(&there).body;
            let main = main_of(&main);
            let link = format!("{page}?of=harbour&#38;view=all&#38;x=%3Cb%3E\" aria-current=\"true\"><bdi>مشق &#60;b&#62;</bdi>");
            assert!(main.contains(&link), "{page}: {main}");
            assert!(!other.get(page).body.contains("مشق &#60;b"), "{page} of another");
            let id = between(main, "<li><form class=\"several\"", "</form>").expect("it can be dropped");
            let id = between(id, "name=\"id\" value=\"", "\"").expect("a name").to_owned();
            let drop = [("go", "drop"), ("page", page), ("id", &id)];
            other.post("views", &drop);
            assert!(ops.get(page).body.contains("مشق &#60;b"), "another drops nothing of ours");
            ops.post("views", &drop);
            assert!(!ops.get(page).body.contains("مشق &#60;b"));
        }
        for page in ["", "//evil.example", "a/b", "A"] {
            assert_eq!(ops.post("views", &[("go", "save"), ("page", page), ("name", "x")]).status, 404, "{page}");
        }
        assert_eq!(ops.post("views", &[("go", "save"), ("page", "watch"), ("name", " ")]).status, 303, "no name, no view");
        assert_eq!(ops.post("views", &[("go", "x"), ("page", "watch"), ("name", "x")]).status, 404);
    });
}

/// Another's feed is ended, and another's enrolment taken away as a file, by who may say who may what.
#[test]
fn what_is_anothers_is_for_who_has_access() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let (head, ops, other) = (desks.sit("head-1"), desks.sit("ops-1"), desks.sit("ops-2"));
        assert_eq!(head.post("access", &[("may", "head-1 access"), ("may", "ops-1 watch")]).status, 303);
        let feeds = |browser: &Browser| json(browser, "feed")["feeds"].as_array().expect("feeds").clone();
        for (ends, status) in [(&other, 403), (&ops, 303), (&head, 303)] {
            assert_eq!(ops.post("feed", &[]).status, 200);
            let key = feeds(&ops)[0]["key"].as_str().expect("a key").to_owned();
            let count = feeds(&ops).len();
            assert_eq!(feeds(ends)[0]["may-end"], status == 303);
            assert_eq!(ends.get("feed").body.contains("/feed/end\""), status == 303);
            assert_eq!(ends.post("feed/end", &[("feed", &key)]).status, status);
            assert_eq!(feeds(&ops).len(), if status == 303 { count - 1 } else { count });
        }
        let form = [("label", "legal-2"), ("office", "Legal")];
        let page = head.post("people", &form).body;
        let link = between(&page, "<code>", "</code>").expect("a link");
        let link = link.strip_prefix(&format!("http://{HOST}")).expect("of this desk");
        served::authenticator::Authenticator::new(7, HOST).enrol(&head, link);
        // A link that was handed out is taken back by who has access, and opens nothing more.
        let page = head.post("people", &[("label", "legal-3"), ("office", "Legal")]).body;
        let given = between(&page, "<code>", "</code>").expect("a link").to_owned();
        let path = given.strip_prefix(&format!("http://{HOST}")).expect("of this desk").to_owned();
        assert_eq!(head.get(&path).status, 200);
        let open = json(&head, "people")["invited"].as_array().expect("links").clone();
        let one = open.iter().find(|open| open["label"] == "legal-3").expect("it waits");
        assert!(
            json(&ops, "people")["invited"].as_array().is_some_and(Vec::is_empty),
            "for others there is none"
        );
        let id = one["id"].as_str().expect("an id");
        assert!(!given.contains(id), "what names it opens nothing");
        assert_eq!(ops.post("people/take-back", &[("link", id)]).status, 403);
        assert_eq!(head.post("people/take-back", &[("link", id)]).status, 303);
        assert_eq!(head.get(&path).status, 410);
        let file = "people/legal-2/draft";
        assert_eq!((ops.get(file).status, other.get(file).status, head.get(file).status), (403, 403, 200));
    });
}

/// What is typed at a desk that was locked meanwhile waits for who comes next, and is sent in their name.
#[test]
fn what_was_typed_at_a_locked_desk_is_not_lost() {
    let north = place("north");
    let ring = copy_ring(&north.world.rings["north"]);
    let node = node::Node::open(&north.world.home("north"), ring).expect("opened");
    let runtime = Runtime::new().expect("a runtime");
    let manner = desk::desk::Manner { idle: terms::Seconds(2), ..desk::desk::Manner::default() };
    let desk = Arc::new(desk_of(node, &[HOST], at(16)).with(manner));
    let address = serve(&runtime, &desk);
    let desks = Desks { desk: &desk, address };
    let away = desks.sit("ops-1");
    away.post("watch", &[("says", "It <was> seen"), ("kind", "note")]);
    away.post("directory", &[("office", "Post \"nine\""), ("number-is", "radio"), ("number", "9")]);
    let first =
        |page: &str, rows: &str| json(&away, page)[rows][0]["href"].as_str().expect("a page").to_owned();
    let (there, post) =
        (lines(&away)[0]["href"].as_str().expect("a page").to_owned(), first("directory", "posts"));
    std::thread::sleep(std::time::Duration::from_millis(3100));
    let line = [("says", "qwxz-line"), ("kind", "team"), ("reference", "<b>\"X\"")];
    let note = [("says", "qwxz-offices"), ("circle", "good-offices")];
    for (path, form) in [("watch", &line[..]), ("memo", &note), ("worklist", &[("says", "qwxz-task")])] {
        let got = away.post(path, form);
        assert!(got.status == 401 && !got.body.contains("qwxz"), "{path}: {}", got.body);
        assert_eq!(away.post_as_it_is(path, form, &[]).status, 403, "without the token of the session");
    }
    assert_eq!(away.post("access", &[]).status, 401, "what is not of it is not held");
    // What does something to what is there is done by nobody, and waits for nobody.
    for (path, go) in
        [(&there, "strike"), (&there, "draft"), (&post, "erase"), (&post, "on-duty"), (&post, "off-duty")]
    {
        let got = away.post(path, &[("go", go), ("says", "qwxz-struck"), ("until", "2027-01-01 00:00")]);
        assert!(got.status == 401 && got.body.contains("Nothing was done"), "{go}: {}", main_of(&got.body));
    }
    assert_eq!(away.post(&there, &[("go", "correct"), ("says", "qwxz-number")]).status, 401);
    assert_eq!(away.post(&post, &[("go", "keep"), ("office", "qwxz-post")]).status, 401);
    let ops = desks.sit("ops-2");
    assert!(ops.get("").body.contains("Typed while locked"));
    assert_eq!(lines(&ops).len(), 1, "nothing was done");
    let page = ops.get("held").body;
    for does in [
        "A line for the watch log",
        "A note",
        "A task",
        "Correct the line: It &#60;was&#62; seen",
        "Change the post: Post &#34;nine&#34;",
    ] {
        assert!(page.contains(&format!("<h2>{does}</h2>")), "{does}: {}", main_of(&page));
    }
    assert!(!page.contains("qwxz-struck"));
    let forms: Vec<&str> = page.split("<form method=\"post\" action=\"").skip(1).collect();
    let form =
        forms.iter().find(|form| form.starts_with(&format!("/{}/watch\"", ops.agreement))).expect("it waits");
    let id = between(form, "name=\"held\" value=\"", "\"").expect("a name");
    let again = [&line[..], &[("held", id)]].concat();
    // What brings nothing about waits on.
    assert_eq!(ops.post("watch", &[("held", id), ("says", "")]).status, 200);
    assert_eq!(json(&ops, "held")["forms"].as_array().map(Vec::len), Some(5));
    assert_eq!(ops.post("watch", &again).status, 303);
    let log = lines(&ops);
    assert_eq!((&log[0]["says"], &log[0]["by"]), (&"qwxz-line".into(), &"ops-2".into()));
    // Each sees what is of their part.
    let form = [("may", "head-1 access"), ("may", "ops-2 tasks"), ("may", "head-1 good-offices")];
    assert_eq!(ops.post("access", &form).status, 303);
    let seen = |who: &str| found(desks.sit(who).get("held").body.as_bytes());
    assert_eq!(
        (seen("ops-2"), seen("head-1"), seen("ops-3")),
        (vec!["qwxz-task"], vec!["qwxz-offices"], vec![])
    );
    let head = desks.sit("head-1");
    let held = json(&head, "held")["forms"][0]["id"].as_str().expect("a name").to_owned();
    let of = |part| [("id", held.as_str()), ("part", part)];
    assert_eq!(desks.sit("ops-2").post("held/drop", &of("good-offices")).status, 403);
    assert_eq!(head.post("held/drop", &of("good-offices")).status, 303);
    assert_eq!(seen("head-1"), [""; 0]);
    assert_eq!(desk.work(|node, _| node.queued().expect("read").len()), 0);
}

/// Whoever sits at a locked desk fills no room that others need.
#[test]
fn a_locked_session_has_few_forms_held() {
    let north = place("north");
    let ring = copy_ring(&north.world.rings["north"]);
    let node = node::Node::open(&north.world.home("north"), ring).expect("opened");
    let runtime = Runtime::new().expect("a runtime");
    let manner = desk::desk::Manner { idle: terms::Seconds(2), ..desk::desk::Manner::default() };
    let desk = Arc::new(desk_of(node, &[HOST], at(16)).with(manner));
    let address = serve(&runtime, &desk);
    let desks = Desks { desk: &desk, address };
    let away = desks.sit("ops-1");
    std::thread::sleep(std::time::Duration::from_millis(3100));
    let statuses: Vec<u16> = (0..25)
        .map(|n| away.post("watch", &[("says", &format!("line {n}")), ("kind", "note")]).status)
        .collect();
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 20, "{statuses:?}");
    assert!(statuses[20..].iter().all(|status| *status == 507), "{statuses:?}");
    assert_eq!(json(&desks.sit("ops-2"), "held")["forms"].as_array().map(Vec::len), Some(20));
}

/// What a stop left behind of acts that nobody signs any more is dropped with the next start.
#[test]
fn what_nobody_signs_any_more_is_swept() {
    let north = place("north");
    let folder = north.world.home("north").private();
    let gone = "AAAAAAAAAAAAAAAAAAAAAA";
    let aside = folder.join("half").join(gone);
    {
        let private = store::Private::open(&folder).expect("opened");
        let half = store::HalfSigned {
            draft: store::DraftId::new(gone).expect("a name"),
            act: "qwxz".to_owned(),
            read: terms::Hash::of(b""),
            lines: Vec::new(),
            made: at(15),
        };
        private.keep_half_signed(&half).expect("kept");
        std::fs::create_dir_all(&aside).expect("a folder");
        std::fs::write(aside.join("file"), "sealed").expect("written");
    }
    let ring = copy_ring(&north.world.rings["north"]);
    let node = node::Node::open(&north.world.home("north"), ring).expect("opened");
    let desk = desk_of(node, &[HOST], at(16));
    let stop = desk::web::rounds::Stop::default();
    stop.set();
    desk::web::rounds::rounds(&desk, &[], &[], std::time::Duration::from_secs(1), &stop);
    drop(desk);
    let private = store::Private::open(&folder).expect("opened");
    assert_eq!(private.half_signed_drafts().expect("read"), []);
    assert!(!aside.exists());
}
