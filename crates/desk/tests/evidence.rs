//! Files come in at a desk in pieces, go with an act, and are opened at another desk; nothing of them is anywhere in the
//! clear.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod sent;
mod served;

use four::{INCIDENT, four, newest};
use sent::{Got, Sender, contains, homes};
use served::{Browser, between, main_of};
use terms::Kind;

/// Bytes that stand nowhere else, often.
fn marked(count: usize) -> Vec<u8> {
    b"plain-xyzzy-content ".iter().copied().cycle().take(count).collect()
}

/// A picture, as far as its first bytes say, with the same in it.
fn picture(count: usize) -> Vec<u8> {
    [b"\xff\xd8\xff\xe0\0\x10JFIF\0", &marked(count)[..]].concat()
}

/// Sends an incident with these files, signed; gives its reference at another desk after they have met.
fn incident_with(four: &four::Four, north: &Browser, files: &[&str], draft: &str) -> String {
    let mut form = vec![("kind", "incident"), ("go", "sign")];
    form.extend(INCIDENT);
    form.extend(files.iter().map(|id| ("files", *id)));
    let kept = north.post(&format!("unsigned/{draft}"), &form);
    assert_eq!(kept.status, 303, "{}", kept.body);
    let sign = kept.head["location"].clone();
    assert!(sign.contains("/sign/"), "{sign}: {}", main_of(&north.get(&sign).body));
    let page = north.get(&sign);
    for said in ["photo.jpg", "image/jpeg", "South", "how large they are"] {
        assert!(main_of(&page.body).contains(said), "{said}: {}", main_of(&page.body));
    }
    north.sign(&sign, "liaison-1");
    assert_eq!(four.acts(Kind::Open), 1);
    four.meet();
    newest(&four.browser("south"), "incidents")
}

#[test]
fn a_file_comes_in_pieces_goes_with_an_act_and_is_opened_elsewhere() {
    let four = four();
    let north = four.browser("north");
    let sender = Sender::of(&north);
    let plain = picture(300_000);
    let draft = "AAAAAAAAAAAAAAAAAAAAAA";
    let path = sender.begin("photo.jpg", "image/jpeg", draft, plain.len() as u64);
    assert_eq!(sender.offset(&path), 0);
    assert_eq!(sender.patch(&path, 0, &plain[..100_000]).status, 204);
    // From elsewhere it does not go on, and what is there stays.
    for wrong in [0, 99_999, 100_001, 400_000] {
        assert_eq!(sender.patch(&path, wrong, &plain[..10]).status, 409, "{wrong}");
    }
    assert_eq!(sender.offset(&path), 100_000);
    let long = [&plain[100_000..], b"more"].concat();
    assert_eq!(sender.patch(&path, 100_000, &long).status, 413);
    let done = sender.patch(&path, 100_000, &plain[100_000..]);
    assert_eq!((done.status, done.head["upload-offset"].as_str()), (204, plain.len().to_string().as_str()));
    assert!(!done.head.contains_key("upload-expires"));

    let id = path.rsplit('/').next().expect("a name").to_owned();
    let incident = incident_with(&four, &north, &[&id], draft);
    // It lies there as what was filed, and as nothing else.
    assert_eq!(sender.get(&path).status, 404);

    let south = four.browser("south");
    let exhibit = newest(&south, "evidence");
    // Its matter leads to it, and so does its reference, pasted anywhere.
    let story = south.get(&format!("incidents/{incident}"));
    assert!(story.body.contains(&format!("/evidence/{exhibit}\"")), "{}", main_of(&story.body));
    let found = south.get(&format!("search?q={}", exhibit.to_lowercase()));
    assert!(found.head["location"].ends_with(&format!("/evidence/{exhibit}")), "{:?}", found.head);
    let page = south.get(&format!("evidence/{exhibit}"));
    let told = main_of(&page.body);
    for said in
        ["photo.jpg", "image/jpeg", "North", &incident, "Open it here", "The sealed file is on this node"]
    {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(!told.contains("<img"), "nothing is opened unasked");
    let opened = south.get(&format!("evidence/{exhibit}?open=1"));
    assert!(main_of(&opened.body).contains("<img src="), "{}", main_of(&opened.body));
    let content = Sender::of(&south).get(&format!("/{}/evidence/{exhibit}/content", south.agreement));
    assert!(content.bytes == plain, "{} bytes", content.bytes.len());
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(content.head[name], value);
    }
    assert!(content.head["content-security-policy"].contains("sandbox"), "{:?}", content.head);

    // Who was not granted it holds its hash, and no more.
    let json = four.desk("south").work(|node, _| node.home().data.clone());
    common::verify(&json);
    // Nothing of it is in the clear, at none of those who were there.
    for (path, bytes) in homes(&four) {
        assert!(!contains(&bytes, b"plain-xyzzy"), "{} has it in the clear", path.display());
        assert!(!contains(&bytes, b"photo.jpg"), "{} has its name", path.display());
    }
}

/// Nobody else sends or asks: not without a session, not from another page, not with another's token.
#[test]
fn only_who_is_signed_in_sends() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let sender = Sender::of(&north);
    let path = sender.begin("a.txt", "text/plain", "", 10);
    let with = |name: &'static str, value: &str| Sender::of(&north).with(name, value);
    let refused: [(Sender, u16); 7] = [
        (with("mithaq-token", ""), 403),
        (with("mithaq-token", &south.token), 403),
        (with("origin", "http://elsewhere.example"), 403),
        (with("cookie", ""), 401),
        (with("cookie", &south.cookie), 401),
        (with("tus-resumable", "0.2.2"), 412),
        (with("host", "elsewhere.example"), 421),
    ];
    for (other, status) in refused {
        assert_eq!(other.patch(&path, 0, b"0123456789").status, status);
        assert_eq!(other.create("b", "text/plain", "", "10").status, status);
    }
    assert_eq!(sender.offset(&path), 0);
    assert_eq!(with("content-type", "text/plain").patch(&path, 0, b"0").status, 415);
    // South's desk knows no upload of north's.
    let at_south = Sender::of(&south);
    assert_eq!(at_south.get(&path).status, 404);
    assert_eq!(at_south.patch(&path, 0, b"0").status, 404);
    assert_eq!(sender.patch(&path, 0, b"0123456789").status, 204);
    let got: Got = sender.get(&path);
    assert!(String::from_utf8_lossy(&got.bytes).contains("\"is-whole\":true"));
}

/// What a name says is shown, and leads nowhere; what can't be is refused.
#[test]
fn odd_names_and_lengths() {
    let four = four();
    let north = four.browser("north");
    let sender = Sender::of(&north);
    for name in
        ["../../etc/passwd", "/etc/passwd", "a\0b", "<script>alert(1)</script>", "..", "", "\u{202e}gpj.exe"]
    {
        let path = sender.begin(name, "text/html", "", 3);
        assert_eq!(sender.patch(&path, 0, b"abc").status, 204, "{name:?}");
    }
    let page = north.get("evidence");
    assert!(!page.body.contains("<script>alert"), "it is shown as text");
    for (length, status) in
        [("", 400), ("-1", 400), ("x", 400), ("18446744073709551616", 400), ("99999999999999", 413)]
    {
        assert_eq!(sender.create("a", "text/plain", "", length).status, status, "{length}");
    }
    assert_eq!(sender.create(&"n".repeat(1025), "text/plain", "", "1").status, 400);
    for odd in ["..", "%2e%2e%2fprivate.sqlite", "x", &"A".repeat(22), "AAAAAAAAAAAAAAAAAAAA%2f%2f"] {
        let path = format!("/{}/evidence/upload/{odd}", north.agreement);
        assert_eq!(sender.get(&path).status, 404, "{odd}");
        assert_eq!(sender.patch(&path, 0, b"x").status, 404, "{odd}");
    }
    // Nothing came to lie outside.
    let outside = homes(&four).into_iter().filter(|(path, _)| path.ends_with("passwd")).count();
    assert_eq!(outside, 0);
    // So many, and no more.
    let mut last = 201;
    for _ in 0..220 {
        last = sender.create("a", "text/plain", "", "1").status;
        if last != 201 {
            break;
        }
    }
    assert_eq!(last, 507);
}

/// A browser without scripts sends a small file as a form, and takes it out again.
#[test]
fn a_form_without_scripts_sends_a_small_file() {
    let four = four();
    let north = four.browser("north");
    let sender = Sender::of(&north);
    let draft = "BBBBBBBBBBBBBBBBBBBBBB";
    let fields = [("token", north.token.as_str()), ("draft", draft), ("kind", "incident")];
    let got = sender.form(&fields, "note.txt", "text/plain", b"what was seen");
    assert_eq!(
        (got.status, got.head["location"].as_str()),
        (303, format!("/{}/unsigned/{draft}", north.agreement).as_str())
    );
    let page = north.get(&format!("unsigned/{draft}"));
    assert!(main_of(&page.body).contains("note.txt"), "{}", main_of(&page.body));
    let id = between(&page.body, "data-upload=\"", "\"").expect("it is listed").to_owned();
    // A forged one brings nothing.
    for forged in ["", "x", four.browser("south").token.as_str()] {
        let fields = [("token", forged), ("draft", draft), ("kind", "incident")];
        assert_eq!(sender.form(&fields, "b.txt", "text/plain", b"b").status, 403, "{forged}");
    }
    assert_eq!(north.post(&format!("evidence/upload/{id}/drop"), &[]).status, 303);
    let page = north.get(&format!("unsigned/{draft}"));
    assert!(!main_of(&page.body).contains("note.txt"), "{}", main_of(&page.body));
}

/// Sends a whole file; gives its name among the uploads.
fn sent(browser: &Browser, name: &str, draft: &str, plain: &[u8]) -> String {
    let sender = Sender::of(browser);
    let path = sender.begin(name, "text/plain", draft, plain.len() as u64);
    assert_eq!(sender.patch(&path, 0, plain).status, 204);
    path.rsplit('/').next().expect("a name").to_owned()
}

/// Says something of an exhibit, and signs it; gives the page that says what became of it.
fn say(browser: &Browser, exhibit: &str, deed: &str, form: &[(&str, &str)]) -> String {
    let sign = fill(browser, &format!("evidence/{exhibit}/{deed}"), form);
    assert!(sign.contains("/sign/"), "{deed}: {}", main_of(&browser.get(&sign).body));
    browser.sign(&sign, "liaison-1")
}

/// Fills in the form of a deed; gives where it leads.
fn fill(browser: &Browser, path: &str, form: &[(&str, &str)]) -> String {
    let page = browser.get(path);
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    let kept = between(&page.body, "id=\"kept\"", "</form>").expect("a form").to_owned();
    let mut sent = form.to_vec();
    for name in ["deed", "exhibit"] {
        sent.extend(between(&kept, &format!("name=\"{name}\" value=\""), "\"").map(|value| (name, value)));
    }
    sent.push(("go", "sign"));
    let got = browser.post(between(&kept, "action=\"", "\"").expect("a path"), &sent);
    assert_eq!(got.status, 303, "{path}: {}", got.body);
    got.head["location"].clone()
}

/// How many sealed files lie at a desk.
fn sealed(four: &four::Four, name: &str) -> usize {
    let data = four.desk(name).work(|node, _| node.home().data.clone());
    std::fs::read_dir(data.join("sealed")).expect("a folder").count()
}

#[test]
fn an_offer_is_granted_opened_challenged_held_and_erased() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let secretariat = four.browser("secretariat");
    // To nobody, and without a file, it is no offer.
    let lacking = fill(&north, "evidence/offer", &[("to", "south")]);
    assert!(lacking.ends_with("?look=1"), "{lacking}");
    assert!(main_of(&north.get(&lacking).body).contains("Before it can be signed"));
    let file = sent(&north, "what-was-said.txt", "", b"What was said: xyzzy");
    let sign = fill(&north, "evidence/offer", &[("to", "south"), ("files", &file)]);
    let page = north.get(&sign);
    for said in ["what-was-said.txt", "South", "offers files"] {
        assert!(main_of(&page.body).contains(said), "{said}: {}", main_of(&page.body));
    }
    north.sign(&sign, "liaison-1");
    four.meet();
    let exhibit = newest(&south, "evidence");
    let path = format!("evidence/{exhibit}");

    // Whom it was not granted holds no more than its hash.
    let page = secretariat.get(&path);
    assert!(main_of(&page.body).contains("granted to others"), "{}", main_of(&page.body));
    let content = format!("/{}/{path}/content", secretariat.agreement);
    assert_eq!(Sender::of(&secretariat).get(&content).status, 409);
    let challenged = fill(&secretariat, &format!("{path}/challenge"), &[("ground", "does-not-open")]);
    let page = secretariat.get(&challenged);
    assert!(!page.body.contains("name=\"read\""), "it would come to nothing: {}", main_of(&page.body));

    // South opens it, and says so; a text is shown within the page.
    let page = south.get(&format!("{path}?open=1"));
    assert!(main_of(&page.body).contains("What was said: xyzzy"), "{}", main_of(&page.body));
    let content = Sender::of(&south).get(&format!("/{}/{path}/content", south.agreement));
    assert_eq!(content.head["content-type"], "application/octet-stream");
    assert!(content.head["content-disposition"].starts_with("attachment"), "{:?}", content.head);
    say(&south, &exhibit, "opened", &[]);
    say(&south, &exhibit, "answer", &[("text", "It was said otherwise.")]);
    say(&north, &exhibit, "grant", &[("to", "secretariat")]);
    four.meet();
    let page = north.get(&path);
    for said in ["South opened it", "South answered it", "granted to Secretariat"] {
        assert!(main_of(&page.body).contains(said), "{said}: {}", main_of(&page.body));
    }
    assert!(main_of(&secretariat.get(&format!("{path}?open=1")).body).contains("xyzzy"));
    say(&secretariat, &exhibit, "challenge", &[("ground", "commitment-differs")]);
    say(&secretariat, &exhibit, "hold", &[("until", "2026-02-05T10:00")]);
    four.meet();
    let page = north.get(&path);
    for said in ["Secretariat said that it can’t be opened", "be kept until 5 Feb", "on hold"] {
        assert!(main_of(&page.body).contains(said), "{said}: {}", main_of(&page.body));
    }

    // What is held is erased by nobody; what is not, is.
    let sign = fill(&north, &format!("{path}/destroy"), &[("ground", "ended")]);
    assert!(!north.get(&sign).body.contains("name=\"read\""), "it is held");
    let file = sent(&north, "second.txt", "", b"Another: xyzzy");
    north.sign(&fill(&north, "evidence/offer", &[("to", "south"), ("files", &file)]), "liaison-1");
    four.meet();
    let second = newest(&north, "evidence");
    assert_ne!(second, exhibit);
    let (here, there) = (sealed(&four, "north"), sealed(&four, "south"));
    say(&north, &second, "destroy", &[("ground", "ended")]);
    assert_eq!((sealed(&four, "north"), sealed(&four, "south")), (here - 1, there));
    four.meet();
    assert_eq!(sealed(&four, "north"), here - 1, "it does not come back");
    let page = north.get(&format!("evidence/{second}?open=1"));
    assert!(main_of(&page.body).contains("has erased its copy"), "{}", main_of(&page.body));
    for name in ["north", "south", "secretariat"] {
        let data = four.desk(name).work(|node, _| node.home().data.clone());
        common::verify(&data);
    }
    for (path, bytes) in homes(&four) {
        assert!(!contains(&bytes, b"xyzzy"), "{} has it in the clear", path.display());
        assert!(!contains(&bytes, b"what-was-said"), "{} has its name", path.display());
    }
}

/// Who holds a copy says that they keep it; who may rule rules on what was challenged, once, and that somebody is in danger.
#[test]
fn an_exhibit_is_kept_and_ruled_on() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let secretariat = four.browser("secretariat");
    let mut exhibits = Vec::new();
    for name in ["first.txt", "second.txt"] {
        let file = sent(&north, name, "", b"What was said: xyzzy");
        north.sign(&fill(&north, "evidence/offer", &[("to", "south"), ("files", &file)]), "liaison-1");
        four.meet();
        exhibits.push(newest(&south, "evidence"));
    }
    let [first, second] = exhibits.as_slice() else { panic!("two") };
    // North filed it: it has nothing to keep for itself or to rule on.
    for deed in ["keep", "rule"] {
        let link = format!("/evidence/{first}/{deed}\"");
        assert!(!north.get(&format!("evidence/{first}")).body.contains(&link), "{deed}");
    }
    say(&south, first, "keep", &[]);
    say(&south, first, "challenge", &[("ground", "does-not-open")]);
    say(&south, second, "challenge", &[("ground", "commitment-differs")]);
    four.meet();
    let told = |browser: &Browser, exhibit: &str, said: &[&str]| {
        let page = browser.get(&format!("evidence/{exhibit}"));
        for said in said {
            assert!(main_of(&page.body).contains(said), "{said}: {}", main_of(&page.body));
        }
    };
    told(&north, first, &["South keeps the sealed file", "held by another", "Undecided"]);
    // A ruling says which way.
    let lacking = fill(&secretariat, &format!("evidence/{first}/rule"), &[]);
    assert!(lacking.ends_with("?look=1"), "{lacking}");
    say(&secretariat, first, "rule", &[("ground", "upheld")]);
    say(&secretariat, second, "rule", &[("ground", "not-upheld")]);
    four.meet();
    told(&north, first, &["Found not to open", "said that it can’t be opened. It was found so."]);
    told(&south, second, &["said that it can’t be opened. It was not found so."]);
    // There is nothing more to decide of it, but that it endangers somebody: then it may be erased, whoever asks that it be kept.
    let again = fill(&secretariat, &format!("evidence/{second}/rule"), &[("ground", "upheld")]);
    assert!(again.ends_with("?look=1"), "there is nothing to decide: {again}");
    say(&south, second, "hold", &[("until", "2026-02-05T10:00")]);
    say(&secretariat, second, "rule", &[("ground", "danger")]);
    four.meet();
    told(
        &south,
        second,
        &["Found to endanger a person", "Secretariat found that it puts a person in danger."],
    );
    say(&north, second, "destroy", &[("ground", "danger")]);
    four.meet();
    told(&south, second, &["North erased its copy"]);
    for name in ["north", "south", "secretariat"] {
        common::verify(&four.desk(name).work(|node, _| node.home().data.clone()));
    }
}

/// What is shown as it is read, by the viewer that the browser has for it.
#[test]
fn a_film_and_a_sound_are_played_from_where_their_content_is() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let film = [b"\0\0\0\x18ftypisom\0\0\x02\0isommp41", &marked(5_000)[..]].concat();
    let sound = [b"RIFF\x24\0\0\0WAVEfmt ", &marked(5_000)[..]].concat();
    for (name, media, plain, element, other) in [
        ("post.mp4", "video/mp4", film, "video", "<audio"),
        ("post.wav", "audio/wav", sound, "audio", "<video"),
    ] {
        let sender = Sender::of(&north);
        let path = sender.begin(name, media, "", plain.len() as u64);
        assert_eq!(sender.patch(&path, 0, &plain).status, 204);
        let file = path.rsplit('/').next().expect("a name");
        let sign = fill(&north, "evidence/offer", &[("to", "south"), ("files", file)]);
        north.sign(&sign, "liaison-1");
        four.meet();
        let exhibit = newest(&south, "evidence");
        let page = south.get(&format!("evidence/{exhibit}"));
        assert!(!main_of(&page.body).contains(&format!("<{element}")), "nothing is opened unasked");
        let opened = south.get(&format!("evidence/{exhibit}?open=1"));
        let content = format!("/{}/evidence/{exhibit}/content", south.agreement);
        let shown = between(main_of(&opened.body), &format!("<{element} "), "</").expect("a viewer");
        assert!(shown.starts_with(&format!("src=\"{content}\" controls")), "{shown}");
        assert!(!main_of(&opened.body).contains(other), "{}", main_of(&opened.body));
        // It goes on from anywhere, as players ask for it.
        let part = Sender::of(&south).with("range", "bytes=8-19").get(&content);
        assert_eq!((part.status, part.head["content-type"].as_str()), (206, media));
        assert!(part.bytes == plain[8..20], "{:?}", part.bytes);
        assert!(Sender::of(&south).get(&content).bytes == plain);
    }
}
