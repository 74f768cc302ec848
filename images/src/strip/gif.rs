//! GIF: blocks up to the trailer (GIF 89a, sections 17 to 27).

use super::Copier;
use crate::Problem;

pub(crate) fn strip(copier: &mut Copier<'_>) -> Result<(), Problem> {
    let screen = copier.read::<13>()?;
    if !screen.starts_with(b"GIF87a") && !screen.starts_with(b"GIF89a") {
        return Err(Problem::broken("it does not begin as a GIF"));
    }
    copier.keep(&screen)?;
    copier.copy(palette(screen[10]))?;
    // A control block belongs to the block after it, so it waits for that.
    let mut control: Option<[u8; 8]> = None;
    loop {
        let [introducer] = copier.read()?;
        match introducer {
            0x3B => {
                if control.is_some() {
                    copier.drop_read();
                }
                return copier.keep(&[introducer]);
            }
            0x2C => {
                if let Some(control) = control.take() {
                    copier.keep(&control)?;
                }
                image(copier)?;
            }
            0x21 => match copier.read()? {
                [0xF9] => {
                    if control.replace(graphic_control(copier)?).is_some() {
                        copier.drop_read();
                    }
                }
                [0xFF] => {
                    application(copier)?;
                    if control.is_some() {
                        // What was kept now stands before it.
                        copier.drop_read();
                    }
                }
                // Plain text is drawn by nobody; the control block before it goes with it.
                [0x01] => {
                    control = None;
                    drop_blocks(copier)?;
                }
                _ => drop_blocks(copier)?,
            },
            _ => return Err(Problem::broken("it has a block that is no block of a GIF")),
        }
    }
}

/// Bytes of the palette that these flags announce.
fn palette(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn image(copier: &mut Copier<'_>) -> Result<(), Problem> {
    let descriptor = copier.read::<9>()?;
    copier.keep(&[0x2C])?;
    copier.keep(&descriptor)?;
    copier.copy(palette(descriptor[8]) + 1)?;
    loop {
        let [length] = copier.read()?;
        copier.keep(&[length])?;
        if length == 0 {
            return Ok(());
        }
        copier.copy(length.into())?;
    }
}

fn graphic_control(copier: &mut Copier<'_>) -> Result<[u8; 8], Problem> {
    match copier.read()? {
        [4, a, b, c, d, 0] => Ok([0x21, 0xF9, 4, a, b, c, d, 0]),
        _ => Err(Problem::broken("it has a control block of a wrong length")),
    }
}

/// Keeps how often an animation repeats, the first block of the two extensions for it.
fn application(copier: &mut Copier<'_>) -> Result<(), Problem> {
    let [length] = copier.read()?;
    if length != 11 {
        copier.drop_read();
        copier.skip(length.into())?;
        return if length == 0 { Ok(()) } else { drop_blocks(copier) };
    }
    let name = copier.read::<11>()?;
    let [length] = copier.read()?;
    let content = copier.read_vec(length.into())?;
    if (&name == b"NETSCAPE2.0" || &name == b"ANIMEXTS1.0") && content.len() == 3 && content[0] == 1 {
        copier.keep(&[0x21, 0xFF, 11])?;
        copier.keep(&name)?;
        copier.keep(&[length])?;
        copier.keep(&content)?;
        let [length] = copier.read()?;
        if length > 0 {
            copier.skip(length.into())?;
            drop_blocks(copier)?;
        }
        return copier.keep(&[0]);
    }
    copier.drop_read();
    if length == 0 { Ok(()) } else { drop_blocks(copier) }
}

/// Leaves out sub-blocks up to the empty one, and the head before them.
fn drop_blocks(copier: &mut Copier<'_>) -> Result<(), Problem> {
    copier.drop_read();
    loop {
        let [length] = copier.read()?;
        if length == 0 {
            return Ok(());
        }
        copier.skip(length.into())?;
    }
}
