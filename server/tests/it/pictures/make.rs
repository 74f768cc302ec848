//! Picture files: generated pixels, and what a camera or a program may write beside them. To add a format: a line in [`loaded`].

use std::{fs, path::Path, process::Command};

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};
use serde_json::Value;
use tempfile::TempDir;

/// Stands in every kind of metadata, and must come out nowhere.
pub(super) const MARKER: &str = "GPS-MARKER-5f1c";

/// Red, green, white and blue quarters, clockwise from the top left.
pub(super) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([250, 10, 10]),
        (false, true) => Rgb([10, 250, 10]),
        (true, false) => Rgb([10, 10, 250]),
        (false, false) => Rgb([250, 250, 250]),
    })
}

pub(super) fn encode(pixels: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The pixels as they are stored, whatever the orientation says.
pub(super) fn decode(mime: &str, bytes: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(bytes, ImageFormat::from_mime_type(mime).unwrap()).unwrap()
}

/// The name of the quarter whose colour is there.
pub(super) fn colour(picture: &DynamicImage, x: u32, y: u32) -> &'static str {
    let Rgb([red, green, blue]) = *picture.to_rgb8().get_pixel(x, y);
    match (red > 128, green > 128, blue > 128) {
        (true, false, false) => "red",
        (false, true, false) => "green",
        (false, false, true) => "blue",
        (true, true, true) => "white",
        _ => "another",
    }
}

fn with_profile(pixels: &RgbImage, encoder: &mut dyn FnMut(&[u8], Vec<u8>)) {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    encoder(pixels.as_raw(), profile);
}

/// A picture with a colour profile.
fn profiled(format: ImageFormat, pixels: &RgbImage) -> Vec<u8> {
    let (width, height) = pixels.dimensions();
    let mut out = Vec::new();
    with_profile(pixels, &mut |raw, profile| match format {
        ImageFormat::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut out, 95);
            encoder.set_icc_profile(profile).unwrap();
            encoder.write_image(raw, width, height, ExtendedColorType::Rgb8).unwrap();
        }
        ImageFormat::Png => {
            let mut encoder = PngEncoder::new(&mut out);
            encoder.set_icc_profile(profile).unwrap();
            encoder.write_image(raw, width, height, ExtendedColorType::Rgb8).unwrap();
        }
        _ => {
            let mut encoder = WebPEncoder::new_lossless(&mut out);
            encoder.set_icc_profile(profile).unwrap();
            encoder.write_image(raw, width, height, ExtendedColorType::Rgb8).unwrap();
        }
    });
    out
}

fn run_exiftool(args: &[&str], files: &[&Path]) -> Vec<u8> {
    let output = Command::new("exiftool").args(args).args(files).output();
    output.expect("exiftool, which scripts/install-test-tools installs").stdout
}

/// Pictures of `width` × `height` pixels as they are stored, full of metadata that exiftool has written, with their names and types.
/// All but the GIF have a colour profile, and an orientation of 6: turn a quarter clockwise to see them upright.
pub(super) fn loaded(width: u32, height: u32) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let pixels = quarters(width, height);
    let folder = TempDir::new().unwrap();
    let formats = [
        ("a.jpg", "image/jpeg", ImageFormat::Jpeg),
        ("b.png", "image/png", ImageFormat::Png),
        ("c.webp", "image/webp", ImageFormat::WebP),
        ("d.gif", "image/gif", ImageFormat::Gif),
    ];
    for (name, _, format) in formats {
        let bytes = match format {
            ImageFormat::Gif => encode(DynamicImage::from(pixels.clone()).into_rgba8(), format),
            _ => profiled(format, &pixels),
        };
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let told = |tag: &str| format!("-{tag}={MARKER}");
    let texts =
        ["EXIF:UserComment", "EXIF:ImageDescription", "EXIF:Artist", "IPTC:Caption-Abstract", "XMP-dc:Description", "Comment"];
    let texts: Vec<String> = texts.iter().map(|tag| told(tag)).collect();
    let mut args = vec!["-overwrite_original", "-m", "-q", "-n", "-Orientation=6", "-DateTimeOriginal=2026:01:02 03:04:05"];
    args.extend(["-EXIF:GPSLatitude=52.52", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=13.405", "-EXIF:GPSLongitudeRef=E"]);
    args.extend(["-XMP:GPSLatitude=52.52", "-XMP:GPSLongitude=13.405", "-IPTC:City=Berlin"]);
    args.extend(texts.iter().map(String::as_str));
    let paths = formats.map(|(name, ..)| folder.path().join(name));
    run_exiftool(&args, &paths.each_ref().map(std::path::PathBuf::as_path));
    formats.map(|(name, mime, _)| (name, mime, fs::read(folder.path().join(name)).unwrap())).into()
}

/// What `exiftool -G -a -u -j` sees in these bytes, one object each, in their order.
pub(super) fn tags(streams: &[Vec<u8>]) -> Vec<Value> {
    let folder = TempDir::new().unwrap();
    let paths: Vec<_> = (0..streams.len()).map(|n| folder.path().join(format!("{n:05}.bin"))).collect();
    for (path, bytes) in paths.iter().zip(streams) {
        fs::write(path, bytes).unwrap();
    }
    let seen = run_exiftool(&["-G", "-a", "-u", "-n", "-j"], &paths.iter().map(std::path::PathBuf::as_path).collect::<Vec<_>>());
    let seen: Vec<Value> = serde_json::from_slice(&seen).unwrap();
    assert_eq!(seen.len(), streams.len());
    seen
}

/// The tags of a group such as `GPS` or `XMP`, or whose name speaks of it.
pub(super) fn tags_of<'a>(seen: &'a Value, word: &str) -> Vec<&'a str> {
    seen.as_object().unwrap().keys().map(String::as_str).filter(|tag| tag.contains(word)).collect()
}

pub(super) fn contains(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}
