//! Which languages the program's own words are in.

/// Which way a line runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the left.
    LeftToRight,
    /// From the right.
    RightToLeft,
}

impl Direction {
    /// The word of HTML's `dir`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        }
    }
}

/// A language that the program's own words are in.
#[derive(Debug)]
pub struct Language {
    /// Its tag by BCP 47.
    pub tag: &'static str,
    /// What it calls itself: the switch between languages shows no other name (PRACTICE N15).
    pub name: &'static str,
    /// Which way it runs.
    pub direction: Direction,
    /// What stands between the parts of a series.
    pub comma: &'static str,
    /// Whether somebody who grew up with it has read its texts.
    pub is_reviewed: bool,
    /// Its messages, a file each, with the file's name for errors.
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// What the library's procedures say in it, a file each, by its name, and what several of them say (`words`). Without any it
    /// shows the instrument's own words.
    pub procedures: &'static [(&'static str, &'static str)],
}

macro_rules! files {
    ($tag:literal) => {
        &[
            (concat!($tag, "/agreement.ftl"), include_str!(concat!("../texts/", $tag, "/agreement.ftl"))),
            (concat!($tag, "/help.ftl"), include_str!(concat!("../texts/", $tag, "/help.ftl"))),
            (concat!($tag, "/map.ftl"), include_str!(concat!("../texts/", $tag, "/map.ftl"))),
            (concat!($tag, "/desk.ftl"), include_str!(concat!("../texts/", $tag, "/desk.ftl"))),
            (concat!($tag, "/evidence.ftl"), include_str!(concat!("../texts/", $tag, "/evidence.ftl"))),
            (concat!($tag, "/private.ftl"), include_str!(concat!("../texts/", $tag, "/private.ftl"))),
            (concat!($tag, "/record.ftl"), include_str!(concat!("../texts/", $tag, "/record.ftl"))),
            (concat!($tag, "/relief.ftl"), include_str!(concat!("../texts/", $tag, "/relief.ftl"))),
            (concat!($tag, "/people.ftl"), include_str!(concat!("../texts/", $tag, "/people.ftl"))),
            (concat!($tag, "/time.ftl"), include_str!(concat!("../texts/", $tag, "/time.ftl"))),
        ]
    };
}

macro_rules! procedures {
    ($tag:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../procedures/", $name, ".", $tag, ".toml")))),*]
    };
}

/// The languages, in the order in which every page offers them. The first is what the others are translated
/// from, and what stands in for a message that is missing.
pub static LANGUAGES: [Language; 2] = [
    Language {
        tag: "en",
        name: "English",
        direction: Direction::LeftToRight,
        comma: ", ",
        is_reviewed: false,
        files: files!("en"),
        procedures: &[],
    },
    Language {
        tag: "ur",
        name: "اردو",
        direction: Direction::RightToLeft,
        comma: "، ",
        is_reviewed: false,
        files: files!("ur"),
        procedures: procedures!("ur":
            "action" "amendment" "arrangement" "case" "clause" "contact"
            "crossing" "declaration" "departure" "draft" "exchange" "hotline"
            "humanitarian" "incident" "information" "life" "measure" "meeting"
            "notice" "notification" "recommendation" "remedy" "request"
            "stand-down" "suspension" "visit" "words"
        ),
    },
];

impl Language {
    /// A language by its tag, or by one that is narrower: `ur` for `ur-PK`.
    #[must_use]
    pub fn of(tag: &str) -> Option<&'static Language> {
        let wide = tag.split('-').next().unwrap_or_default();
        LANGUAGES.iter().find(|known| known.tag.eq_ignore_ascii_case(wide))
    }

    /// The first that a browser asks for in `Accept-Language` and that is here; else the first of all.
    /// Weights are not looked at: browsers send the list in the order of its owner's wishes.
    #[must_use]
    pub fn accepted(header: &str) -> &'static Language {
        let tags = header.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
        tags.filter_map(Language::of).next().unwrap_or(&LANGUAGES[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_is_here_is_taken() {
        assert_eq!(Language::accepted("tr, ur-PK;q=0.8, en;q=0.5").tag, "ur");
        assert_eq!(Language::accepted("").tag, "en");
        assert_eq!(Language::accepted("xx").tag, "en");
        assert!(Language::of("EN-gb").is_some_and(|language| language.tag == "en"));
    }
}
