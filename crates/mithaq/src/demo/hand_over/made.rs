//! What the story hands over, made on the spot: nothing of it shows anything that happened.

use std::io::Read;

use jpeg_encoder::{ColorType, Encoder};

/// A photograph with camera data: a picture of bars, drawn here, and what a camera would have written
/// into it.
pub(super) fn photograph() -> Result<Vec<u8>, String> {
    const WIDTH: u16 = 640;
    const HEIGHT: u16 = 480;
    let mut pixels = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let bar = (x / 40 + y / 40) % 2 == 0;
            pixels.extend_from_slice(if bar { &[200, 180, 120] } else { &[90, 110, 130] });
        }
    }
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 85);
    encoder.add_app_segment(1, camera_data()).map_err(|error| error.to_string())?;
    encoder.encode(&pixels, WIDTH, HEIGHT, ColorType::Rgb).map_err(|error| error.to_string())?;
    Ok(jpeg)
}

/// Exif: a TIFF of one directory, little-endian, with make, model and time, and a second for the time of
/// taking. Follows CIPA DC-008 (Exif 2.32), §4.6.
fn camera_data() -> Vec<u8> {
    const ASCII: u16 = 2;
    const LONG: u16 = 4;
    const EXIF_DIRECTORY: u16 = 0x8769;
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let texts: [(u16, &[u8]); 3] = [
        (0x010f, b"EXERCISE\0"),            // make
        (0x0110, b"Invented camera 1\0"),   // model
        (0x0132, b"2026:02:01 06:41:00\0"), // time
    ];
    let first_end = 8 + 2 + 12 * (texts.len() + 1) + 4;
    let mut data = Vec::new();
    let mut directory = Vec::new();
    for (tag, text) in texts {
        let at = first_end + data.len();
        directory.extend(entry(tag, ASCII, number(text.len()), number(at)));
        data.extend_from_slice(text);
    }
    let second = first_end + data.len();
    directory.extend(entry(EXIF_DIRECTORY, LONG, 1, number(second)));
    let taken = b"2026:02:01 06:41:00\0";
    let taken_at = second + 2 + 12 + 4;
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    tiff.extend_from_slice(&4_u16.to_le_bytes());
    tiff.extend(directory);
    tiff.extend_from_slice(&0_u32.to_le_bytes());
    tiff.extend(data);
    tiff.extend_from_slice(&1_u16.to_le_bytes());
    tiff.extend(entry(0x9003, ASCII, number(taken.len()), number(taken_at)));
    tiff.extend_from_slice(&0_u32.to_le_bytes());
    tiff.extend_from_slice(taken);
    tiff
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// A recording: a tone with noise, as 16-bit WAV, written as it is read. 200 MB in the story, so that it
/// is seen that size does not matter.
pub(super) struct Recording {
    header: [u8; 44],
    bytes: u64,
    at: u64,
    noise: u32,
}

impl Recording {
    pub(super) fn new(bytes: u64) -> Recording {
        let data = u32::try_from(bytes.saturating_sub(44)).unwrap_or(u32::MAX);
        let mut header =
            *b"RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data....";
        header[4..8].copy_from_slice(&(data + 36).to_le_bytes());
        header[40..].copy_from_slice(&data.to_le_bytes());
        Recording { header, bytes, at: 0, noise: 1 }
    }
}

impl Read for Recording {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.bytes - self.at).unwrap_or(usize::MAX);
        let length = buffer.len().min(left);
        for byte in &mut buffer[..length] {
            *byte = match self.header.get(usize::try_from(self.at).unwrap_or(usize::MAX)) {
                Some(header) => *header,
                None => {
                    // A saw tooth, and the noise of a bad line; a linear congruence gives it.
                    self.noise = self.noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let tooth = ((self.at / 2) % 109) as u8;
                    tooth.wrapping_add((self.noise >> 28) as u8)
                }
            };
            self.at += 1;
        }
        Ok(length)
    }
}

/// A statement, of nobody.
pub(super) const STATEMENT: &str = "\
EXERCISE. An invented statement of an invented person.

I was on the road by the bridge in the morning. I heard two shots from far away and saw nobody. I do
not wish that my name is passed on.
";

/// The text of a notice.
pub(super) const NOTICE: &str = "\
EXERCISE. Notice to the facilitating State.

Three exhibits were handed over on 2 February: a photograph, a recording and a statement. This notice
says that, and nothing else: it alleges nothing and asks for no finding. Acknowledgement means receipt
only.
";

/// The text of the other side's notice.
pub(super) const OTHER_NOTICE: &str = "\
EXERCISE. Notice to the facilitating State.

Works on a road begin on 2 March and last for ten days. Machines will be heard. This notice alleges
nothing and asks for no finding. Acknowledgement means receipt only.
";

/// What the other side offers.
pub(super) const PLAN: &str = "\
EXERCISE. An invented plan.

Works on a road, from 2 to 12 March: a culvert is laid at each of three places. Two machines and twelve
workers, by day only.
";

/// The answer to it.
pub(super) const OTHER_ANSWER: &str = "\
EXERCISE. An invented answer.

The plan was received and read. There is no information yet on the places that it names. The works will
be looked at when they begin; a further answer follows.
";

/// An answer.
pub(super) const ANSWER: &str = "\
EXERCISE. An invented answer.

The photograph was received and looked at. There is no information yet on what it shows. Inquiries are
under way; a further answer follows.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recording_is_as_long_as_it_says() {
        let mut recording = Recording::new(1_000_000);
        let mut first = [0; 64];
        recording.read_exact(&mut first).expect("bytes");
        assert_eq!(
            (&first[..4], &first[8..16], &first[36..40]),
            (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..])
        );
        let rest = std::io::copy(&mut recording, &mut std::io::sink()).expect("read");
        assert_eq!(rest + 64, 1_000_000);
    }

    #[test]
    fn the_photograph_is_a_picture_with_camera_data() {
        let jpeg = photograph().expect("a picture");
        assert!(jpeg.starts_with(&[0xff, 0xd8]) && jpeg.ends_with(&[0xff, 0xd9]));
        assert!(jpeg.windows(17).any(|w| w == b"Invented camera 1"));
    }
}
