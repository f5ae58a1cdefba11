//! What can be wrong with a file, whatever it shows.

use super::*;

/// What can be wrong with the file, whatever it shows.
pub(crate) fn files(cases: &mut Cases) {
    let world = World::usual();
    let fork = || {
        let (a, b) = (quoted(other_end().cosigned(16, &[])), quoted(world.cosigned(16, &[])));
        Contradiction { register: world.register(""), shows: Shows::Fork(Fork { a, b, prefix: None }) }
    };
    let good = fork().to_bytes();
    assert_eq!(verdict(&confirm(&good, &world.expected())), "registrar");
    let voice = Expected::Voice(VoiceName::of(&world.hash()));
    cases.raw("file--by-voice", good.clone(), voice, "registrar");
    let wrong_voice = Expected::Voice(VoiceName::of(&Hash::of(b"another")));
    cases.raw("file--another-voice", good.clone(), wrong_voice, "other_register");
    cases.raw(
        "file--another-genesis",
        good.clone(),
        Expected::Genesis(Hash::of(b"another")),
        "other_register",
    );
    let text = String::from_utf8(good.clone()).expect("UTF-8");
    let mut changed = |name: &str, text: String, verdict| {
        cases.raw(&format!("file--{name}"), text.into_bytes(), world.expected(), verdict);
    };
    changed("no-line-feed", text.trim_end().to_owned(), "not_one_line");
    changed("two-lines", format!("{text}\n"), "not_one_line");
    changed("empty", String::new(), "not_one_line");
    changed("name-twice", text.replacen("\"kind\":", "\"kind\":\"fork\",\"kind\":", 1), "not_one_line");
    changed("spaces", text.replacen("\"kind\":", "\"kind\": ", 1), "spelling");
    changed("null", text.replacen("\"shows\":{", "\"shows\":{\"prefix\":null,", 1), "spelling");
    changed("later-format", text.replacen("/v1", "/v2", 1), "shape");
    changed("unknown-kind", text.replacen("\"fork\"", "\"spoon\"", 1), "shape");
    changed("unknown-field", text.replacen("\"shows\":{", "\"shows\":{\"x\":1,", 1), "shape");
    let mut later = fork();
    later.register.registrar = "succession".to_owned();
    cases.raw("file--later-registrar", later.to_bytes(), world.expected(), "later_registrar");
    let mut no_genesis = fork();
    let act = world.act("open", "north/liaison-1", &world.open_body(), &But::default());
    no_genesis.register.genesis = quoted(act.text());
    cases.raw("file--no-genesis", no_genesis.to_bytes(), Expected::Genesis(act.id().0), "genesis");
    let mut newer = fork();
    let genesis = world.genesis.text().replacen("\"rules\":1", "\"rules\":2", 1);
    newer.register.genesis = quoted(genesis.as_str());
    cases.raw(
        "file--newer-rules",
        newer.to_bytes(),
        Expected::Genesis(Hash::of(genesis.as_bytes())),
        "unknown_rules",
    );
    let mut other_policy = fork();
    other_policy.register.policy = Some(quoted(policy().replace("all 3", "all 1")));
    cases.raw("file--another-policy", other_policy.to_bytes(), world.expected(), "annex");
    let mut other_tolerance = fork();
    other_tolerance.register.instrument = Some(quoted(format!("{INSTRUMENT}tolerance = \"1m\"\n")));
    cases.raw("file--another-instrument", other_tolerance.to_bytes(), world.expected(), "annex");
}

/// A file whose own bytes are more than 16 KiB: not among the vectors.
pub(crate) fn too_long() -> Vec<u8> {
    let world = World::usual();
    let (a, b) = (quoted(vec![b'x'; 16 * 1024]), quoted(world.cosigned(16, &[])));
    Contradiction { register: world.register(""), shows: Shows::Fork(Fork { a, b, prefix: None }) }.to_bytes()
}
