//! Pictures, bytes in and bytes out: small JPEG or WebP thumbnails of them, and copies of them without metadata.
//!
//! Everything here is synchronous, bounded in memory and made for hostile input: call it on a thread that may block. To read one
//! more format, give it a variant of [`Format`], a function in `decode/` that checks its header against the [`Limits`] before it
//! decodes, and, if it can carry metadata, a file in `strip/`.

mod colour;
mod decode;
mod encode;
mod exif;
mod scale;
mod strip;
mod watch;

use std::{
    io::{self, Read, Seek, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use watch::{Watch, Watched};

/// What a picture may cost. Checked against its header, before anything is decoded.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Width times height of the original.
    pub max_pixels: u64,
    /// Bytes of memory at the worst moment, estimated from the header.
    pub max_memory: u64,
    /// From the call on. Looked at whenever bytes are read and between the steps, so a call can last a little longer.
    pub timeout: Duration,
}

/// Why there is no thumbnail or no copy. The texts are sentences for people.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A kind of file, or of picture within its kind, that nothing here can read.
    #[error("This kind of picture is not supported.")]
    Unsupported,
    /// Beyond the [`Limits`], by its own header.
    #[error("The picture is too large: {0}.")]
    TooLarge(String),
    /// Cut off, damaged or made to mislead.
    #[error("The picture is damaged: {0}.")]
    Broken(String),
    /// Beyond [`Limits::timeout`].
    #[error("The picture takes too long to read.")]
    TooSlow,
    /// The reader or the writer failed, which says nothing about the picture.
    #[error("The bytes of the picture could not be read or written.")]
    Io(#[source] io::Error),
}

impl Problem {
    fn broken(why: impl Into<String>) -> Self {
        Self::Broken(why.into())
    }
}

/// A picture that fits into `side` × `side` pixels. It carries no metadata and no colour profile; its colours are sRGB.
#[derive(Clone, Debug)]
pub struct Thumbnail {
    /// The side that was asked for.
    pub side: u32,
    /// Pixels, at least 1 and at most `side`; the same for `height`.
    pub width: u32,
    #[expect(missing_docs, reason = "see width")]
    pub height: u32,
    /// `image/jpeg`, or `image/webp` if parts of the picture can be seen through.
    pub mime: &'static str,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}

/// What came of [`strip_metadata`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stripped {
    /// There was nothing to take away: the copy equals the original.
    Unchanged,
    /// The copy differs.
    Changed,
}

#[derive(Clone, Copy)]
enum Format {
    Jpeg,
    Png,
    Gif,
    WebP,
    Bmp,
    Tiff,
}

impl Format {
    fn of(mime: &str) -> Option<Self> {
        Some(match mime {
            "image/jpeg" => Self::Jpeg,
            "image/png" | "image/apng" => Self::Png,
            "image/gif" => Self::Gif,
            "image/webp" => Self::WebP,
            "image/bmp" => Self::Bmp,
            "image/tiff" => Self::Tiff,
            _ => return None,
        })
    }
}

/// Whether [`thumbnails`] reads this media type, in lower case and without parameters.
pub fn can_thumbnail(mime: &str) -> bool {
    Format::of(mime).is_some()
}

/// A thumbnail for each of `sides`, in their order: the aspect is kept, nothing is enlarged, the orientation of EXIF is applied, and
/// of an animation only the first frame is read.
pub fn thumbnails(reader: impl Read + Seek, mime: &str, sides: &[u32], limits: &Limits) -> Result<Vec<Thumbnail>, Problem> {
    let format = Format::of(mime).ok_or(Problem::Unsupported)?;
    let watch = Watch::new(limits.timeout);
    let source = Watched::new(reader, &watch);
    // Decoders are large and some of their checks are assertions.
    let made = catch_unwind(AssertUnwindSafe(|| {
        let largest = sides.iter().copied().max().unwrap_or(0).max(1);
        let picture = decode::decode(source, format, largest, limits)?;
        watch.check()?;
        scale::all(picture, sides)?.into_iter().map(encode::encode).collect()
    }));
    watch.judge(made.unwrap_or_else(|_| Err(Problem::broken("no decoder understands it"))))
}

/// Whether [`strip_metadata`] reads this media type, in lower case and without parameters.
pub fn can_strip(mime: &str) -> bool {
    Format::of(mime).is_some_and(|format| strip::of(format).is_some())
}

/// Copies a picture without its metadata: position, time, camera, captions, thumbnails within, and whatever follows its end. The
/// coded pixels stay byte for byte, and so do the colour profile, the animation and, alone of EXIF, the orientation.
///
/// A structure that is not understood to the end is [`Problem::Broken`], so that nothing can hide in it; what was written until then
/// is useless. Bytes hidden within the coded pixels are not looked for. Memory stays small whatever the size of the file.
pub fn strip_metadata(reader: impl Read + Seek, mime: &str, out: impl Write) -> Result<Stripped, Problem> {
    let strip = Format::of(mime).and_then(strip::of).ok_or(Problem::Unsupported)?;
    strip::run(strip, reader, out)
}
