//! Thumbnails as files.

use image::{
    DynamicImage, ImageError, RgbImage, RgbaImage,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
};

use crate::{Problem, Thumbnail, scale::Scaled};

/// Of 100; from here on more bytes are hardly seen at these sizes.
const JPEG_QUALITY: u8 = 82;

/// JPEG for opaque pixels, WebP for those with alpha.
pub(crate) fn encode(scaled: Scaled) -> Result<Thumbnail, Problem> {
    let mut bytes = Vec::new();
    let (width, height) = (scaled.pixels.width(), scaled.pixels.height());
    let mime = match &scaled.pixels {
        DynamicImage::ImageRgba8(pixels) => webp(pixels, &mut bytes)?,
        opaque => jpeg(&opaque.to_rgb8(), &mut bytes)?,
    };
    Ok(Thumbnail { side: scaled.side, width, height, mime, bytes })
}

fn jpeg(pixels: &RgbImage, into: &mut Vec<u8>) -> Result<&'static str, Problem> {
    JpegEncoder::new_with_quality(into, JPEG_QUALITY).encode_image(pixels).map_err(failed)?;
    Ok("image/jpeg")
}

fn webp(pixels: &RgbaImage, into: &mut Vec<u8>) -> Result<&'static str, Problem> {
    let encoder = WebPEncoder::new_lossless(into);
    encoder.encode(pixels, pixels.width(), pixels.height(), image::ExtendedColorType::Rgba8).map_err(failed)?;
    Ok("image/webp")
}

fn failed(error: ImageError) -> Problem {
    Problem::broken(format!("its thumbnail cannot be encoded ({error})"))
}
