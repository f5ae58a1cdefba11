//! The stories, as a person runs them: each leaves a folder that `mithaq verify` confirms, and no key in it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn mithaq(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mithaq")).args(args).output().expect("the program starts")
}

/// How the program ends whose answer nobody reads.
fn unread(args: &[&str]) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    let mut child = command.args(args).stdout(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    child.wait().expect("it ends").code()
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// What nobody may find in a folder that is given away.
fn holds_no_secret(folder: &Path, papers: &[&str]) {
    let mut all = Vec::new();
    files(folder, &mut all);
    for path in &all {
        let bytes = std::fs::read(path).expect("a file");
        for secret in ["AGE-SECRET-KEY-", "mithaq.keyring"].iter().chain(papers) {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "a secret in {}", path.display());
        }
    }
}

/// A story in one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A desk of the story as a process of its own: its address, and the path of the link that opens it.
struct Desk {
    child: Child,
    at: String,
    link: String,
}

fn desk(out: &Path, who: &str, meets: Option<&str>) -> Desk {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    command.arg("--data").arg(out.join(who)).arg("--keys").arg(out.with_extension("keys").join(who));
    command.args([
        "--now",
        "2027-04-19 00:00",
        "--json",
        "node",
        "run",
        "--while-open",
        "--listen",
        "127.0.0.1:0",
    ]);
    if let Some(meets) = meets {
        command.args(["--every", "1s", "--meet", meets]);
    }
    command.env("MITHAQ_PASSPHRASE", "exercise").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("it says where it is");
    let said: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let word = |name: &str| said[name].as_str().expect("a word").to_owned();
    Desk { child, at: word("listens"), link: word("opens") }
}

impl Desk {
    fn ask(&self, verb: &str, path: &str, host: &str, cookie: &str) -> String {
        let mut stream = TcpStream::connect(&self.at).expect("it listens");
        let head = format!(
            "host: {host}\r\ncookie: {cookie}\r\norigin: http://{host}\r\nconnection: close\r\ncontent-length: 0"
        );
        write!(stream, "{verb} {path} HTTP/1.1\r\n{head}\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    fn shut(mut self) {
        drop(self.child.stdin.take());
        let ended = self.child.wait().expect("it ends");
        assert!(ended.success(), "{ended}");
    }
}

/// What a desk says of the story: why a clock moved, under which law it goes on, who was silent, what a table holds.
fn desk_tells(out: &Path) {
    let keys = out.with_file_name("mechanism.keys").join("kabul");
    let told: &[(&[&str], &[&str])] = &[
        (
            &["show", "CASE-27-0001-P"],
            &["now (closes 2027-03-10 10:45 UTC): more time was given, 1 d, by Ankara and Doha (entry 65)"],
        ),
        (
            &["show", "case270003u"],
            &[
                "Islamabad could not be reached from 2027-03-14 06:00 UTC to 2027-03-14 18:00 UTC",
                "under version 2, by AMD-27-0001-L: Islamabad, p5: `found`.",
                "no use of Islamabad and Kabul was on the record by",
            ],
        ),
        // An incident in each area, by the two drawings of an invented line.
        (
            &["show", "INC-27-0001-Z"],
            &[
                "24P UR 80 84",
                "± 1,212 m",
                "area `a`, in which Islamabad is responsible under the instrument",
            ],
        ),
        (
            &["show", "INC-27-0002-B"],
            &["24P UR 94 96", "± 1,212 m", "area `b`, in which Kabul is responsible under the instrument"],
        ),
        (
            &["show", "MEA-27-0001-M"],
            &[
                "the time of `speak` is over; it goes on (`applied`)",
                "Doha: decide, take. It takes others too, and is not decided.",
                // With this voice nothing else can come: it waits for nobody.
                "Doha: review, lift with that nothing else can come of `review`, whatever the others say",
            ],
        ),
        (
            &["show", "MTG-27-0001-L"],
            &[
                "it begins by itself on 2027-03-08 09:00 UTC: `begin`",
                "its time has come, it begins by itself: `begin`",
                "decide; by-when 2027-03-20 00:00 UTC, owner Secretariat. It takes others too",
            ],
        ),
        (&["show", "BAT-27-0001-U"], &["Table of reports", "`historical-events`, 1,500 rows"]),
        (&["act", "show", "BAT-27-0001-U"], &["in effect"]),
        (&["act", "list", "--kind", "batch"], &["BAT-27-0001-U: historical-events, 1500 rows"]),
        (&["cite", "BAT270001U"], &["a table of Doha, `historical-events`, 1,500 rows, entry 29"]),
        (&["cite", "BAT-27-0001-U/17"], &["BAT-27-0001-U/17, a row of a table of Doha", "59406,2012-01-04,"]),
        // Ankara has registered its voice in one of these two cases, not yet in the other.
        (&["clock"], &["A reconstruction: what names no other source"]),
        (&["due", "--as-of", "2027-03-15 12:00"], &["by Ankara one is on its way: registered"]),
        (&["cite", "EXH-27-0003-B"], &["EXH-27-0003-B, an exhibit of Kabul"]),
    ];
    for (args, says) in told {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
        command.args(*args).arg("--data").arg(out.join("kabul")).arg("--keys").arg(&keys);
        command.args(["--now", "2027-04-19 00:00"]).env("MITHAQ_PASSPHRASE", "exercise");
        let ran = command.output().expect("the program starts");
        let said = words(&String::from_utf8_lossy(&ran.stdout));
        assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
        for says in *says {
            assert!(said.contains(says), "{args:?}: {says:?} is missing:\n{said}");
        }
        assert!(!said.contains(".;"), "{args:?}: {said}");
        assert!(said.matches("by Ankara one is on its way").count() < 2, "{args:?}: {said}");
    }
}

/// Two of the desks open as processes, meet, and show the story.
fn desks_open(out: &Path) {
    let secretariat = desk(out, "secretariat", None);
    let kabul = desk(out, "kabul", Some(&format!("secretariat=http://{}", secretariat.at)));
    let (host, link) = kabul.link.trim_start_matches("http://").split_once("/in/").expect("a link");
    assert!(host.starts_with("kabul.localhost:"), "{host}");
    let opened = kabul.ask("POST", &format!("/in/{link}"), host, "");
    let cookie = opened.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
    let cookie = cookie.split(';').next().expect("a pair");
    let overview = kabul.ask("GET", "/exercise-doha-istanbul/", host, cookie);
    assert!(overview.contains("EXERCISE") && overview.contains("Kabul"), "{overview}");
    let cases = kabul.ask("GET", "/exercise-doha-istanbul/cases?view=all&as=csv", host, cookie);
    assert!(cases.contains("CASE-27-0001-"), "{cases}");
    kabul.shut();
    secretariat.shut();
}

#[test]
fn a_whole_mechanism_is_played_as_its_story_says_and_verified() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("mechanism");
    let out_text = out.to_str().expect("UTF-8");
    // What the story says of the docket, and of each act, is held against the nodes: the program fails if one differs.
    let played = mithaq(&["demo", "--once", "--out", out_text]);
    let told = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{told}\n{}", String::from_utf8_lossy(&played.stderr));
    for scene in [
        "EXERCISE: a whole mechanism",
        "CC BY 4.0",
        "«confirm: differ» in call-1",
        "called «Tehrik-e Taliban Pakistan»; it has no effect (void: excluded)",
        "«refuse» in visit-1",
        "«refuse» in visit-2",
        "«come or go: leave» in istanbul",
        "could not be reached from 2027-03-14 06:00 to 2027-03-14 18:00",
        "Out of reach: Ankara and Kabul.",
        "signed 2027-03-21 06:00, stamped by Ankara 2027-03-21 08:00",
        "case-1/kabul/p4 found since",
        "case-5/kabul/p1 standing-difference since",
        "case-6/islamabad/p1 standing-difference since",
        "nothing wrong found",
    ] {
        assert!(words(&told).contains(scene), "{scene:?} is missing:\n{told}");
    }
    // The README shows the figures that the program prints.
    let readme = include_str!("../../../README.md");
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    assert_eq!(shown.matches("ASKED OF").count(), 2, "{shown}");
    assert!(shown.split("\n\n").all(|part| told.contains(part.trim_end())), "{shown}");
    let long: Vec<&str> = told.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(long.iter().all(|line| line.contains(out_text)), "a line is too long: {long:?}");
    let checked = mithaq(&["verify", out_text]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    holds_no_secret(&out, &["A patrol returned fire", "Heard by three people", "He acted alone"]);
    assert!(dir.path().join("mechanism.keys/desk/answer-by-stick-at-islamabad.txt").exists());

    // Whoever sits down at a desk counts the same.
    let keys = dir.path().join("mechanism.keys/kabul");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    let (data, keys) = (out.join("kabul"), keys.to_str().expect("UTF-8").to_owned());
    let data = data.to_str().expect("UTF-8");
    command.args(["figures", "--data", data, "--keys", &keys, "--now", "2027-04-19 00:00"]);
    let figures = command.env("MITHAQ_PASSPHRASE", "exercise").output().expect("the program starts");
    let said = String::from_utf8_lossy(&figures.stdout);
    for row in ["Case 0 settled 2", "Contact 2 agreed 2", "Islamabad 4 0 0 0", "Kabul 4 0 0 0"] {
        assert!(words(&said).contains(row), "{row:?} is missing:\n{said}");
    }
    desk_tells(&out);
    desks_open(&out);

    command.args(["--from", "2027-04-20", "--json"]);
    let refused = command.output().expect("the program starts");
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stdout));
}

#[test]
fn the_hand_over_is_played_and_verified_and_a_flipped_bit_is_seen() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("story");
    let out_text = out.to_str().expect("UTF-8");
    // 21 MB: above what the folder of the story takes, so that the stick has something to carry.
    let played = mithaq(&["demo", "hand-over", "--out", out_text, "--recording", "21"]);
    let told = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{told}\n{}", String::from_utf8_lossy(&played.stderr));
    for scene in [
        "EXERCISE.",
        "read out over the telephone",
        "grant was sealed to another key",
        "acknowledges receipt",
        "Islamabad opens the plan",
        "Doha opens the recording and the statement",
        "CC BY 4.0",
        "void, excluded",
        "stamps them",
        "destroy their copies",
        "two checkpoints of size",
        "nothing wrong found",
    ] {
        assert!(words(&told).contains(scene), "{scene:?} is missing:\n{told}");
    }
    let long: Vec<&str> = told.lines().filter(|line| line.chars().count() > 110).collect();
    assert!(long.iter().all(|line| line.contains(out_text)), "a line is too long: {long:?}");

    let checked = mithaq(&["verify", out_text]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    // Whoever reads the answer may go away, as `head` does.
    assert_eq!(unread(&["verify", out_text]), Some(141));

    // Small files to take away: what Doha did with the photograph, and what Kabul said of it.
    for (proof, lines) in [
        ("offer.mithaq-proof", ["opened by Doha, ", "kept by Doha, "]),
        ("notice.mithaq-proof", ["Doha: acknowledged since", "NOT-"]),
        ("answer.mithaq-proof", ["answered by Kabul, ", "opened by Kabul, "]),
    ] {
        let shown = mithaq(&["verify", out.join(proof).to_str().expect("UTF-8")]);
        let said = String::from_utf8_lossy(&shown.stdout);
        assert!(lines.iter().all(|line| said.contains(line)), "{proof}: {said}");
    }

    holds_no_secret(&out, &["I was on the road by the bridge"]);
    // The statement is gone; the photograph that was opened lies beside the keys, not in the folder.
    assert!(dir.path().join("story.keys/desk/photograph.jpg").exists());

    let entries = out.join("doha/register/tile/entries");
    let mut bundles = Vec::new();
    files(&entries, &mut bundles);
    let path = bundles.first().expect("a bundle");
    let mut bytes = std::fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).expect("written");
    let checked = mithaq(&["verify", out_text]);
    assert_eq!(checked.status.code(), Some(1), "{}", String::from_utf8_lossy(&checked.stdout));

    // A second run plays it anew, for machines here; what somebody put beside it, or a folder that is no story,
    // is left alone.
    let again = ["demo", "hand-over", "--out", out_text, "--recording", "1", "--json"];
    std::fs::write(out.join("mine.txt"), "mine").expect("written");
    let refused = mithaq(&again);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    let said: serde_json::Value = serde_json::from_slice(&refused.stdout).expect("JSON");
    assert_eq!((&said["exit"], &said["error"]["code"]), (&2.into(), &"mithaq::unknown".into()), "{said}");
    std::fs::remove_file(out.join("mine.txt")).expect("removed");
    let deep = dir.path().join("story.keys/doha/mine.txt");
    std::fs::write(&deep, "mine").expect("written");
    assert_eq!(mithaq(&again).status.code(), Some(2));
    assert!(
        deep.exists() && out.join("doha/register").is_dir(),
        "nothing is removed before all is looked at"
    );
    std::fs::remove_file(deep).expect("removed");
    let played = mithaq(&again);
    let said: serde_json::Value = serde_json::from_slice(&played.stdout).expect("JSON");
    assert_eq!((&said["verdict"], &said["exercise"]), (&"good".into(), &true.into()), "{said}");
    let other = dir.path().join("mine");
    std::fs::create_dir(&other).expect("a folder");
    std::fs::write(other.join("letter.txt"), "mine").expect("written");
    let refused = mithaq(&["demo", "--out", other.to_str().expect("UTF-8")]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(other.join("letter.txt").exists());
    // So is a folder of keys that no story left; and one in which another story is being played.
    let keys = dir.path().join("other.keys");
    std::fs::create_dir_all(keys.join("stick")).expect("a folder");
    std::fs::write(keys.join("root.age"), "mine").expect("written");
    let refused = mithaq(&["demo", "--out", dir.path().join("other").to_str().expect("UTF-8")]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(keys.join("root.age").exists() && !dir.path().join("other").exists());
    let lock = std::fs::File::open(dir.path().join("story.keys/lock")).expect("a lock");
    lock.lock().expect("locked");
    let refused = mithaq(&again);
    let said: serde_json::Value = serde_json::from_slice(&refused.stdout).expect("JSON");
    let message = said["error"]["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("a story is being played in "), "{said}");
}
