//! What each format keeps when its metadata goes, and in which form.

use image::{DynamicImage, ImageDecoder, RgbaImage, metadata::Orientation};
use reupload_images::Stripped;

use crate::{
    blocks::Blocks,
    make::{self, MARKER},
    stripping::{copy, decoder, pixels, strip},
};

#[test]
fn an_animation_keeps_its_frames_and_its_repeats() {
    let frames: Vec<RgbaImage> = [[220, 30, 30], [30, 220, 30], [30, 30, 220]]
        .map(|colour| DynamicImage::from(make::plain(40, 30, colour)).into_rgba8())
        .to_vec();
    let mut gif = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
    encoder.set_repeat(image::codecs::gif::Repeat::Finite(7)).unwrap();
    encoder.encode_frames(frames.iter().map(|frame| image::Frame::new(frame.clone()))).unwrap();
    drop(encoder);
    assert_eq!(strip("image/gif", &gif).unwrap().0, Stripped::Unchanged);
    let out = copy("image/gif", &make::with_extensions(&gif, &make::gif_metadata()[..2]));
    assert_eq!(out, gif);

    let plain = make::animated_webp(&frames, &[]);
    let loaded = make::animated_webp(&frames, &[make::riff(b"prvt", MARKER.as_bytes())]);
    assert_eq!(copy("image/webp", &loaded), plain);

    let mut apng = Vec::new();
    let mut encoder = png::Encoder::new(&mut apng, 40, 30);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(3, 7).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for frame in &frames {
        writer.write_image_data(frame).unwrap();
    }
    writer.finish().unwrap();
    assert_eq!(copy("image/png", &make::with_chunks(&apng, &make::png_metadata(1))), apng);
    assert_eq!(strip("image/apng", &apng).unwrap(), (Stripped::Unchanged, apng));
}

#[test]
fn a_repeat_extension_carries_nothing_else() {
    let gif = make::gif(&DynamicImage::from(make::quarters(40, 30)).into_rgba8());
    let marker = MARKER.as_bytes();
    let repeat = make::extension(0xFF, &[b"NETSCAPE2.0", &[1, 5, 0]]);
    let with_repeat = make::with_extensions(&gif, std::slice::from_ref(&repeat));
    assert_eq!(copy("image/gif", &with_repeat), with_repeat);
    let hiding = make::extension(0xFF, &[b"NETSCAPE2.0", &[1, 5, 0], marker]);
    assert_eq!(copy("image/gif", &make::with_extensions(&gif, &[hiding])), with_repeat);
    for dropped in [
        make::extension(0xFF, &[b"NETSCAPE2.0", marker, &[1, 5, 0]]),
        make::extension(0xFF, &[b"NETSCAPE2.0"]),
        make::extension(0xFF, &[]),
        make::extension(0xFF, &[marker]),
        make::extension(0xFE, &[]),
        make::extension(0x77, &[marker, &[1, 2]]),
    ] {
        assert_eq!(copy("image/gif", &make::with_extensions(&gif, &[dropped])), gif);
    }
    // A control block stays with its image: that of a dropped text goes, one before a kept extension moves behind it.
    let control = make::extension(0xF9, &[&[0, 1, 0, 0]]);
    let text = make::extension(0x01, &[&[0; 12], marker]);
    let at = make::after_palette(&gif);
    let bare = [&gif[..at], &gif[at + if gif[at] == 0x21 { 8 } else { 0 }..]].concat();
    assert_eq!(copy("image/gif", &make::with_extensions(&bare, &[control.clone(), text])), bare);
    assert_eq!(
        copy("image/gif", &make::with_extensions(&bare, &[control.clone(), repeat.clone()])),
        make::with_extensions(&bare, &[repeat, control])
    );
}

#[test]
fn a_jpeg_keeps_what_its_colours_need_and_its_jfif_without_the_thumbnail() {
    let cmyk = [(1, 1, 255), (1, 1, 255), (1, 1, 55), (1, 1, 255)];
    let bytes = Blocks { width: 40, height: 30, components: &cmyk, progressive: true, adobe: Some(0) }.encode();
    assert_eq!(copy("image/jpeg", &bytes), bytes);

    let plain = make::jpeg(&make::quarters(40, 30));
    let first = 4 + usize::from(u16::from_be_bytes([plain[4], plain[5]]));
    let mut jfif = plain[6..first].to_vec();
    jfif[12] = 1;
    jfif[13] = 1;
    jfif.extend(*b"RGB");
    jfif.extend(MARKER.bytes());
    let bytes = [&plain[..2], &make::segment(0xE0, &jfif), &plain[first..]].concat();
    let out = copy("image/jpeg", &bytes);
    assert_eq!(&out[..20], &make_head(&plain));
    assert_eq!(pixels("image/jpeg", &out), pixels("image/jpeg", &plain));
}

fn make_head(plain: &[u8]) -> Vec<u8> {
    let mut head = plain[..20].to_vec();
    head[18] = 0;
    head[19] = 0;
    head
}

#[test]
fn metadata_between_scans_and_fill_bytes_go_too() {
    let bytes = Blocks { width: 40, height: 30, components: &[(1, 1, 90)], progressive: true, adobe: None }.encode();
    let second = bytes.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).unwrap();
    let between = [make::jpeg_metadata(6).concat(), vec![0xFF, 0xFF]].concat();
    let out = copy("image/jpeg", &[&bytes[..second], &between, &bytes[second..]].concat());
    assert_eq!(decoder("image/jpeg", &out).dimensions(), (40, 30));
    assert_eq!(pixels("image/jpeg", &out), pixels("image/jpeg", &bytes));
}

#[test]
fn only_the_first_exif_counts() {
    let exif = |orientation| make::segment(0xE1, &[b"Exif\0\0", &make::exif(orientation, true)[..]].concat());
    let jpeg = make::with_segments(&make::jpeg(&make::quarters(40, 30)), &[exif(6), exif(3)]);
    let out = copy("image/jpeg", &jpeg);
    assert_eq!(decoder("image/jpeg", &out).orientation().unwrap(), Orientation::Rotate90);
    assert_eq!(out.windows(4).filter(|window| window == b"Exif").count(), 1);
}

#[test]
fn odd_chunks_of_a_webp_are_padded_anew() {
    let picture = DynamicImage::from(make::quarters(40, 30)).into_rgba8();
    let pixels = make::webp_pixels(&picture);
    let odd = make::riff(b"ODD!", format!("{MARKER}!!").as_bytes());
    assert_eq!(odd.len() % 2, 0);
    for length in 0..6 {
        let extra = make::riff(b"prvt", &vec![b'x'; length]);
        let bytes = make::webp_of(&[pixels.clone(), extra.clone(), odd.clone(), extra]);
        assert_eq!(copy("image/webp", &bytes), make::webp(&picture));
    }
    // A last chunk without its padding, as some writers leave it.
    let mut bytes = make::lossy_webp();
    let odd_length = bytes.len() - 12 - 8 - 1;
    bytes.pop();
    let whole = u32::try_from(bytes.len() - 8).unwrap();
    bytes[4..8].copy_from_slice(&whole.to_le_bytes());
    bytes[16..20].copy_from_slice(&u32::try_from(odd_length).unwrap().to_le_bytes());
    let out = copy("image/webp", &bytes);
    assert_eq!(out, bytes);
}

#[test]
fn the_shortest_exif_stays_as_short() {
    let block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
    let picture = make::quarters(40, 30);
    let jpeg = make::with_segments(&make::jpeg(&picture), &[make::segment(0xE1, &[b"Exif\0\0", &block[..]].concat())]);
    let png = make::with_chunks(&make::png(picture), &[make::chunk(b"eXIf", block)]);
    for (mime, bytes) in [("image/jpeg", jpeg), ("image/png", png)] {
        assert_eq!(decoder(mime, &copy(mime, &bytes)).orientation().unwrap(), Orientation::Rotate90, "{mime}");
    }
}
