//! Thumbnails look as the picture does.

use std::{
    io::{self, Cursor, Read, Seek, SeekFrom},
    time::Duration,
};

use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, Rgba, RgbaImage};
use moxcms::ColorProfile;
use reupload_images::{Limits, Problem, Thumbnail, can_thumbnail, thumbnails};

use crate::{
    blocks::Blocks,
    make::{self, MARKER},
};

const SIDES: [u32; 3] = [320, 160, 64];

pub(crate) const LIMITS: Limits = Limits { max_pixels: 64_000_000, max_memory: 192 << 20, timeout: Duration::from_secs(20) };

fn make(mime: &str, bytes: &[u8]) -> Vec<Thumbnail> {
    thumbnails(Cursor::new(bytes), mime, &SIDES, &LIMITS).unwrap_or_else(|problem| panic!("{mime}: {problem:?}"))
}

fn pixels(thumbnail: &Thumbnail) -> DynamicImage {
    let format = ImageFormat::from_mime_type(thumbnail.mime).unwrap();
    let pixels = image::load_from_memory_with_format(&thumbnail.bytes, format).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (thumbnail.width, thumbnail.height));
    pixels
}

fn close(found: [u8; 3], wanted: [u8; 3], tolerance: u8) -> bool {
    found.iter().zip(wanted).all(|(&found, wanted)| found.abs_diff(wanted) <= tolerance)
}

fn middle(thumbnail: &Thumbnail) -> [u8; 3] {
    let pixels = pixels(thumbnail).into_rgb8();
    pixels.get_pixel(pixels.width() / 2, pixels.height() / 2).0
}

/// The colours in the middles of the quarters: top left, top right, bottom left, bottom right.
fn corners(thumbnail: &Thumbnail) -> [[u8; 3]; 4] {
    let pixels = pixels(thumbnail).into_rgb8();
    let (width, height) = pixels.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| pixels.get_pixel(width * x / 4, height * y / 4).0)
}

const QUARTERS: [[u8; 3]; 4] = [[250, 10, 10], [10, 250, 10], [10, 10, 250], [250, 250, 250]];

#[track_caller]
fn assert_quarters(what: &str, thumbnail: &Thumbnail, order: [usize; 4]) {
    let found = corners(thumbnail);
    let right = found.iter().zip(order).all(|(&found, wanted)| close(found, QUARTERS[wanted], 12));
    assert!(right, "{what}, {} px: {found:?}", thumbnail.side);
}

#[test]
fn every_format_gives_three_sizes_that_look_alike() {
    for (mime, bytes) in make::samples() {
        assert!(can_thumbnail(mime));
        let made = make(mime, &bytes);
        let sizes: Vec<_> = made.iter().map(|t| (t.side, t.width, t.height, t.mime)).collect();
        let jpeg = "image/jpeg";
        assert_eq!(sizes, [(320, 96, 64, jpeg), (160, 96, 64, jpeg), (64, 64, 43, jpeg)], "{mime}");
        for thumbnail in &made {
            assert_quarters(mime, thumbnail, [0, 1, 2, 3]);
        }
    }
}

#[test]
fn thumbnails_fit_keep_the_aspect_and_are_never_enlarged() {
    let cases = [
        ((640, 480), (320, 240)),
        ((480, 640), (240, 320)),
        ((321, 321), (320, 320)),
        ((320, 320), (320, 320)),
        ((200, 10), (200, 10)),
        ((1, 1), (1, 1)),
        ((5000, 3), (320, 1)),
        ((2, 4000), (1, 320)),
        ((1333, 777), (320, 187)),
    ];
    for ((width, height), wanted) in cases {
        for (mime, bytes) in
            [("image/png", make::png(make::quarters(width, height))), ("image/jpeg", make::jpeg(&make::quarters(width, height)))]
        {
            let made = make(mime, &bytes);
            assert_eq!((made[0].width, made[0].height), wanted, "{mime} {width} × {height}");
            for thumbnail in &made {
                assert!(thumbnail.width.max(thumbnail.height) <= thumbnail.side && thumbnail.width.min(thumbnail.height) > 0);
            }
        }
    }
}

#[test]
fn sizes_come_in_the_order_asked_for() {
    let bytes = make::png(make::quarters(400, 300));
    let made = thumbnails(Cursor::new(&bytes), "image/png", &[64, 320, 160, 64], &LIMITS).unwrap();
    assert_eq!(made.iter().map(|t| (t.side, t.width)).collect::<Vec<_>>(), [(64, 64), (320, 320), (160, 160), (64, 64)]);
    assert!(thumbnails(Cursor::new(&bytes), "image/png", &[], &LIMITS).unwrap().is_empty());
}

/// Which quarter of the file stands where when it is shown, by EXIF 2.3, section 4.6.4 A.
const SHOWN: [(u16, [usize; 4]); 8] = [
    (1, [0, 1, 2, 3]),
    (2, [1, 0, 3, 2]),
    (3, [3, 2, 1, 0]),
    (4, [2, 3, 0, 1]),
    (5, [0, 2, 1, 3]),
    (6, [2, 0, 3, 1]),
    (7, [3, 1, 2, 0]),
    (8, [1, 3, 0, 2]),
];

#[test]
fn all_eight_orientations_are_applied() {
    let picture = make::quarters(400, 200);
    let with_alpha = DynamicImage::from(picture.clone()).into_rgba8();
    for (orientation, order) in SHOWN {
        let files = [
            ("image/jpeg", make::with_segments(&make::jpeg(&picture), &make::jpeg_metadata(orientation))),
            ("image/png", make::with_chunks(&make::png(picture.clone()), &make::png_metadata(orientation))),
            ("image/webp", make::webp_with(&with_alpha, &[], &make::webp_metadata(orientation))),
            ("image/tiff", tiff_with_orientation(&picture, orientation)),
        ];
        for (mime, bytes) in files {
            let made = make(mime, &bytes);
            let wanted = if orientation < 5 { (320, 160) } else { (160, 320) };
            assert_eq!((made[0].width, made[0].height), wanted, "{mime} {orientation}");
            for thumbnail in &made {
                assert_quarters(&format!("{mime} {orientation}"), thumbnail, order);
            }
        }
    }
}

/// An uncompressed RGB TIFF with one strip.
fn tiff_with_orientation(picture: &image::RgbImage, orientation: u16) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let pixels_at = 8u32;
    let bits_at = pixels_at + width * height * 3;
    let directory_at = bits_at + 6;
    let mut bytes = b"II\x2a\0".to_vec();
    bytes.extend(directory_at.to_le_bytes());
    bytes.extend_from_slice(picture);
    bytes.extend([8, 0, 8, 0, 8, 0]);
    let entries: [(u16, u16, u32, u32); 10] = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 3, bits_at),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, pixels_at),
        (274, 3, 1, orientation.into()),
        (277, 3, 1, 3),
        (278, 4, 1, height),
        (279, 4, 1, width * height * 3),
    ];
    bytes.extend(10u16.to_le_bytes());
    for (tag, kind, count, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn every_colour_type_keeps_its_colours() {
    let picture = DynamicImage::from(make::plain(400, 300, [200, 120, 40]));
    let grey = picture.to_luma8().get_pixel(0, 0).0[0];
    let (colour, grey) = ([200, 120, 40], [grey; 3]);
    let files = [
        ("L8", "image/png", make::png(picture.to_luma8()), grey),
        ("LA8", "image/png", make::png(picture.to_luma_alpha8()), grey),
        ("RGBA8", "image/png", make::png(picture.to_rgba8()), colour),
        ("L16", "image/png", make::png(picture.to_luma16()), grey),
        ("LA16", "image/png", make::png(picture.to_luma_alpha16()), grey),
        ("RGB16", "image/png", make::png(picture.to_rgb16()), colour),
        ("RGBA16", "image/png", make::png(picture.to_rgba16()), colour),
        ("L8", "image/jpeg", make::encode(picture.to_luma8(), ImageFormat::Jpeg), grey),
        ("L8", "image/bmp", make::encode(picture.to_luma8(), ImageFormat::Bmp), grey),
        ("RGBA8", "image/bmp", make::encode(picture.to_rgba8(), ImageFormat::Bmp), colour),
        ("L8", "image/tiff", make::encode(picture.to_luma8(), ImageFormat::Tiff), grey),
        ("RGBA8", "image/tiff", make::encode(picture.to_rgba8(), ImageFormat::Tiff), colour),
        ("L16", "image/tiff", make::encode(picture.to_luma16(), ImageFormat::Tiff), grey),
        ("RGB16", "image/tiff", make::encode(picture.to_rgb16(), ImageFormat::Tiff), colour),
        ("float", "image/tiff", make::encode(picture.to_rgb32f(), ImageFormat::Tiff), colour),
        ("RGB8", "image/webp", make::encode(picture.to_rgb8(), ImageFormat::WebP), colour),
    ];
    for (what, mime, bytes, wanted) in files {
        for thumbnail in make(mime, &bytes) {
            assert_eq!(thumbnail.mime, "image/jpeg", "{what} {mime} is opaque");
            assert!(close(middle(&thumbnail), wanted, 4), "{what} {mime}: {:?}", middle(&thumbnail));
        }
    }
}

#[test]
fn palettes_of_every_depth_work_with_and_without_transparency() {
    for depth in [png::BitDepth::One, png::BitDepth::Two, png::BitDepth::Four, png::BitDepth::Eight] {
        for transparency in [None, Some(vec![255, 0])] {
            let mut bytes = Vec::new();
            let mut encoder = png::Encoder::new(&mut bytes, 400, 300);
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_depth(depth);
            encoder.set_palette(vec![200, 120, 40, 10, 10, 200]);
            if let Some(alpha) = &transparency {
                encoder.set_trns(alpha.clone());
            }
            let row = (400 * usize::from(depth as u8)).div_ceil(8);
            // The upper half is of the first colour, the lower half of the second.
            let second = match depth {
                png::BitDepth::One => 0xFF,
                png::BitDepth::Two => 0x55,
                png::BitDepth::Four => 0x11,
                _ => 0x01,
            };
            let data = [vec![0; row * 150], vec![second; row * 150]].concat();
            encoder.write_header().unwrap().write_image_data(&data).unwrap();
            let made = make("image/png", &bytes);
            let shown = pixels(&made[0]).into_rgba8();
            let (upper, lower) = (shown.get_pixel(160, 60).0, shown.get_pixel(160, 180).0);
            assert!(close([upper[0], upper[1], upper[2]], [200, 120, 40], 4), "{depth:?} {upper:?}");
            match transparency {
                Some(_) => assert_eq!((made[0].mime, lower[3]), ("image/webp", 0), "{depth:?}"),
                None => assert!(close([lower[0], lower[1], lower[2]], [10, 10, 200], 4), "{depth:?} {lower:?}"),
            }
        }
    }
}

#[test]
fn jpegs_of_every_process_and_colour_space_keep_their_colours() {
    let yellow_ink = [(1, 1, 255), (1, 1, 255), (1, 1, 55), (1, 1, 255)];
    let cases = [
        ("grey", &[(1, 1, 90)][..], None, [90; 3]),
        ("4:4:4", &[(1, 1, 100), (1, 1, 128), (1, 1, 168)], None, [156, 71, 100]),
        ("4:2:0", &[(2, 2, 100), (1, 1, 128), (1, 1, 168)], None, [156, 71, 100]),
        ("4:2:2", &[(2, 1, 100), (1, 1, 128), (1, 1, 168)], None, [156, 71, 100]),
        // Adobe stores inks the other way round: 255 is none, and RGB of YCCK are inks.
        ("CMYK", &yellow_ink, Some(0), [255, 255, 55]),
        ("YCCK", &[(1, 1, 100), (1, 1, 128), (1, 1, 168), (1, 1, 128)], Some(2), [50, 92, 78]),
    ];
    for (what, components, adobe, wanted) in cases {
        for progressive in [false, true] {
            for (width, height) in [(700, 500), (33, 17)] {
                let bytes = Blocks { width, height, components, progressive, adobe }.encode();
                for thumbnail in make("image/jpeg", &bytes) {
                    let found = middle(&thumbnail);
                    assert!(close(found, wanted, 4), "{what}, progressive {progressive}, {width}: {found:?}");
                }
            }
        }
    }
}

/// Display P3 to sRGB by the matrices of their primaries (CSS Color 4, section 18), both with the curve of sRGB.
fn from_p3(colour: [u8; 3]) -> [u8; 3] {
    let linear = colour.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    let rows = [[1.224_940, -0.224_940, 0.0], [-0.042_057, 1.042_057, 0.0], [-0.019_638, -0.078_636, 1.098_274]];
    rows.map(|row| {
        let c: f64 = row.iter().zip(linear).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0);
        let c = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
        let c = (c * 255.0).round() as u8;
        c
    })
}

/// A file of one colour with a profile, for each format that can carry one.
fn with_profile(colour: [u8; 3], profile: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let picture = make::plain(400, 300, colour);
    let with_alpha = DynamicImage::from(picture.clone()).into_rgba8();
    let deflated = stored_zlib(profile);
    vec![
        (
            "image/jpeg",
            make::with_segments(&make::jpeg(&picture), &[make::segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", profile].concat())]),
        ),
        ("image/png", make::with_chunks(&make::png(picture), &[make::chunk(b"iCCP", &[b"p3\0\0", &deflated[..]].concat())])),
        ("image/webp", make::webp_with(&with_alpha, &[make::riff(b"ICCP", profile)], &[])),
    ]
}

/// Deflate without compression, in zlib's wrapping (RFC 1950, RFC 1951).
fn stored_zlib(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let (mut a, mut b) = (1u32, 0u32);
    for &byte in bytes {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    [&[0x78, 0x01, 1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), bytes, &(b << 16 | a).to_be_bytes()].concat()
}

#[test]
fn colours_follow_the_profile_into_srgb() {
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    let mut swapped = ColorProfile::new_srgb();
    std::mem::swap(&mut swapped.red_colorant, &mut swapped.blue_colorant);
    let swapped = swapped.encode().unwrap();

    for colour in [[180, 60, 60], [60, 200, 90], [40, 70, 210]] {
        for (mime, bytes) in with_profile(colour, &srgb) {
            assert!(close(middle(&make(mime, &bytes)[0]), colour, 4), "{mime} sRGB");
        }
        let wanted = from_p3(colour);
        assert!(!close(wanted, colour, 8));
        for (mime, bytes) in with_profile(colour, &p3) {
            for thumbnail in make(mime, &bytes) {
                assert!(close(middle(&thumbnail), wanted, 4), "{mime} P3: {:?}, not {wanted:?}", middle(&thumbnail));
            }
        }
        for (mime, bytes) in with_profile(colour, &swapped) {
            let [r, g, b] = colour;
            assert!(close(middle(&make(mime, &bytes)[0]), [b, g, r], 6), "{mime} swapped");
        }
    }
}

#[test]
fn a_grey_profile_is_followed_and_a_broken_one_passed_over() {
    let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let grey = make::png(DynamicImage::from(make::plain(400, 300, [60; 3])).into_luma8());
    let chunk = |profile: &[u8]| make::chunk(b"iCCP", &[b"g\0\0", &stored_zlib(profile)[..]].concat());
    let found = middle(&make("image/png", &make::with_chunks(&grey, &[chunk(&linear)]))[0]);
    // Linear 60/255 is 0.235, which sRGB writes as 133.
    assert!(close(found, [133; 3], 4), "{found:?}");

    let mut broken = ColorProfile::new_display_p3().encode().unwrap();
    broken.truncate(200);
    for (mime, bytes) in with_profile([180, 60, 60], &broken) {
        assert!(close(middle(&make(mime, &bytes)[0]), [180, 60, 60], 4), "{mime}");
    }
}

#[test]
fn nothing_of_the_metadata_is_in_a_thumbnail() {
    for (mime, bytes) in make::loaded(6) {
        for thumbnail in make(mime, &bytes) {
            let text = String::from_utf8_lossy(&thumbnail.bytes).into_owned();
            for trace in [MARKER, "Exif", "xmp", "ICC_PROFILE", "Photoshop", "8BIM"] {
                assert!(!text.contains(trace), "{mime}, {} px: {trace}", thumbnail.side);
            }
        }
    }
}

#[test]
fn what_can_be_seen_through_stays_so_and_hidden_colours_do_not_bleed() {
    // Opaque green beside red that is wholly transparent, in stripes of one pixel.
    let stripes = RgbaImage::from_fn(640, 640, |x, _| if x % 2 == 0 { Rgba([0, 200, 0, 255]) } else { Rgba([255, 0, 0, 0]) });
    for (mime, bytes) in [
        ("image/png", make::png(stripes.clone())),
        ("image/webp", make::webp(&stripes)),
        ("image/png", make::png(DynamicImage::from(stripes.clone()).into_rgba16())),
    ] {
        for thumbnail in make(mime, &bytes) {
            assert_eq!(thumbnail.mime, "image/webp");
            for (x, y, Rgba([r, g, _, alpha])) in pixels(&thumbnail).pixels() {
                assert!(r <= 6 && g >= 190 && (100..=156).contains(&alpha), "{mime} at {x}, {y}: {r} {g} {alpha}");
            }
        }
    }
}

#[test]
fn of_an_animation_the_first_frame_is_shown() {
    let frames: Vec<RgbaImage> =
        [[220, 30, 30], [30, 220, 30]].map(|colour| DynamicImage::from(make::plain(200, 100, colour)).into_rgba8()).to_vec();
    let mut gif = Vec::new();
    image::codecs::gif::GifEncoder::new(&mut gif)
        .encode_frames(frames.iter().map(|frame| image::Frame::new(frame.clone())))
        .unwrap();
    let mut apng = Vec::new();
    let mut encoder = png::Encoder::new(&mut apng, 200, 100);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for frame in &frames {
        writer.write_image_data(frame).unwrap();
    }
    writer.finish().unwrap();
    let webp = make::animated_webp(&frames, &[]);
    for (mime, bytes) in [("image/gif", gif), ("image/png", apng.clone()), ("image/apng", apng), ("image/webp", webp)] {
        let made = make(mime, &bytes);
        assert_eq!((made[0].width, made[0].height), (200, 100), "{mime}");
        assert!(close(middle(&made[0]), [220, 30, 30], 5), "{mime}: {:?}", middle(&made[0]));
    }
}

#[test]
fn a_lossy_webp_is_read() {
    let made = make("image/webp", &make::lossy_webp());
    assert_eq!((made[0].width, made[0].height), (1, 1));
}

#[test]
fn a_jpeg_cut_off_in_its_pixels_shows_what_it_has() {
    let bytes = make::jpeg(&make::quarters(640, 480));
    let made = make("image/jpeg", &bytes[..bytes.len() * 3 / 4]);
    assert_eq!((made[0].width, made[0].height), (320, 240));
    let [top_left, top_right, ..] = corners(&made[0]);
    assert!(close(top_left, QUARTERS[0], 12) && close(top_right, QUARTERS[1], 12), "{top_left:?} {top_right:?}");
}

#[test]
fn other_kinds_are_not_supported() {
    for mime in ["image/avif", "image/heic", "image/svg+xml", "application/pdf", "IMAGE/PNG", ""] {
        assert!(!can_thumbnail(mime));
        let result = thumbnails(Cursor::new(make::png(make::quarters(9, 9))), mime, &SIDES, &LIMITS);
        assert!(matches!(result, Err(Problem::Unsupported)), "{mime}");
    }
}

#[test]
fn a_picture_with_too_many_pixels_is_refused_in_words() {
    let limits = Limits { max_pixels: 10_000, ..LIMITS };
    for (mime, bytes) in [
        ("image/png", make::png(make::quarters(101, 100))),
        ("image/jpeg", make::jpeg(&make::quarters(101, 100))),
        ("image/gif", make::gif(&DynamicImage::from(make::quarters(101, 100)).into_rgba8())),
        ("image/webp", make::webp(&DynamicImage::from(make::quarters(101, 100)).into_rgba8())),
        ("image/bmp", make::encode(make::quarters(101, 100), ImageFormat::Bmp)),
        ("image/tiff", make::encode(make::quarters(101, 100), ImageFormat::Tiff)),
    ] {
        let problem = thumbnails(Cursor::new(bytes), mime, &SIDES, &limits).unwrap_err();
        let text = problem.to_string();
        assert!(text.starts_with("The picture is too large: it has 101 × 100 pixels"), "{mime}: {text}");
    }
}

struct Slow<R>(R);

impl<R: Read> Read for Slow<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        std::thread::sleep(Duration::from_millis(20));
        let few = buf.len().min(512);
        self.0.read(&mut buf[..few])
    }
}

impl<R: Seek> Seek for Slow<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn reading_ends_at_the_time_limit() {
    let mut dice = make::Dice(7);
    let noise = image::RgbImage::from_fn(400, 400, |_, _| Rgb(dice.roll().to_le_bytes()[..3].try_into().unwrap()));
    let limits = Limits { timeout: Duration::from_millis(100), ..LIMITS };
    for (mime, bytes) in [
        ("image/jpeg", make::jpeg(&noise)),
        ("image/png", make::png(noise.clone())),
        ("image/gif", make::gif(&DynamicImage::from(noise.clone()).into_rgba8())),
        ("image/webp", make::webp(&DynamicImage::from(noise.clone()).into_rgba8())),
        ("image/bmp", make::encode(noise.clone(), ImageFormat::Bmp)),
        ("image/tiff", make::encode(noise.clone(), ImageFormat::Tiff)),
    ] {
        let begun = std::time::Instant::now();
        let result = thumbnails(Slow(Cursor::new(bytes)), mime, &SIDES, &limits);
        assert!(matches!(result, Err(Problem::TooSlow)), "{mime}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{mime}: {:?}", begun.elapsed());
    }
}

struct Failing(Cursor<Vec<u8>>);

impl Read for Failing {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.0.position() > 60 {
            return Err(io::Error::other("the disk is gone"));
        }
        let few = buf.len().min(30);
        self.0.read(&mut buf[..few])
    }
}

impl Seek for Failing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_failing_disk_is_not_the_pictures_fault() {
    for (mime, bytes) in make::samples() {
        let result = thumbnails(Failing(Cursor::new(bytes)), mime, &SIDES, &LIMITS);
        let problem = result.map(|made| made.len()).unwrap_err();
        assert!(matches!(&problem, Problem::Io(error) if error.to_string() == "the disk is gone"), "{mime}: {problem:?}");
    }
}
