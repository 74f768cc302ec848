//! Where the central directory of a zip is.
//!
//! Programs look for it in different ways: by the last mark of its end, by the one whose comment fits, by its place or by its
//! size. Where they could find different ones, the file is refused.

use memchr::memmem;

use super::{
    Stop, Subject, refuse,
    window::{self, ReadSeek},
};

/// Bytes of a record of the end, without its comment.
const END: usize = 22;
const END_64: usize = 56;
const LOCATOR: usize = 20;
/// A comment has at most this many bytes.
const MAX_COMMENT: usize = 0xFFFF;
/// Marks of an end that lead nowhere; a file has none or one by accident.
const MAX_FALSE_ENDS: usize = 64;

/// A central directory that is there.
pub(super) struct Directory {
    /// Where it starts in the file.
    pub(super) start: u64,
    /// Its size in bytes.
    pub(super) size: u64,
    /// How many members it says it has.
    pub(super) entries: u64,
    /// How many bytes are before the archive and are not counted in its offsets.
    pub(super) shift: u64,
}

/// Finds the directory, if the file has one.
pub(super) fn find(subject: &mut Subject<'_>) -> Result<Option<Directory>, Stop> {
    let tail_start = subject.size.saturating_sub((END + MAX_COMMENT) as u64);
    let tail = window::read_up_to(subject.file, tail_start, END + MAX_COMMENT)?;
    let mut found: Option<(u64, Directory)> = None;
    let mut false_ends = 0;
    for from in memmem::rfind_iter(&tail, b"PK\x05\x06") {
        let Some(record) = tail.get(from..).and_then(|rest| rest.first_chunk()) else { continue };
        let at = tail_start + from as u64;
        if found.as_ref().is_some_and(|(later, _)| at + END as u64 + u64::from(u16_at(record, 20)) <= *later) {
            // It is inside the archive: the end of a stored one.
            continue;
        }
        match (read_end(subject.file, at, record)?, &found) {
            (Some(_), Some(_)) => return refuse("the zip archive has two directories"),
            (Some(directory), None) => found = Some((at, directory)),
            (None, _) => false_ends += 1,
        }
        if false_ends > MAX_FALSE_ENDS {
            return refuse("the file has too many ends of a zip archive");
        }
    }
    Ok(found.map(|(_, directory)| directory))
}

/// Follows a record of the end; `None` if no directory belongs to it, or an empty one.
fn read_end(file: &mut dyn ReadSeek, at: u64, record: &[u8; END]) -> Result<Option<Directory>, Stop> {
    let (disk, first_disk) = (u16_at(record, 4), u16_at(record, 6));
    let mut entries = (u64::from(u16_at(record, 8)), u64::from(u16_at(record, 10)));
    let (mut size, mut offset) = (u64::from(u32_at(record, 12)), u64::from(u32_at(record, 16)));
    let mut end = at;
    if let Some((at_64, long)) = read_end_64(file, at)? {
        let wide = (u64_at(&long, 24), u64_at(&long, 32), u64_at(&long, 40), u64_at(&long, 48));
        let agrees = |short: u64, limit: u64, long: u64| short == limit || short == long;
        if !agrees(entries.0, 0xFFFF, wide.0)
            || !agrees(entries.1, 0xFFFF, wide.1)
            || !agrees(size, 0xFFFF_FFFF, wide.2)
            || !agrees(offset, 0xFFFF_FFFF, wide.3)
        {
            return refuse("the zip archive has two ends that disagree");
        }
        (entries, size, offset, end) = ((wide.0, wide.1), wide.2, wide.3, at_64);
    }
    if entries.1 == 0 && size == 0 {
        return Ok(None);
    }
    let by_size = end.checked_sub(size);
    let by_offset = Some(offset).filter(|offset| offset.checked_add(size).is_some_and(|after| after <= end));
    let (by_size, by_offset) = (has_entry(file, by_size)?, has_entry(file, by_offset)?);
    let (start, shift) = match (by_size, by_offset) {
        (None, None) => return Ok(None),
        (Some(start), Some(other)) if start != other => return refuse("the zip archive has two directories"),
        (Some(start), None) => match start.checked_sub(offset) {
            Some(shift) => (start, shift),
            None => return Ok(None),
        },
        (_, Some(start)) => (start, 0),
    };
    if disk != 0 || first_disk != 0 || entries.0 != entries.1 {
        return refuse("the zip archive is one part of several");
    }
    Ok(Some(Directory { start, size, entries: entries.1, shift }))
}

/// The zip64 record of the end, which a locator just before the ordinary one points to; with its place.
fn read_end_64(file: &mut dyn ReadSeek, end: u64) -> Result<Option<(u64, [u8; END_64])>, Stop> {
    let Some(at) = end.checked_sub(LOCATOR as u64) else { return Ok(None) };
    let Some(locator) = window::read_at::<LOCATOR>(file, at)?.filter(|bytes| bytes.starts_with(b"PK\x06\x07")) else {
        return Ok(None);
    };
    // The place it gives, or, if something was put before the archive, just before the locator.
    for start in [Some(u64_at(&locator, 8)), at.checked_sub(END_64 as u64)].into_iter().flatten() {
        let record = window::read_at::<END_64>(file, start)?.filter(|bytes| bytes.starts_with(b"PK\x06\x06"));
        let Some(record) = record else { continue };
        if start.checked_add(12).and_then(|from| from.checked_add(u64_at(&record, 4))) == Some(at) {
            return Ok(Some((start, record)));
        }
    }
    refuse("the zip archive has a damaged end")
}

fn has_entry(file: &mut dyn ReadSeek, at: Option<u64>) -> Result<Option<u64>, Stop> {
    let Some(at) = at else { return Ok(None) };
    Ok((window::read_at(file, at)? == Some(*b"PK\x01\x02")).then_some(at))
}

/// A little-endian number at a place that the record has.
pub(super) fn u16_at(record: &[u8], at: usize) -> u16 {
    record.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

pub(super) fn u32_at(record: &[u8], at: usize) -> u32 {
    record.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

pub(super) fn u64_at(record: &[u8], at: usize) -> u64 {
    record.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
