//! Thumbnails look as the picture does.

use std::{io::Cursor, time::Duration};

use image::{DynamicImage, GenericImageView, ImageFormat, Rgba, RgbaImage};
use reupload_images::{Limits, Problem, Thumbnail, can_thumbnail, thumbnails};

use crate::make::{self, MARKER};

pub(crate) const SIDES: [u32; 3] = [320, 160, 64];

pub(crate) const LIMITS: Limits = Limits { max_pixels: 64_000_000, max_memory: 192 << 20, timeout: Duration::from_secs(20) };

pub(crate) fn make(mime: &str, bytes: &[u8]) -> Vec<Thumbnail> {
    thumbnails(Cursor::new(bytes), mime, &SIDES, &LIMITS).unwrap_or_else(|problem| panic!("{mime}: {problem:?}"))
}

pub(crate) fn pixels(thumbnail: &Thumbnail) -> DynamicImage {
    let format = ImageFormat::from_mime_type(thumbnail.mime).unwrap();
    let pixels = image::load_from_memory_with_format(&thumbnail.bytes, format).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (thumbnail.width, thumbnail.height));
    pixels
}

pub(crate) fn close(found: [u8; 3], wanted: [u8; 3], tolerance: u8) -> bool {
    found.iter().zip(wanted).all(|(&found, wanted)| found.abs_diff(wanted) <= tolerance)
}

pub(crate) fn middle(thumbnail: &Thumbnail) -> [u8; 3] {
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
