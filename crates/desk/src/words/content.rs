//! What a file is, by its first bytes and what its filer says: which of it a page shows, and how.

use std::io::{self, Read, Seek, SeekFrom};

/// How much of a file is looked at, in bytes.
const HEAD: u64 = 4096;

/// What a file is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A picture that browsers draw.
    Picture(&'static str),
    /// A film that browsers play.
    Film(&'static str),
    /// A sound that browsers play.
    Sound(&'static str),
    /// A paper that browsers have a reader for.
    Paper,
    /// A text.
    Text,
    /// Anything else: it is only taken away.
    Other,
}

impl Shown {
    /// Looks at the first bytes of a content, and goes back to its start.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub(crate) fn of(content: &mut (impl Read + Seek), claimed: &str) -> io::Result<Shown> {
        let mut head = Vec::new();
        content.seek(SeekFrom::Start(0))?;
        content.by_ref().take(HEAD).read_to_end(&mut head)?;
        content.seek(SeekFrom::Start(0))?;
        Ok(Shown::by(&head, claimed))
    }

    /// The bytes decide; where they leave it open between a film and a sound, or say nothing, what the filer says.
    fn by(head: &[u8], claimed: &str) -> Shown {
        let at = |place: usize, bytes: &[u8]| head.get(place..place + bytes.len()) == Some(bytes);
        let is_sound = claimed.starts_with("audio/");
        let either = |film, sound| if is_sound { Shown::Sound(sound) } else { Shown::Film(film) };
        if at(0, b"\xff\xd8\xff") {
            Shown::Picture("image/jpeg")
        } else if at(0, b"\x89PNG\r\n\x1a\n") {
            Shown::Picture("image/png")
        } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
            Shown::Picture("image/gif")
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Shown::Picture("image/webp")
        } else if at(0, b"RIFF") && at(8, b"WAVE") {
            Shown::Sound("audio/wav")
        } else if at(4, b"ftyp") && (at(8, b"heic") || at(8, b"mif1") || at(8, b"avif")) {
            // Few browsers draw them all.
            Shown::Other
        } else if at(4, b"ftyp") {
            either("video/mp4", "audio/mp4")
        } else if at(0, b"\x1a\x45\xdf\xa3") {
            either("video/webm", "audio/webm")
        } else if at(0, b"OggS") {
            either("video/ogg", "audio/ogg")
        } else if at(0, b"ID3")
            || (is_sound && at(0, b"\xff") && head.get(1).is_some_and(|byte| byte & 0xe0 == 0xe0))
        {
            Shown::Sound("audio/mpeg")
        } else if at(0, b"fLaC") {
            Shown::Sound("audio/flac")
        } else if at(0, b"%PDF-") {
            Shown::Paper
        } else if is_text(head) && (claimed.starts_with("text/") || claimed == "application/json") {
            Shown::Text
        } else {
            Shown::Other
        }
    }

    /// As what it is served, if it is shown by itself; a text is shown within a page.
    pub(crate) const fn media(self) -> Option<&'static str> {
        match self {
            Shown::Picture(media) | Shown::Film(media) | Shown::Sound(media) => Some(media),
            Shown::Paper => Some("application/pdf"),
            Shown::Text | Shown::Other => None,
        }
    }

    /// How the name ends under which it is taken away.
    pub(crate) fn ending(self) -> &'static str {
        match self.media() {
            Some("image/jpeg") => ".jpg",
            Some("image/png") => ".png",
            Some("image/gif") => ".gif",
            Some("image/webp") => ".webp",
            Some("audio/wav") => ".wav",
            Some("video/mp4") => ".mp4",
            Some("audio/mp4") => ".m4a",
            Some("video/webm" | "audio/webm") => ".webm",
            Some("video/ogg" | "audio/ogg") => ".ogg",
            Some("audio/mpeg") => ".mp3",
            Some("audio/flac") => ".flac",
            Some("application/pdf") => ".pdf",
            _ if self == Shown::Text => ".txt",
            _ => ".bin",
        }
    }
}

/// Whether the beginning of a file is UTF-8, its last letter perhaps cut, and has nothing in it that no text has.
fn is_text(head: &[u8]) -> bool {
    let good = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() - error.valid_up_to() < 4,
    };
    good && !head.iter().any(|byte| *byte < b' ' && !b"\t\n\r\x0c".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide_and_a_claim_makes_nothing_of_them() {
        for (head, claimed, expected) in [
            (&b"\xff\xd8\xff\xe1"[..], "text/html", Shown::Picture("image/jpeg")),
            (b"<html><script>", "image/jpeg", Shown::Other),
            (b"<html><script>", "text/html", Shown::Text),
            (b"<svg xmlns=", "image/svg+xml", Shown::Other),
            (b"\0\0\0\x18ftypisom", "video/mp4", Shown::Film("video/mp4")),
            (b"\0\0\0\x18ftypM4A ", "audio/mp4", Shown::Sound("audio/mp4")),
            (b"RIFF\x10\0\0\0WAVE", "audio/wav", Shown::Sound("audio/wav")),
            (b"%PDF-1.7", "application/pdf", Shown::Paper),
            (b"plain \xd9\x86\xd9", "text/plain", Shown::Text),
            (b"plain\0", "text/plain", Shown::Other),
            (b"MZ\x90\0", "text/plain", Shown::Other),
            (b"", "", Shown::Other),
        ] {
            assert_eq!(Shown::by(head, claimed), expected, "{claimed}: {head:?}");
        }
    }
}
