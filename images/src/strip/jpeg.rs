//! JPEG: segments up to the end of the picture (ITU-T T.81, annex B).

use super::Copier;
use crate::{Problem, exif};

const EXIF: &[u8] = b"Exif\0\0";

pub(crate) fn strip(copier: &mut Copier<'_>) -> Result<(), Problem> {
    let start = copier.read::<2>()?;
    if start != [0xFF, 0xD8] {
        return Err(Problem::broken("it does not begin as a JPEG"));
    }
    copier.keep(&start)?;
    let (mut has_frame, mut has_scan, mut has_exif) = (false, false, false);
    let mut following = None;
    loop {
        let marker = match following.take() {
            Some(marker) => marker,
            None => next_marker(copier)?,
        };
        match marker {
            // End of the picture.
            0xD9 if has_scan => return copier.keep(&[0xFF, marker]),
            0xDA if has_frame => {
                segment(copier, marker)?;
                following = Some(scan(copier)?);
                has_scan = true;
            }
            // Frame headers and tables, with the arithmetic and hierarchical ones.
            0xC0..=0xC7 | 0xC9..=0xCF | 0xDB..=0xDF => {
                has_frame |= !matches!(marker, 0xC4 | 0xCC | 0xDB..=0xDF);
                segment(copier, marker)?;
            }
            0xE0..=0xEF => application(copier, marker, &mut has_exif)?,
            0xFE => {
                let length = length(copier)?;
                copier.skip(length.into())?;
                copier.drop_read();
            }
            _ => return Err(Problem::broken("it has a marker where none may be")),
        }
    }
}

fn next_marker(copier: &mut Copier<'_>) -> Result<u8, Problem> {
    let [mark] = copier.read()?;
    if mark != 0xFF {
        return Err(Problem::broken("it has bytes between its segments"));
    }
    loop {
        let [marker] = copier.read()?;
        if marker != 0xFF {
            return Ok(marker);
        }
        // Any number of these may come before a marker; none is needed.
        copier.drop_read();
    }
}

/// What the segment's length leaves for its content.
fn length(copier: &mut Copier<'_>) -> Result<u16, Problem> {
    let length = u16::from_be_bytes(copier.read()?);
    length.checked_sub(2).ok_or_else(|| Problem::broken("it has a segment without a length"))
}

fn head(marker: u8, length: u16) -> [u8; 4] {
    let [high, low] = length.saturating_add(2).to_be_bytes();
    [0xFF, marker, high, low]
}

fn segment(copier: &mut Copier<'_>, marker: u8) -> Result<(), Problem> {
    let length = length(copier)?;
    copier.keep(&head(marker, length))?;
    copier.copy(length.into())
}

/// Keeps the entropy-coded bytes and gives the marker that ends them.
fn scan(copier: &mut Copier<'_>) -> Result<u8, Problem> {
    loop {
        copier.copy_until(0xFF)?;
        let [mut next] = copier.read()?;
        while next == 0xFF {
            copier.keep(&[0xFF])?;
            [next] = copier.read()?;
        }
        match next {
            // A byte 0xFF of the data, and restarts.
            0 | 0xD0..=0xD7 => copier.keep(&[0xFF, next])?,
            marker => return Ok(marker),
        }
    }
}

/// Keeps JFIF without its thumbnail, the profile and what says how colours are coded; of the first EXIF the orientation.
fn application(copier: &mut Copier<'_>, marker: u8, has_exif: &mut bool) -> Result<(), Problem> {
    let length = length(copier)?;
    let content = copier.read_vec(length)?;
    let mut kept = Vec::new();
    match marker {
        0xE0 if content.starts_with(b"JFIF\0") && content.len() >= 14 => {
            kept.extend_from_slice(&content[..12]);
            kept.extend_from_slice(&[0, 0]);
        }
        0xE1 if content.starts_with(EXIF) && !*has_exif => {
            *has_exif = true;
            if let Some(block) = exif::only_orientation(&content[EXIF.len()..]) {
                kept.extend_from_slice(EXIF);
                kept.extend_from_slice(&block);
            }
        }
        0xE2 if content.starts_with(b"ICC_PROFILE\0") => kept.extend_from_slice(&content),
        0xEE if content.starts_with(b"Adobe") && content.len() >= 12 => kept.extend_from_slice(&content[..12]),
        _ => {}
    }
    if kept.is_empty() {
        copier.drop_read();
        return Ok(());
    }
    let kept_length = u16::try_from(kept.len()).unwrap_or(length);
    copier.replace(&head(marker, length), &head(marker, kept_length))?;
    copier.replace(&content, &kept)
}
