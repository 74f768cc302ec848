//! Copies without metadata: nothing of it is left, and the picture is the same.

use std::{
    fs,
    io::{self, Cursor, Read, Seek, SeekFrom},
    process::Command,
};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, metadata::Orientation};
use reupload_images::{Problem, Stripped, can_strip, strip_metadata};

use crate::{
    make::{self, Dice, MARKER},
    measure,
};

pub(crate) fn strip(mime: &str, bytes: &[u8]) -> Result<(Stripped, Vec<u8>), Problem> {
    let mut out = Vec::new();
    let stripped = strip_metadata(Cursor::new(bytes), mime, &mut out)?;
    Ok((stripped, out))
}

/// Strips, and checks what holds for every copy.
#[track_caller]
pub(crate) fn copy(mime: &str, bytes: &[u8]) -> Vec<u8> {
    let (stripped, out) = strip(mime, bytes).unwrap_or_else(|problem| panic!("{mime}: {problem:?}"));
    assert_eq!(stripped == Stripped::Unchanged, out == bytes, "{mime}: what it says is what it did");
    let (again, same) = strip(mime, &out).unwrap();
    assert_eq!((again, same == out), (Stripped::Unchanged, true), "{mime}: a copy of a copy");
    assert!(!contains(&out, MARKER.as_bytes()), "{mime}");
    assert!(out.len() <= bytes.len(), "{mime}: no copy is larger than its picture");
    out
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

pub(crate) fn pixels(mime: &str, bytes: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(bytes, ImageFormat::from_mime_type(mime).unwrap()).unwrap()
}

pub(crate) fn decoder(mime: &str, bytes: &[u8]) -> impl ImageDecoder {
    let format = ImageFormat::from_mime_type(mime).unwrap();
    ImageReader::with_format(Cursor::new(bytes.to_vec()), format).into_decoder().unwrap()
}

#[test]
fn no_metadata_is_left_and_the_pixels_are_the_same() {
    for orientation in 1..=8 {
        for (mime, bytes) in make::loaded(orientation) {
            assert!(can_strip(mime) && contains(&bytes, MARKER.as_bytes()));
            let out = copy(mime, &bytes);
            for trace in ["xmp", "Photoshop", "MPF", "JFXX", "GPSLatitude", "NETSCAPE2.0\x03\x01\0\0\x0f"] {
                assert!(!contains(&out, trace.as_bytes()), "{mime}: {trace}");
            }
            assert_eq!(pixels(mime, &out), pixels(mime, &bytes), "{mime}");
            if mime != "image/gif" {
                let kept = decoder(mime, &out).orientation().unwrap();
                assert_eq!(kept.to_exif(), u8::try_from(orientation).unwrap(), "{mime}");
                assert_eq!(contains(&out, b"II\x2a\0\x08"), kept != Orientation::NoTransforms, "{mime} {orientation}");
            }
        }
    }
}

#[test]
fn a_file_without_metadata_stays_as_it_is() {
    let mut unchanged = make::samples();
    unchanged.retain(|(mime, _)| can_strip(mime));
    assert_eq!(unchanged.len(), 4);
    let with_alpha = DynamicImage::from(make::quarters(40, 30)).into_rgba8();
    unchanged.push(("image/webp", make::webp_with(&with_alpha, &[], &[])));
    unchanged.push(("image/webp", make::animated_webp(&[with_alpha.clone(), with_alpha], &[])));
    unchanged.push(("image/webp", make::lossy_webp()));
    for (mime, bytes) in unchanged {
        assert_eq!(strip(mime, &bytes).unwrap(), (Stripped::Unchanged, bytes), "{mime}");
    }
}

#[test]
fn what_follows_the_end_goes() {
    for (mime, bytes) in make::samples().into_iter().filter(|(mime, _)| can_strip(mime)) {
        assert_eq!(copy(mime, &[&bytes, MARKER.as_bytes()].concat()), bytes, "{mime}");
    }
}

#[test]
fn the_colour_profile_stays() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let picture = make::quarters(40, 30);
    let with_alpha = DynamicImage::from(picture.clone()).into_rgba8();
    let icc = make::segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", &profile[..]].concat());
    let mut segments = make::jpeg_metadata(3);
    segments.insert(2, icc.clone());
    let jpeg = make::with_segments(&make::jpeg(&picture), &segments);
    let before = [make::riff(b"ICCP", &profile)];
    let webp = make::webp_with(&with_alpha, &before, &make::webp_metadata(3));
    for (mime, bytes) in [("image/jpeg", jpeg), ("image/webp", webp)] {
        let out = copy(mime, &bytes);
        assert_eq!(decoder(mime, &out).icc_profile().unwrap(), Some(profile.clone()), "{mime}");
    }
    for name in [b"iCCP", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"cICP"] {
        let kept = make::chunk(name, b"1234");
        let png = make::with_chunks(&make::png(picture.clone()), &[make::png_metadata(3), vec![kept.clone()]].concat());
        assert!(contains(&copy("image/png", &png), &kept));
    }
}

#[test]
fn what_is_not_understood_to_the_end_is_refused() {
    let picture = make::quarters(40, 30);
    let jpeg = make::jpeg(&picture);
    let png = make::png(picture.clone());
    let with_alpha = DynamicImage::from(picture).into_rgba8();
    let webp = make::webp_with(&with_alpha, &[], &make::webp_metadata(6));
    let gif = make::gif(&with_alpha);
    let longer = |bytes: &[u8], at: usize, by: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at] = bytes[at].wrapping_add(by);
        bytes
    };
    let exif = make::segment(0xE1, &[b"Exif\0\0", &make::exif(6, true)[..]].concat());
    let broken = [
        ("bytes between segments", "image/jpeg", make::with_segments(&jpeg, &[b"GPS".to_vec(), exif.clone()])),
        ("a length of 1", "image/jpeg", make::with_segments(&jpeg, &[vec![0xFF, 0xE1, 0, 1]])),
        ("a second start", "image/jpeg", make::with_segments(&jpeg, &[vec![0xFF, 0xD8]])),
        ("no pixels", "image/jpeg", [&[0xFF, 0xD8][..], &exif, &[0xFF, 0xD9]].concat()),
        ("a scan before its frame", "image/jpeg", make::with_segments(&jpeg, &[make::segment(0xDA, &[0; 6])])),
        ("a PNG as a JPEG", "image/jpeg", png.clone()),
        ("an unknown chunk that is needed", "image/png", make::with_chunks(&png, &[make::chunk(b"GPSx", b"52,31")])),
        ("two headers", "image/png", make::with_chunks(&png, &[png[8..33].to_vec()])),
        ("a chunk whose name is none", "image/png", make::with_chunks(&png, &[make::chunk(b"te\0t", b"52,31")])),
        ("an end with content", "image/png", [&png[..png.len() - 12], &make::chunk(b"IEND", b"GPS")].concat()),
        ("a JPEG as a PNG", "image/png", jpeg.clone()),
        ("chunks longer than the whole", "image/webp", longer(&webp, 4, 0u8.wrapping_sub(2))),
        ("a whole longer than the file", "image/webp", longer(&webp, 4, 2)),
        ("no pixels", "image/webp", make::webp_of(&[make::vp8x(0, 9, 9), make::riff(b"EXIF", &make::exif(6, true))])),
        ("a frame within a frame", "image/webp", make::animated_webp(&[with_alpha], &[make::riff(b"ANMF", &[0; 16])])),
        ("a block that is none", "image/gif", make::with_extensions(&gif, &[b"GPS".to_vec()])),
        ("a long control block", "image/gif", make::with_extensions(&gif, &[make::extension(0xF9, &[b"52,31"])])),
        ("a PNG as a GIF", "image/gif", png),
        ("nothing", "image/jpeg", Vec::new()),
        ("nothing", "image/png", Vec::new()),
        ("nothing", "image/webp", Vec::new()),
        ("nothing", "image/gif", Vec::new()),
    ];
    for (what, mime, bytes) in broken {
        let result = strip(mime, &bytes).map(|(stripped, _)| stripped);
        assert!(matches!(result, Err(Problem::Broken(_))), "{what}, {mime}: {result:?}");
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    for (mime, bytes) in make::loaded(6) {
        let end = bytes.len() - MARKER.len();
        for length in 0..end {
            let result = strip(mime, &bytes[..length]).map(|(stripped, _)| stripped);
            assert!(matches!(result, Err(Problem::Broken(_))), "{mime} cut at {length} of {end}: {result:?}");
        }
        assert!(strip(mime, &bytes[..end]).is_ok(), "{mime}");
    }
}

#[test]
fn metadata_in_any_number_order_and_place_goes() {
    let picture = make::quarters(40, 30);
    let with_alpha = DynamicImage::from(picture.clone()).into_rgba8();
    let mut dice = Dice(0x5f1c);
    for _ in 0..500 {
        let orientation = u16::try_from(dice.below(9)).unwrap();
        let mut some = |mut pieces: Vec<Vec<u8>>| {
            pieces.extend(pieces.clone());
            for last in (1..pieces.len()).rev() {
                pieces.swap(last, dice.below(last + 1));
            }
            pieces.truncate(dice.below(pieces.len() + 1));
            pieces
        };
        let jpeg = make::with_segments(&make::jpeg(&picture), &some(make::jpeg_metadata(orientation)));
        let png = make::with_chunks(&make::png(picture.clone()), &some(make::png_metadata(orientation)));
        let gif = make::with_extensions(&make::gif(&with_alpha), &some(make::gif_metadata()));
        let webp = make::webp_with(&with_alpha, &some(make::webp_metadata(orientation)), &some(make::webp_metadata(orientation)));
        for (mime, bytes) in [("image/jpeg", jpeg), ("image/png", png), ("image/gif", gif), ("image/webp", webp)] {
            let out = copy(mime, &bytes);
            assert_eq!(pixels(mime, &out), pixels(mime, &bytes), "{mime}");
        }
    }
}

#[test]
fn other_kinds_cannot_be_stripped() {
    for mime in ["image/bmp", "image/tiff", "image/heic", "image/avif", "application/pdf"] {
        assert!(!can_strip(mime));
        assert!(matches!(strip(mime, b"GPS"), Err(Problem::Unsupported)), "{mime}");
    }
}

/// A head, then zeros, then a tail; only the ends are in memory.
struct Long {
    head: Vec<u8>,
    zeros: u64,
    tail: Vec<u8>,
    at: u64,
}

impl Read for Long {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let head = self.head.len() as u64;
        let read = if self.at < head {
            (&self.head[usize::try_from(self.at).unwrap()..]).read(buf)?
        } else if self.at < head + self.zeros {
            let piece = usize::try_from((head + self.zeros - self.at).min(buf.len() as u64)).unwrap();
            buf[..piece].fill(0);
            piece
        } else {
            (&self.tail[usize::try_from(self.at - head - self.zeros).unwrap()..]).read(buf)?
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Long {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let length = self.head.len() as u64 + self.zeros + self.tail.len() as u64;
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => length.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

struct Counted(u64);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn memory_stays_small_whatever_the_size_of_the_file() {
    const ZEROS: u64 = 1 << 30;
    let with_alpha = DynamicImage::from(make::quarters(40, 30)).into_rgba8();
    let jpeg = make::jpeg(&make::quarters(40, 30));
    let png = make::png(make::quarters(40, 30));
    let length = u32::try_from(ZEROS).unwrap();
    let riff = |name: &[u8; 4]| [&name[..], &length.to_le_bytes()].concat();
    let mut webp = make::webp_with(&with_alpha, &[], &[]);
    let whole = length + u32::try_from(webp.len()).unwrap();
    webp[4..8].copy_from_slice(&whole.to_le_bytes());
    let (start, end) = (png[..33].to_vec(), png[33..].to_vec());
    let png_chunk = |name: &[u8; 4]| [&start[..], &length.to_be_bytes(), name].concat();
    let zeros_in = [
        ("image/jpeg", "pixels", jpeg[..jpeg.len() - 2].to_vec(), vec![0xFF, 0xD9], true),
        ("image/png", "pixels", png_chunk(b"IDAT"), [&[0; 4], &end[..]].concat(), true),
        ("image/png", "EXIF", png_chunk(b"eXIf"), [&[0; 4], &end[..]].concat(), false),
        ("image/png", "a text", png_chunk(b"tEXt"), [&[0; 4], &end[..]].concat(), false),
        ("image/webp", "EXIF", [&webp[..], &riff(b"EXIF")].concat(), Vec::new(), false),
        ("image/webp", "pixels", [&webp[..], &riff(b"VP8 ")].concat(), Vec::new(), true),
    ];
    for (mime, place, head, tail, kept) in zeros_in {
        let mut out = Counted(0);
        let long = Long { head, zeros: ZEROS, tail, at: 0 };
        let (result, cost) = measure::cost(|| strip_metadata(long, mime, &mut out));
        result.unwrap_or_else(|problem| panic!("{mime} {place}: {problem:?}"));
        assert_eq!(out.0 > ZEROS, kept, "{mime} {place}");
        assert!(cost.memory < 4 << 20, "{mime} {place}: {} KiB", cost.memory >> 10);
    }
}

#[test]
fn exiftool_finds_no_more_than_the_orientation() {
    let folder = std::env::temp_dir().join(format!("reupload-images-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let groups = |path: &std::path::Path| {
        let run = Command::new("exiftool").args(["-a", "-u", "-G0:1", "-s", "-ee"]).arg(path).output();
        let run = run.expect("exiftool, which scripts/install-test-tools installs");
        String::from_utf8(run.stdout).unwrap()
    };
    for (mime, bytes) in make::loaded(6) {
        let path = folder.join(mime.replace('/', "."));
        fs::write(&path, &bytes).unwrap();
        let before = groups(&path);
        // Or the test could not see what it looks for.
        assert!(before.contains("GPSLatitude"), "{mime}\n{before}");
        fs::write(&path, copy(mime, &bytes)).unwrap();
        let after = groups(&path);
        let known = ["[ExifTool", "[File", "[PNG", "[RIFF", "[GIF", "[JFIF", "[Composite"];
        let strange: Vec<_> = after.lines().filter(|line| !known.iter().any(|group| line.starts_with(group))).collect();
        if mime == "image/gif" {
            assert!(strange.is_empty(), "{mime}\n{after}");
        } else {
            let [orientation, rest @ ..] = &strange[..] else { panic!("{mime}\n{after}") };
            assert!(orientation.contains("IFD0") && orientation.contains("Rotate 90 CW"), "{mime}\n{after}");
            assert!(rest.iter().all(|line| line.contains("ExifByteOrder")), "{mime}\n{after}");
        }
        for trace in ["GPS", "Comment", "Warning", "Error", "XMP", "IPTC", "Thumbnail"] {
            assert!(!after.contains(trace), "{mime} {trace}\n{after}");
        }
    }
    fs::remove_dir_all(&folder).unwrap();
}
