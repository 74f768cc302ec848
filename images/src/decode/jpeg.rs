//! JPEG, decoded at an eighth, a quarter or a half of its size if that is enough.

use std::io::{BufRead, Read, Seek};

use image::{DynamicImage, GrayImage, RgbImage, metadata::Orientation};
use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::{Picture, admit, ended, length, rewind};
use crate::{Limits, Problem, colour, exif};

pub(crate) fn decode(mut source: impl BufRead + Seek, side: u32, limits: &Limits) -> Result<Picture, Problem> {
    let file = length(&mut source)?;
    let header = Header::read(&mut source)?;
    rewind(&mut source)?;
    let (width, height) = (u32::from(header.width), u32::from(header.height));
    admit(width, height, 0, limits)?;

    // With an end of its own, what is cut off shows what it has: the decoder fills up with grey.
    let mut decoder = Decoder::new(source.chain(&[0xFF, 0xD9][..]));
    // Twice the side leaves enough for a good filter after it.
    let wanted = u16::try_from(side.saturating_mul(2)).unwrap_or(u16::MAX);
    let (reduced_width, reduced_height) = decoder.scale(wanted, wanted).map_err(failed)?;
    admit(width, height, header.memory(reduced_width, reduced_height) + file, limits)?;

    let bytes = decoder.decode().map_err(failed)?;
    let orientation = decoder.exif_data().map_or(Orientation::NoTransforms, exif::orientation);
    let mut profile = decoder.icc_profile();
    let (reduced_width, reduced_height) = (u32::from(reduced_width), u32::from(reduced_height));
    let rgb = |bytes| RgbImage::from_raw(reduced_width, reduced_height, bytes).map(DynamicImage::from);
    let pixels = match decoder.info().map(|info| info.pixel_format) {
        Some(PixelFormat::L8) => GrayImage::from_raw(reduced_width, reduced_height, bytes).map(DynamicImage::from),
        Some(PixelFormat::RGB24) => rgb(bytes),
        Some(PixelFormat::CMYK32) => rgb(colour::cmyk_to_srgb(&bytes, profile.take().as_deref())),
        Some(PixelFormat::L16) | None => None,
    };
    Ok(Picture { width, height, pixels: pixels.ok_or(Problem::Unsupported)?, orientation, profile })
}

/// Bytes of coefficients that wait for the threads which transform them. The queue has no bound of its own; at most 35 MiB were seen,
/// on one processor that others kept busy, because reading coefficients takes longer than transforming them to so few pixels.
const QUEUE: u64 = 48 << 20;

/// What the decoder does not tell of the frame header (ITU-T T.81, B.2.2), and memory depends on.
struct Header {
    width: u16,
    height: u16,
    /// Vertical and horizontal sampling of each.
    components: Vec<(u8, u8)>,
    is_progressive: bool,
}

impl Header {
    /// Goes from marker to marker as the decoder does, over anything between them.
    fn read(source: &mut impl BufRead) -> Result<Self, Problem> {
        if bytes::<2>(source)? != [0xFF, 0xD8] {
            return Err(Problem::broken("it does not begin as a JPEG"));
        }
        loop {
            while byte(source)? != 0xFF {}
            let mut marker = byte(source)?;
            while marker == 0xFF {
                marker = byte(source)?;
            }
            let length = match marker {
                0 => continue,
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Err(Problem::Unsupported),
                0xD9 | 0xDA => return Err(Problem::broken("it has no frame header")),
                _ => u64::from(u16::from_be_bytes(bytes(source)?)),
            };
            if matches!(marker, 0xC0..=0xC2) {
                return Self::frame(source, marker == 0xC2);
            }
            std::io::copy(&mut source.take(length.saturating_sub(2)), &mut std::io::sink()).map_err(ended)?;
        }
    }

    fn frame(source: &mut impl BufRead, is_progressive: bool) -> Result<Self, Problem> {
        let [_precision, h1, h0, w1, w0, count] = bytes(source)?;
        let mut components = Vec::new();
        for _ in 0..count {
            let [_id, sampling, _table] = bytes(source)?;
            components.push((sampling >> 4, sampling & 15));
        }
        let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
        Ok(Self { width, height, components, is_progressive })
    }

    /// Bytes at the worst moment of decoding to this size, without what is kept of metadata.
    fn memory(&self, reduced_width: u16, reduced_height: u16) -> u64 {
        let widest = self.components.iter().map(|&(h, _)| h).max().unwrap_or(1).max(1);
        let highest = self.components.iter().map(|&(_, v)| v).max().unwrap_or(1).max(1);
        let columns = u64::from(self.width).div_ceil(8 * u64::from(widest));
        let rows = u64::from(self.height).div_ceil(8 * u64::from(highest));
        let blocks: u64 = self.components.iter().map(|&(h, v)| columns * u64::from(h) * rows * u64::from(v)).sum();
        // The planes of all components, and the pixels made of them.
        let reduced = u64::from(reduced_width) * u64::from(reduced_height) * self.components.len() as u64;
        // Two bytes each. A progressive file keeps them all, and copies them into the queue.
        let coefficients = blocks * 64 * 2;
        let kept = if self.is_progressive { coefficients } else { 0 };
        2 * reduced + kept + coefficients.min(QUEUE)
    }
}

fn byte(source: &mut impl BufRead) -> Result<u8, Problem> {
    bytes(source).map(|[byte]| byte)
}

fn bytes<const N: usize>(source: &mut impl BufRead) -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes).map_err(ended)?;
    Ok(bytes)
}

fn failed(error: Error) -> Problem {
    match error {
        Error::Unsupported(_) => Problem::Unsupported,
        other => Problem::broken(other.to_string()),
    }
}
