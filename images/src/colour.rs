//! Colours as their profile means them, in sRGB: thumbnails carry no profile, and without one sRGB is what browsers assume.

use image::{DynamicImage, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// The same pixels in sRGB. A profile that is broken, or is for other channels than the picture has, is passed over, as browsers do.
pub(crate) fn to_srgb(pixels: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    let Some(profile) = profile.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok()) else { return pixels };
    match (profile.color_space, pixels) {
        (DataColorSpace::Gray, DynamicImage::ImageLuma8(grey)) => {
            let (width, height) = grey.dimensions();
            convert(&profile, Layout::Gray, grey.as_raw(), Layout::Rgb, 3)
                .and_then(|bytes| RgbImage::from_raw(width, height, bytes))
                .map_or(DynamicImage::ImageLuma8(grey), DynamicImage::ImageRgb8)
        }
        (DataColorSpace::Rgb, DynamicImage::ImageRgba8(mut pixels)) => {
            if let Some(bytes) = convert(&profile, Layout::Rgba, pixels.as_raw(), Layout::Rgba, 4) {
                pixels.copy_from_slice(&bytes);
            }
            pixels.into()
        }
        (DataColorSpace::Rgb, other) => {
            let mut pixels = other.into_rgb8();
            if let Some(bytes) = convert(&profile, Layout::Rgb, pixels.as_raw(), Layout::Rgb, 3) {
                pixels.copy_from_slice(&bytes);
            }
            pixels.into()
        }
        (_, other) => other,
    }
}

/// Four inks, 255 for all of one, to sRGB: by their profile, or simply if there is none.
pub(crate) fn cmyk_to_srgb(inks: &[u8], profile: Option<&[u8]>) -> Vec<u8> {
    let by_profile = profile
        .and_then(|bytes| ColorProfile::new_from_slice(bytes).ok())
        .filter(|profile| profile.color_space == DataColorSpace::Cmyk)
        .and_then(|profile| convert(&profile, Layout::Rgba, inks, Layout::Rgb, 3));
    by_profile.unwrap_or_else(|| {
        let light = |ink: u8, black: u8| {
            let light = u16::from(255 - ink) * u16::from(255 - black);
            u8::try_from((light + 127) / 255).unwrap_or(u8::MAX)
        };
        let (pixels, _) = inks.as_chunks::<4>();
        pixels.iter().flat_map(|&[c, m, y, k]| [light(c, k), light(m, k), light(y, k)]).collect()
    })
}

fn convert(from: &ColorProfile, source: Layout, bytes: &[u8], target: Layout, target_channels: usize) -> Option<Vec<u8>> {
    let source_channels = match source {
        Layout::Gray => 1,
        Layout::Rgb => 3,
        _ => 4,
    };
    let transform = from.create_transform_8bit(source, &ColorProfile::new_srgb(), target, TransformOptions::default()).ok()?;
    let mut converted = vec![0; bytes.len() / source_channels * target_channels];
    transform.transform(bytes, &mut converted).ok()?;
    Some(converted)
}
