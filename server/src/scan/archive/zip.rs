//! zip (PKWARE's APPNOTE.TXT), also as docx, jar, odt and others.
//!
//! Only `flate2` is borrowed. The crates that read zips keep the whole directory in memory whatever its size, keep the last of two
//! members of one name, and believe the directory without comparing it with the members' own headers: each of these hides
//! something from us that another program would find. Whatever is inconsistent is refused before anything is unpacked.

use std::io::BufReader;

use flate2::bufread::DeflateDecoder;
use memchr::memmem;

use super::{
    Inspection, Stop, Subject, refuse,
    window::{self, ReadSeek, Window},
    zip_directory::{self, Directory, u16_at, u32_at, u64_at},
};

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Encrypted; strongly encrypted; with a masked header.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
/// The sizes follow the contents.
const SIZES_FOLLOW: u16 = 1 << 3;
/// What tells a header of a member.
const LOCAL: &[u8; 4] = b"PK\x03\x04";

struct Member {
    /// Where its own header starts.
    start: u64,
    /// Where its contents start and end.
    data: u64,
    end: u64,
    method: u16,
    /// What it says it unpacks to, in bytes.
    size: u64,
}

pub(super) fn look(inspection: &mut Inspection<'_>, subject: &mut Subject<'_>) -> Result<bool, Stop> {
    let Some(directory) = zip_directory::find(subject)? else {
        return match subject.head.starts_with(LOCAL) || subject.head.starts_with(b"PK\x07\x08PK\x03\x04") {
            true => refuse("the zip archive is damaged: it has no directory"),
            false => Ok(false),
        };
    };
    inspection.enter(subject)?;
    let members = read_members(inspection, subject, &directory)?;
    check_layout(subject, &directory, &members)?;
    for member in &members {
        unpack(inspection, subject, member)?;
    }
    Ok(true)
}

fn read_members(inspection: &mut Inspection<'_>, subject: &mut Subject<'_>, directory: &Directory) -> Result<Vec<Member>, Stop> {
    let end = directory.start + directory.size;
    let (mut members, mut at) = (Vec::new(), directory.start);
    for _ in 0..directory.entries {
        inspection.count_member()?;
        let (member, next) = read_entry(subject.file, at, directory.shift)?;
        if next > end {
            return damaged("its directory is longer than it says");
        }
        members.push(member);
        at = next;
    }
    if at != end {
        return damaged("its directory has another length than it says");
    }
    members.sort_unstable_by_key(|member| member.start);
    Ok(members)
}

/// Reads an entry of the directory and the header of its member; gives the place of the next entry too.
fn read_entry(file: &mut dyn ReadSeek, at: u64, shift: u64) -> Result<(Member, u64), Stop> {
    let Some(entry) = window::read_at::<46>(file, at)?.filter(|entry| entry.starts_with(b"PK\x01\x02")) else {
        return damaged("its directory is shorter than it says");
    };
    let (flags, method) = (u16_at(&entry, 8), u16_at(&entry, 10));
    if flags & ENCRYPTED != 0 || method == 99 {
        return refuse("the zip archive has an encrypted member");
    }
    if !matches!(method, STORED | DEFLATED) {
        return refuse(format!("the zip archive has a member that is compressed by the unknown method {method}"));
    }
    let (name_length, extra_length) = (usize::from(u16_at(&entry, 28)), usize::from(u16_at(&entry, 30)));
    let texts = window::read_up_to(file, at + 46, name_length + extra_length)?;
    let Some((name, extra)) = texts.split_at_checked(name_length) else { return damaged("its directory is cut off") };
    let next = at + 46 + (name_length + extra_length) as u64 + u64::from(u16_at(&entry, 32));
    let mut long = Zip64::of(extra);
    let size = long.or(u32_at(&entry, 24));
    let packed = long.or(u32_at(&entry, 20));
    let offset = long.or(u32_at(&entry, 42));
    let Some(start) = offset.checked_add(shift) else { return damaged("a member is beyond its end") };

    let Some(header) = window::read_at::<30>(file, start)?.filter(|header| header.starts_with(LOCAL)) else {
        return damaged("a member is not where its directory says");
    };
    let (name_length, extra_length) = (usize::from(u16_at(&header, 26)), usize::from(u16_at(&header, 28)));
    let texts = window::read_up_to(file, start + 30, name_length + extra_length)?;
    let Some((own_name, extra)) = texts.split_at_checked(name_length) else { return damaged("a member is cut off") };
    let mut long = Zip64::of(extra);
    let (own_size, own_packed) = (long.or(u32_at(&header, 22)), long.or(u32_at(&header, 18)));
    let own_flags = u16_at(&header, 6);
    let unknown = |own: u64| own_flags & SIZES_FOLLOW != 0 && matches!(own, 0 | 0xFFFF_FFFF);
    if own_flags & ENCRYPTED != 0 {
        return refuse("the zip archive has an encrypted member");
    }
    if own_name != name
        || u16_at(&header, 8) != method
        || !(own_size == size || unknown(own_size))
        || !(own_packed == packed || unknown(own_packed))
    {
        return damaged("its directory and a member's own header disagree");
    }
    let data = start + 30 + (name_length + extra_length) as u64;
    let Some(end) = data.checked_add(packed) else { return damaged("a member is beyond its end") };
    Ok((Member { start, data, end, method, size }, next))
}

/// Refuses members that overlap, and members that the directory does not name.
fn check_layout(subject: &mut Subject<'_>, directory: &Directory, members: &[Member]) -> Result<(), Stop> {
    let mut at = 0;
    for member in members {
        if member.start < at {
            return damaged("its members overlap");
        }
        check_gap(subject.file, at, member.start)?;
        at = member.end;
    }
    if at > directory.start {
        return damaged("a member and the directory overlap");
    }
    check_gap(subject.file, at, directory.start)?;
    check_gap(subject.file, directory.start + directory.size, subject.size)
}

/// Between members are at most their sizes, before the first is at most a program that unpacks.
fn check_gap(file: &mut dyn ReadSeek, start: u64, end: u64) -> Result<(), Stop> {
    let mut at = start;
    while at < end {
        let most = (end - at).min(super::PIECE as u64);
        let piece = window::read_up_to(file, at, usize::try_from(most).unwrap_or(super::PIECE))?;
        if memmem::find(&piece, LOCAL).is_some() {
            return refuse("the zip archive has a member that its directory does not name");
        }
        if piece.len() < 4 || at + most == end {
            return Ok(());
        }
        // The mark may lie across two pieces.
        at += piece.len() as u64 - 3;
    }
    Ok(())
}

fn unpack(inspection: &mut Inspection<'_>, subject: &mut Subject<'_>, member: &Member) -> Result<(), Stop> {
    let packed = member.end - member.data;
    if member.method == STORED {
        if packed != member.size {
            return damaged("a stored member has two sizes");
        }
        return inspection.in_place(subject, member.data, packed);
    }
    let mut unpacked = inspection.new_file();
    let mut decoder = DeflateDecoder::new(BufReader::new(Window::new(subject.file, member.data, packed)));
    inspection.unpack(&mut decoder, &mut unpacked)?;
    if decoder.total_in() != packed || unpacked.size != member.size {
        return damaged("a member has another size than it says");
    }
    inspection.file(&mut unpacked.file, subject.depth + 1)
}

/// The wide numbers of a zip64 extra field, in their order: each is there only if the narrow one is full.
struct Zip64<'a>(&'a [u8]);

impl<'a> Zip64<'a> {
    fn of(mut extra: &'a [u8]) -> Self {
        while let Some((head, rest)) = extra.split_at_checked(4) {
            let Some((field, after)) = rest.split_at_checked(usize::from(u16_at(head, 2))) else { break };
            if u16_at(head, 0) == 1 {
                return Self(field);
            }
            extra = after;
        }
        Self(&[])
    }

    fn or(&mut self, narrow: u32) -> u64 {
        match self.0.split_at_checked(8) {
            Some((wide, rest)) if narrow == u32::MAX => {
                self.0 = rest;
                u64_at(wide, 0)
            }
            _ => u64::from(narrow),
        }
    }
}

fn damaged<T>(how: &str) -> Result<T, Stop> {
    refuse(format!("the zip archive is damaged: {how}"))
}
