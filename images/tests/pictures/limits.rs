//! What a thumbnail may cost, and whose fault a failure is.

use std::{
    io::{self, Cursor, Read, Seek, SeekFrom},
    time::Duration,
};

use image::{DynamicImage, ImageFormat, Rgb};
use reupload_images::{Limits, Problem, thumbnails};

use crate::{
    make,
    thumbnails::{LIMITS, SIDES},
};

#[test]
fn a_picture_with_too_many_pixels_is_refused_in_words() {
    let limits = Limits { max_pixels: 10_000, ..LIMITS };
    for (mime, bytes) in [
        ("image/png", make::png(make::quarters(101, 100))),
        ("image/jpeg", make::jpeg(&make::quarters(101, 100))),
        ("image/gif", make::gif(&DynamicImage::from(make::quarters(101, 100)).into_rgba8())),
        ("image/webp", make::webp(&DynamicImage::from(make::quarters(101, 100)).into_rgba8())),
        ("image/bmp", make::encode(make::quarters(101, 100), ImageFormat::Bmp)),
        ("image/tiff", make::encode(make::quarters(101, 100), ImageFormat::Tiff)),
    ] {
        let problem = thumbnails(Cursor::new(bytes), mime, &SIDES, &limits).unwrap_err();
        let text = problem.to_string();
        assert!(text.starts_with("The picture is too large: it has 101 × 100 pixels"), "{mime}: {text}");
    }
}

struct Slow<R>(R);

impl<R: Read> Read for Slow<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        std::thread::sleep(Duration::from_millis(20));
        let few = buf.len().min(512);
        self.0.read(&mut buf[..few])
    }
}

impl<R: Seek> Seek for Slow<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn reading_ends_at_the_time_limit() {
    let mut dice = make::Dice(7);
    let noise = image::RgbImage::from_fn(400, 400, |_, _| Rgb(dice.roll().to_le_bytes()[..3].try_into().unwrap()));
    let limits = Limits { timeout: Duration::from_millis(100), ..LIMITS };
    for (mime, bytes) in [
        ("image/jpeg", make::jpeg(&noise)),
        ("image/png", make::png(noise.clone())),
        ("image/gif", make::gif(&DynamicImage::from(noise.clone()).into_rgba8())),
        ("image/webp", make::webp(&DynamicImage::from(noise.clone()).into_rgba8())),
        ("image/bmp", make::encode(noise.clone(), ImageFormat::Bmp)),
        ("image/tiff", make::encode(noise.clone(), ImageFormat::Tiff)),
    ] {
        let begun = std::time::Instant::now();
        let result = thumbnails(Slow(Cursor::new(bytes)), mime, &SIDES, &limits);
        assert!(matches!(result, Err(Problem::TooSlow)), "{mime}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{mime}: {:?}", begun.elapsed());
    }
}

struct Failing(Cursor<Vec<u8>>);

impl Read for Failing {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.0.position() > 60 {
            return Err(io::Error::other("the disk is gone"));
        }
        let few = buf.len().min(30);
        self.0.read(&mut buf[..few])
    }
}

impl Seek for Failing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_failing_disk_is_not_the_pictures_fault() {
    for (mime, bytes) in make::samples() {
        let result = thumbnails(Failing(Cursor::new(bytes)), mime, &SIDES, &LIMITS);
        let problem = result.map(|made| made.len()).unwrap_err();
        assert!(matches!(&problem, Problem::Io(error) if error.to_string() == "the disk is gone"), "{mime}: {problem:?}");
    }
}
