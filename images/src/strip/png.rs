//! PNG and APNG: chunks up to IEND (W3C PNG, third edition, section 5).

use super::Copier;
use crate::{Problem, exif};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Pixels, colours, transparency, animation and the shape of a pixel.
const KEPT: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// No more of an eXIf chunk is searched for the orientation, which is at its beginning.
const EXIF_HEAD: u32 = u16::MAX as u32;

pub(crate) fn strip(copier: &mut Copier<'_>) -> Result<(), Problem> {
    let signature = copier.read()?;
    if signature != SIGNATURE {
        return Err(Problem::broken("it does not begin as a PNG"));
    }
    copier.keep(&signature)?;
    let (mut is_first, mut has_exif) = (true, false);
    loop {
        let head = copier.read::<8>()?;
        let [l3, l2, l1, l0, name @ ..] = head;
        let length = u32::from_be_bytes([l3, l2, l1, l0]);
        if is_first != (&name == b"IHDR") || length > i32::MAX.unsigned_abs() || !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(Problem::broken("its chunks are not those of a PNG"));
        }
        is_first = false;
        let with_crc = u64::from(length) + 4;
        if KEPT.contains(&&name) {
            copier.keep(&head)?;
            copier.copy(with_crc)?;
        } else if &name == b"eXIf" && !has_exif {
            has_exif = true;
            orientation(copier, head, length)?;
        } else if name[0].is_ascii_uppercase() {
            return Err(Problem::broken("it has a chunk that is needed and unknown"));
        } else {
            copier.drop_read();
            copier.skip(with_crc)?;
        }
        if &name == b"IEND" {
            // One with content is a hiding place.
            return if length == 0 { Ok(()) } else { Err(Problem::broken("its end is not empty")) };
        }
    }
}

/// Keeps the orientation of an eXIf chunk whose head was read.
fn orientation(copier: &mut Copier<'_>, head: [u8; 8], length: u32) -> Result<(), Problem> {
    let read = u16::try_from(length.min(EXIF_HEAD)).unwrap_or(u16::MAX);
    let content = copier.read_vec(read)?;
    let Some(block) = exif::only_orientation(&content) else {
        copier.drop_read();
        return copier.skip(u64::from(length) - u64::from(read) + 4);
    };
    let mut chunk = u32::try_from(block.len()).unwrap_or(0).to_be_bytes().to_vec();
    chunk.extend_from_slice(b"eXIf");
    chunk.extend_from_slice(&block);
    let crc = crc32fast::hash(&chunk[4..]);
    chunk.extend_from_slice(&crc.to_be_bytes());
    copier.skip(u64::from(length) - u64::from(read))?;
    let old_crc = copier.read::<4>()?;
    copier.replace(&[&head[..], &content, &old_crc].concat(), &chunk)
}
