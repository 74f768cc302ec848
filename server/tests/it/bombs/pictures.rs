//! Pictures that are small on the disk and large, long or broken when they are read. To add one: a line in [`all`].

use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};

use crate::scanner::build::{MIB, noise};

/// What must come of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// No thumbnails, because it is too large.
    TooLarge,
    /// All thumbnails.
    Drawn,
    /// Some end or other.
    Any,
}

/// Raw deflate data (RFC 1951) of `length` zeros: one piece again and again, so that it costs nothing to make.
pub(super) fn deflated_zeros(length: u64) -> Vec<u8> {
    let piece = |length: usize| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![0; length]).unwrap();
        // Ends at a whole byte, and refers to nothing before it.
        encoder.flush().unwrap();
        encoder.get_ref().clone()
    };
    let (whole, rest) = (length / MIB as u64, length % MIB as u64);
    let mut bytes = piece(MIB).repeat(usize::try_from(whole).unwrap());
    bytes.extend(piece(usize::try_from(rest).unwrap()));
    // An empty last block.
    bytes.extend([3, 0]);
    bytes
}

/// The same as a zlib stream (RFC 1950).
fn zlib_zeros(length: u64) -> Vec<u8> {
    let adler = (u32::try_from(length % 65_521).unwrap() << 16) | 1;
    [&[0x78, 0xDA][..], &deflated_zeros(length), &adler.to_be_bytes()].concat()
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap();
    let named = [kind, data].concat();
    [&length.to_be_bytes()[..], &named, &crc32fast::hash(&named).to_be_bytes()].concat()
}

fn png_of(side: (u32, u32), depth: u8, colour: u8, between: &[u8], data: &[u8]) -> Vec<u8> {
    let header = [&side.0.to_be_bytes()[..], &side.1.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
    [&b"\x89PNG\r\n\x1A\n"[..], &chunk(b"IHDR", &header), between, &chunk(b"IDAT", data), &chunk(b"IEND", b"")].concat()
}

/// A whole, valid picture without light; `bits` of a pixel.
fn black_png(side: u32, depth: u8, colour: u8, bits: u64) -> Vec<u8> {
    let line = 1 + (u64::from(side) * bits).div_ceil(8);
    png_of((side, side), depth, colour, b"", &zlib_zeros(line * u64::from(side)))
}

/// Noise in true colour, or with transparency.
pub(super) fn noisy_png(width: u32, height: u32, transparent: bool) -> Vec<u8> {
    let (colour, channels) = if transparent { (6, 4) } else { (2, 3) };
    let line = 1 + usize::try_from(width).unwrap() * channels;
    let mut pixels = noise(line * usize::try_from(height).unwrap());
    pixels.chunks_mut(line).for_each(|line| line[0] = 0);
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&pixels).unwrap();
    png_of((width, height), 8, colour, b"", &encoder.finish().unwrap())
}

fn gif(canvas: u16, frames: usize) -> Vec<u8> {
    let side = canvas.to_le_bytes();
    let mut gif = [&b"GIF89a"[..], &side, &side, b"\x80\0\0\0\0\0\xFF\xFF\xFF"].concat();
    let frame = b"\x21\xF9\x04\0\x0A\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0";
    gif.extend(frame.repeat(frames));
    gif.push(b';');
    gif
}

fn riff(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap();
    let body = [&b"WEBP"[..], kind, &length.to_le_bytes(), data].concat();
    [&b"RIFF"[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

fn tiff(side: u32) -> Vec<u8> {
    let entries: [(u16, u16, u32); 9] = [
        (256, 4, side),
        (257, 4, side),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 200),
        (277, 3, 1),
        (278, 4, side),
        (279, 4, u32::MAX),
    ];
    let mut tiff = b"II*\0\x08\0\0\0\x09\0".to_vec();
    for (tag, kind, value) in entries {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(1_u32.to_le_bytes());
        tiff.extend(value.to_le_bytes());
    }
    tiff.resize(5000, 0);
    tiff
}

fn bmp(side: i32, bits: u16, compression: u32) -> Vec<u8> {
    let mut bmp = b"BM\0\x20\0\0\0\0\0\0\x36\x04\0\0\x28\0\0\0".to_vec();
    bmp.extend([side.to_le_bytes(), side.to_le_bytes()].concat());
    bmp.extend([&[1, 0][..], &bits.to_le_bytes(), &compression.to_le_bytes()].concat());
    bmp.resize(8192, 0);
    bmp
}

fn jpeg(side: u16) -> Vec<u8> {
    let side = side.to_be_bytes();
    let frame = [&b"\xFF\xC0\0\x11\x08"[..], &side, &side, b"\x03\x01\x11\0\x02\x11\0\x03\x11\0"].concat();
    let start = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
    [&start[..], &frame, b"\xFF\xDA\0\x0C\x03\x01\0\x02\0\x03\0\0\x3F\0", &noise(50_000)].concat()
}

/// A name, the bytes, and what must come of them.
pub(super) fn all() -> Vec<(String, Vec<u8>, Outcome)> {
    let mut all: Vec<(String, Vec<u8>, Outcome)> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>, outcome| all.push((name.to_owned(), bytes, outcome));
    add("png 50k x 50k, 1 bit", black_png(50_000, 1, 0, 1), Outcome::TooLarge);
    add("png 50k x 50k, grey", black_png(50_000, 8, 0, 8), Outcome::TooLarge);
    add("png 50k x 50k, RGBA", black_png(50_000, 8, 6, 32), Outcome::TooLarge);
    add("png 2G x 2G", png_of((i32::MAX as u32, i32::MAX as u32), 16, 6, b"", &zlib_zeros(1 << 20)), Outcome::Any);
    add("png 8000 x 8000, RGBA", black_png(8000, 8, 6, 32), Outcome::TooLarge);
    // The largest that are read.
    add("png 8000 x 8000, grey", black_png(8000, 8, 0, 8), Outcome::Drawn);
    add("png 6400 x 6400, RGBA", black_png(6400, 8, 6, 32), Outcome::Drawn);
    for kind in ["zTXt", "iCCP"] {
        let inflating = chunk(kind.as_bytes(), &[&b"name\0\0"[..], &zlib_zeros(1 << 30)].concat());
        let rest = zlib_zeros(16 * 17);
        add(&format!("png with 1 GiB of {kind}"), png_of((16, 16), 8, 0, &inflating, &rest), Outcome::Any);
    }
    add("gif of 10,000 frames", gif(100, 10_000), Outcome::Drawn);
    add("gif of 10,000 frames, 5000 x 5000", gif(5000, 10_000), Outcome::Drawn);
    add("gif 65535 x 65535", gif(65_535, 10_000), Outcome::TooLarge);
    add("webp 16M x 16M", riff(b"VP8X", b"\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF"), Outcome::Any);
    add("webp lossless 16384 x 16384", riff(b"VP8L", &[b"\x2F\xFF\xFF\xFF\x0F".to_vec(), noise(5000)].concat()), Outcome::Any);
    let lossy = [b"\x30\x01\0\x9D\x01\x2A\xFF\x3F\xFF\x3F".to_vec(), noise(5000)].concat();
    add("webp lossy 16383 x 16383", riff(b"VP8 ", &lossy), Outcome::Any);
    add("tiff 60k x 60k", tiff(60_000), Outcome::Any);
    add("tiff 4G x 4G", tiff(u32::MAX), Outcome::Any);
    add("bmp 50k x 50k, run-length", bmp(50_000, 8, 1), Outcome::TooLarge);
    add("bmp 2G x 2G", bmp(i32::MAX, 24, 0), Outcome::Any);
    add("jpeg 65500 x 65500", jpeg(65_500), Outcome::TooLarge);
    add("jpeg 8000 x 8000 of noise", jpeg(8000), Outcome::Any);
    for (name, magic) in MAGIC {
        add(&format!("noise as {name}"), [magic.to_vec(), noise(MIB)].concat(), Outcome::Any);
    }
    all
}

const MAGIC: [(&str, &[u8]); 12] = [
    ("jpeg", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0"),
    ("png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"),
    ("gif", b"GIF89a"),
    ("webp", b"RIFF\0\0\x10\0WEBPVP8L"),
    ("tiff", b"II*\0\x08\0\0\0"),
    ("tiff, the other way round", b"MM\0*\0\0\0\x08"),
    ("bmp", b"BM\0\0\x10\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
    ("avif", b"\0\0\0\x1CftypavifXXXXavifmif1"),
    ("heic", b"\0\0\0\x18ftypheicXXXXheic"),
    ("ico", b"\0\0\x01\0\x01\0\x10\x10"),
    ("psd", b"8BPS\0\x01"),
    ("jpeg 2000", b"\0\0\0\x0CjP  \r\n\x87\n"),
];
