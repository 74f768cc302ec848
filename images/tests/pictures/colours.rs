//! Thumbnails keep the colours of every kind of pixel, palette, process and profile.

use image::{DynamicImage, ImageFormat};
use moxcms::ColorProfile;

use crate::{
    blocks::Blocks,
    make,
    thumbnails::{close, make, middle, pixels},
};

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
