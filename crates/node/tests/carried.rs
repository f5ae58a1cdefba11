//! What a bundle has and no folder has: a question to a witness, and pieces of sealed files. Whoever verifies a
//! bundle is told of each that was tampered with.

mod common;

use std::path::Path;

use act::Body;
use act::body::Offer;
use common::handmade::{members_of, rebuilt};
use common::{at, met, quiet, who};
use node::bundle::{BundleSource, Export};
use node::evidence::Evidence;
use terms::Hash;
use vault::Keyring;

type Members = Vec<(String, Vec<u8>)>;

/// What is wrong with a bundle over a folder: files, or a sentence if it is refused whole.
fn wrongs(bundle: &Path, over: &Path) -> Vec<String> {
    let below = Some(node::disk::Disk::at(over));
    let source = match BundleSource::read(bundle, &Keyring::new(), bundle.parent().expect("a folder"), below)
    {
        Ok(source) => source,
        Err(fault) => return vec![fault.to_string()],
    };
    let mut inline = audit::Inline::default();
    let checked = audit::verify_folder(&source, &audit::Expected::Any, None, &mut inline, &mut |_, _| {});
    assert!(checked.report.undecided.is_empty(), "{:?}", checked.report.undecided);
    checked.report.wrongs.into_iter().map(|wrong| format!("{} {}", wrong.code, wrong.file)).collect()
}

#[test]
fn each_bit_of_a_question_to_a_witness_counts() {
    let (mut world, harbour) = met();
    let keep = act::body::Keep { exhibits: vec![terms::Item::exhibit(terms::ActId(Hash::ZERO), 1)] };
    world.north.act("liaison-1", Body::Keep(keep), at(5)).expect("registered");
    let bundle = world.stick.join("asks.mithaq");
    world.north.export(&who("harbour"), &bundle, true, at(5), &mut quiet).expect("exported");
    let over = harbour.home().data.clone();
    drop(harbour);
    assert_eq!(wrongs(&bundle, &over), Vec::<String>::new());
    let good = members_of(&bundle);
    let place = good.iter().position(|(path, _)| path == "witness/add-checkpoint").expect("it asks");
    let question = good[place].1.clone();
    assert!(!question.starts_with(b"old 0\n"), "it has a proof");
    for at in 0..question.len() {
        let mut bad = good.clone();
        bad[place].1[at] ^= 1 << (at % 8);
        std::fs::write(&bundle, rebuilt(bad)).expect("written");
        let wrongs = wrongs(&bundle, &over);
        assert!(wrongs.iter().any(|wrong| wrong.contains("witness/add-checkpoint")), "byte {at}: {wrongs:?}");
    }
}

/// Pieces of one file, as a bundle in parts has them; put together in one, and tampered with.
#[test]
fn pieces_have_their_place() {
    let (mut world, harbour) = met();
    let plain = vec![7; 150_000];
    let mut bytes = plain.as_slice();
    let evidence =
        Evidence { plain: &mut bytes, bytes: plain.len() as u64, media_type: "text/plain", name: None };
    let (file, _) = world.north.seal(evidence, &[who("harbour")], &mut quiet).expect("sealed");
    let offer = Body::Offer(Offer { files: vec![file.clone()] });
    world.north.act("liaison-1", offer, at(5)).expect("offered");
    let over = harbour.home().data.clone();
    drop(harbour);
    let target = world.stick.join("all.mithaq");
    let export = Export {
        to: &who("harbour"),
        target: &target,
        plain: true,
        largest: None,
        part_bytes: 64 * 1024,
        whole: false,
        paced: None,
    };
    let parts = world.north.export_parts(&export, &mut quiet).expect("exported").files;
    assert!(parts.len() > 2, "{parts:?}");
    let mut all = members_of(&parts[0]);
    let small = all.iter().filter(|(path, _)| !path.starts_with("sealed/")).count();
    for part in &parts {
        assert_eq!(wrongs(part, &over), Vec::<String>::new(), "{}", part.display());
        if *part != parts[0] {
            all.extend(members_of(part).split_off(small));
        }
    }
    let pieces = all.len() - small;
    let one = world.stick.join("one.mithaq");
    let offset = |(path, _): &(String, Vec<u8>)| -> u64 {
        path.rsplit_once('/').and_then(|(_, offset)| offset.parse().ok()).expect("an offset")
    };
    let at_place = |offset: u64| format!("sealed/{}.at/{offset}", file.sealed.to_hex());
    let last = all.len() - 1;
    let last_at = offset(&all[last]);
    let check = |what: &str, change: &dyn Fn(&mut Members), expected: &[&str]| {
        let mut changed = all.clone();
        change(&mut changed);
        std::fs::write(&one, rebuilt(changed)).expect("written");
        assert_eq!(wrongs(&one, &over), expected, "{what}");
    };
    let named = |code: &str, offset: u64| format!("{code} {}", at_place(offset));
    check("all of it", &|_| (), &[]);
    check("one less", &|all| drop(all.remove(small)), &[]);
    check("the last less", &|all| drop(all.pop()), &[]);
    let flip = |all: &mut Members| all[small].1[99] ^= 1;
    check("a byte", &flip, &[&named("audit::hash", last_at)]);
    let over_end = |all: &mut Members| all[last].0 = at_place(last_at + 1);
    check("further on", &over_end, &[&named("audit::size", last_at + 1)]);
    let longer = |all: &mut Members| all[last].1.push(0);
    check("longer", &longer, &[&named("audit::size", last_at)]);
    let earlier = |all: &mut Members| all[last].0 = at_place(last_at - 1);
    check("earlier", &earlier, &[&named("audit::piece", last_at - 1)]);
    let swap = |all: &mut Members| all.swap(last - 1, last);
    let before = offset(&all[last - 1]);
    check("out of order", &swap, &[&named("audit::piece", before)]);
    let far = |all: &mut Members| all[last].0 = at_place(u64::MAX);
    check("far behind", &far, &[&named("audit::size", u64::MAX)]);
    let other = format!("sealed/{}.at/0", Hash::of(b"other").to_hex());
    let junk = |all: &mut Members| all.push((other.clone(), b"other".to_vec()));
    check("of a file that no act names", &junk, &[&format!("audit::unnamed_file {other}")]);
    assert!(pieces > 2);
}
