//! WebP. Its sizes are said in several places, and the decoder allocates by one before it compares it with another, so all that
//! concern the first frame are compared here first.

use std::io::{BufRead, Read, Seek, SeekFrom};

use image::{DynamicImage, ImageDecoder, codecs::webp::WebPDecoder, metadata::Orientation};

use super::{Picture, admit, ended, failed, length, rewind};
use crate::{Limits, Problem, exif};

/// No profile or EXIF is larger.
const MAX_CHUNK: u64 = 16 << 20;

pub(crate) fn decode(mut source: impl BufRead + Seek, limits: &Limits) -> Result<Picture, Problem> {
    let file = length(&mut source)?;
    let header = Header::read(&mut source, file)?;
    let (width, height) = (header.width, header.height);
    admit(width, height, u64::from(width) * u64::from(height) * header.bytes_per_pixel + file, limits)?;
    let profile = header.profile.map(|chunk| chunk.read(&mut source)).transpose()?;
    let exif = header.exif.map(|chunk| chunk.read(&mut source)).transpose()?;

    rewind(&mut source)?;
    let decoder = WebPDecoder::new(source).map_err(failed)?;
    if decoder.dimensions() != (width, height) {
        return Err(Problem::broken("it says two sizes"));
    }
    let pixels = DynamicImage::from_decoder(decoder).map_err(failed)?;
    let orientation = exif.as_deref().map_or(Orientation::NoTransforms, exif::orientation);
    Ok(Picture { width, height, pixels, orientation, profile })
}

/// RFC 9649, section 2.
struct Header {
    width: u32,
    height: u32,
    /// Of memory, when the decoder needs most: the pixels, the planes or the second copy that they come from, the canvas of an
    /// animation.
    bytes_per_pixel: u64,
    profile: Option<Chunk>,
    exif: Option<Chunk>,
}

#[derive(Clone, Copy)]
struct Chunk {
    name: [u8; 4],
    start: u64,
    length: u64,
}

impl Chunk {
    /// The chunk whose header is at `start`.
    fn at(source: &mut (impl BufRead + Seek), start: u64) -> Result<Self, Problem> {
        source.seek(SeekFrom::Start(start)).map_err(ended)?;
        let [a, b, c, d, length @ ..] = bytes::<8>(source)?;
        Ok(Self { name: [a, b, c, d], start: start + 8, length: u64::from(u32::from_le_bytes(length)) })
    }

    fn end(self) -> u64 {
        self.start + self.length
    }

    fn read(self, source: &mut (impl BufRead + Seek)) -> Result<Vec<u8>, Problem> {
        let mut content = Vec::new();
        source.seek(SeekFrom::Start(self.start)).map_err(ended)?;
        source.take(self.length.min(MAX_CHUNK)).read_to_end(&mut content).map_err(ended)?;
        Ok(content)
    }

    /// Width and height of a bitstream, and whether it is lossless.
    fn coded_size(self, source: &mut (impl BufRead + Seek)) -> Result<(u32, u32, bool), Problem> {
        source.seek(SeekFrom::Start(self.start)).map_err(ended)?;
        if &self.name == b"VP8 " {
            // RFC 6386, section 9.1: a frame tag, a start code, twice 14 bits of size.
            let [_, _, _, _, _, _, w0, w1, h0, h1] = bytes(source)?;
            let size = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
            return Ok((size(w0, w1), size(h0, h1), false));
        }
        // RFC 9649, section 3.4: a signature, twice 14 bits of size less one.
        let [_, size @ ..] = bytes::<5>(source)?;
        let size = u32::from_le_bytes(size);
        Ok(((size & 0x3FFF) + 1, ((size >> 14) & 0x3FFF) + 1, true))
    }
}

impl Header {
    fn read(source: &mut (impl BufRead + Seek), file: u64) -> Result<Self, Problem> {
        let head = bytes::<12>(source)?;
        if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") {
            return Err(Problem::broken("it does not begin as a WebP"));
        }
        let first = Chunk::at(source, 12)?;
        if &first.name != b"VP8X" {
            let (width, height, lossless) = first.coded_size(source)?;
            return Ok(Self { width, height, bytes_per_pixel: memory(lossless, false), profile: None, exif: None });
        }
        let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = bytes(source)?;
        let (width, height) = (u32::from_le_bytes([w0, w1, w2, 0]) + 1, u32::from_le_bytes([h0, h1, h2, 0]) + 1);
        let is_animated = flags & 2 != 0;
        let mut header = Self { width, height, bytes_per_pixel: 0, profile: None, exif: None };
        let mut at = first.end();
        while at + 8 <= file {
            let chunk = Chunk::at(source, at)?;
            match &chunk.name {
                b"ICCP" => header.profile = header.profile.or(Some(chunk)),
                b"EXIF" => header.exif = header.exif.or(Some(chunk)),
                b"VP8 " | b"VP8L" if !is_animated => {
                    header.claim(chunk, source, |w, h| (w, h) == (width, height))?;
                }
                b"ANMF" if is_animated && header.bytes_per_pixel == 0 => {
                    // Sixteen bytes of the frame's place come first, then perhaps its alpha.
                    let mut coded = Chunk::at(source, chunk.start + 16)?;
                    if &coded.name == b"ALPH" {
                        coded = Chunk::at(source, coded.end() + (coded.length & 1))?;
                    }
                    header.claim(coded, source, |w, h| w <= width && h <= height)?;
                    header.bytes_per_pixel = ANIMATION;
                }
                _ => {}
            }
            at = chunk.end() + (chunk.length & 1);
        }
        if header.bytes_per_pixel == 0 { Err(Problem::broken("it has no pixels")) } else { Ok(header) }
    }

    fn claim(
        &mut self,
        coded: Chunk,
        source: &mut (impl BufRead + Seek),
        fits: impl Fn(u32, u32) -> bool,
    ) -> Result<(), Problem> {
        let (width, height, lossless) = coded.coded_size(source)?;
        if !fits(width, height) {
            return Err(Problem::broken("it says two sizes"));
        }
        self.bytes_per_pixel = self.bytes_per_pixel.max(memory(lossless, true));
        Ok(())
    }
}

/// Canvas, first frame with its planes, the picture, and a copy on the way to it.
const ANIMATION: u64 = 18;

/// Bytes for each pixel of a still picture.
fn memory(lossless: bool, may_have_alpha: bool) -> u64 {
    match (lossless, may_have_alpha) {
        (true, _) => 9,
        (false, false) => 5,
        (false, true) => 11,
    }
}

fn bytes<const N: usize>(source: &mut impl Read) -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes).map_err(ended)?;
    Ok(bytes)
}
