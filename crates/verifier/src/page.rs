//! The page to take away: one file with the module, its script and its style in it, and no way to any network.

use std::sync::LazyLock;

use terms::{Hash, base64};

/// The module, as `cargo xtask wasm` builds it from this crate: `module/built.toml` says with which compiler.
pub const MODULE: &[u8] = include_bytes!("../module/verifier.wasm");

/// What runs it: an ES module that exports `load(bytes)`, which gives a function of a file's bytes and a register's name.
pub const JUDGE: &str = include_str!("../page/judge.js");

const PAGE: &str = include_str!("../page/page.html");
const STYLE: &str = include_str!("../page/page.css");
const SCRIPT: &str = include_str!("../page/page.js");

static MADE: LazyLock<(String, Hash)> = LazyLock::new(|| {
    let made = make();
    let hash = Hash::of(made.as_bytes());
    (made, hash)
});

/// The page. Its own policy lets it run this script and this module, and nothing else.
#[must_use]
pub fn page() -> &'static str {
    &MADE.0
}

/// SHA-256 of the page: what whoever takes it away compares.
#[must_use]
pub fn page_hash() -> &'static Hash {
    &MADE.1
}

fn make() -> String {
    let script = format!("{}\n{SCRIPT}", JUDGE.replacen("export const", "const", 1));
    let policy_hash = |text: &str| format!("sha256-{}", base64::encode(Hash::of(text.as_bytes()).as_bytes()));
    // One pass over the page: nothing that is put in is looked at again.
    let mut made = String::new();
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once('{') {
        made.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match name {
            "script" => made.push_str(&script),
            "style" => made.push_str(STYLE),
            "script-hash" => made.push_str(&policy_hash(&script)),
            "style-hash" => made.push_str(&policy_hash(STYLE)),
            "module" => made.push_str(&base64::encode(MODULE)),
            _ => {}
        }
        rest = after;
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_in_it_and_nothing_comes_from_elsewhere() {
        let page = page();
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert!(page.contains("default-src 'none'") && !page.contains("'unsafe-"));
        for outside in ["http:", "https:", "//", "src=", "@import", "url("] {
            let head = page.split_once("id=\"module\"").expect("it has the module").0;
            assert!(!head.contains(outside), "{outside}");
        }
        assert!(!SCRIPT.contains("fetch") && !JUDGE.contains("fetch"), "it asks nobody");
        assert_eq!(page.matches("<script").count(), 2);
        assert_eq!(page.matches("</script>").count(), 2, "no script ends early");
    }

    #[test]
    fn the_readme_says_its_hash() {
        let readme = include_str!("../../../README.md");
        let hash = page_hash().to_hex();
        assert!(readme.contains(&hash), "the page is {hash}, and README.md says another");
    }

    #[test]
    fn a_module_begins_as_modules_do() {
        assert_eq!(&MODULE[..8], b"\0asm\x01\0\0\0");
    }

    #[test]
    fn both_languages_say_everything() {
        let (english, urdu) = SCRIPT.split_once("\n  ur: {").expect("two languages");
        let names = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.starts_with("    "));
            let named = lines.filter_map(|line| line.trim().split_once(": \""));
            named.map(|(name, _)| name.trim_matches('"').to_owned()).collect()
        };
        let urdu = urdu.split_once("\n};").expect("it ends").0;
        assert!(names(english).len() > 30);
        assert_eq!(names(english), names(urdu));
        for name in PAGE.split("data-t=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(names(urdu).iter().any(|known| known == name), "{name}");
        }
    }
}
