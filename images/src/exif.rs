//! The one thing of EXIF that matters to what is seen: the orientation.

use image::metadata::Orientation;

/// The orientation that a block of EXIF (from its TIFF header on) asks for.
pub(crate) fn orientation(block: &[u8]) -> Orientation {
    Orientation::from_exif_chunk(block).unwrap_or(Orientation::NoTransforms)
}

/// The smallest block of EXIF that says the orientation of `old`; none if the picture is upright without one. Never longer than
/// `old`, so that no picture grows: the four bytes that say "no further directory" are missing where they were missing before.
///
/// TIFF 6.0, section 2: a little-endian header, one directory of one entry (0x0112, SHORT, one value), no further directory.
pub(crate) fn only_orientation(old: &[u8]) -> Option<Vec<u8>> {
    let orientation = orientation(old);
    if orientation == Orientation::NoTransforms {
        return None;
    }
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    block[18] = orientation.to_exif();
    if old.len() < block.len() {
        block.truncate(22);
    }
    Some(block)
}
