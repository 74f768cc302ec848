//! A project that takes metadata out of pictures: no byte that leaves carries it, and nothing else is lost.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use image::ImageFormat;
use reupload::{app::projects::Settings, domain::event::EventType};
use reupload::{app::webhooks::endpoints::EndpointSettings, domain::audit::By};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    VARIANTS, address, history, id,
    make::{self, MARKER, contains, decode, tags, tags_of},
    shown,
};
use crate::harness::{Body, Receiver, Server, each_database};

async fn stripping(server: &Server, on: bool) {
    let settings = Settings { strip_metadata: Some(on), ..Settings::default() };
    server.app.projects.update(server.project.id, settings, &By::COMMAND_LINE).await.unwrap();
}

/// Sends a picture as a form or through a session; gives the ids of upload and file.
async fn send(server: &Server, way: &str, file: (&str, &'static str, &[u8]), public: bool) -> (String, String) {
    let (name, mime, bytes) = file;
    if way == "direct" {
        let accepted = server.upload(name, mime, bytes, public).await.expect(202);
        return (accepted.text("/uploadId"), accepted.text("/fileId"));
    }
    let project = server.project_id();
    let body = json!({ "projectId": project, "filename": name, "contentType": mime, "size": bytes.len(), "isPublic": public });
    let opened = server.api("POST", "/uploads/session", Body::Json(body)).await.expect(201);
    let put = server.put(&opened.text("/uploadUrl"), mime, bytes).await.expect(200);
    assert_eq!(put.text("/sha256"), digest(bytes), "the answer to a PUT is about what was sent");
    server.complete(&opened.text("/uploadId")).await.expect(202);
    (opened.text("/uploadId"), opened.text("/fileId"))
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Every stream of bytes that a file has: the original whole and in ranges, and each thumbnail.
async fn streams(server: &Server, file: &str) -> Vec<(String, Vec<u8>)> {
    let original = address(server, file, "original").await;
    let whole = server.get(&original).await.expect(200).body;
    let mut ranges = Vec::new();
    for start in (0..whole.len()).step_by(whole.len() / 7 + 1) {
        let range = format!("bytes={start}-{}", start + whole.len() / 7);
        ranges.extend(server.send("GET", &original, &[("range", &range)], Body::Empty).await.expect(206).body);
    }
    let mut streams = vec![("original".to_owned(), whole), ("ranges".to_owned(), ranges)];
    for (variant, _) in VARIANTS {
        let url = address(server, file, variant).await;
        streams.push((variant.to_owned(), server.get(&url).await.expect(200).body));
    }
    streams
}

/// Fails if exiftool or a search finds anything in these streams that may not leave.
#[track_caller]
fn check_clean(streams: &[(String, Vec<u8>)]) -> Vec<Value> {
    let seen = tags(&streams.iter().map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>());
    for ((what, bytes), seen) in streams.iter().zip(&seen) {
        assert!(!contains(bytes, MARKER), "{what} has the marker");
        for word in ["GPS", "XMP", "IPTC", "Photoshop", "Comment", "DateTimeOriginal", "PNG:ModifyDate", "Artist", "City"] {
            assert!(tags_of(seen, word).is_empty(), "{what}: {:?}", tags_of(seen, word));
        }
        assert!(tags_of(seen, "EXIF:").iter().all(|tag| *tag == "EXIF:Orientation"), "{what}: {:?}", tags_of(seen, "EXIF:"));
    }
    seen
}

each_database! {
    async fn no_stream_of_a_picture_has_its_metadata_and_the_picture_is_the_same(server: &Server) {
        stripping(server, true).await;
        let pictures = make::loaded(400, 300);
        let before = tags(&pictures.iter().map(|(.., bytes)| bytes.clone()).collect::<Vec<_>>());
        for ((name, _, bytes), seen) in pictures.iter().zip(&before) {
            assert!(contains(bytes, MARKER) && !tags_of(seen, "GPS").is_empty(), "{name} carries nothing: {seen}");
        }
        let receiver = Receiver::start().await;
        server.app.webhooks.create(server.project.id, &receiver.url, EndpointSettings::told_of(vec![EventType::FileUploaded]), &By::COMMAND_LINE).await.unwrap();

        let mut all = Vec::new();
        let mut originals = BTreeMap::new();
        for way in ["direct", "session"] {
            for public in [false, true] {
                for (name, mime, bytes) in &pictures {
                    let what = format!("{name} {way} public {public}");
                    let (upload, file) = send(server, way, (name, mime, bytes), public).await;
                    let ready = server.completed(&upload).await;
                    let streams = streams(server, &file).await;
                    let out = &streams[0].1;
                    assert_eq!(streams[1].1, *out, "{what}: the ranges make up the whole");
                    assert!(out.len() < bytes.len(), "{what}");
                    assert_eq!(decode(mime, out), decode(mime, bytes), "{what}: the pixels");
                    let said = shown(server, &file).await;
                    let (size, sha256) = (json!(out.len()), json!(digest(out)));
                    assert_eq!((&said["sizeBytes"], &said["sha256"], &said["mimeType"]), (&size, &sha256, &json!(mime)), "{what}");
                    assert_eq!(ready["file"]["sizeBytes"], size, "{what}");
                    let from_to = history(server, &file, "stripped").await;
                    assert_eq!(from_to, json!({ "from": bytes.len(), "to": out.len() }), "{what}");
                    originals.insert(file, (what.clone(), out.len(), all.len(), *name));
                    all.extend(streams.into_iter().map(|(stream, bytes)| (format!("{what} {stream}"), bytes)));
                }
            }
        }
        let seen = check_clean(&all);
        for (what, _, at, name) in originals.values() {
            if *name != "d.gif" {
                assert_eq!(seen[*at]["EXIF:Orientation"], 6, "{what}: the orientation");
                assert_eq!(seen[*at]["ICC_Profile:ProfileDescription"], "Display P3", "{what}: the profile");
            }
        }
        let hooks = receiver.wait_for(originals.len()).await;
        for hook in hooks.iter().map(crate::harness::Hook::json) {
            let (what, size, ..) = &originals[hook["data"]["fileId"].as_str().unwrap()];
            assert_eq!(hook["data"]["sizeBytes"], *size, "{what}: the webhook");
        }
        let stored: usize = originals.values().map(|(_, size, ..)| size).sum();
        let usage = server.app.projects.usage(server.project.id).await.unwrap();
        assert_eq!((usage.stored.bytes, usage.reserved.bytes), (i64::try_from(stored).unwrap(), 0));
        server.settle().await;
        assert_eq!(server.blobs().await.len(), originals.len() * 4, "the bytes that came in are gone");
    }

    async fn without_the_switch_an_original_stays_as_it_came_and_thumbnails_are_clean_all_the_same(server: &Server) {
        let mut thumbnails = Vec::new();
        for (name, mime, bytes) in make::loaded(400, 300) {
            for way in ["direct", "session"] {
                let (upload, file) = send(server, way, (name, mime, &bytes), true).await;
                server.completed(&upload).await;
                let mut streams = streams(server, &file).await;
                assert_eq!(shown(server, &file).await["sha256"], digest(&bytes), "{name} {way}");
                for (_, whole) in streams.drain(..2) {
                    assert_eq!(digest(&whole), digest(&bytes), "{name} {way}");
                }
                thumbnails.extend(streams.into_iter().map(|(variant, bytes)| (format!("{name} {way} {variant}"), bytes)));
            }
        }
        check_clean(&thumbnails);
    }

    async fn a_picture_that_cannot_be_stripped_is_refused_and_says_why(server: &Server) {
        let pixels = make::quarters(40, 30);
        let mut cut = make::loaded(400, 300)[0].2.clone();
        cut.truncate(cut.len() / 2);
        let boxes = |brand: &str| [b"\0\0\0\x18ftyp", brand.as_bytes(), b"\0\0\0\0mif1", brand.as_bytes(), b"\0\0\0\x08free"].concat();
        let cases = [
            ("a.heic", boxes("heic"), "image/heic"),
            ("a.avif", boxes("avif"), "image/avif"),
            ("a.bmp", make::encode(pixels.clone(), ImageFormat::Bmp), "image/bmp"),
            ("a.tiff", make::encode(pixels, ImageFormat::Tiff), "image/tiff"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "image/svg+xml"),
            ("cut.jpg", cut, "damaged"),
        ];
        for (name, bytes, why) in &cases {
            stripping(server, true).await;
            for way in ["direct", "session"] {
                let (upload, file) = send(server, way, (name, "application/octet-stream", bytes), true).await;
                server.settle().await;
                let session = server.api("GET", &format!("/uploads/session/{upload}"), Body::Empty).await.expect(200).json();
                let (status, reason) = (&session["session"]["status"], &session["session"]["failureReason"]);
                assert_eq!((status, reason), (&json!("FAILED"), &json!("CONTENT_TYPE_NOT_ALLOWED")), "{name} {way}");
                let told = history(server, &file, "failed").await;
                assert!(told["message"].as_str().unwrap().contains(why), "{name} {way}: {told}");
                server.get(&format!("{}/v1/files/{file}/{name}", server.cdn_url)).await.expect_error(404, "NOT_FOUND");
            }
            assert_eq!(server.blobs().await.len(), 0, "{name}: its bytes are gone");
            assert_eq!(server.app.projects.usage(server.project.id).await.unwrap().used().bytes, 0, "{name}");
            stripping(server, false).await;
            let (upload, file) = send(server, "direct", (name, "application/octet-stream", bytes), true).await;
            server.completed(&upload).await;
            server.api("DELETE", &format!("/files/{file}"), Body::Empty).await.expect(200);
            server.settle().await;
        }
    }

    async fn at_no_moment_do_the_bytes_leave_as_they_came(server: &Server) {
        stripping(server, true).await;
        let (_, mime, bytes) = make::loaded(1600, 1200).remove(0);
        for way in ["direct", "session"] {
            let (upload, file) = send(server, way, ("a.jpg", mime, &bytes), true).await;
            let (done, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
            let watch = async {
                while !done.load(Ordering::Relaxed) || asked.load(Ordering::Relaxed) < 4 {
                    for variant in ["original", "thumb_320"] {
                        let got = server.get(&format!("{}/v1/files/{file}/a.jpg?variant={variant}", server.cdn_url)).await;
                        assert!(got.status == 404 || (got.status == 200 && !contains(&got.body, MARKER)), "{way} {}", got.status);
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                }
            };
            let wait = async {
                let ready = server.completed(&upload).await;
                assert_eq!(id(&ready), file);
                done.store(true, Ordering::Relaxed);
            };
            tokio::join!(watch, wait);
        }
    }
}
