//! What is counted in the end is what is stored, also where a file becomes smaller on its way.

use reupload::{app::projects::Settings, domain::audit::By};
use serde_json::json;

use super::{Place, exceeded};
use crate::harness::{Body, Multipart, Server, by_hand, each_database};

/// The segments of a JPEG, with a comment of `comment` bytes. Decoders will not like it; that takes no file from its owner.
fn jpeg(comment: usize) -> Vec<u8> {
    let length = u16::try_from(comment + 2).unwrap().to_be_bytes();
    let frame = [0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
    let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x2a];
    let comment = vec![b'c'; comment];
    let comment = if comment.is_empty() { Vec::new() } else { [&[0xff, 0xfe][..], &length, &comment].concat() };
    [&[0xff, 0xd8][..], &comment, &frame, &scan, &[0xff, 0xd9]].concat()
}

each_database! {
    async fn stripped_pictures_count_with_the_size_they_are_left_with(server: &Server) with by_hand {
        let (large, small) = (jpeg(30_000), jpeg(0));
        let size = i64::try_from(large.len()).unwrap();
        // To the byte: two pictures with their metadata, and a text.
        let settings = Settings { strip_metadata: Some(true), max_bytes: Some(2 * size + 4), ..Settings::default() };
        let project = server.app.projects.create(server.workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
        let place = Place { project, owner: Some("u".to_owned()), ..Place::of(server) };
        let form = Multipart::new().text("projectId", &project.to_string()).text("ownerRef", "u");
        let form = form.file("a.jpg", "image/jpeg", &large).file("a.txt", "text/plain", b"text");
        let direct = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).json();
        let body = json!({ "projectId": project, "filename": "b.jpg", "contentType": "image/jpeg", "size": size, "ownerRef": "u" });
        let opened = server.api("POST", "/uploads/session", Body::Json(body)).await.expect(201);
        server.put(&opened.text("/uploadUrl"), "image/jpeg", &large).await.expect(200);
        server.complete(&opened.text("/uploadId")).await.expect(202);
        exceeded(place.session(server, 1).await, 2 * size + 4, 2 * size + 4, 1);

        let watch = server.ledger().await.watch();
        server.settle().await;
        watch.end().await;
        let stored = i64::try_from(2 * small.len() + 4).unwrap();
        for level in ["workspace", "project", "owner"] {
            let used = place.used(server, level).await;
            assert_eq!((used.bytes, used.files), (stored, 3), "{level}");
        }
        let sizes = async |upload: &str| server.completed(upload).await["file"]["sizeBytes"].clone();
        let uploads = [&direct["files"][0], &direct["files"][1], &opened.json()].map(|it| it["uploadId"].as_str().unwrap().to_owned());
        assert_eq!([sizes(&uploads[0]).await, sizes(&uploads[1]).await, sizes(&uploads[2]).await], [small.len(), 4, small.len()]);
        let verified = server.app.housekeeping.verify(|_| ()).await.unwrap();
        assert!(verified.damaged.is_empty(), "{:?}", verified.damaged);

        // The room that the metadata took is free; a picture that cannot be stripped gives back all of it.
        let left = usize::try_from(2 * size + 4 - stored).unwrap();
        let mut broken = jpeg(0)[..20].to_vec();
        broken.resize(left, 0);
        let form = Multipart::new().text("projectId", &project.to_string()).text("ownerRef", "u").file("c.jpg", "image/jpeg", &broken);
        let broken = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
        server.settle().await;
        let state = place.get(server, &format!("/uploads/session/{}", broken.text("/uploadId"))).await.expect(200);
        assert_eq!(state.text("/session/status"), "FAILED", "{}", state.json());
        assert_eq!(place.used(server, "owner").await.bytes, stored);
        for file in [&direct["files"][0], &direct["files"][1], &opened.json()] {
            place.delete(server, &file["fileId"]).await.expect(200);
        }
        for level in ["workspace", "project", "owner"] {
            let used = place.used(server, level).await;
            assert_eq!((used.bytes, used.files), (0, 0), "{level}");
        }
    }
}
