//! PUTs of a session: what must fit, which bytes count, and from which pages.

use reupload::{
    app::projects::Settings,
    domain::{audit::By, clock::random_bytes, ids::BlobId, upload::State},
    store::uploads::Upload,
};

use super::{RawPut, Session, blobs};
use crate::harness::{Body, Reply, Server, each_database};

each_database! {
    async fn a_put_must_be_what_was_declared(server: &Server) {
        let session = Session::open(server, 5).await;
        server.put(&session.url, "text/html", b"hello").await.expect_error(422, "CONTENT_TYPE_MISMATCH");
        server.send("PUT", &session.url, &[], Body::Empty).await.expect_error(422, "CONTENT_TYPE_MISMATCH");
        for wrong in ["hell", "hello!"] {
            server.put(&session.url, "text/plain", wrong.as_bytes()).await.expect_error(422, "SIZE_MISMATCH");
        }
        let chunked = "Transfer-Encoding: chunked";
        for body in ["0\r\n\r\n", "4\r\nhell\r\n0\r\n\r\n", "3\r\nhel\r\n3\r\nlo!\r\n0\r\n\r\n"] {
            let answer = RawPut::begin(server, &session.url, chunked, "").await.end(body).await;
            assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("SIZE_MISMATCH"), "{body:?}: {answer}");
        }
        let answer = RawPut::begin(server, &session.url, "X-Length: none", "").await.end("").await;
        assert!(answer.starts_with("HTTP/1.1 411") && answer.contains("LENGTH_REQUIRED"), "{answer}");
        server.complete(&session.id).await.expect_error(409, "UPLOAD_NOT_RECEIVED");
        assert_eq!(blobs(server).await, 0, "nothing of a refused PUT stays");
        let answer = RawPut::begin(server, &session.url, chunked, "").await.end("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        server.complete(&session.id).await.expect(202);
        assert_eq!(session.served(server).await, b"hello");
    }

    async fn of_two_steps_from_one_reading_the_second_is_not_made(server: &Server) {
        let session = Session::filled(server, b"bytes").await;
        let id = session.id.parse().unwrap();
        let read = server.app.core.db.reader().await.unwrap().upload_of_any(id).await.unwrap().unwrap();
        let other_state = Upload { state: State::Processing, ..read.clone() };
        let other_blob = Upload { blob_id: Some(BlobId::random()), ..read.clone() };
        for step in [other_state, other_blob] {
            let mut tx = server.app.core.db.begin().await.unwrap();
            assert!(tx.step_upload(&read, &step).await.unwrap());
            assert!(!tx.step_upload(&read, &step).await.unwrap(), "{step:?} was made twice");
            // Never committed: the next one begins from what was read.
            drop(tx);
        }
        session.cancel(server).await.expect(200);
    }

    async fn the_last_whole_put_counts(server: &Server) {
        let session = Session::filled(server, b"first").await;
        server.put(&session.url, "text/plain", b"other").await.expect(200);
        server.settle().await;
        assert_eq!(blobs(server).await, 1, "the earlier bytes are given up");
        let cut = RawPut::begin(server, &session.url, "Content-Length: 5", "cut").await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        drop(cut);
        server.put(&session.url, "text/plain", b"wrong size").await.expect_error(422, "SIZE_MISMATCH");
        server.complete(&session.id).await.expect(202);
        assert_eq!(session.served(server).await, b"other");
    }

    async fn a_newer_put_ends_the_one_that_is_under_way(server: &Server) {
        let session = Session::open(server, 5).await;
        let mut older = Vec::new();
        for _ in 0..5 {
            older.push(RawPut::begin(server, &session.url, "Content-Length: 5", "hell").await);
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let newest = older.pop().unwrap();
        for put in older {
            let answer = put.end("").await;
            assert!(answer.starts_with("HTTP/1.1 409") && answer.contains("A newer PUT"), "{answer}");
        }
        let answer = newest.end("o").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        server.complete(&session.id).await.expect(202);
        assert_eq!(session.served(server).await, b"hello");
    }

    async fn puts_that_race_with_complete_never_swap_bytes(server: &Server) {
        for round in 0..30 {
            let bodies: Vec<Vec<u8>> = (0..3).map(|_| random_bytes::<40_000>().to_vec()).collect();
            let session = Session::filled(server, &bodies[0]).await;
            let late = async {
                tokio::time::sleep(std::time::Duration::from_micros(round * 150)).await;
                server.complete(&session.id).await.expect(202);
            };
            let put = |body| server.put(&session.url, "text/plain", body);
            let (one, two, ()) = tokio::join!(put(&bodies[1]), put(&bodies[2]), late);
            let puts = [(one, &bodies[1]), (two, &bodies[2])];
            let taken: Vec<&Vec<u8>> = puts.iter().filter(|(put, _)| put.status == 200).map(|(_, body)| *body).collect();
            let served = session.served(server).await;
            if taken.is_empty() {
                assert_eq!(served, bodies[0], "round {round}: refused bytes are served");
            } else {
                assert!(taken.contains(&&served), "round {round}: what is served was not the last that was taken");
            }
            server.put(&session.url, "text/plain", &bodies[1]).await.expect_error(409, "SESSION_NOT_ACTIVE");
            assert_eq!(session.served(server).await, served, "round {round}");
        }
    }

    async fn only_listed_origins_may_upload_from_a_browser(server: &Server) {
        let settings = Settings { origins: Some(vec!["https://app.example.com".to_owned()]), ..Settings::default() };
        server.app.projects.update(server.project.id, settings, &By::COMMAND_LINE).await.unwrap();
        let session = Session::open(server, 5).await;
        let asked = [("access-control-request-method", "PUT"), ("access-control-request-headers", "content-type")];
        let from = |origin| [&[("origin", origin)][..], &asked].concat();
        let allow_origin = |reply: &Reply| reply.headers.get("access-control-allow-origin").cloned();

        let mine = server.send("OPTIONS", &session.url, &from("https://app.example.com"), Body::Empty).await.expect(204);
        assert_eq!(allow_origin(&mine).as_deref(), Some("https://app.example.com"));
        let methods = &mine.headers["access-control-allow-methods"];
        assert!(["PUT", "HEAD", "PATCH", "DELETE", "OPTIONS"].iter().all(|method| methods.contains(method)), "{methods}");
        assert_eq!(mine.headers["access-control-allow-headers"], "content-type");
        assert_eq!(mine.headers["vary"], "Origin");
        let puts = [("text/plain", &b"hello"[..], 200), ("text/plain", b"hell", 422), ("text/html", b"hello", 422)];
        for (content_type, bytes, status) in puts {
            let body = Body::Bytes(bytes.to_vec(), content_type);
            let put = server.send("PUT", &session.url, &[("origin", "https://app.example.com")], body).await.expect(status);
            assert_eq!(allow_origin(&put).as_deref(), Some("https://app.example.com"));
            assert_eq!(put.headers["vary"], "Origin");
            assert!(!put.headers.contains_key("access-control-allow-credentials"));
        }
        // The server's own pages: the documentation tries uploads, with the reader's key.
        let own = server.send("OPTIONS", &session.url, &from(&server.api_url), Body::Empty).await.expect(204);
        assert_eq!(allow_origin(&own).as_deref(), Some(server.api_url.as_str()));
        for foreign in [
            server.cdn_url.as_str(),
            "https://evil.test",
            "http://app.example.com",
            "https://app.example.com.evil.test",
            "https://evilapp.example.com",
            "https://x.app.example.com",
            "https://example.com",
            "null",
            "*",
        ] {
            let body = Body::Bytes(b"hello".to_vec(), "text/plain");
            let preflight = server.send("OPTIONS", &session.url, &from(foreign), Body::Empty).await.expect(204);
            let put = server.send("PUT", &session.url, &[("origin", foreign)], body).await.expect(200);
            for reply in [&mine, &preflight, &put] {
                assert!(!reply.headers.contains_key("access-control-allow-credentials"));
            }
            for reply in [preflight, put] {
                let told = reply.headers.keys().any(|name| name.starts_with("access-control-"));
                assert!(!told, "{foreign}: {:?}", reply.headers);
                assert_eq!(reply.headers["vary"], "Origin");
            }
        }
    }
}
