//! Pictures end to end: their thumbnails by every address, and (`strip.rs`) what is left of their metadata.

mod make;
mod strip;

use std::{collections::BTreeSet, time::Duration};

use image::{DynamicImage, ImageFormat, RgbaImage, imageops::FilterType};
use reupload::store::jobs::Job;
use serde_json::{Value, json};

use self::make::{colour, decode, encode, quarters};
use crate::harness::{Body, Multipart, Options, Reply, Server, each_database};

const VARIANTS: [(&str, u32); 3] = [("thumb_64", 64), ("thumb_160", 160), ("thumb_320", 320)];
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";

fn ten_thousand_pixels() -> Options {
    Options { settings: vec![("images.max_pixels", 10_000.into())], ..Options::default() }
}

/// One worker for each kind of work: what shares a lane waits.
fn one_worker() -> Options {
    Options { settings: vec![("jobs.workers", 1.into())], ..Options::default() }
}

/// Asks for an address of a file.
async fn access(server: &Server, file: &str, query: &str) -> Reply {
    server.api("GET", &format!("/files/{file}/access?{query}"), Body::Empty).await
}

/// The address of one picture of a file.
async fn address(server: &Server, file: &str, variant: &str) -> String {
    access(server, file, &format!("variant={variant}")).await.expect(200).text("/access/url")
}

/// `GET /files/{fileId}`.
async fn shown(server: &Server, file: &str) -> Value {
    server.api("GET", &format!("/files/{file}"), Body::Empty).await.expect(200).json()["file"].clone()
}

/// The one entry of this kind in a file's history.
async fn history(server: &Server, file: &str, step: &str) -> Value {
    let timeline = server.api("GET", &format!("/files/{file}/timeline"), Body::Empty).await.expect(200).json();
    let mut found = timeline["entries"].as_array().unwrap().iter().filter(|entry| entry["step"] == step);
    let entry = found.next().unwrap_or_else(|| panic!("no {step} in {timeline}")).clone();
    assert!(found.next().is_none(), "{step} twice in {timeline}");
    entry["detail"].clone()
}

fn id(ready: &Value) -> String {
    ready["file"]["fileId"].as_str().unwrap().to_owned()
}

fn words(list: &Value) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

/// Name, bytes, type of the thumbnails, width and height of the picture as it is seen, and the colours of its corners, clockwise from
/// the top left.
type Case = (&'static str, Vec<u8>, &'static str, (u32, u32), [&'static str; 4]);

fn cases() -> Vec<Case> {
    const UPRIGHT: [&str; 4] = ["red", "green", "white", "blue"];
    const TURNED: [&str; 4] = ["blue", "red", "green", "white"];
    let (plain, size) = (quarters(400, 300), (400, 300));
    let alpha = |pixels| DynamicImage::from(pixels).into_rgba8();
    let seen_through = RgbaImage::from_fn(400, 300, |x, y| {
        let image::Rgb([r, g, b]) = *plain.get_pixel(x, y);
        image::Rgba([r, g, b, if x == 200 { 0 } else { 255 }])
    });
    let mut cases = vec![
        ("a.jpg", encode(plain.clone(), ImageFormat::Jpeg), "image/jpeg", size, UPRIGHT),
        ("b.png", encode(plain.clone(), ImageFormat::Png), "image/jpeg", size, UPRIGHT),
        ("c.png", encode(seen_through, ImageFormat::Png), "image/webp", size, UPRIGHT),
        ("d.gif", encode(alpha(plain.clone()), ImageFormat::Gif), "image/jpeg", size, UPRIGHT),
        ("e.webp", encode(alpha(plain.clone()), ImageFormat::WebP), "image/jpeg", size, UPRIGHT),
        ("f.bmp", encode(plain.clone(), ImageFormat::Bmp), "image/jpeg", size, UPRIGHT),
        ("g.tiff", encode(plain.clone(), ImageFormat::Tiff), "image/jpeg", size, UPRIGHT),
        ("small.png", encode(quarters(40, 20), ImageFormat::Png), "image/jpeg", (40, 20), UPRIGHT),
        ("wide.png", encode(quarters(3000, 4), ImageFormat::Png), "image/jpeg", (3000, 4), UPRIGHT),
        ("dot.png", encode(quarters(1, 1), ImageFormat::Png), "image/jpeg", (1, 1), ["white"; 4]),
    ];
    for (name, _, bytes) in make::loaded(400, 300) {
        let gif = name == "d.gif";
        cases.push((name, bytes, "image/jpeg", if gif { size } else { (300, 400) }, if gif { UPRIGHT } else { TURNED }));
    }
    cases
}

/// Fetches one thumbnail as a browser would, in every way, and checks all that can be said of it.
async fn check_thumbnail(server: &Server, case: &Case, url: &str, side: u32, public: bool) {
    let (name, _, mime, (width, height), corners) = case;
    let what = format!("{name} {side} public {public}");
    let got = server.get(url).await;
    assert_eq!((got.status, got.headers["content-type"].as_str()), (200, *mime), "{what}");
    assert_eq!(got.headers["content-disposition"].split(';').next(), Some("inline"), "{what}");
    let cached = if public { "public, max-age=31536000, immutable" } else { "private, no-store" };
    assert_eq!(got.headers["cache-control"], cached, "{what}");

    let picture = decode(mime, &got.body);
    let scale = f64::from(side.min(*width.max(height))) / f64::from(*width.max(height));
    for (is, was) in [(picture.width(), *width), (picture.height(), *height)] {
        let ideal = (f64::from(was) * scale).max(1.0);
        assert!(is <= side && is <= was && (f64::from(is) - ideal).abs() <= 1.0, "{what}: {is} of {was}, not {ideal}");
    }
    let (right, bottom) = (picture.width() - 1, picture.height() - 1);
    if *height > 4 {
        let seen = [(0, 0), (right, 0), (right, bottom), (0, bottom)].map(|(x, y)| colour(&picture, x, y));
        assert_eq!(seen, *corners, "{what}");
    }

    let etag = got.headers["etag"].as_str();
    let head = server.send("HEAD", url, &[], Body::Empty).await;
    assert_eq!(
        (head.status, &head.headers["etag"], &head.headers["content-length"]),
        (200, &etag.to_owned(), &got.body.len().to_string()),
        "{what}"
    );
    assert_eq!(server.send("GET", url, &[("if-none-match", etag)], Body::Empty).await.status, 304, "{what}");
    let part = server.send("GET", url, &[("range", "bytes=3-9"), ("if-range", etag)], Body::Empty).await;
    assert_eq!((part.status, part.body.as_slice()), (206, &got.body[3..10]), "{what}");
    let beyond = [("range", format!("bytes={}-", got.body.len()))];
    let beyond = server.send("GET", url, &beyond.each_ref().map(|(name, range)| (*name, range.as_str())), Body::Empty).await;
    assert_eq!(beyond.status, 416, "{what}");
}

each_database! {
    async fn every_format_has_thumbnails_at_every_address(server: &Server) {
        for (n, case) in cases().into_iter().enumerate() {
            // Each format has one file of either kind, upright and turned.
            let public = (n / 10 + n) % 2 == 0;
            let file = id(&server.ready(case.0, &case.1, public).await);
            let said = shown(server, &file).await;
            assert_eq!(words(&said["variants"]), VARIANTS.map(|(word, _)| word).into(), "{}", case.0);
            assert_eq!(words(&history(server, &file, "thumbnails").await["made"]), VARIANTS.map(|(word, _)| word).into());
            let mut etags = BTreeSet::from([format!("\"{}\"", said["sha256"].as_str().unwrap())]);
            for (word, side) in VARIANTS {
                let access = access(server, &file, &format!("variant={word}")).await.expect(200).json()["access"].clone();
                let kind = if public { "cdn_public" } else { "cdn" };
                assert_eq!((&access["variant"], &access["accessType"]), (&json!(word), &json!(kind)), "{}", case.0);
                let url = access["url"].as_str().unwrap();
                check_thumbnail(server, &case, url, side, public).await;
                etags.insert(server.get(url).await.headers["etag"].clone());
                let saved = format!("variant={word}&download=true");
                let saved = server.get(&access_url(server, &file, &saved).await).await.expect(200);
                assert!(saved.headers["content-disposition"].starts_with("attachment"), "{}", case.0);
            }
            // Pictures that differ have tags that differ; a small one is the same at all sizes.
            assert_eq!(etags.len(), if case.3.0.max(case.3.1) < 64 { 2 } else { 4 }, "{}", case.0);
        }
    }

    async fn a_signature_opens_one_picture_and_no_other(server: &Server) {
        let file = id(&server.ready("a.png", &encode(quarters(400, 300), ImageFormat::Png), false).await);
        let words = ["original", "thumb_64", "thumb_160", "thumb_320"];
        let mut tried = 0;
        for own in words {
            let url = address(server, &file, own).await;
            assert_eq!(server.get(&url).await.status, 200, "{own}");
            for other in words.into_iter().filter(|other| *other != own) {
                let mut forged = reqwest::Url::parse(&url).unwrap();
                let rest: Vec<_> = forged.query_pairs().into_owned().filter(|(name, _)| name != "variant").collect();
                forged.query_pairs_mut().clear().extend_pairs(rest).append_pair("variant", other);
                server.get(forged.as_str()).await.expect_error(403, "INVALID_SIGNATURE");
                tried += 1;
            }
            let bare = url.split('?').next().unwrap();
            server.get(&format!("{bare}?variant={own}")).await.expect_error(404, "NOT_FOUND");
            if own != "original" {
                server.get(&format!("{url}&variant=thumb_64")).await.expect_error(400, "VALIDATION_ERROR");
            }
        }
        assert_eq!(tried, 12);
        let thumbnail = address(server, &file, "thumb_64").await;
        server.get(&thumbnail.replace("variant=thumb_64&", "")).await.expect_error(403, "INVALID_SIGNATURE");
        access(server, &file, "variant=thumb_65").await.expect_error(400, "VALIDATION_ERROR");
    }

    async fn what_has_no_thumbnails_says_so(server: &Server) {
        let mut broken = encode(quarters(400, 300), ImageFormat::Png);
        broken.truncate(60);
        let none: [(&str, &[u8], &str); 6] = [
            ("a.txt", b"only words", "text/plain"),
            ("a.pdf", PDF, "application/pdf"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
            ("a.png", b"<html><body>a page</body></html>", "text/html"),
            ("broken.png", &broken, "image/png"),
            ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08free", "image/heic"),
        ];
        for (name, bytes, mime) in none {
            for public in [false, true] {
                let ready = server.ready(name, bytes, public).await;
                let file = id(&ready);
                let said = shown(server, &file).await;
                assert_eq!((&said["variants"], &said["mimeType"]), (&json!([]), &json!(mime)), "{name}");
                let refused = access(server, &file, "variant=thumb_160").await.expect_error(404, "NOT_FOUND");
                assert!(refused.text("/message").contains(mime) && refused.text("/message").contains("thumb_160"), "{name}");
                let own = address(server, &file, "original").await;
                assert_eq!(server.get(&own).await.body, bytes, "{name}");
                if public {
                    server.get(&format!("{own}?variant=thumb_160")).await.expect_error(404, "NOT_FOUND");
                }
                if name == "broken.png" {
                    assert!(refused.text("/message").contains("its timeline says why"), "{name}");
                    let why = history(server, &file, "thumbnails").await;
                    assert!(why["message"].as_str().unwrap().contains("damaged"), "{why}");
                } else {
                    assert!(!refused.text("/message").contains("timeline"), "{name}: there is nothing of it");
                }
            }
        }
    }

    async fn a_picture_that_is_too_large_is_published_without_thumbnails(server: &Server) with ten_thousand_pixels {
        let large = id(&server.ready("large.png", &encode(quarters(101, 100), ImageFormat::Png), true).await);
        assert_eq!(shown(server, &large).await["variants"], json!([]));
        let why = history(server, &large, "thumbnails").await;
        assert_eq!(why["made"], json!([]));
        assert!(why["message"].as_str().unwrap().contains("too large"), "{why}");
        access(server, &large, "variant=thumb_64").await.expect_error(404, "NOT_FOUND");
        let just = id(&server.ready("just.png", &encode(quarters(100, 100), ImageFormat::Png), true).await);
        assert_eq!(words(&shown(server, &just).await["variants"]).len(), 3);
    }

    async fn deleting_kills_every_picture_of_a_file_at_once(server: &Server) {
        for public in [false, true] {
            let file = id(&server.ready("a.png", &encode(quarters(400, 300), ImageFormat::Png), public).await);
            let mut urls = Vec::new();
            for word in ["original", "thumb_64", "thumb_160", "thumb_320"] {
                urls.push(address(server, &file, word).await);
            }
            for url in &urls {
                server.get(url).await.expect(200);
            }
            assert_eq!(server.blobs().await.len(), 4);
            server.api("DELETE", &format!("/files/{file}"), Body::Empty).await.expect(200);
            for url in &urls {
                server.get(url).await.expect_error(404, "NOT_FOUND");
            }
            access(server, &file, "variant=thumb_64").await.expect_error(404, "NOT_FOUND");
            server.settle().await;
            assert_eq!(server.blobs().await.len(), 0);
        }
    }

    async fn only_the_original_counts_against_the_quota(server: &Server) {
        let bytes = encode(quarters(400, 300), ImageFormat::Png);
        let file = id(&server.ready("a.png", &bytes, true).await);
        assert_eq!(server.blobs().await.len(), 4);
        let usage = server.app.projects.usage(server.project.id).await.unwrap();
        assert_eq!((usage.stored.bytes, usage.stored.files), (i64::try_from(bytes.len()).unwrap(), 1));
        assert_eq!((usage.reserved.bytes, usage.reserved.files), (0, 0));
        server.api("DELETE", &format!("/files/{file}"), Body::Empty).await.expect(200);
        assert_eq!(server.app.projects.usage(server.project.id).await.unwrap().used().bytes, 0);
    }

    async fn texts_do_not_wait_for_pictures(server: &Server) with one_worker {
        // Twenty megapixels that are slow to decode take the one worker for pictures a good while.
        let large = DynamicImage::from(quarters(50, 40)).resize_exact(5000, 4000, FilterType::Triangle);
        let slow = encode(large.into_rgba8(), ImageFormat::WebP);
        let mut pictures = Vec::new();
        for _ in 0..3 {
            pictures.push(server.upload("slow.webp", "image/webp", &slow, false).await.expect(202).text("/uploadId"));
        }
        wait_for_the_decoder(server).await;
        let texts = (0..20).fold(Multipart::new().text("projectId", &server.project_id()), |form, n| {
            form.file(&format!("{n}.txt"), "text/plain", b"a few words")
        });
        let texts = server.api("POST", "/uploads/direct", Body::Form(texts)).await.expect(202).json();
        for text in texts["files"].as_array().unwrap() {
            server.completed(text["uploadId"].as_str().unwrap()).await;
        }
        let last = format!("/uploads/session/{}", pictures.last().unwrap());
        let state = server.api("GET", &last, Body::Empty).await.expect(200).text("/session/status");
        assert_eq!(state, "UPLOADING", "the texts came after all the pictures");
        for picture in pictures {
            assert_eq!(words(&shown(server, &id(&server.completed(&picture).await)).await["variants"]).len(), 3);
        }
    }
}

/// Waits until all pictures have been looked into and wait to be decoded, so that in one queue they would be first.
async fn wait_for_the_decoder(server: &Server) {
    loop {
        let jobs = server.app.core.db.reader().await.unwrap().jobs().await.unwrap();
        if jobs.iter().all(|claim| matches!(claim.payload, Job::Picture { .. })) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn access_url(server: &Server, file: &str, query: &str) -> String {
    access(server, file, query).await.expect(200).text("/access/url")
}
