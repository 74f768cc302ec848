//! Direct uploads: one file, many, and every way to get it wrong.

use serde_json::{Value, json};

use crate::harness::{Body, Multipart, Server, each_database};

each_database! {
    async fn what_is_asked_of_the_api_is_kept_by_no_cache(server: &Server) {
        let file = server.ready("a.txt", b"a", false).await["file"]["fileId"].as_str().unwrap().to_owned();
        for path in [format!("/files/{file}/access"), format!("/files/{file}"), "/nowhere".to_owned()] {
            assert_eq!(server.api("GET", &path, Body::Empty).await.headers["cache-control"], "no-store", "{path}");
        }
        let unknown = server.get(&format!("{}/v1/files/{}/a.txt", server.cdn_url, uuid::Uuid::nil())).await.expect(404);
        assert_eq!(unknown.headers["cache-control"], "no-store", "it may be there tomorrow");
    }

    async fn a_body_that_does_not_fit_is_told_which_field_and_why(server: &Server) {
        let session = |size: Value| json!({ "projectId": server.project_id(), "filename": "a",
            "contentType": "text/plain", "size": size });
        for (path, body, message) in [
            ("session", session("5".into()), "size must be a whole number, not a text."),
            ("session", session(true.into()), "size must be a whole number, not true or false."),
            ("session", session(json!({})), "size must be a whole number, not an object."),
            ("session", json!({ "projectId": server.project_id() }), "The field filename is missing."),
            ("session", json!([]), "The body must be a JSON object."),
            ("complete", json!({ "uploadId": "x" }), "uploadId must be a UUID."),
        ] {
            let reply = server.api("POST", &format!("/uploads/{path}"), Body::Json(body)).await;
            assert_eq!(reply.expect_error(400, "VALIDATION_ERROR").text("/message"), message);
        }
    }

    async fn one_file_is_stored_and_published(server: &Server) {
        let accepted = server.upload("hello.txt", "text/plain", b"hello", false).await.expect(202);
        assert_eq!(accepted.json()["status"], "processing");
        let state = server.completed(&accepted.text("/uploadId")).await;
        assert_eq!(state["session"]["fileId"], accepted.json()["fileId"]);
        assert_eq!(state["file"]["sizeBytes"], 5);
        assert_eq!(state["file"]["mimeType"], "text/plain");
        assert_eq!(server.get(state["file"]["url"].as_str().unwrap()).await.expect(200).body, b"hello");
        let file = server.api("GET", &format!("/files/{}", accepted.text("/fileId")), Body::Empty).await.expect(200).json();
        assert_eq!(file["file"]["sha256"], "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assert_eq!(file["file"]["scan"], "skipped");
        assert_eq!(file["file"]["publicUrl"], Value::Null);
    }

    async fn a_trailing_slash_is_accepted(server: &Server) {
        server.api("GET", "/public/whoami/", Body::Empty).await.expect(200);
    }

    async fn text_fields_may_follow_the_file(server: &Server) {
        let form = Multipart::new()
            .file("a.txt", "text/plain", b"first the bytes")
            .text("filename", "renamed.txt")
            .text("isPublic", " TRUE ")
            .text("folder", "/a//b/")
            .text("metadata", r#"{"order":"17"}"#)
            .text("ownerRef", "user-1")
            .text("somethingElse", "is passed over")
            .text("projectId", &server.project_id());
        let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
        let state = server.completed(&accepted.text("/uploadId")).await;
        assert_eq!(state["file"]["path"], "a/b/renamed.txt");
        assert_eq!(state["file"]["isPublic"], true);
        let file = server.api("GET", &format!("/files/{}", accepted.text("/fileId")), Body::Empty).await.expect(200).json();
        assert_eq!(file["file"]["metadata"], json!({ "order": "17" }));
        assert_eq!(file["file"]["folder"], "a/b");
    }

    async fn several_files_come_back_in_order(server: &Server) {
        let mut form = Multipart::new().text("projectId", &server.project_id());
        for n in 0..5 {
            form = form.file(&format!("{n}.txt"), "text/plain", format!("file {n}").as_bytes());
        }
        let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).json();
        let files = accepted["files"].as_array().unwrap();
        assert_eq!(files.len(), 5);
        for (n, file) in files.iter().enumerate() {
            let state = server.completed(file["uploadId"].as_str().unwrap()).await;
            assert_eq!(state["file"]["name"], format!("{n}.txt"));
        }
    }

    async fn one_bad_file_refuses_the_whole_batch(server: &Server) {
        let form = Multipart::new()
            .text("projectId", &server.project_id())
            .file("good.txt", "text/plain", b"good")
            .file("empty.txt", "text/plain", b"");
        server.api("POST", "/uploads/direct", Body::Form(form)).await.expect_error(400, "EMPTY_FILE");
    }

    async fn many_bytes_wait_for_no_project(server: &Server) {
        let form = |mebibytes: usize| {
            let form = Multipart::new().file("a.bin", "application/octet-stream", &vec![b'x'; mebibytes * 1024 * 1024]);
            form.text("projectId", &server.project_id())
        };
        server.api("POST", "/uploads/direct", Body::Form(form(15))).await.expect(202);
        server.api("POST", "/uploads/direct", Body::Form(form(17))).await.expect_error(400, "MISSING_PROJECT_ID");
    }

    async fn wrong_forms_get_their_code(server: &Server) {
        let project = server.project_id();
        let with_project = || Multipart::new().text("projectId", &project);
        let file = |form: Multipart| form.file("a.txt", "text/plain", b"x");
        let cases = [
            (file(Multipart::new()), 400, "MISSING_PROJECT_ID"),
            (file(Multipart::new().text("projectId", " ")), 400, "MISSING_PROJECT_ID"),
            (file(Multipart::new().text("projectId", "nonsense")), 400, "VALIDATION_ERROR"),
            (file(Multipart::new().text("projectId", "00000000-0000-4000-8000-000000000000")), 404, "NOT_FOUND"),
            (with_project(), 400, "MISSING_FILE"),
            (with_project().file("a.txt", "text/plain", b""), 400, "EMPTY_FILE"),
            (file(file(with_project().text("filename", "both.txt"))), 400, "INVALID_FILENAME"),
            (file(with_project().text("filename", "..")), 400, "INVALID_FILENAME"),
            (file(with_project().text("filename", &"x".repeat(513))), 400, "INVALID_FILENAME"),
            (file(with_project().text("isPublic", "yes")), 400, "VALIDATION_ERROR"),
            (file(with_project().text("isPublic", "true").text("isPublic", "false")), 400, "VALIDATION_ERROR"),
            (file(with_project().text("folder", "a/../b")), 400, "VALIDATION_ERROR"),
            (file(with_project().text("metadata", "[]")), 400, "VALIDATION_ERROR"),
            (file(with_project().text("metadata", r#"{"a":1}"#)), 400, "VALIDATION_ERROR"),
            (file(with_project().text("ownerRef", &"x".repeat(256))), 400, "VALIDATION_ERROR"),
            (file(with_project().text("folder", &"x".repeat(70_000))), 400, "VALIDATION_ERROR"),
        ];
        for (form, status, code) in cases {
            server.api("POST", "/uploads/direct", Body::Form(form)).await.expect_error(status, code);
        }
        let accepted = file(with_project().text("isPublic", ""));
        server.api("POST", "/uploads/direct", Body::Form(accepted)).await.expect(202);
        let json = Body::Json(json!({ "projectId": project }));
        server.api("POST", "/uploads/direct", json).await.expect_error(400, "MALFORMED_REQUEST");
        let cut = Body::Bytes(b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhal".to_vec(), "multipart/form-data; boundary=x");
        server.api("POST", "/uploads/direct", cut).await.expect_error(400, "MALFORMED_REQUEST");
    }

    async fn names_in_any_language_are_kept(server: &Server) {
        for (sent, shown) in [("写真.txt", "写真.txt"), ("صورة.txt", "صورة.txt"), ("🦀.txt", "🦀.txt"), ("../../etc/passwd", "passwd")] {
            let form = Multipart::new().text("projectId", &server.project_id()).text("filename", sent).file("x", "text/plain", b"x");
            let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
            let state = server.completed(&accepted.text("/uploadId")).await;
            assert_eq!(state["file"]["name"], shown);
            let reply = server.get(state["file"]["url"].as_str().unwrap()).await.expect(200);
            assert!(reply.headers["content-disposition"].contains("filename*=UTF-8''"));
            let file = server.api("GET", &format!("/files/{}", accepted.text("/fileId")), Body::Empty).await.json();
            assert_eq!(file["file"]["originalName"], sent);
        }
    }

    async fn a_name_that_a_browser_writes_in_another_form_is_read_back(server: &Server) {
        for (written, sent) in [("say %22hi%22.txt", "say \"hi\".txt"), ("a%0D%0Ab.txt", "a\r\nb.txt"), ("100%25 %41.txt", "100%25 %41.txt")] {
            let form = Multipart::new().text("projectId", &server.project_id()).file(written, "text/plain", b"x");
            let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202);
            server.completed(&accepted.text("/uploadId")).await;
            let file = server.api("GET", &format!("/files/{}", accepted.text("/fileId")), Body::Empty).await.json();
            assert_eq!(file["file"]["originalName"], sent);
        }
    }
}
