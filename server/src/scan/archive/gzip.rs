//! gzip (RFC 1952): one or more members, whose contents together are one file.

use std::io::{BufRead, BufReader};

use flate2::bufread::GzDecoder;

use super::{Inspection, Stop, Subject, refuse, window::Window};

pub(super) fn look(inspection: &mut Inspection<'_>, subject: &mut Subject<'_>) -> Result<bool, Stop> {
    // The mark, the one method there is, and no unknown flags.
    if !matches!(subject.head.as_slice(), [0x1F, 0x8B, 8, 0..=0x1F, ..]) {
        return Ok(false);
    }
    inspection.enter(subject)?;
    let mut packed = BufReader::new(Window::new(subject.file, 0, subject.size));
    let mut unpacked = inspection.new_file();
    loop {
        inspection.count_member()?;
        inspection.unpack(&mut GzDecoder::new(&mut packed), &mut unpacked)?;
        match packed.fill_buf()?.first() {
            Some(0x1F) => {}
            _ => break,
        }
    }
    // Padding, as tapes have it.
    if !super::only_zeros(&mut packed)? {
        return refuse("the gzip file has something else at its end");
    }
    inspection.file(&mut unpacked.file, subject.depth + 1)?;
    Ok(true)
}
