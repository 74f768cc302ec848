//! Builds picture files.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage, RgbaImage,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
};

/// Stands in every kind of metadata, and must come out nowhere.
pub(crate) const MARKER: &str = "GPS-MARKER-5f1c";

/// Numbers that look random and are the same on every run (Marsaglia's xorshift).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end).unwrap()).unwrap()
    }
}

/// Red, green, blue and white quarters, clockwise from the top left: red, green, white, blue.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([250, 10, 10]),
        (false, true) => Rgb([10, 250, 10]),
        (true, false) => Rgb([10, 10, 250]),
        (false, false) => Rgb([250, 250, 250]),
    })
}

pub(crate) fn plain(width: u32, height: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb(colour))
}

pub(crate) fn encode(pixels: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    pixels.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn jpeg(pixels: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(pixels).unwrap();
    bytes
}

pub(crate) fn png(pixels: impl Into<DynamicImage>) -> Vec<u8> {
    encode(pixels, ImageFormat::Png)
}

pub(crate) fn webp(pixels: &RgbaImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(&mut bytes).write_image(pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgba8).unwrap();
    bytes
}

/// A still GIF.
pub(crate) fn gif(pixels: &RgbaImage) -> Vec<u8> {
    encode(pixels.clone(), ImageFormat::Gif)
}

/// A lossy WebP of one pixel.
pub(crate) fn lossy_webp() -> Vec<u8> {
    let mut bytes = b"RIFF\x22\0\0\0WEBPVP8 \x16\0\0\0\x30\x01\0\x9d\x01\x2a\x01\0\x01\0".to_vec();
    bytes.extend_from_slice(&[0x0e, 0xc0, 0xfe, 0x25, 0xa4, 0, 0x03, 0x70, 0, 0, 0, 0]);
    bytes
}

/// EXIF from its TIFF header on: a description, this orientation, and a GPS directory, all with the [`MARKER`].
pub(crate) fn exif(orientation: u16, big_endian: bool) -> Vec<u8> {
    let u16 = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let u32 = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let text = format!("{MARKER}\0").into_bytes();
    let text_length = u32::try_from(text.len()).unwrap();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| [&u16(tag)[..], &u16(kind), &u32(count), &value].concat();
    let short = |value: u16| [u16(value)[0], u16(value)[1], 0, 0];

    let gps_at = 8 + 2 + 3 * 12 + 4;
    let values_at = gps_at + 2 + 3 * 12 + 4;
    let text_at = values_at + 24;
    let mut block = if big_endian { b"MM\0\x2a".to_vec() } else { b"II\x2a\0".to_vec() };
    block.extend(u32(8));
    block.extend(u16(3));
    block.extend(entry(0x010e, 2, text_length, u32(text_at)));
    block.extend(entry(0x0112, 3, 1, short(orientation)));
    block.extend(entry(0x8825, 4, 1, u32(gps_at)));
    block.extend(u32(0));
    block.extend(u16(3));
    block.extend(entry(0x0001, 2, 2, *b"N\0\0\0"));
    block.extend(entry(0x0002, 5, 3, u32(values_at)));
    block.extend(entry(0x001b, 7, text_length, u32(text_at)));
    block.extend(u32(0));
    for (numerator, denominator) in [(52, 1), (31, 1), (1234, 100)] {
        block.extend(u32(numerator));
        block.extend(u32(denominator));
    }
    block.extend(text);
    block
}

pub(crate) fn xmp() -> Vec<u8> {
    format!(
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
         xmlns:exif='http://ns.adobe.com/exif/1.0/' exif:GPSLatitude='52,31.2N' exif:UserComment='{MARKER}'/></rdf:RDF>\
         </x:xmpmeta><?xpacket end='w'?>"
    )
    .into_bytes()
}

/// A segment of a JPEG.
pub(crate) fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker, high, low], content].concat()
}

/// Puts segments behind the first one of a JPEG, which is JFIF's.
pub(crate) fn with_segments(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    let first = 4 + usize::from(u16::from_be_bytes([jpeg[4], jpeg[5]]));
    [&jpeg[..first], &segments.concat(), &jpeg[first..]].concat()
}

/// Everything a JPEG may carry beside its pixels.
pub(crate) fn jpeg_metadata(orientation: u16) -> Vec<Vec<u8>> {
    let marker = MARKER.as_bytes();
    vec![
        segment(0xE1, &[b"Exif\0\0", &exif(orientation, false)[..]].concat()),
        segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", &xmp()[..]].concat()),
        segment(0xE1, &[b"http://ns.adobe.com/xmp/extension/\0", &[b'0'; 32][..], &[0, 0, 0, 15, 0, 0, 0, 0], marker].concat()),
        segment(0xE0, &[b"JFXX\0\x10", marker].concat()),
        segment(0xE2, &[b"MPF\0", marker].concat()),
        segment(0xE2, &[b"FPXR\0", marker].concat()),
        // An IPTC caption in Photoshop's block.
        segment(0xED, &[b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x14\x1c\x02\x78\0\x0f", marker].concat()),
        segment(0xEB, &[b"HDR_RI ver=11", marker].concat()),
        segment(0xFE, marker),
    ]
}

/// A chunk of a PNG.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "byte strings are references")]
pub(crate) fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [name, content].concat();
    let length = u32::try_from(content.len()).unwrap();
    [&length.to_be_bytes()[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
}

/// Puts chunks behind the header of a PNG.
pub(crate) fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// Everything a PNG may carry beside its pixels.
pub(crate) fn png_metadata(orientation: u16) -> Vec<Vec<u8>> {
    let text = format!("Comment\0{MARKER}").into_bytes();
    let xmp = [b"XML:com.adobe.xmp\0\0\0\0\0", &xmp()[..]].concat();
    vec![
        chunk(b"eXIf", &exif(orientation, true)),
        chunk(b"tEXt", &text),
        chunk(b"iTXt", &xmp),
        chunk(b"tIME", &[7, 234, 1, 2, 3, 4, 5]),
        chunk(b"prVt", MARKER.as_bytes()),
    ]
}

/// A chunk of a WebP.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "byte strings are references")]
pub(crate) fn riff(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap();
    let padding = vec![0; content.len() % 2];
    [name, &length.to_le_bytes()[..], content, &padding].concat()
}

/// A WebP of these chunks.
pub(crate) fn webp_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    riff(b"RIFF", &[b"WEBP".to_vec(), chunks.concat()].concat())
}

pub(crate) fn vp8x(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let size = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    riff(b"VP8X", &[vec![flags, 0, 0, 0], size(width), size(height)].concat())
}

/// The chunk with the pixels of a simple WebP.
pub(crate) fn webp_pixels(pixels: &RgbaImage) -> Vec<u8> {
    webp(pixels)[12..].to_vec()
}

/// An extended WebP with these metadata chunks behind its pixels, and others before.
pub(crate) fn webp_with(pixels: &RgbaImage, before: &[Vec<u8>], metadata: &[Vec<u8>]) -> Vec<u8> {
    let named = |name: &[u8; 4]| before.iter().chain(metadata).any(|chunk| chunk.starts_with(name));
    let flag = |name, flag: u8| if named(name) { flag } else { 0 };
    let flags = 0x10 | flag(b"ICCP", 0x20) | flag(b"EXIF", 0x08) | flag(b"XMP ", 0x04);
    let head = vp8x(flags, pixels.width(), pixels.height());
    webp_of(&[vec![head], before.to_vec(), vec![webp_pixels(pixels)], metadata.to_vec()].concat())
}

pub(crate) fn webp_metadata(orientation: u16) -> Vec<Vec<u8>> {
    vec![riff(b"EXIF", &exif(orientation, false)), riff(b"XMP ", &xmp()), riff(b"prvt", MARKER.as_bytes())]
}

/// An animated WebP, with `extra` chunks in each frame.
pub(crate) fn animated_webp(frames: &[RgbaImage], extra: &[Vec<u8>]) -> Vec<u8> {
    let (width, height) = frames[0].dimensions();
    let size = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    let mut chunks = vec![vp8x(0x12, width, height), riff(b"ANIM", &[0, 0, 0, 0, 0, 0])];
    for frame in frames {
        let place = [vec![0; 6], size(width), size(height), vec![100, 0, 0, 0]].concat();
        chunks.push(riff(b"ANMF", &[place, webp_pixels(frame), extra.concat()].concat()));
    }
    webp_of(&chunks)
}

/// An extension of a GIF.
pub(crate) fn extension(label: u8, blocks: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![0x21, label];
    for block in blocks {
        bytes.push(u8::try_from(block.len()).unwrap());
        bytes.extend_from_slice(block);
    }
    bytes.push(0);
    bytes
}

/// Where the blocks of a GIF begin.
pub(crate) fn after_palette(gif: &[u8]) -> usize {
    13 + if gif[10] & 0x80 == 0 { 0 } else { 3 << ((gif[10] & 7) + 1) }
}

/// Puts extensions before all blocks of a GIF.
pub(crate) fn with_extensions(gif: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let at = after_palette(gif);
    [&gif[..at], &extensions.concat(), &gif[at..]].concat()
}

/// Everything a GIF may carry beside its pixels.
pub(crate) fn gif_metadata() -> Vec<Vec<u8>> {
    let marker = MARKER.as_bytes();
    // XMP stands there as it is; its trailer leads whoever reads it as sub-blocks to the end.
    let trailer: Vec<u8> = [1].into_iter().chain((0..=255).rev()).chain([0]).collect();
    vec![
        extension(0xFE, &[marker, marker]),
        [b"\x21\xff\x0bXMP DataXMP", &xmp()[..], &trailer].concat(),
        extension(0xFF, &[b"NETSCAPE2.0", &[1, 0, 0], marker]),
        extension(0xFF, &[b"MGKIPTC0000", marker]),
        extension(0x01, &[&[0; 12], marker]),
    ]
}

/// A small picture of each format that can be read, with its media type.
pub(crate) fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let pixels = quarters(96, 64);
    let with_alpha = DynamicImage::from(pixels.clone()).into_rgba8();
    vec![
        ("image/jpeg", jpeg(&pixels)),
        ("image/png", png(pixels.clone())),
        ("image/gif", gif(&with_alpha)),
        ("image/webp", webp(&with_alpha)),
        ("image/bmp", encode(pixels.clone(), ImageFormat::Bmp)),
        ("image/tiff", encode(pixels, ImageFormat::Tiff)),
    ]
}

/// A picture of each format that can be stripped, full of metadata, with its media type.
pub(crate) fn loaded(orientation: u16) -> Vec<(&'static str, Vec<u8>)> {
    let pixels = quarters(96, 64);
    let with_alpha = DynamicImage::from(pixels.clone()).into_rgba8();
    let tail = MARKER.as_bytes();
    vec![
        ("image/jpeg", [&with_segments(&jpeg(&pixels), &jpeg_metadata(orientation)), tail].concat()),
        ("image/png", [&with_chunks(&png(pixels.clone()), &png_metadata(orientation)), tail].concat()),
        ("image/gif", [&with_extensions(&gif(&with_alpha), &gif_metadata()), tail].concat()),
        ("image/webp", [&webp_with(&with_alpha, &[], &webp_metadata(orientation)), tail].concat()),
    ]
}
