//! Pictures: what their headers say is bounded before anything is decoded, and copies carry no metadata.
//!
//! The first byte of an input is the media type in [`TYPES`], the rest is the file. Decoders skip the checksums of PNG while they are
//! fuzzed (`cfg(fuzzing)`).
#![no_main]

#[expect(dead_code, reason = "the tests of the pictures need more of it")]
#[path = "../../images/tests/pictures/make.rs"]
mod make;

use std::{io::Cursor, panic, time::Duration};

use image::{
    ImageDecoder,
    codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
};
use libfuzzer_sys::fuzz_target;
use reupload_images::{Limits, Stripped, can_strip, strip_metadata, thumbnails};

const TYPES: [&str; 6] = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"];

/// Few pixels, so that runs are fast; the memory is what the PNG decoder must be given at least, and some.
const LIMITS: Limits = Limits { max_pixels: 16_384, max_memory: 64 << 20, timeout: Duration::from_secs(5) };
const SIDES: [u32; 2] = [64, 16];

/// The block of EXIF that says an orientation and nothing else, up to that.
const ORIENTATION: &[u8] = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0";

fuzz_target!(init: { forgive_decoders(); reupload_fuzz::plant("image_header", seeds()) }, |data: &[u8]| {
    let Some((kind, file)) = data.split_first() else { return };
    let mime = TYPES[usize::from(*kind) % TYPES.len()];
    let made = thumbnails(Cursor::new(file), mime, &SIDES, &LIMITS);
    if let Ok(made) = &made {
        assert_eq!(made.len(), SIDES.len());
        for (thumbnail, side) in made.iter().zip(SIDES) {
            assert!((1..=side).contains(&thumbnail.width) && (1..=side).contains(&thumbnail.height), "{thumbnail:?}");
        }
    }
    let mut copy = Vec::new();
    let stripped = strip_metadata(Cursor::new(file), mime, &mut copy);
    let Ok(stripped) = stripped else { return };
    assert!(can_strip(mime));
    assert!(copy.len() <= file.len(), "it grew");
    assert_eq!(stripped == Stripped::Unchanged, copy == file, "{stripped:?}");
    no_metadata(mime, &copy);
    let mut again = Vec::new();
    let twice = strip_metadata(Cursor::new(&copy), mime, &mut again);
    assert!(matches!(twice, Ok(Stripped::Unchanged)), "a copy of the copy: {twice:?}");
    if let Ok(made) = made {
        let copied = thumbnails(Cursor::new(&copy), mime, &SIDES, &LIMITS).expect("the copy can be read as well");
        assert!(made.iter().zip(&copied).all(|(old, new)| old.bytes == new.bytes), "the copy looks different");
    }
});

/// A panic of a decoder is caught by the product on purpose; one of our own code, or of this target, ends the run.
fn forgive_decoders() {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let of_others =
            panic.location().is_some_and(|at| at.file().contains("/registry/src/") || at.file().starts_with("/rustc/"));
        if !of_others {
            hook(panic);
        }
    }));
}

/// What other readers find of EXIF, XMP and IPTC.
fn no_metadata(mime: &str, copy: &[u8]) {
    let copy = Cursor::new(copy);
    match mime {
        "image/jpeg" => JpegDecoder::new(copy).map_or((), nothing_found),
        "image/png" => PngDecoder::new(copy).map_or((), nothing_found),
        "image/gif" => GifDecoder::new(copy).map_or((), nothing_found),
        _ => WebPDecoder::new(copy).map_or((), nothing_found),
    }
}

fn nothing_found(mut decoder: impl ImageDecoder) {
    let exif = decoder.exif_metadata().ok().flatten();
    assert!(exif.as_ref().is_none_or(|exif| exif.starts_with(ORIENTATION) && exif.len() <= 26), "{exif:?}");
    assert_eq!(decoder.xmp_metadata().ok().flatten(), None);
    assert_eq!(decoder.iptc_metadata().ok().flatten(), None);
}

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let names = ["jpeg", "png", "gif", "webp", "bmp", "tiff", "loaded-jpeg", "loaded-png", "loaded-gif", "loaded-webp"];
    let files = make::samples().into_iter().chain(make::loaded(6));
    let seed = |(mime, file): (&str, Vec<u8>)| {
        let kind = TYPES.iter().position(|known| *known == mime).and_then(|at| u8::try_from(at).ok());
        [vec![kind.unwrap_or_default()], file].concat()
    };
    let frame = make::quarters(8, 8);
    let frame = image::DynamicImage::from(frame).into_rgba8();
    let animated = make::animated_webp(&[frame.clone(), frame], &make::webp_metadata(3));
    let more = [("lossy-webp", [vec![3], make::lossy_webp()].concat()), ("animated-webp", [vec![3], animated].concat())];
    names.into_iter().zip(files.map(seed)).chain(more).collect()
}
