//! Tampering with entries and what is signed over them, by whoever holds the keys.

use std::collections::BTreeSet;

use act::Entry;
use audit::Verdict;
use note::SigningKey;
use terms::Instant;

use crate::anew::{entries, rebuilt, receipted, renumbered, signed, with};
use crate::common;
use crate::common::{Files, World, at, carry, files_of, import, quiet, who};
use crate::spoilt::{Checker, SPOILT, Spoilt, keep};

#[test]
fn reordered_and_dropped_entries() {
    let Spoilt { large, witness, public, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let checkpoint = large.0["register/checkpoint"].clone();
    let wrong = |files: &Files, checker: &mut Checker, what: &str| {
        let report = checker.report(files);
        assert_eq!(report.verdict(), Verdict::Wrong, "{what}: {report:#?}");
        assert!(report.wrongs.iter().all(|wrong| !wrong.file.is_empty()));
    };
    checker.good(&rebuilt(large, &all), "rebuilt as it was");
    let helped = [("harbour", witness, *now), ("public", public, *now)];
    for (one, other) in [(1, 2), (20, 21), (100, 200), (255, 256), (299, 300)] {
        let mut swapped = all.clone();
        swapped.swap(one, other);
        wrong(&with(large, &swapped, checkpoint.clone()), &mut checker, "swapped");
        wrong(&with(large, &swapped, signed(&swapped, &[])), &mut checker, "swapped, and signed anew");
        // Even if all witnesses lie: the chains, and the marks that stand in it, say what was before.
        let anew = renumbered(&swapped);
        wrong(&with(large, &anew, signed(&anew, &helped)), &mut checker, "swapped, receipted, cosigned");
    }
    for dropped in [3, 50, 255, 256, all.len() - 2] {
        let mut fewer = all.clone();
        fewer.remove(dropped);
        wrong(&with(large, &fewer, checkpoint.clone()), &mut checker, "dropped");
        wrong(&with(large, &fewer, signed(&fewer, &[])), &mut checker, "dropped, and signed anew");
        let anew = renumbered(&fewer);
        wrong(&with(large, &anew, signed(&anew, &helped)), &mut checker, "dropped, receipted, cosigned");
    }
    // The last entries are dropped, with an honest checkpoint from before: nothing shows that there was
    // more, and what is left is good. Who has more, or a receipt, has the proof (C1, C3).
    let before = &SPOILT.small;
    checker.good(before, "an earlier state");
    // Without its marks, or its witnesses, it is never said to be good.
    let bare = with(large, &all, signed(&all, &[]));
    checker.undecided(&bare, "without cosigners");
    let twice = [all.clone(), vec![receipted(&all[20], all.len() as u64, *now)]].concat();
    wrong(&with(large, &twice, signed(&twice, &helped)), &mut checker, "one entry twice");
}

#[test]
fn dated_wrongly() {
    let Spoilt { large, witness, public, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let size = all.len();
    let helped = [("harbour", witness, *now), ("public", public, *now)];
    let last = |time: Instant| {
        let mut entries = all.clone();
        entries[size - 1] = receipted(&all[size - 1], size as u64 - 1, time);
        with(large, &entries, signed(&entries, &helped))
    };
    let tolerance = 600;
    let later = |s| now.plus(terms::Seconds(s));
    checker.good(&last(later(0)), "as it was");
    checker.good(&last(later(tolerance)), "within the tolerance");
    let report = checker.report(&last(later(tolerance + 1)));
    assert_eq!(report.wrongs.first().map(|wrong| wrong.code), Some("audit::dated_after"), "{report:#?}");
    assert_eq!(report.wrongs[0].entry, Some(size as u64 - 1));
    // Before the mark that stands before it; and before the entry before it.
    let hour = |hour: u64, s: i64| {
        Instant::from_secs(at(hour).secs().checked_add_signed(s).expect("one")).expect("one")
    };
    let report = checker.report(&last(hour(11, -601)));
    let codes: BTreeSet<&str> = report.wrongs.iter().map(|wrong| wrong.code).collect();
    assert!(codes.contains("audit::dated_before") && codes.contains("audit::time_backwards"), "{report:#?}");
    let report = checker.report(&last(hour(10, 0)));
    assert_eq!(report.verdict(), Verdict::Wrong);
}

#[test]
fn stripped_lines() {
    let Spoilt { large, witness, public, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let helped = [("harbour", witness, *now), ("public", public, *now)];
    // A signature line of an entry, and with it a fresh receipt, all tiles, and all cosigners.
    let mut stripped = 0;
    for (index, entry) in all.iter().enumerate().take(24) {
        let text = String::from_utf8(entry.clone()).expect("text");
        let (body, lines) = text.rsplit_once("\n\n").expect("a note");
        let lines: Vec<&str> = lines.lines().collect();
        for line in 0..lines.len() {
            let kept: Vec<&str> = (0..lines.len()).filter(|at| *at != line).map(|at| lines[at]).collect();
            let bytes = format!("{body}\n\n{}\n", kept.join("\n")).into_bytes();
            let mut entries = all.clone();
            entries[index] = match Entry::parse(&bytes) {
                Ok(_) if line + 1 < lines.len() => {
                    receipted(&bytes, index as u64, Entry::parse(&bytes).expect("one").receipt().time)
                }
                _ => bytes,
            };
            let report = checker.report(&with(large, &entries, signed(&entries, &helped)));
            assert_eq!(report.verdict(), Verdict::Wrong, "entry {index}, line {line}: {report:#?}");
            stripped += 1;
        }
    }
    assert!(stripped > 40, "{stripped}");
    // Cosignatures: a surplus one may go unseen; below the quorum nothing is final; the registrar's own is
    // needed; one of nobody is a wrong.
    let path = "register/checkpoint";
    let text = String::from_utf8(large.0[path].clone()).expect("text");
    let (body, lines) = text.rsplit_once("\n\n").expect("a note");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 3);
    let only = |places: &[usize]| {
        let kept: Vec<&str> = places.iter().map(|at| lines[*at]).collect();
        large.with(path, format!("{body}\n\n{}\n", kept.join("\n")).into_bytes())
    };
    checker.good(&only(&[0, 1]), "a surplus cosignature less");
    checker.good(&only(&[0, 2]), "the other less");
    checker.undecided(&only(&[0]), "below the quorum");
    checker.wrong(&only(&[1, 2]), path, "without the registrar's");
    checker.wrong(&only(&[0, 1, 1]), path, "one twice");
    let other = SigningKey::from_seed(&[9; 32]);
    let nobody = with(large, &all, signed(&all, &[("harbour", witness, *now), ("nobody", &other, *now)]));
    checker.wrong(&nobody, path, "a line of nobody's");
    let forged = with(large, &all, signed(&all, &[("harbour", &other, *now)]));
    checker.wrong(&forged, path, "a cosigner's name with another key");
}

/// An intake line that is stripped once its act is registered.
#[test]
fn a_stripped_stamp() {
    let mut world = World::found(&common::three("party"), &["harbour", "isle"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let (mut isle, _) = world.join("isle", false, 1);
    let stick = world.stick.clone();
    carry(&mut harbour, &mut world.north, &stick, 2);
    carry(&mut isle, &mut world.north, &stick, 2);
    carry(&mut world.north, &mut harbour, &stick, 3);
    isle.act("liaison-1", keep(), at(3)).expect("queued");
    let file = stick.join("to-harbour.mithaq");
    isle.export(&who("harbour"), &file, true, at(3), &mut quiet).expect("exported");
    assert_eq!(harbour.import(&file, at(4), &mut quiet).expect("imported").stamped, 1);
    import(&mut harbour, &mut world.north, &stick, 5).expect("imported");
    for hour in [6, 7] {
        carry(&mut world.north, &mut harbour, &stick, hour);
        carry(&mut harbour, &mut world.north, &stick, hour);
    }
    let files = files_of(&world.north.home().data);
    let all = entries(&files);
    let mut checker = Checker::default();
    checker.good(&files, "as it was");
    let stamped = |entry: &Vec<u8>| Entry::parse(entry).is_ok_and(|e| !e.submission().intakes().is_empty());
    let index = all.iter().position(stamped).expect("a stamp");
    let text = String::from_utf8(all[index].clone()).expect("text");
    let bare: String = text.split_inclusive('\n').filter(|line| !line.contains("/stamp-1 ")).collect();
    let mut entries = all.clone();
    entries[index] = bare.into_bytes();
    checker.wrong(
        &with(&files, &entries, files.0["register/checkpoint"].clone()),
        "register/checkpoint",
        "stripped",
    );
}
