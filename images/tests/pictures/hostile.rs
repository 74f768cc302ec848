//! Files that are made to exhaust memory or time: an answer comes soon, memory stays within the limit, nothing panics.

use std::{
    io::{self, Cursor, Read, Seek, SeekFrom, Write},
    sync::mpsc,
    thread,
    time::Duration,
};

use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
use reupload_images::{Limits, Problem, can_strip, thumbnails};

use crate::{blocks::Blocks, make, measure, stripping::strip, thumbnails::LIMITS};

/// Above the limit for buffers of fixed sizes and for what the allocator keeps.
pub(crate) const SLACK: u64 = 16 << 20;

/// What is wanted of a hostile file.
enum Wanted {
    TooLarge,
    Broken,
    Unsupported,
}
use Wanted::{Broken, TooLarge, Unsupported};

#[track_caller]
fn check(what: &str, mime: &str, bytes: &[u8], wanted: &Wanted) {
    let (result, cost) = measure::cost(|| thumbnails(Cursor::new(bytes), mime, &[320, 160, 64], &LIMITS));
    let result = result.map(|made| made.len());
    let right = match wanted {
        TooLarge => matches!(result, Err(Problem::TooLarge(_))),
        Broken => matches!(result, Err(Problem::Broken(_))),
        Unsupported => matches!(result, Err(Problem::Unsupported)),
    };
    assert!(right, "{what}: {result:?}");
    assert!(cost.memory <= LIMITS.max_memory + SLACK, "{what}: {} MiB", cost.memory >> 20);
    assert!(cost.time < Duration::from_secs(5), "{what}: {:?}", cost.time);
    if can_strip(mime) {
        let (_, cost) = measure::cost(|| strip(mime, bytes).is_ok());
        assert!(cost.memory <= SLACK + 2 * bytes.len() as u64 && cost.time < Duration::from_secs(5), "{what}, stripping");
    }
}

fn png_header(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
    [&b"\x89PNG\r\n\x1a\n"[..], &make::chunk(b"IHDR", &header)].concat()
}

/// Zlib that inflates to 256 MiB of zeros, from the pixels of a PNG.
fn inflating() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 65_535, 4096);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().unwrap();
    let mut rows = writer.stream_writer_with_size(1 << 22).unwrap();
    let row = vec![0; 65_535];
    for _ in 0..4096 {
        rows.write_all(&row).unwrap();
    }
    rows.finish().unwrap();
    drop(writer);
    let mut zlib = Vec::new();
    let mut at = 8;
    while at < bytes.len() {
        let length = usize::try_from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap();
        if &bytes[at + 4..at + 8] == b"IDAT" {
            zlib.extend_from_slice(&bytes[at + 8..at + 8 + length]);
        }
        at += 12 + length;
    }
    zlib
}

#[test]
fn png_bombs_are_refused() {
    let zlib = inflating();
    assert!(zlib.len() < 3 << 20);
    let idat = make::chunk(b"IDAT", &zlib);
    let end = make::chunk(b"IEND", &[]);
    let of = |width, height, depth, colour| [png_header(width, height, depth, colour), idat.clone(), end.clone()].concat();
    check("50,000 × 50,000, 1 bit", "image/png", &of(50_000, 50_000, 1, 0), &TooLarge);
    check("50,000 × 50,000, RGBA16", "image/png", &of(50_000, 50_000, 16, 6), &TooLarge);
    check("the largest", "image/png", &of(0x7FFF_FFFF, 0x7FFF_FFFF, 8, 2), &TooLarge);
    check("a thread", "image/png", &of(1, 60_000_000, 8, 0), &TooLarge);
    check("8,000 × 8,000, RGBA16", "image/png", &of(8000, 8000, 16, 6), &TooLarge);
    check("without pixels", "image/png", &of(0, 50_000, 8, 0), &Broken);

    let picture = make::png(make::quarters(400, 300));
    for (name, prefix) in [(b"iCCP", &b"p\0\0"[..]), (b"zTXt", b"Comment\0\0"), (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0")] {
        let bytes = make::with_chunks(&picture, &vec![make::chunk(name, &[prefix, &zlib].concat()); 8]);
        let (result, cost) = measure::cost(|| thumbnails(Cursor::new(&bytes), "image/png", &[64], &LIMITS));
        drop(result);
        assert!(cost.memory < LIMITS.max_memory && cost.time < Duration::from_secs(5), "{name:?} {} MiB", cost.memory >> 20);
    }
}

#[test]
fn gif_bombs_are_refused() {
    let screen = |width: u16, height: u16| {
        [&b"GIF89a"[..], &width.to_le_bytes(), &height.to_le_bytes(), &[0x80, 0, 0, 0, 0, 0, 255, 255, 255]].concat()
    };
    let frame = |width: u16, height: u16| {
        [&[0x2C, 0, 0, 0, 0][..], &width.to_le_bytes(), &height.to_le_bytes(), &[0, 2, 2, 0x44, 0x01, 0, 0x3B]].concat()
    };
    let of = |screen: Vec<u8>, frame: Vec<u8>| [screen, frame].concat();
    check("a large screen", "image/gif", &of(screen(65_535, 65_535), frame(1, 1)), &TooLarge);
    check("a large frame", "image/gif", &of(screen(10, 10), frame(65_535, 65_535)), &TooLarge);
    check("both just too large", "image/gif", &of(screen(8000, 8000), frame(8000, 7999)), &TooLarge);
    check("a frame beside a screen", "image/gif", &of(screen(5200, 5000), frame(5199, 5000)), &TooLarge);
    check("without pixels", "image/gif", &of(screen(0, 0), frame(0, 0)), &Broken);
}

struct Reads<R>(R, u64);

impl<R: Read> Read for &mut Reads<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buf)?;
        self.1 += read as u64;
        Ok(read)
    }
}

impl<R: Seek> Seek for &mut Reads<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn of_ten_thousand_frames_only_the_first_is_read() {
    let gif = make::gif(&DynamicImage::from(make::quarters(200, 100)).into_rgba8());
    let at = make::after_palette(&gif);
    let blocks = &gif[at..gif.len() - 1];
    let bytes = [&gif[..at], &blocks.repeat(10_000), &[0x3B]].concat();
    let mut reader = Reads(Cursor::new(&bytes), 0);
    let (made, cost) = measure::cost(|| thumbnails(&mut reader, "image/gif", &[320, 160, 64], &LIMITS));
    assert_eq!(made.unwrap().len(), 3);
    assert!(reader.1 < 100_000, "{} of {} bytes", reader.1, bytes.len());
    assert!(cost.time < Duration::from_secs(1) && cost.memory < SLACK);
}

#[test]
fn jpeg_bombs_are_refused() {
    let colour = [(2, 2, 100), (1, 1, 128), (1, 1, 168)];
    let of = |width, height, components: &[(u8, u8, u8)], progressive| {
        let small = Blocks { width: 16, height: 16, components, progressive, adobe: None };
        let large = Blocks { width, height, ..small };
        let (bytes, old, new) = (small.encode(), small.frame(), large.frame());
        let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
        [&bytes[..at], &new, &bytes[at + old.len()..]].concat()
    };
    check("65,500 × 65,500", "image/jpeg", &of(65_500, 65_500, &colour, false), &TooLarge);
    check("65,500 × 65,500, progressive", "image/jpeg", &of(65_500, 65_500, &colour, true), &TooLarge);
    let full = [(1, 1, 100), (1, 1, 128), (1, 1, 168)];
    check("8,000 × 8,000, progressive", "image/jpeg", &of(8000, 8000, &full, true), &TooLarge);
    let uneven = [(1, 1, 100), (4, 4, 128), (4, 4, 168)];
    check("more samples than pixels", "image/jpeg", &of(7500, 7500, &uneven, true), &TooLarge);
    check("without pixels", "image/jpeg", &of(0, 8000, &full, false), &Broken);

    // What is cut off is filled up, which must not take long either.
    for progressive in [false, true] {
        let bytes = of(7000, 9000, &[(1, 1, 90)], progressive);
        let (result, cost) = measure::cost(|| thumbnails(Cursor::new(&bytes), "image/jpeg", &[320], &LIMITS));
        assert!(matches!(result, Ok(_) | Err(Problem::Broken(_))));
        assert!(cost.memory <= LIMITS.max_memory + SLACK, "{} MiB", cost.memory >> 20);
        assert!(cost.time < Duration::from_secs(5), "{:?}", cost.time);
    }

    let kept = vec![make::segment(0xE2, &[&b"ICC_PROFILE\0\x01\x01"[..], &vec![0; 60_000]].concat()); 100];
    let limits = Limits { max_memory: 2 << 20, ..LIMITS };
    let bytes = make::with_segments(&make::jpeg(&make::quarters(40, 30)), &kept);
    assert!(matches!(thumbnails(Cursor::new(&bytes), "image/jpeg", &[64], &limits), Err(Problem::TooLarge(_))));
}

#[test]
fn a_jpeg_of_endless_scans_ends_at_the_time_limit() {
    let flat = Blocks { width: 8000, height: 7000, components: &[(1, 1, 90)], progressive: true, adobe: None }.encode();
    let scan = make::segment(0xDA, &[1, 1, 0, 0, 0, 1]);
    let at = flat.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let bytes = [&flat[..at], &scan.repeat(20_000), &[0xFF, 0xD9]].concat();
    let limits = Limits { timeout: Duration::from_secs(1), ..LIMITS };
    let (tell, hear) = mpsc::channel();
    thread::spawn(move || tell.send(measure::cost(|| thumbnails(Cursor::new(&bytes), "image/jpeg", &[320], &limits))));
    let (result, cost) = hear.recv_timeout(Duration::from_secs(30)).expect("it ends at the time limit");
    assert!(matches!(result, Err(Problem::TooSlow)));
    assert!(cost.time < Duration::from_secs(3), "{:?}", cost.time);
}

#[test]
fn webp_bombs_are_refused() {
    let lossless = |width: u32, height: u32| {
        let size = ((width - 1) | (height - 1) << 14).to_le_bytes();
        make::riff(b"VP8L", &[&[0x2F][..], &size, &[0x88, 0x88, 8, 0, 0]].concat())
    };
    let lossy = |width: u16, height: u16| {
        let mut bytes = make::lossy_webp()[12..].to_vec();
        bytes[14..16].copy_from_slice(&width.to_le_bytes());
        bytes[16..18].copy_from_slice(&height.to_le_bytes());
        bytes
    };
    let still = |canvas: (u32, u32), chunk| make::webp_of(&[make::vp8x(0, canvas.0, canvas.1), chunk]);
    let moving = |canvas: (u32, u32), chunk: Vec<u8>| {
        let place = [0; 16];
        let frame = make::riff(b"ANMF", &[&place[..], &chunk].concat());
        make::webp_of(&[make::vp8x(2, canvas.0, canvas.1), make::riff(b"ANIM", &[0; 6]), frame])
    };
    check("in 30 bytes", "image/webp", &make::webp_of(&[lossless(16_384, 16_384)]), &TooLarge);
    check("within the pixels", "image/webp", &make::webp_of(&[lossless(8000, 8000)]), &TooLarge);
    check("lossy", "image/webp", &make::webp_of(&[lossy(16_383, 16_383)]), &TooLarge);
    check("lossy within the pixels", "image/webp", &make::webp_of(&[lossy(8000, 8000)]), &TooLarge);
    check("a large canvas", "image/webp", &still((1 << 24, 1 << 24), lossless(10, 10)), &Broken);
    check("a small canvas", "image/webp", &still((10, 10), lossy(16_383, 16_383)), &Broken);
    check("a small lossless canvas", "image/webp", &still((10, 10), lossless(16_384, 16_384)), &Broken);
    check("a small moving canvas", "image/webp", &moving((10, 10), lossy(16_383, 16_383)), &Broken);
    check("a small moving lossless canvas", "image/webp", &moving((10, 10), lossless(16_384, 16_384)), &Broken);
    check("a large moving canvas", "image/webp", &moving((7000, 7000), lossless(10, 10)), &TooLarge);
    let with_alpha = [make::riff(b"ALPH", &[0; 9]), lossy(16_383, 16_383)].concat();
    check("behind alpha", "image/webp", &moving((10, 10), with_alpha.clone()), &Broken);
    check("behind still alpha", "image/webp", &still((10, 10), with_alpha), &Broken);
    let mut profile = make::webp_with(&RgbaImage::new(9, 9), &[make::riff(b"ICCP", b"1234")], &[]);
    profile[34..38].copy_from_slice(&0xFFFF_FFF0_u32.to_le_bytes());
    check("a profile beyond the file", "image/webp", &profile, &Broken);
}

/// A TIFF of grey pixels in one strip.
fn tiff(width: u32, height: u32, compression: u32, length: u32) -> Vec<u8> {
    let entries: [(u16, u32); 8] =
        [(256, width), (257, height), (258, 8), (259, compression), (262, 1), (273, 8), (278, height), (279, length)];
    let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
    bytes.extend(8u16.to_le_bytes());
    for (tag, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend([4, 0, 1, 0, 0, 0]);
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn tiff_and_bmp_bombs_are_refused() {
    check("65,535 × 65,535", "image/tiff", &tiff(65_535, 65_535, 1, 9), &TooLarge);
    check("10,000 × 6,000 of nothing", "image/tiff", &tiff(10_000, 6000, 1, 60_000_000), &Broken);
    check("10,000 × 6,000 of LZW", "image/tiff", &tiff(10_000, 6000, 5, 0xFFFF_FFFF), &TooLarge);
    check("a JPEG within", "image/tiff", &tiff(10, 10, 7, 100), &Unsupported);
    let bmp = |width: i32, height: i32, bits: u16| {
        let mut bytes = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        bytes.extend(width.to_le_bytes());
        bytes.extend(height.to_le_bytes());
        bytes.extend([1, 0]);
        bytes.extend(bits.to_le_bytes());
        bytes.extend([0; 24]);
        bytes
    };
    check("60,000 × 60,000", "image/bmp", &bmp(60_000, 60_000, 24), &TooLarge);
    check("upside down", "image/bmp", &bmp(60_000, -60_000, 24), &TooLarge);
    check("5,000 × 5,000 of nothing", "image/bmp", &bmp(5000, 5000, 24), &Broken);
    check("wide beyond all", "image/bmp", &bmp(i32::MAX, 1, 1), &Broken);
}

/// The estimates are true: of each kind a picture that a limit just admits stays within it.
#[test]
fn the_largest_that_are_read_stay_within_the_limit() {
    const LIMIT: u64 = 80 << 20;
    if !measure::is_exact("hostile::the_largest_that_are_read_stay_within_the_limit") {
        return;
    }
    let limits = Limits { max_memory: LIMIT, ..LIMITS };
    let square = |pixels: u32| pixels.isqrt();
    let rgba = |pixels| RgbaImage::from_pixel(square(pixels), square(pixels), image::Rgba([200, 100, 50, 128]));
    let rgb = |pixels| make::plain(square(pixels), square(pixels), [200, 100, 50]);
    let blocks = |pixels, components: &[(u8, u8, u8)], progressive| {
        let side = u16::try_from(square(pixels)).unwrap();
        Blocks { width: side, height: side, components, progressive, adobe: None }.encode()
    };
    let (full, half) = ([(1, 1, 100), (1, 1, 128), (1, 1, 168)], [(2, 2, 100), (1, 1, 128), (1, 1, 168)]);
    let mut beside = make::gif(&rgba(8_500_000));
    beside[6] += 1;
    let mut large = vec![
        ("RGBA PNG", "image/png", make::png(rgba(12_000_000))),
        ("RGBA16 PNG", "image/png", make::png(DynamicImage::from(rgba(6_000_000)).into_rgba16())),
        ("GIF", "image/gif", make::gif(&rgba(16_000_000))),
        ("GIF whose frame is narrower", "image/gif", beside),
        ("WebP", "image/webp", make::webp(&rgba(9_000_000))),
        ("opaque WebP", "image/webp", make::encode(rgb(9_000_000), ImageFormat::WebP)),
        ("animated WebP", "image/webp", make::animated_webp(&[rgba(4_500_000)], &[])),
        ("BMP", "image/bmp", make::encode(rgba(20_000_000), ImageFormat::Bmp)),
        ("TIFF", "image/tiff", make::encode(rgb(11_000_000), ImageFormat::Tiff)),
    ];
    large.push(("baseline", "image/jpeg", blocks(60_000_000, &full, false)));
    large.push(("progressive", "image/jpeg", blocks(5_900_000, &full, true)));
    large.push(("progressive 4:2:0", "image/jpeg", blocks(12_400_000, &half, true)));
    for (what, mime, bytes) in large {
        let (made, cost) = measure::cost(|| thumbnails(Cursor::new(&bytes), mime, &[320, 160, 64], &limits));
        assert_eq!(made.map(|made| made.len()).unwrap(), 3, "{what}");
        assert!(cost.memory <= LIMIT + SLACK / 2, "{what}: {} MiB", cost.memory >> 20);
    }
}

#[test]
fn a_long_thin_picture_takes_no_more_than_others() {
    let bytes = make::png(RgbImage::new(60_000, 20));
    let (made, cost) = measure::cost(|| thumbnails(Cursor::new(&bytes), "image/png", &[320], &LIMITS));
    assert_eq!(made.unwrap()[0].height, 1);
    assert!(cost.memory < 32 << 20, "{} MiB", cost.memory >> 20);
}
