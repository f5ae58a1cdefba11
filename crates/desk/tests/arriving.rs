//! Files that come in over a line which is cut, by several at once, larger than memory; and what became of those with which
//! nobody went on.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod sent;
mod served;

use std::io::Write as _;
use std::time::{Duration, Instant, SystemTime};

use four::{INCIDENT, four, newest};
use sent::{Sender, contains, homes, read};
use served::{Browser, main_of};

/// Waits until something holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not come: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_cut_keeps_what_came_and_a_second_writer_waits() {
    let four = four();
    let north = four.browser("north");
    let sender = Sender::of(&north);
    let plain: Vec<u8> = b"cut-xyzzy ".iter().copied().cycle().take(200_000).collect();
    let path = sender.begin("long.bin", "application/octet-stream", "", plain.len() as u64);
    // Half of it, and then the line is dead.
    let mut line = sender.connect();
    let head = sender.head("PATCH", &path, &Sender::patched("0"), plain.len());
    line.write_all(head.as_bytes()).expect("sent");
    line.write_all(&plain[..120_000]).expect("sent");
    // While it hangs, nobody else writes, from wherever they would go on.
    until("the first has begun", || sender.patch(&path, 1, b"x").status == 423);
    for offset in [0, 120_000] {
        assert_eq!(sender.patch(&path, offset, &plain[..10]).status, 423);
    }
    drop(line);
    until("what came is kept", || sender.offset(&path) > 0 && sender.patch(&path, 1, b"").status == 409);
    let kept = sender.offset(&path);
    assert!(kept <= 120_000, "{kept}");
    // From where it is, in two goes; nothing came twice, nothing lacks.
    let from = usize::try_from(kept).expect("small");
    assert_eq!(sender.patch(&path, kept, &plain[from..150_000]).status, 204);
    assert_eq!(sender.patch(&path, 150_000, &plain[150_000..]).status, 204);
    let id = path.rsplit('/').next().expect("a name").to_owned();
    let mut form = vec![("kind", "incident"), ("go", "sign"), ("files", id.as_str())];
    form.extend(INCIDENT);
    let kept = north.post("unsigned/CCCCCCCCCCCCCCCCCCCCCC", &form);
    north.sign(&kept.head["location"], "liaison-1");
    four.meet();
    let south = four.browser("south");
    let exhibit = newest(&south, "evidence");
    let content = format!("/{}/evidence/{exhibit}/content", south.agreement);
    let whole = Sender::of(&south).get(&content);
    assert!(whole.bytes == plain, "{} bytes came", whole.bytes.len());
    stretches(&Sender::of(&south), &content, &plain, &whole.head["etag"]);
}

/// Any stretch of it can be had, as players ask for films.
fn stretches(sender: &Sender, content: &str, plain: &[u8], tag: &str) {
    let all = plain.len();
    for (range, from, to) in [
        ("bytes=0-9".to_owned(), 0, 10),
        ("bytes=65530-65550".to_owned(), 65_530, 65_551),
        ("bytes=131072-131072".to_owned(), 131_072, 131_073),
        (format!("bytes={}-", all - 3), all - 3, all),
        ("bytes=-70000".to_owned(), all - 70_000, all),
    ] {
        let got = sender.ask("GET", content, &[("range", &range), ("if-range", tag)], b"");
        assert_eq!(got.status, 206, "{range}");
        assert!(got.bytes == plain[from..to], "{range}");
        assert_eq!(got.head["content-range"], format!("bytes {from}-{}/{all}", to - 1));
    }
    let behind = sender.ask("GET", content, &[("range", "bytes=200000-")], b"");
    assert_eq!((behind.status, behind.head["content-range"].as_str()), (416, "bytes */200000"));
    // Of another file than was had before, all comes; so it does of several stretches.
    for more in
        [[("range", "bytes=0-9"), ("if-range", "\"x\"")], [("range", "bytes=0-1,4-5"), ("if-range", tag)]]
    {
        let got = sender.ask("GET", content, &more, b"");
        assert_eq!((got.status, got.bytes.len()), (200, all), "{more:?}");
    }
}

/// The most memory that this process had since it was reset, in kB.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("read");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("it is said");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).expect("a number")
}

#[cfg(target_os = "linux")]
#[test]
fn a_large_file_takes_no_memory_in_proportion() {
    const BYTES: usize = 96 << 20;
    let four = four();
    let north = four.browser("north");
    let sender = Sender::of(&north);
    let path = sender.begin("large.bin", "application/octet-stream", "", BYTES as u64);
    let block = vec![7_u8; 1 << 20];
    std::fs::write("/proc/self/clear_refs", "5").expect("reset");
    let before = peak();
    let mut line = sender.connect();
    line.write_all(sender.head("PATCH", &path, &Sender::patched("0"), BYTES).as_bytes()).expect("sent");
    for _ in 0..BYTES / block.len() {
        line.write_all(&block).expect("sent");
    }
    let done = read(&mut line);
    assert_eq!((done.status, done.head["upload-offset"].as_str()), (204, BYTES.to_string().as_str()));
    let grown = peak().saturating_sub(before);
    assert!(grown < 24 << 10, "it took {grown} kB more for {} kB", BYTES >> 10);
    // Its pieces are gone: it lies here once.
    let uploads = four.desk("north").work(|node, _| node.uploads());
    let lies: u64 = files(uploads.folder()).iter().map(|path| path.metadata().expect("there").len()).sum();
    assert!((BYTES as u64..(BYTES as u64) * 102 / 100).contains(&lies), "{lies}");
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("listed").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Makes an upload look as if nothing of it had come for so many days.
fn age(four: &four::Four, id: &str, days: u64) {
    let uploads = four.desk("north").work(|node, _| node.uploads());
    let pieces = std::fs::File::open(uploads.folder().join(id).join("piece")).expect("there");
    let then = SystemTime::now() - Duration::from_secs(days * 24 * 3600);
    pieces.set_modified(then).expect("set");
}

fn whole(browser: &Browser, name: &str) -> String {
    let sender = Sender::of(browser);
    let path = sender.begin(name, "text/plain", "", 3);
    assert_eq!(sender.patch(&path, 0, b"abc").status, 204);
    path.rsplit('/').next().expect("a name").to_owned()
}

#[test]
fn what_nobody_goes_on_with_is_swept_at_the_age_that_is_said() {
    let four = four();
    let north = four.browser("north");
    let sender = Sender::of(&north);
    let half = sender.begin("half.bin", "text/plain", "", 10);
    assert_eq!(sender.patch(&half, 0, b"abc").status, 204);
    let (kept, left) = (whole(&north, "kept.txt"), whole(&north, "left.txt"));
    let form = [("kind", "incident"), ("go", "keep"), ("files", kept.as_str())];
    assert_eq!(north.post("unsigned/DDDDDDDDDDDDDDDDDDDDDD", &form).status, 303);
    let half = half.rsplit('/').next().expect("a name").to_owned();
    let listed = |name: &str| main_of(&north.get("evidence").body).contains(name);
    for id in [&half, &kept, &left] {
        age(&four, id, 6);
    }
    assert!(listed("half.bin") && listed("kept.txt") && listed("left.txt"), "not before it is said to be");
    assert!(main_of(&north.get("evidence").body).contains("erased 7 days after"));
    for id in [&half, &kept, &left] {
        age(&four, id, 8);
    }
    assert!(!listed("half.bin") && !listed("left.txt"));
    assert!(listed("kept.txt"), "a draft names it");
    // With its draft it goes.
    assert_eq!(north.post("unsigned/DDDDDDDDDDDDDDDDDDDDDD/discard", &[]).status, 303);
    assert!(!listed("kept.txt"));
    let left = homes(&four).into_iter().any(|(path, _)| path.to_string_lossy().contains("/uploads/"));
    assert!(!left, "nothing of them lies anywhere");
}

/// A picture with what a camera writes into it: its clock, its place, its name.
fn photograph() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let word = |value: u32| value.to_le_bytes();
    let ratios = |all: [(u32, u32); 3]| -> Vec<u8> {
        all.iter().flat_map(|(num, denom)| [word(*num), word(*denom)].concat()).collect()
    };
    // Three directories, and behind them what they point to.
    let (first, exif, gps, data) = (8, 50, 80, 134);
    let make = b"Invented camera xyzzy\0";
    let taken = b"2026:01:05 10:04:00\0";
    let (at_taken, at_lat) = (data + make.len(), data + make.len() + taken.len());
    let number = |at: usize| word(u32::try_from(at).expect("small"));
    let mut tiff = [&b"II*\0"[..], &number(first)].concat();
    tiff.extend(3_u16.to_le_bytes());
    tiff.extend(entry(0x010f, 2, 22, number(data)));
    tiff.extend(entry(0x8769, 4, 1, number(exif)));
    tiff.extend(entry(0x8825, 4, 1, number(gps)));
    tiff.extend([0; 4]);
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(entry(0x9003, 2, 20, number(at_taken)));
    tiff.extend(entry(0x9011, 2, 4, *b"Z\0\0\0"));
    tiff.extend([0; 4]);
    tiff.extend(4_u16.to_le_bytes());
    tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(2, 5, 3, number(at_lat)));
    tiff.extend(entry(3, 2, 2, *b"W\0\0\0"));
    tiff.extend(entry(4, 5, 3, number(at_lat + 24)));
    tiff.extend([0; 4]);
    assert_eq!(tiff.len(), data);
    tiff.extend(make);
    tiff.extend(taken);
    tiff.extend(ratios([(10, 1), (15, 1), (0, 1)]));
    tiff.extend(ratios([(39, 1), (54, 1), (36, 1)]));
    let length = u16::try_from(tiff.len() + 8).expect("small").to_be_bytes();
    [b"\xff\xd8\xff\xe1", &length[..], b"Exif\0\0", &tiff, b"\xff\xd9"].concat()
}

/// A film that a camera made at 10:04 UTC, a kilometre off; its facts stand behind the pictures, as they do in most.
fn film() -> Vec<u8> {
    let one = |is: &[u8], content: &[u8]| {
        let size = u32::try_from(content.len() + 8).expect("small").to_be_bytes();
        [&size[..], is, content].concat()
    };
    let noted = |is: &[u8], words: &str| {
        let length = u16::try_from(words.len()).expect("small").to_be_bytes();
        one(is, &[&length[..], &[0x15, 0xc7], words.as_bytes()].concat())
    };
    let made = terms::Instant::parse("2026-01-05T10:04:00Z").expect("a time").secs() + 2_082_844_800;
    let made = u32::try_from(made).expect("before 2040").to_be_bytes();
    let header = one(b"mvhd", &[&[0; 4][..], &made, &[0; 92]].concat());
    let facts = [
        noted(b"\xa9xyz", "+10.2500-039.9100+012.0/"),
        noted(b"\xa9mak", "Invented"),
        noted(b"\xa9mod", "camera xyzzy"),
    ];
    let moov = one(b"moov", &[header, one(b"udta", &facts.concat())].concat());
    [one(b"ftyp", b"isom\0\0\0\0"), one(b"mdat", &[7; 300_000]), moov].concat()
}

#[test]
fn what_a_camera_wrote_stands_beside_what_the_act_says() {
    beside("photo.jpg", "image/jpeg", &photograph());
}

#[test]
fn what_a_camera_wrote_into_a_film_stands_there_too() {
    beside("film.mp4", "video/mp4", &film());
}

fn beside(name: &str, media_type: &str, plain: &[u8]) {
    let four = four();
    let north = four.browser("north");
    let sender = Sender::of(&north);
    let path = sender.begin(name, media_type, "", plain.len() as u64);
    assert_eq!(sender.patch(&path, 0, plain).status, 204);
    let id = path.rsplit('/').next().expect("a name").to_owned();
    let mut form = vec![("kind", "incident"), ("go", "sign"), ("files", id.as_str())];
    form.extend(INCIDENT);
    let kept = north.post("unsigned/EEEEEEEEEEEEEEEEEEEEEE", &form);
    north.sign(&kept.head["location"], "liaison-1");
    four.meet();
    let south = four.browser("south");
    let path = format!("evidence/{}", newest(&south, "evidence"));
    let page = south.get(&format!("{path}?open=1"));
    let told = main_of(&page.body);
    for said in ["5 Jan 10:00", "5 Jan 10:04", "4 min later", "Invented camera xyzzy", "m apart"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(told.contains("set wrong or changed"), "no verdict: {told}");
    let json = south.get(&format!("{path}?open=1&as=json"));
    let json: serde_json::Value = serde_json::from_str(&json.body).expect("it is JSON");
    assert_eq!(json["opened"]["camera"][1]["of"], "place");
    for (path, bytes) in homes(&four) {
        assert!(!contains(&bytes, b"Invented camera"), "{} has it in the clear", path.display());
    }
}
