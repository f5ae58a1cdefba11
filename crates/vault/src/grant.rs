//! The small file that lets one participant open one exhibit.

use std::fmt;
use std::io::Write as _;

use terms::{Hash, base64};
use zeroize::Zeroizing;

use crate::{Identity, Recipient, Salt, SealError, envelope};

/// Longest text of a grant in bytes.
pub const GRANT_BYTES_MAX: usize = 4 * 1024;
/// Longest sealed grant in bytes: the text, one header, and what age adds.
pub const SEALED_GRANT_BYTES_MAX: usize = 24 * 1024;
/// Longest file name in a grant, in bytes of UTF-8.
pub const NAME_BYTES_MAX: usize = 1024;

const FIRST_LINE: &str = "# mithaq.grant/v1";

/// What its holder needs to open one exhibit, and to check what comes out.
///
/// Its text is an age identity file, so that `age -d -i` takes it as it is:
///
/// ```text
/// # mithaq.grant/v1
/// # exhibit 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
/// # salt BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=
/// # type image/jpeg
/// # name cGhvdG8uanBn
/// AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33
/// ```
///
/// Exactly these lines in this order, one space between word and value, each ended by one LF and by
/// nothing else; only `name` may be absent. At most [`GRANT_BYTES_MAX`].
#[derive(Clone)]
pub struct Grant {
    /// SHA-256 of the sealed file that this grant is for.
    pub exhibit: Hash,
    /// The commitment's salt.
    pub salt: Salt,
    /// What the plain content is, says its filer.
    pub media_type: MediaType,
    /// What the filer called the file: 1 to [`NAME_BYTES_MAX`] bytes, any of Unicode. A claim, to be
    /// shown as one. **Never a path**: it may hold `/`, `..`, control and bidirectional characters.
    pub name: Option<FileName>,
    /// The exhibit's one-off identity.
    pub identity: Identity,
}

/// A media type, as `image/jpeg` or `text/plain; charset=utf-8`: 3 to 255 printable ASCII characters, no
/// space at an end, with a `/` inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType(String);

impl MediaType {
    /// Reads a media type. Whether it exists is not asked.
    #[must_use]
    pub fn new(text: &str) -> Option<MediaType> {
        let kind = text.split(';').next()?;
        let good = text.len() <= 255
            && text.bytes().all(|b| (b' '..=b'~').contains(&b))
            && text.trim() == text
            && kind.split_once('/').is_some_and(|(kind, sub)| !kind.is_empty() && !sub.is_empty());
        good.then(|| MediaType(text.to_owned()))
    }

    /// The type as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a filer called a file: see [`Grant::name`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Takes a name of 1 to [`NAME_BYTES_MAX`] bytes.
    #[must_use]
    pub fn new(text: &str) -> Option<FileName> {
        (1..=NAME_BYTES_MAX).contains(&text.len()).then(|| FileName(text.to_owned()))
    }

    /// The name as it was claimed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The line at which a text stops being a grant. It never repeats the text, which is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantFlaw {
    /// Longer than [`GRANT_BYTES_MAX`].
    TooLong,
    /// Not UTF-8.
    NotText,
    /// The first line is not `# mithaq.grant/v1`.
    Version,
    /// No `# exhibit` with a SHA-256 in base64.
    Exhibit,
    /// No `# salt` with 32 bytes in base64.
    Salt,
    /// No `# type` with a media type.
    MediaType,
    /// A `# name` that is not base64 of a name.
    Name,
    /// No `AGE-SECRET-KEY-1…` in the canonical spelling, where it should stand.
    Identity,
    /// More follows after the identity, or the last LF is missing.
    Ending,
}

impl Grant {
    /// Reads the text of a grant. The bytes are foreign.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Grant, GrantFlaw> {
        if bytes.len() > GRANT_BYTES_MAX {
            return Err(GrantFlaw::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| GrantFlaw::NotText)?;
        let text = text.strip_suffix('\n').ok_or(GrantFlaw::Ending)?;
        let mut lines = text.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(GrantFlaw::Version);
        }
        let mut value = |word, flaw| lines.next().and_then(|line| line.strip_prefix(word)).ok_or(flaw);
        let exhibit = value("# exhibit ", GrantFlaw::Exhibit)?;
        let salt = value("# salt ", GrantFlaw::Salt)?;
        let media_type = value("# type ", GrantFlaw::MediaType)?;

        let mut line = lines.next().ok_or(GrantFlaw::Identity)?;
        let mut name = None;
        if let Some(encoded) = line.strip_prefix("# name ") {
            name = Some(decode_name(encoded).ok_or(GrantFlaw::Name)?);
            line = lines.next().ok_or(GrantFlaw::Identity)?;
        }
        let grant = Grant {
            exhibit: Hash::from_base64(exhibit).ok_or(GrantFlaw::Exhibit)?,
            salt: Salt::from_base64(salt).ok_or(GrantFlaw::Salt)?,
            media_type: MediaType::new(media_type).ok_or(GrantFlaw::MediaType)?,
            name,
            identity: Identity::parse(line).ok_or(GrantFlaw::Identity)?,
        };
        if lines.next().is_some() { Err(GrantFlaw::Ending) } else { Ok(grant) }
    }

    /// The text, secrets and all.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        // Never grows, so that no copy is left behind unwiped.
        let mut text = Zeroizing::new(String::with_capacity(GRANT_BYTES_MAX));
        let mut line = |word: &str, value: &str| {
            text.push_str(word);
            text.push_str(value);
            text.push('\n');
        };
        line(FIRST_LINE, "");
        line("# exhibit ", &self.exhibit.to_string());
        line("# salt ", &Zeroizing::new(base64::encode(self.salt.as_bytes())));
        line("# type ", self.media_type.as_str());
        if let Some(name) = &self.name {
            line("# name ", &base64::encode(name.as_str().as_bytes()));
        }
        line("", &self.identity.to_text());
        text
    }

    /// Seals this grant to one participant: to all of its `seal` recipients, so that any of them opens it.
    ///
    /// # Errors
    /// [`SealError::NoRecipient`] or [`SealError::TooManyRecipients`]; or age fails, which it does not.
    pub fn seal_to(&self, recipients: &[Recipient]) -> Result<SealedGrant, SealError> {
        if recipients.is_empty() {
            return Err(SealError::NoRecipient);
        }
        if recipients.len() > RECIPIENTS_MAX {
            return Err(SealError::TooManyRecipients { given: recipients.len() });
        }
        let mut bytes = Vec::new();
        let mut writer = envelope::seal(recipients, &mut bytes).map_err(SealError::Write)?;
        writer.write_all(self.to_text().as_bytes()).map_err(SealError::Write)?;
        writer.finish().map_err(SealError::Write)?;
        Ok(SealedGrant { hash: Hash::of(&bytes), bytes })
    }
}

/// Most recipients of one grant.
pub const RECIPIENTS_MAX: usize = 64;

/// A sealed grant; public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedGrant {
    /// SHA-256 of the bytes; it stands in the act, and names the file: `grant/HEX`.
    pub hash: Hash,
    /// The age file.
    pub bytes: Vec<u8>,
}

fn decode_name(encoded: &str) -> Option<FileName> {
    FileName::new(std::str::from_utf8(&base64::decode(encoded)?).ok()?)
}

impl fmt::Display for GrantFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            GrantFlaw::TooLong => "it is longer than 4,096 bytes",
            GrantFlaw::NotText => "it is not UTF-8",
            GrantFlaw::Version => "its first line is not `# mithaq.grant/v1`",
            GrantFlaw::Exhibit => "its second line is not `# exhibit` and a SHA-256 in base64",
            GrantFlaw::Salt => "its third line is not `# salt` and 32 bytes in base64",
            GrantFlaw::MediaType => "its fourth line is not `# type` and a media type",
            GrantFlaw::Name => "its `# name` is not base64 of a file name",
            GrantFlaw::Identity => "there is no age identity after the comments",
            GrantFlaw::Ending => "it does not end with the identity and one line feed",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grant(name: Option<&str>) -> Grant {
        Grant {
            exhibit: Hash::of(b"sealed"),
            salt: Salt::from_bytes([7; 32]),
            media_type: MediaType::new("text/plain; charset=utf-8").expect("a type"),
            name: name.map(|name| FileName::new(name).expect("a name")),
            identity: Identity::generate(),
        }
    }

    fn check(text: &str, expected: GrantFlaw) {
        assert_eq!(Grant::parse(text.as_bytes()).err(), Some(expected), "{text}");
    }

    #[test]
    fn text_and_back() {
        for name in [None, Some("photo.jpg"), Some("../نقشه\n\u{202e}.pdf"), Some(&*"n".repeat(1024))] {
            let grant = grant(name);
            let text = grant.to_text();
            let again = Grant::parse(text.as_bytes()).map(|grant| grant.to_text());
            assert!(again.is_ok_and(|again| again == text));
        }
    }

    #[test]
    fn each_flaw() {
        let text = grant(Some("a")).to_text();
        let lines: Vec<&str> = text.lines().collect();
        let with = |at: usize, line: &str| {
            let mut lines = lines.clone();
            lines[at] = line;
            lines.join("\n") + "\n"
        };
        for (at, line, flaw) in [
            (0, "# mithaq.grant/v2", GrantFlaw::Version),
            (0, "", GrantFlaw::Version),
            (1, "# exhibit AAAA", GrantFlaw::Exhibit),
            (1, lines[2], GrantFlaw::Exhibit),
            (2, "# salt AAAA", GrantFlaw::Salt),
            (2, &lines[2].replace("# salt ", "# salt  "), GrantFlaw::Salt),
            (3, "# type jpeg", GrantFlaw::MediaType),
            (3, "# type image/jpeg ", GrantFlaw::MediaType),
            (3, "# type image/jpeg\r", GrantFlaw::MediaType),
            (4, "# name ", GrantFlaw::Name),
            (4, "# name YQ", GrantFlaw::Name),
            (4, "# name /w==", GrantFlaw::Name),
            (4, "# nom YQ==", GrantFlaw::Identity),
            (5, "AGE-SECRET-KEY-1", GrantFlaw::Identity),
            (5, "", GrantFlaw::Identity),
            (5, &lines[5].to_lowercase(), GrantFlaw::Identity),
            (5, &format!("{}\r", lines[5]), GrantFlaw::Identity),
        ] {
            check(&with(at, line), flaw);
        }
        check(text.trim_end(), GrantFlaw::Ending);
        check(&format!("{}\n", *text), GrantFlaw::Ending);
        check(&format!("{}# more\n", *text), GrantFlaw::Ending);
        check("", GrantFlaw::Ending);
        check(&"#".repeat(GRANT_BYTES_MAX + 1), GrantFlaw::TooLong);
        assert_eq!(Grant::parse(b"\xff\n").err(), Some(GrantFlaw::NotText));
    }

    #[test]
    fn the_longest_grant_fits() {
        let mut grant = grant(Some(&"n".repeat(NAME_BYTES_MAX)));
        grant.media_type = MediaType::new(&format!("a/{}", "b".repeat(253))).expect("a type");
        assert!(grant.to_text().len() <= GRANT_BYTES_MAX);
        let one = grant.identity.recipient();
        let sealed = grant.seal_to(&vec![one.clone(); RECIPIENTS_MAX]);
        assert!(sealed.is_ok_and(|sealed| sealed.bytes.len() <= SEALED_GRANT_BYTES_MAX
            && crate::open_grant(&sealed.bytes, &[&grant.identity]).is_ok()));
        let refused = grant.seal_to(&vec![one; RECIPIENTS_MAX + 1]).err();
        assert!(matches!(refused, Some(SealError::TooManyRecipients { given: 65 })));
        assert!(matches!(grant.seal_to(&[]).err(), Some(SealError::NoRecipient)));
    }

    proptest! {
        #[test]
        fn what_parses_writes_the_same(
            edits in proptest::collection::vec((0_usize..400, any::<u8>()), 0..3),
            cut in 0_usize..400,
        ) {
            let mut bytes = grant(Some("photo.jpg")).to_text().as_bytes().to_vec();
            for (at, byte) in edits {
                if let Some(place) = bytes.get_mut(at) { *place = byte }
            }
            for bytes in [&bytes[..], &bytes[..cut.min(bytes.len())]] {
                if let Ok(grant) = Grant::parse(bytes) {
                    let text = grant.to_text();
                    prop_assert_eq!(text.as_bytes(), bytes);
                }
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(Grant::parse(&bytes).is_err());
        }

        #[test]
        fn any_name_fits(name in "\\PC{1,200}") {
            let text = grant(Some(&name)).to_text();
            let read = Grant::parse(text.as_bytes()).ok().and_then(|grant| grant.name);
            prop_assert_eq!(read.as_ref().map(FileName::as_str), Some(&*name));
        }
    }
}
