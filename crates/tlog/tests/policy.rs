//! Policies: what is understood, and every way to be wrong, at its line.

mod common;

use common::{log_vkey, policy, witness};
use note::{Algorithm, KeyName, PublicKey, SigningKey, VerifierKey};
use terms::Hash;
use tlog::Policy;

fn vkey(n: u8) -> VerifierKey {
    let (key, name) = witness(n);
    VerifierKey::cosigner(name, key.public())
}

/// `LOG`, `W0` to `W3` stand for keys.
fn fill(text: &str) -> String {
    let mut text = text.replace("LOG", &log_vkey().to_string());
    for n in 0..4 {
        text = text.replace(&format!("W{n}"), &vkey(n).to_string());
    }
    text
}

fn check(text: &str, expected: &[&str]) {
    let errors = Policy::parse(fill(text).as_bytes()).map_or_else(|errors| errors, |_| Vec::new());
    let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(messages, expected, "{text}");
    for error in errors {
        let diagnostic = error.diagnostic();
        assert!(diagnostic.code.starts_with("policy::"));
        assert_eq!(diagnostic.labels[0].span, error.span);
    }
}

#[test]
fn a_policy() {
    let text = fill(
        "# who watches\nlog LOG https://register.example/\n\n\twitness  a W0\nwitness b W1 https://b.example\n \
         group both all a b\nquorum both\n",
    );
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.origin(), &common::origin());
    assert_eq!(policy.log(), &log_vkey());
    assert_eq!(policy.quorum(), 2);
    assert_eq!(policy.witnesses().len(), 2);
    assert_eq!(policy.witnesses()[1].url.as_deref(), Some("https://b.example"));
    assert_eq!(Policy::parse(policy.to_string().as_bytes()), Ok(policy));
    check("log LOG\nwitness a W0\nwitness b W1\ngroup g any b a\nquorum g\n", &[]);
}

#[test]
fn liars() {
    for (k, n, liars) in [(1, 1, 0), (2, 2, 1), (3, 4, 1), (4, 6, 1), (2, 4, 0), (1, 4, 0)] {
        assert_eq!(policy(k, n).liars_max(), liars, "{k} of {n}");
    }
}

#[test]
fn lines_that_are_wrong() {
    const REST: &str = "log LOG\nwitness a W0\ngroup g 1 a\nquorum g\n";
    check(
        "",
        &[
            "line 1: there is no line `log`",
            "line 1: there is no line `group`",
            "line 1: there is no line `quorum`",
        ],
    );
    check(&REST[..REST.len() - 1], &["line 4: the last line does not end in a newline"]);
    check(&format!("{REST}\r\n"), &["line 5: control character 0x0d"]);
    check(&format!("{REST}#\u{7f}\n"), &["line 5: control character 0x7f"]);
    check(&format!("{REST}witnes b W1\n"), &["line 5: no line of a policy begins with `witnes`"]);
    check(&format!("{REST}log LOG\n"), &["line 5: a second line `log`; a policy of ours has one"]);
    check(
        &format!("{REST}group h 1 a\nquorum h\n"),
        &[
            "line 5: a second line `group`; a policy of ours has one",
            "line 6: a second line `quorum`; a policy of ours has one",
        ],
    );
    check(
        &format!("{REST}log\nwitness x\ngroup h 1\nquorum\n"),
        &[
            "line 5: too few or too many items; expected `log VKEY [URL]`",
            "line 6: too few or too many items; expected `witness NAME VKEY [URL]`",
            "line 7: too few or too many items; expected `group NAME all|any|NUMBER NAME...`",
            "line 8: too few or too many items; expected `quorum NAME`",
        ],
    );
    let not_utf8 = [REST.as_bytes(), b"# \xff\n"].concat();
    assert_eq!(Policy::parse(&not_utf8).unwrap_err()[0].to_string(), "line 5: not UTF-8");
}

#[test]
fn keys_that_are_wrong() {
    check("log x\nwitness a W0\ngroup g 1 a\nquorum g\n", &["line 1: expected a vkey: `NAME+ID+KEY`"]);
    check("log W1\nwitness a W0\ngroup g 1 a\nquorum g\n", &["line 1: a log's key is of kind 0x01"]);
    check(
        &format!(
            "log LOG\nwitness a {}\nwitness b W0\ngroup g 1 a b\nquorum g\n",
            vkey(1).under(vkey(1).name().clone(), Algorithm::Ed25519).unwrap()
        ),
        &["line 2: a witness's key is of kind 0x04"],
    );
    let elsewhere = VerifierKey::plain(KeyName::new("mithaq.act/v1").unwrap(), common::registrar().public());
    check(
        &format!("log {elsewhere}\nwitness a W0\ngroup g 1 a\nquorum g\n"),
        &["line 1: the log's key is not called as a register's origin"],
    );
    let same = VerifierKey::cosigner(KeyName::new("other.example").unwrap(), vkey(0).public_key().unwrap());
    check(
        &format!("log LOG\nwitness a W0\nwitness b {same}\ngroup g 1 a\nquorum g\n"),
        &["line 3: this key stands on an earlier line"],
    );
    // Two keys of one name whose ids meet, found by trying 160,000.
    let meeting = |n: u32| {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&n.to_be_bytes());
        let key = SigningKey::from_seed(&seed).public();
        VerifierKey::cosigner(KeyName::new("w.example/witness").unwrap(), key)
    };
    let (one, two) = (meeting(156_491), meeting(161_457));
    assert_ne!(one, two);
    check(
        &format!("log LOG\nwitness a {one}\nwitness b {two}\ngroup g 1 a\nquorum g\n"),
        &["line 3: another key has this vkey's name and id"],
    );
    let key = [&[6][..], &[7; 1312]].concat();
    let id = Hash::of_parts(&[b"w.example\n", &key]).to_hex();
    let ml_dsa = format!("w.example+{}+{}", &id[..8], terms::base64::encode(&key));
    check(
        &format!("log LOG\nwitness a {ml_dsa}\nwitness b W0\ngroup g 1 a b\nquorum g\n"),
        &["line 2: this version can't check ML-DSA witnesses (kind 0x06)"],
    );
    let mut identity = [0; 32];
    identity[0] = 1;
    let weak = VerifierKey::cosigner(KeyName::new("w.example").unwrap(), PublicKey::from_bytes(identity));
    check(
        &format!("log LOG\nwitness a {weak}\nwitness b W0\ngroup g 1 a b\nquorum g\n"),
        &["line 2: a key that must not be trusted: an Ed25519 public key of small order: anybody can sign \
           for it"],
    );
}

#[test]
fn groups_that_are_wrong() {
    const HEAD: &str = "log LOG\nwitness a W0\nwitness b W1\n";
    let number =
        |k: &str| format!("line 4: `{k}` is neither `all`, `any` nor a number up to that of the members");
    for k in ["0", "3", "01", "+1", "-1", "some", "99999999999999999999"] {
        check(&format!("{HEAD}group g {k} a b\nquorum g\n"), &[&number(k)]);
    }
    check(&format!("{HEAD}group g 1 a b c\nquorum g\n"), &["line 4: no line before defines `c`"]);
    check(&format!("{HEAD}group g 1 g a b\nquorum g\n"), &["line 4: no line before defines `g`"]);
    check(&format!("{HEAD}group g 2 a b a\nquorum g\n"), &["line 4: `a` is in the group twice"]);
    check(&format!("{HEAD}group a 1 a b\nquorum a\n"), &["line 4: the name `a` is taken"]);
    check(
        &format!("{HEAD}group none 1 a b\nquorum none\n"),
        &["line 4: the name `none` is taken", "line 5: `quorum none` asks for no witness at all"],
    );
    check(&format!("{HEAD}witness a W2\ngroup g 1 a b\nquorum g\n"), &["line 4: the name `a` is taken"]);
    check(&format!("{HEAD}group g 1 a\nquorum g\n"), &["line 3: the witness `b` is not in the group"]);
    check(
        &format!("{HEAD}group g 1 a b\nquorum none\n"),
        &["line 5: `quorum none` asks for no witness at all"],
    );
    check(&format!("{HEAD}group g 1 a b\nquorum a\n"), &["line 5: `quorum a` names a witness, not a group"]);
    check(&format!("{HEAD}group g 1 a b\nquorum h\n"), &["line 5: no line before defines `h`"]);
    check(&format!("{HEAD}quorum g\ngroup g 1 a b\n"), &["line 4: no line before defines `g`"]);
}

#[test]
fn sixteen_signatures_fit_and_no_more() {
    assert_eq!(policy(15, 15).witnesses().len(), 15);
    let sixteen = (0..16).map(|n| (format!("w{n}"), vkey(n))).collect();
    let errors = Policy::new(log_vkey(), sixteen, 16).unwrap_err();
    assert_eq!(errors[0].to_string(), "line 17: more than 15 witnesses");
}
