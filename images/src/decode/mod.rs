//! From files to pixels, never more of them than the limits allow.
//!
//! Each format reads its header first and adds up what decoding it will take; only then it decodes. The limits that decoders have
//! themselves do not do: most ignore them on the way that yields orientation and profile (image-rs/image#3081).

mod jpeg;
mod webp;

use std::io::{BufRead, Seek, SeekFrom};

use image::{
    DynamicImage, ImageDecoder, ImageError,
    codecs::{bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, tiff::TiffDecoder},
    metadata::Orientation,
};
use tiff::tags::{CompressionMethod, Tag};

use crate::{Format, Limits, Problem};

/// Decoded pixels and what is needed to show them right.
pub(crate) struct Picture {
    /// Pixels of the original, before its orientation; `pixels` may be a reduced decode of it.
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: DynamicImage,
    pub(crate) orientation: Orientation,
    /// ICC.
    pub(crate) profile: Option<Vec<u8>>,
}

/// No longer side is read: what scales down keeps several numbers for each line and column, and no camera comes near.
const MAX_SIDE: u32 = 65_535;

/// Bytes that the PNG decoder may keep of other chunks than the pixels: profile, EXIF, texts.
const PNG_CHUNKS: u64 = 32 << 20;

/// What the GIF decoder keeps of XMP and of a profile, 50 MB of each.
const GIF_EXTENSIONS: u64 = 100_000_000;

/// Reads a picture, at least twice as large as a thumbnail of `side` pixels needs if it can be had reduced.
pub(crate) fn decode(source: impl BufRead + Seek, format: Format, side: u32, limits: &Limits) -> Result<Picture, Problem> {
    match format {
        Format::Jpeg => jpeg::decode(source, side, limits),
        Format::WebP => webp::decode(source, limits),
        Format::Png => png(source, limits),
        Format::Gif => gif(source, limits),
        Format::Bmp => bmp(source, limits),
        Format::Tiff => tiff(source, limits),
    }
}

/// Refuses what is beyond the limits. `memory` is what decoding takes at its worst moment, in bytes.
fn admit(width: u32, height: u32, memory: u64, limits: &Limits) -> Result<(), Problem> {
    if width == 0 || height == 0 {
        return Err(Problem::broken("it has no pixels"));
    }
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(Problem::TooLarge(format!(
            "it has {width} × {height} pixels, and at most {} million are read",
            limits.max_pixels / 1_000_000
        )));
    }
    if memory > limits.max_memory {
        return Err(Problem::TooLarge(format!(
            "to read its {width} × {height} pixels takes {} MiB of memory, and at most {} are given",
            memory >> 20,
            limits.max_memory >> 20
        )));
    }
    Ok(())
}

fn png(source: impl BufRead + Seek, limits: &Limits) -> Result<Picture, Problem> {
    let mut chunks = image::Limits::no_limits();
    chunks.max_alloc = Some(PNG_CHUNKS);
    let decoder = PngDecoder::with_limits(source, chunks).map_err(failed)?;
    let memory = decoder.total_bytes().saturating_add(PNG_CHUNKS);
    whole(decoder, memory, limits)
}

fn gif(mut source: impl BufRead + Seek, limits: &Limits) -> Result<Picture, Problem> {
    let extensions = length(&mut source)?.min(GIF_EXTENSIONS);
    let mut decoder = GifDecoder::new(source).map_err(failed)?;
    // Four bytes for each pixel, and one while its colour is looked up. A frame that is not as wide as the whole has a buffer of its
    // own, which is the only thing that this decoder checks itself.
    let pixels = decoder.total_bytes();
    let beside = limits.max_memory.saturating_sub(pixels.saturating_add(extensions));
    let mut frame = image::Limits::no_limits();
    frame.max_alloc = Some(beside / 5 * 4);
    decoder.set_limits(frame).map_err(failed)?;
    whole(decoder, (pixels / 4 * 5).saturating_add(extensions), limits)
}

fn bmp(source: impl BufRead + Seek, limits: &Limits) -> Result<Picture, Problem> {
    let decoder = BmpDecoder::new(source).map_err(failed)?;
    let memory = decoder.total_bytes();
    whole(decoder, memory, limits)
}

fn tiff(mut source: impl BufRead + Seek, limits: &Limits) -> Result<Picture, Problem> {
    // A JPEG within may be of any size, whatever the TIFF around it says.
    let mut header = tiff::decoder::Decoder::new(&mut source).map_err(|error| Problem::broken(error.to_string()))?;
    let compression = header.find_tag_unsigned::<u16>(Tag::Compression).map_err(|error| Problem::broken(error.to_string()))?;
    if compression == Some(CompressionMethod::ModernJPEG.to_u16()) {
        return Err(Problem::Unsupported);
    }
    rewind(&mut source)?;
    let mut decoder = TiffDecoder::new(source).map_err(failed)?;
    let profile = decoder.icc_profile().map_err(failed)?;
    // The decoder fills a buffer of its own, for CMYK with four channels instead of three, and copies it.
    let memory = decoder.total_bytes().saturating_mul(7) / 3;
    let (width, height) = decoder.dimensions();
    admit(width, height, memory, limits)?;
    let mut strips = image::Limits::no_limits();
    strips.max_alloc = Some(limits.max_memory.saturating_sub(decoder.total_bytes()));
    decoder.set_limits(strips).map_err(failed)?;
    Ok(Picture { profile, ..whole(decoder, memory, limits)? })
}

fn whole(mut decoder: impl ImageDecoder, memory: u64, limits: &Limits) -> Result<Picture, Problem> {
    let (width, height) = decoder.dimensions();
    admit(width, height, memory, limits)?;
    let orientation = decoder.orientation().map_err(failed)?;
    let profile = decoder.icc_profile().map_err(failed)?;
    let pixels = DynamicImage::from_decoder(decoder).map_err(failed)?;
    Ok(Picture { width, height, pixels, orientation, profile })
}

fn failed(error: ImageError) -> Problem {
    match error {
        ImageError::Limits(_) => Problem::TooLarge("to read it takes too much memory".to_owned()),
        ImageError::Unsupported(_) => Problem::Unsupported,
        other => Problem::broken(other.to_string()),
    }
}

fn ended(error: std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidInput => Problem::broken("it ends too soon"),
        _ => Problem::Io(error),
    }
}

fn length(source: &mut impl Seek) -> Result<u64, Problem> {
    let length = source.seek(SeekFrom::End(0)).map_err(Problem::Io)?;
    rewind(source)?;
    Ok(length)
}

fn rewind(source: &mut impl Seek) -> Result<(), Problem> {
    source.rewind().map_err(Problem::Io)
}
