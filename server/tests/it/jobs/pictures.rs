//! Pictures that bring down their worker, or whose thumbnails cannot be stored: the file is published all the same.

use serde_json::{Value, json};

use super::{deaths::die, *};

fn three_tries() -> Options {
    Options { settings: vec![("jobs.max_failures", 3.into())], ..by_hand() }
}

/// Uploads a picture and lets it pass all checks, up to its thumbnails. Gives its upload and its file.
async fn checked(server: &Server) -> (String, String) {
    let accepted = server.upload("a.gif", "image/gif", &GIF, true).await.expect(202);
    let process = claim(&server.app, Lane::Files, LONG, 1).await.remove(0);
    let Job::Process { upload } = process.payload else { panic!("{process:?}") };
    server.app.processing.process(&process, upload).await.unwrap();
    (accepted.text("/uploadId"), accepted.text("/fileId"))
}

/// The status of the upload, and what the file's history says of its thumbnails.
async fn end(server: &Server, (upload, file): &(String, String)) -> (String, Value) {
    let timeline = server.api("GET", &format!("/files/{file}/timeline"), Body::Empty).await.expect(200).json();
    let entries = timeline["entries"].as_array().unwrap();
    let thumbnails = entries.iter().find(|entry| entry["step"] == "thumbnails").map(|entry| entry["detail"].clone());
    (status(server, upload.parse().unwrap()).await.0, thumbnails.unwrap_or_default())
}

each_database! {
    async fn a_picture_that_no_worker_survives_goes_without_thumbnails(server: &Server) with by_hand {
        for (deaths, made) in [(2, json!(["thumb_64", "thumb_160", "thumb_320"])), (3, json!([]))] {
            let picture = checked(server).await;
            for _ in 0..deaths {
                die(server, Lane::Pictures).await;
            }
            server.run_jobs().await;
            let (status, thumbnails) = end(server, &picture).await;
            assert_eq!((status.as_str(), &thumbnails["made"]), ("COMPLETED", &made), "{deaths} deaths: {thumbnails}");
            let why = thumbnails["message"].as_str().unwrap_or_default();
            assert_eq!(why.contains("did not survive"), deaths == 3, "{thumbnails}");
        }
    }

    async fn a_picture_whose_thumbnails_cannot_be_stored_goes_without(server: &Server) with three_tries {
        let picture = checked(server).await;
        // Nothing can be staged without it, not even by root.
        let folders = fs::read_dir(server.data_dir().join("blobs/tmp")).unwrap().map(|entry| entry.unwrap().path());
        let staging = folders.into_iter().find(|path| path.is_dir()).unwrap();
        let aside = staging.with_extension("aside");
        fs::rename(&staging, &aside).unwrap();
        for failures in [1, 2] {
            assert_eq!(server.run_jobs().await, 1);
            assert_eq!(end(server, &picture).await.0, "UPLOADING");
            let jobs = server.app.core.db.reader().await.unwrap().jobs().await.unwrap();
            assert_eq!(jobs.iter().map(|job| job.failures).collect::<Vec<_>>(), [failures]);
            server.app.core.clock.advance(Duration::seconds(failures));
        }
        server.run_jobs().await;
        fs::rename(&aside, &staging).unwrap();
        let (status, thumbnails) = end(server, &picture).await;
        assert_eq!((status.as_str(), &thumbnails["made"]), ("COMPLETED", &json!([])), "{thumbnails}");
        assert!(thumbnails["message"].as_str().unwrap().contains("could not be stored"), "{thumbnails}");
    }
}
