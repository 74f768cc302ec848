//! WebP: chunks within RIFF (RFC 9649, section 2). The size of a whole is said before its parts, so each is walked once to learn
//! what will be written and once more to write it.

use std::io::{self, SeekFrom};

use super::Copier;
use crate::{Problem, exif};

/// Flags of VP8X.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// Bytes of an ANMF chunk before the chunks in it.
const FRAME_HEAD: u32 = 16;

/// No more of an EXIF chunk is searched for the orientation, which is at its beginning.
const EXIF_HEAD: u32 = u16::MAX as u32;

pub(crate) fn strip(copier: &mut Copier<'_>) -> Result<(), Problem> {
    let [r, i, f, f2, l0, l1, l2, l3, form @ ..] = copier.read::<12>()?;
    if &[r, i, f, f2] != b"RIFF" || &form != b"WEBP" {
        return Err(Problem::broken("it does not begin as a WebP"));
    }
    let length = u32::from_le_bytes([l0, l1, l2, l3]).checked_sub(4).ok_or_else(wrong_length)?;
    let mut file = Level::default();
    measure(copier, length, Place::File, &mut file)?;
    if !file.has_pixels {
        return Err(Problem::broken("it has no pixels"));
    }
    copier.keep(b"RIFF")?;
    let written = file.written.checked_add(4).ok_or_else(wrong_length)?;
    copier.replace(&[l0, l1, l2, l3], &written.to_le_bytes())?;
    copier.keep(&form)?;
    walk(copier, length, Place::File, &mut file)
}

/// Where a list of chunks is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    File,
    Frame,
}

/// What was found in a list of chunks.
#[derive(Default)]
struct Level {
    is_extended: bool,
    has_pixels: bool,
    /// Whether an EXIF chunk is written.
    has_exif: bool,
    /// Bytes.
    written: u32,
}

/// Walks without writing, and goes back.
fn measure(copier: &mut Copier<'_>, length: u32, place: Place, level: &mut Level) -> Result<(), Problem> {
    let start = copier.source.stream_position().map_err(Problem::Io)?;
    let mut nowhere = io::sink();
    walk(&mut Copier { source: &mut *copier.source, out: &mut nowhere, changed: false }, length, place, level)?;
    copier.source.seek(SeekFrom::Start(start)).map_err(Problem::Io)?;
    Ok(())
}

fn walk(copier: &mut Copier<'_>, mut left: u32, place: Place, level: &mut Level) -> Result<(), Problem> {
    let announces_exif = level.has_exif;
    *level = Level::default();
    while left > 0 {
        left = left.checked_sub(8).ok_or_else(wrong_length)?;
        let head = copier.read::<8>()?;
        let [a, b, c, d, length @ ..] = head;
        let name = [a, b, c, d];
        let length = u32::from_le_bytes(length);
        left = left.checked_sub(length).ok_or_else(wrong_length)?;
        // Some files lack the padding after their last chunk.
        let has_padding = length % 2 == 1 && left > 0;
        left -= u32::from(has_padding);

        let written = match &name {
            b"ALPH" | b"VP8 " | b"VP8L" => {
                level.has_pixels |= &name != b"ALPH";
                keep(copier, head, length)?
            }
            b"ICCP" | b"ANIM" if place == Place::File => keep(copier, head, length)?,
            b"VP8X" if place == Place::File && length == 10 => {
                level.is_extended = true;
                let content = copier.read::<10>()?;
                let mut flags = content[0] & !(HAS_EXIF | HAS_XMP);
                if announces_exif {
                    flags |= HAS_EXIF;
                }
                copier.keep(&head)?;
                copier.replace(&content[..1], &[flags])?;
                copier.keep(&content[1..])?;
                length
            }
            b"ANMF" if place == Place::File && length >= FRAME_HEAD => {
                level.has_pixels = true;
                frame(copier, head, length)?
            }
            b"EXIF" if level.is_extended && !level.has_exif => match orientation(copier, head, length)? {
                0 => {
                    copier.skip(has_padding.into())?;
                    continue;
                }
                written => {
                    level.has_exif = true;
                    written
                }
            },
            b"VP8X" | b"ANMF" | b"ANIM" | b"ICCP" => return Err(Problem::broken("it has a chunk where none may be")),
            _ => {
                copier.drop_read();
                copier.skip(u64::from(length) + u64::from(has_padding))?;
                continue;
            }
        };
        let mut pads = 0;
        if has_padding {
            let padding = copier.read::<1>()?;
            if written % 2 == 1 {
                copier.replace(&padding, &[0])?;
                pads = 1;
            } else {
                copier.drop_read();
            }
        }
        let padded = written.checked_add(8 + pads).ok_or_else(wrong_length)?;
        level.written = level.written.checked_add(padded).ok_or_else(wrong_length)?;
    }
    Ok(())
}

fn wrong_length() -> Problem {
    Problem::broken("its chunks are longer than the whole")
}

fn keep(copier: &mut Copier<'_>, head: [u8; 8], length: u32) -> Result<u32, Problem> {
    copier.keep(&head)?;
    copier.copy(length.into())?;
    Ok(length)
}

/// Copies a frame of an animation without chunks that are not its pixels.
fn frame(copier: &mut Copier<'_>, head: [u8; 8], length: u32) -> Result<u32, Problem> {
    let place = copier.read::<{ FRAME_HEAD as usize }>()?;
    let mut within = Level::default();
    measure(copier, length - FRAME_HEAD, Place::Frame, &mut within)?;
    let written = FRAME_HEAD + within.written;
    copier.keep(&head[..4])?;
    copier.replace(&head[4..], &written.to_le_bytes())?;
    copier.keep(&place)?;
    walk(copier, length - FRAME_HEAD, Place::Frame, &mut within)?;
    Ok(written)
}

/// Keeps the orientation of an EXIF chunk, and tells how much that is.
fn orientation(copier: &mut Copier<'_>, head: [u8; 8], length: u32) -> Result<u32, Problem> {
    let read = u16::try_from(length.min(EXIF_HEAD)).unwrap_or(u16::MAX);
    let content = copier.read_vec(read)?;
    copier.skip((length - u32::from(read)).into())?;
    let Some(block) = exif::only_orientation(&content) else {
        copier.drop_read();
        return Ok(0);
    };
    let written = u32::try_from(block.len()).unwrap_or(0);
    copier.keep(&head[..4])?;
    copier.replace(&head[4..], &written.to_le_bytes())?;
    copier.replace(&content, &block)?;
    Ok(written)
}
