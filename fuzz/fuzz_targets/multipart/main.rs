//! Forms (RFC 7578) that arrive in pieces of any size.
//!
//! An input is a [`Plan`], then either the `Content-Type`, a line feed and the body as they are, or, if the plan says so, parts that
//! are encoded as browsers do it: name, file name and contents, each ended by a zero byte.
#![no_main]

mod feed;
mod http;

mod domain {
    pub(crate) use reupload::domain::refusal;
}

use bytes::Bytes;
use http::{Read, read};
use libfuzzer_sys::fuzz_target;

const TYPE: &[u8] = b"multipart/form-data; boundary=XfuzzX";
const DELIMITER: &[u8] = b"\r\n--XfuzzX";

/// The first bytes of an input.
struct Plan {
    /// Whether the rest is to be encoded.
    encode: bool,
    /// Sizes of the pieces, in turn.
    cuts: [u8; 6],
    /// From 0xF1 on, blocks of 128 KiB that are put into the body, and after how many 256ths of it: no large input comes by chance, and
    /// many would make runs slow.
    stretch: u8,
    place: u8,
}

fuzz_target!(init: reupload_fuzz::plant("multipart", seeds()), |data: &[u8]| {
    let Some(([encode, stretch, place, cuts @ ..], rest)) = data.split_first_chunk::<9>() else { return };
    let plan = Plan { encode: encode & 1 == 1, cuts: *cuts, stretch: stretch.saturating_sub(0xF0), place: *place };
    if plan.encode {
        return there_and_back(&plan, rest);
    }
    let Some(line) = rest.iter().position(|byte| *byte == b'\n') else { return };
    let (content_type, body) = (&rest[..line], &rest[line + 1..]);
    if plan.stretch > 0 {
        let at = body.len() * usize::from(plan.place) / 256;
        let filler = vec![body.get(at).copied().unwrap_or(b'x'); usize::from(plan.stretch) * 128 * 1024];
        // Only what `read` asserts of memory counts.
        read(content_type, plan.pieces(&[&body[..at], &filler, &body[at..]].concat(), 1024));
        return;
    }
    let whole = read(content_type, vec![Bytes::copy_from_slice(body)]);
    assert_eq!(read(content_type, plan.pieces(body, 1)), whole, "it matters where the pieces end");
});

impl Plan {
    /// A cut of 0 is an empty piece; others are times `unit` bytes.
    fn pieces(&self, mut body: &[u8], unit: usize) -> Vec<Bytes> {
        let mut pieces = Vec::new();
        let mut cuts = self.cuts.iter().cycle();
        while let (false, Some(cut)) = (body.is_empty(), cuts.next()) {
            // All zeros would never come to an end.
            let cut = if self.cuts == [0; 6] { 255 } else { usize::from(*cut) };
            let (piece, rest) = body.split_at((cut * unit).min(body.len()));
            pieces.push(Bytes::copy_from_slice(piece));
            body = rest;
        }
        pieces
    }
}

/// What browsers would send comes out as it went in.
fn there_and_back(plan: &Plan, parts: &[u8]) {
    let texts: Vec<&[u8]> = parts.split(|byte| *byte == 0).take(300).collect();
    let (mut body, mut sent) = (Vec::new(), Vec::new());
    for text in texts.chunks_exact(3) {
        let Some(part) = part(text[0], text[1], text[2]) else { continue };
        body.extend_from_slice(b"--XfuzzX\r\nContent-Disposition: form-data; name=\"");
        body.extend_from_slice(part.name.as_bytes());
        if let Some(name) = &part.file_name {
            // WHATWG HTML, "multipart/form-data encoding algorithm".
            let escaped = name.replace('\n', "%0A").replace('\r', "%0D").replace('"', "%22");
            body.extend_from_slice(format!("\"; filename=\"{escaped}\"\r\nContent-Type: text/plain").as_bytes());
        } else {
            body.push(b'"');
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(&part.bytes);
        body.extend_from_slice(b"\r\n");
        sent.push(part);
    }
    body.extend_from_slice(b"--XfuzzX--\r\n");
    assert_eq!(read(TYPE, plan.pieces(&body, 1)), (sent, true));
}

/// A part that can be sent and told apart: no control bytes in names, and what `form.rs` says of `%22`.
fn part(name: &[u8], file_name: &[u8], contents: &[u8]) -> Option<Read> {
    let plain = |text: &str| !text.bytes().any(|byte| byte < b' ' || byte == 0x7F);
    let name =
        str::from_utf8(name).ok().filter(|name| plain(name) && !name.contains(['"', '\\']) && !name.contains("filename"))?;
    let mut read = Read { name: name.to_owned(), file_name: None, content_type: None, bytes: contents.to_vec() };
    if name == "file" {
        // The parser takes a backslash before the closing quote for an escape, as some old clients mean it.
        let told_apart = |text: &&str| !["%22", "%0D", "%0A"].iter().any(|escape| text.contains(escape)) && !text.ends_with('\\');
        let file_name = str::from_utf8(file_name).ok().filter(told_apart)?;
        read.file_name = plain(&file_name.replace(['\r', '\n'], "")).then(|| file_name.to_owned());
        read.content_type = read.file_name.as_ref().map(|_| "text/plain".to_owned());
    } else if str::from_utf8(contents).is_err() || contents.len() > 64 * 1024 {
        return None;
    }
    (!contents.windows(DELIMITER.len()).any(|window| window == DELIMITER)).then_some(read)
}

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let body = "--b\r\nContent-Disposition: form-data; name=\"projectId\"\r\n\r\nabc\r\n--b\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a%22.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n-\r\n--b--\r\n";
    let form = format!("multipart/form-data; boundary=b\n{body}");
    let planned = |plan: [u8; 9], rest: &str| [&plan[..], rest.as_bytes()].concat();
    vec![
        ("small-pieces", planned([0, 0, 0, 1, 2, 3, 1, 0, 5], &form)),
        ("one-byte", planned([0, 0, 0, 1, 1, 1, 1, 1, 1], &form)),
        ("long-file", planned([0, 0xFF, 230, 16, 200, 7, 0, 1, 3], &form)),
        ("long-header", planned([0, 0xFF, 50, 16, 200, 7, 0, 1, 3], &form)),
        ("long-start", planned([0, 0xF9, 0, 255, 200, 7, 0, 1, 3], &form)),
        ("encoded", planned([1, 0, 0, 9, 1, 30, 2, 0, 5], "folder\0\0a/b\0file\0a \"b\".txt\0\r\n--Xfuzz\r\r\n-\0")),
    ]
}
