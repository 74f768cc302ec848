//! tar (POSIX ustar and pax, GNU, and the older forms).
//!
//! The `tar` crate reads the fields of a header. Walking is our own, because the crate takes long names and pax records into
//! memory whatever their size, and follows headers that other programs read in another way.

use std::io::BufReader;

use tar::{EntryType, Header};

use super::{
    Inspection, Stop, Subject, refuse,
    window::{self, ReadSeek, Window},
};

const BLOCK: u64 = 512;
/// Most bytes of pax records, which hold paths and dates.
const MAX_PAX: u64 = 64 * 1024;

pub(super) fn look(inspection: &mut Inspection<'_>, subject: &mut Subject<'_>) -> Result<bool, Stop> {
    let Some(first) = subject.head.first_chunk::<512>() else { return Ok(false) };
    if !has_good_checksum(first) && !first[257..].starts_with(b"ustar") {
        return Ok(false);
    }
    inspection.enter(subject)?;
    let mut at = 0;
    while at < subject.size {
        let Some(header) = window::read_at(subject.file, at)? else { return refuse("the tar archive ends within a header") };
        if header == [0; 512] {
            break;
        }
        inspection.count_member()?;
        let size = size_of_member(&header, subject.file, at + BLOCK)?;
        if size > subject.size.saturating_sub(at + BLOCK) {
            return refuse("the tar archive ends within a member");
        }
        inspection.in_place(subject, at + BLOCK, size)?;
        at += BLOCK + size.next_multiple_of(BLOCK);
    }
    let rest = subject.size.saturating_sub(at);
    if !super::only_zeros(&mut BufReader::new(Window::new(subject.file, at, rest)))? {
        return refuse("the tar archive has something after its end");
    }
    Ok(true)
}

/// How many bytes follow the header, if all programs agree on it.
fn size_of_member(bytes: &[u8; 512], file: &mut dyn ReadSeek, data: u64) -> Result<u64, Stop> {
    let header = Header::from_byte_slice(bytes);
    // The size as a binary number is for members from 8 GiB on.
    let binary = header.as_old().size[0] & 0x80 != 0;
    let (true, false, Ok(size)) = (has_good_checksum(bytes), binary, header.entry_size()) else {
        return refuse("the tar archive has a damaged header");
    };
    match header.entry_type() {
        EntryType::GNUSparse => return refuse("the tar archive has a sparse member"),
        EntryType::Link | EntryType::Symlink | EntryType::Char | EntryType::Block | EntryType::Directory | EntryType::Fifo
            if size > 0 =>
        {
            return refuse("the tar archive has a link, device or folder with contents");
        }
        EntryType::XHeader | EntryType::XGlobalHeader => check_pax(file, data, size)?,
        _ => {}
    }
    Ok(size)
}

/// Refuses records by which the size of the next member is another than its header says.
fn check_pax(file: &mut dyn ReadSeek, data: u64, size: u64) -> Result<(), Stop> {
    if size > MAX_PAX {
        return refuse("the tar archive has too large an extended header");
    }
    let records = window::read_up_to(file, data, usize::try_from(size).unwrap_or(usize::MAX))?;
    let mut rest = records.as_slice();
    while !rest.is_empty() {
        let Some((key, after)) = pax_record(rest) else { return refuse("the tar archive has a damaged extended header") };
        if key == b"size" || key.starts_with(b"GNU.sparse.") {
            return refuse("the tar archive gives the size of a member in an extended header");
        }
        rest = after;
    }
    Ok(())
}

/// The key of the first record, `LENGTH KEY=VALUE\n`, and what follows it. The length counts the whole record.
fn pax_record(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = records.iter().take(8).position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(&records[..blank]).ok()?.parse().ok()?;
    let (record, after) = records.split_at_checked(length)?;
    let text = record.get(blank + 1..)?.strip_suffix(b"\n")?;
    let key_end = text.iter().position(|byte| *byte == b'=')?;
    Some((&text[..key_end], after))
}

/// The sum of all bytes, those of the sum itself taken as blanks.
fn has_good_checksum(header: &[u8; 512]) -> bool {
    let sum: u32 =
        header.iter().enumerate().map(|(at, byte)| u32::from(if (148..156).contains(&at) { b' ' } else { *byte })).sum();
    Header::from_byte_slice(header).cksum().is_ok_and(|said| said == sum)
}
