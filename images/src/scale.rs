//! From the decoded pixels to the sizes that were asked for: each from the next larger one, so that only the first costs time.

use std::cmp::Reverse;

use fast_image_resize::{MulDiv, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageBuffer, Rgba};

use crate::{Problem, colour, decode::Picture};

/// Pixels of one size: `ImageRgba8` if some can be seen through, else `ImageRgb8`.
pub(crate) struct Scaled {
    pub(crate) side: u32,
    pub(crate) pixels: DynamicImage,
}

/// One for each of `sides`, in their order. Colours become sRGB and the orientation is applied at the largest of them, as both cost
/// time for each pixel.
pub(crate) fn all(picture: Picture, sides: &[u32]) -> Result<Vec<Scaled>, Problem> {
    let Some(largest) = sides.iter().copied().max() else { return Ok(Vec::new()) };
    // The true size counts: decoders that scale down round up.
    let (width, height) = fit(picture.width, picture.height, largest);
    let mut scaler = Scaler(Resizer::new());
    let mut pixels = scaler.shrink(picture.pixels, width, height)?;
    pixels = colour::to_srgb(pixels, picture.profile.as_deref());
    pixels = if is_opaque(&pixels) { pixels.into_rgb8().into() } else { pixels };
    pixels.apply_orientation(picture.orientation);

    let mut order: Vec<(usize, u32)> = sides.iter().copied().enumerate().collect();
    order.sort_by_key(|&(_, side)| Reverse(side));
    let mut made = Vec::with_capacity(sides.len());
    for (place, side) in order {
        let (width, height) = fit(pixels.width(), pixels.height(), side);
        pixels = scaler.shrink(pixels, width, height)?;
        made.push((place, Scaled { side, pixels: pixels.clone() }));
    }
    made.sort_by_key(|&(place, _)| place);
    Ok(made.into_iter().map(|(_, scaled)| scaled).collect())
}

/// The size that keeps the aspect and fits into `side` × `side`, never larger than the original.
fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = u64::from(width.max(height)).max(1);
    let side = u64::from(side.max(1));
    if longer <= side {
        return (width, height);
    }
    let scaled = |length: u32| u32::try_from((u64::from(length) * side + longer / 2) / longer).unwrap_or(u32::MAX).max(1);
    (scaled(width), scaled(height))
}

fn is_opaque(pixels: &DynamicImage) -> bool {
    match pixels {
        DynamicImage::ImageRgba8(pixels) => pixels.pixels().all(|Rgba([.., alpha])| *alpha == u8::MAX),
        _ => true,
    }
}

struct Scaler(Resizer);

impl Scaler {
    /// To this size, and to 8 bits a channel. Pixels that cannot be seen must not bleed into those that can, so alpha is multiplied
    /// in before and out after; in place, because a second copy of a large picture is what the memory limit has no room for.
    fn shrink(&mut self, mut pixels: DynamicImage, width: u32, height: u32) -> Result<DynamicImage, Problem> {
        if (pixels.width(), pixels.height()) == (width, height) {
            return Ok(to_8_bits(pixels));
        }
        let alpha = pixels.color().has_alpha();
        let mul_div = MulDiv::new();
        if alpha {
            mul_div.multiply_alpha_inplace(&mut pixels).map_err(failed)?;
        }
        let mut small = blank_like(&pixels, width, height)?;
        let options = ResizeOptions::new().resize_alg(ResizeAlg::default()).use_alpha(false);
        self.0.resize(&pixels, &mut small, &options).map_err(failed)?;
        if alpha {
            mul_div.divide_alpha_inplace(&mut small).map_err(failed)?;
        }
        Ok(to_8_bits(small))
    }
}

fn to_8_bits(pixels: DynamicImage) -> DynamicImage {
    match pixels {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => pixels,
        DynamicImage::ImageLuma16(_) => pixels.into_luma8().into(),
        other if other.color().has_alpha() => other.into_rgba8().into(),
        other => other.into_rgb8().into(),
    }
}

fn blank_like(pixels: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage, Problem> {
    Ok(match pixels {
        DynamicImage::ImageLuma8(_) => ImageBuffer::<image::Luma<u8>, _>::new(width, height).into(),
        DynamicImage::ImageLumaA8(_) => ImageBuffer::<image::LumaA<u8>, _>::new(width, height).into(),
        DynamicImage::ImageRgb8(_) => ImageBuffer::<image::Rgb<u8>, _>::new(width, height).into(),
        DynamicImage::ImageRgba8(_) => ImageBuffer::<image::Rgba<u8>, _>::new(width, height).into(),
        DynamicImage::ImageLuma16(_) => ImageBuffer::<image::Luma<u16>, _>::new(width, height).into(),
        DynamicImage::ImageLumaA16(_) => ImageBuffer::<image::LumaA<u16>, _>::new(width, height).into(),
        DynamicImage::ImageRgb16(_) => ImageBuffer::<image::Rgb<u16>, _>::new(width, height).into(),
        DynamicImage::ImageRgba16(_) => ImageBuffer::<image::Rgba<u16>, _>::new(width, height).into(),
        DynamicImage::ImageRgb32F(_) => ImageBuffer::<image::Rgb<f32>, _>::new(width, height).into(),
        DynamicImage::ImageRgba32F(_) => ImageBuffer::<image::Rgba<f32>, _>::new(width, height).into(),
        _ => return Err(Problem::Unsupported),
    })
}

fn failed(error: impl std::error::Error) -> Problem {
    Problem::broken(format!("it cannot be scaled ({error})"))
}
