//! Files that are cut off or damaged at random: an answer comes, it makes sense, and nothing panics.

use std::{io::Cursor, time::Duration};

use image::{DynamicImage, ImageFormat, Rgb};
use reupload_images::{Limits, Problem, Stripped, can_strip, thumbnails};

use crate::{
    blocks::Blocks,
    hostile::SLACK,
    make::{self, Dice},
    measure,
    stripping::strip,
};

/// One picture of every format with some detail.
fn detailed() -> Vec<(&'static str, Vec<u8>)> {
    let mut dice = Dice(99);
    let mut picture = make::quarters(240, 180);
    for Rgb(pixel) in picture.pixels_mut() {
        for (channel, byte) in pixel.iter_mut().zip(dice.roll().to_le_bytes()) {
            *channel = channel.wrapping_add(byte % 32);
        }
    }
    let with_alpha = DynamicImage::from(picture.clone()).into_rgba8();
    let colour = [(2, 2, 100), (1, 1, 128), (1, 1, 168)];
    let progressive = Blocks { width: 240, height: 180, components: &colour, progressive: true, adobe: None };
    let frames = [with_alpha.clone(), with_alpha.clone()];
    vec![
        ("image/jpeg", make::with_segments(&make::jpeg(&picture), &make::jpeg_metadata(6))),
        ("image/jpeg", progressive.encode()),
        ("image/png", make::with_chunks(&make::png(picture.clone()), &make::png_metadata(6))),
        ("image/gif", make::with_extensions(&make::gif(&with_alpha), &make::gif_metadata())),
        ("image/webp", make::webp_with(&with_alpha, &[], &make::webp_metadata(6))),
        ("image/webp", make::animated_webp(&frames, &[])),
        ("image/webp", make::lossy_webp()),
        ("image/bmp", make::encode(picture.clone(), ImageFormat::Bmp)),
        ("image/tiff", make::encode(picture, ImageFormat::Tiff)),
    ]
}

const SMALL: Limits = Limits { max_pixels: 1_000_000, max_memory: 48 << 20, timeout: Duration::from_secs(5) };

/// Both functions on one damaged file: whatever comes, it makes sense.
#[track_caller]
fn survive(what: &str, mime: &str, bytes: &[u8]) -> bool {
    let made = thumbnails(Cursor::new(bytes), mime, &[320, 64], &SMALL);
    match &made {
        Ok(made) => assert!(made.iter().all(|t| t.width.max(t.height) <= t.side && t.width.min(t.height) > 0), "{what}"),
        Err(problem) => assert!(!matches!(problem, Problem::Io(_) | Problem::TooSlow), "{what}: {problem:?}"),
    }
    if can_strip(mime) {
        match strip(mime, bytes) {
            Ok((stripped, out)) => {
                assert_eq!(stripped == Stripped::Unchanged, out == bytes, "{what}");
                let again = strip(mime, &out).unwrap_or_else(|problem| panic!("{what}: {problem:?}"));
                assert_eq!(again, (Stripped::Unchanged, out), "{what}");
            }
            Err(problem) => assert!(matches!(problem, Problem::Broken(_)), "{what}: {problem:?}"),
        }
    }
    made.is_ok()
}

#[test]
fn files_cut_off_at_each_percent_are_survived() {
    for (mime, bytes) in detailed() {
        for percent in 0..100 {
            survive(&format!("{mime} at {percent} %"), mime, &bytes[..bytes.len() * percent / 100]);
        }
    }
}

/// Two thousand for each file: bytes changed, pieces cut out, doubled, swapped and filled, most of them near the beginning, where
/// the headers are.
#[test]
fn damaged_files_are_survived() {
    let ((), cost) = measure::cost(|| {
        for (number, (mime, original)) in (1..).zip(detailed()) {
            let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ number);
            let mut read = 0;
            for mutant in 0..2000 {
                let mut bytes = original.clone();
                for _ in 0..=dice.below(4) {
                    damage(&mut bytes, &mut dice);
                }
                read += usize::from(survive(&format!("{mime} {number}, mutant {mutant}"), mime, &bytes));
            }
            assert!((20..2000).contains(&read), "{mime} {number}: {read} of 2,000 were read");
        }
    });
    assert!(cost.memory <= SMALL.max_memory + SLACK, "{} MiB", cost.memory >> 20);
}

fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let end = if dice.below(3) == 0 { bytes.len() } else { bytes.len().min(700) };
    if end == 0 {
        return;
    }
    let at = dice.below(end);
    let length = (1 + dice.below(40)).min(bytes.len() - at);
    match dice.below(7) {
        0 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][dice.below(6)],
        1 => bytes[at] ^= 1 << dice.below(8),
        2 => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
        3 => drop(bytes.drain(at..at + length)),
        4 => {
            let piece = bytes[at..at + length].to_vec();
            bytes.splice(at..at, piece);
        }
        5 => bytes[at..at + length].fill([0, 0xFF][dice.below(2)]),
        _ => bytes.truncate(at.max(20)),
    }
}
