//! What the API host shows to a browser: the dashboard and the documentation, or the page that says how to build them. `e2e/` tries both.

use std::path::Path;

use reqwest::{Client, Response, header};

use crate::{
    harness::{Server, each_database},
    hostile::raw,
};

const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn dist() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../dashboard/dist"))
}

fn has_docs() -> bool {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/site/dist/index.html")).exists()
}

async fn get(server: &Server, path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}{path}", server.api_url));
    headers.iter().fold(request, |request, (name, value)| request.header(name, *value)).send().await.unwrap()
}

fn text<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

each_database! {
    async fn any_address_is_a_page_of_the_dashboard_for_a_browser(server: &Server) {
        for path in ["/", "/w/0/p/1/files", "/sign-in", "/no/such.page"] {
            let response = get(server, path, &[(header::ACCEPT, PAGE)]).await;
            assert_eq!(response.status(), 200, "{path}");
            assert!(text(&response, "content-type").starts_with("text/html"), "{path}");
            let policy = text(&response, "content-security-policy").to_owned();
            assert!(policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"), "{policy}");
            let page = response.text().await.unwrap();
            match dist().join("index.html").exists() {
                true => assert!(page.contains("/assets/"), "{page}"),
                false => assert!(page.contains("make dashboard"), "{page}"),
            }
        }
    }

    async fn what_is_no_page_is_not_answered_with_one(server: &Server) {
        for (path, accept) in [("/", "*/*"), ("/no/such", "application/json"), ("/api/v1/no-such", PAGE), ("/api/dashboard/no-such", PAGE), ("/assets/no-such.js", "*/*")] {
            let response = get(server, path, &[(header::ACCEPT, accept)]).await;
            if path == "/" && response.status() == 200 {
                // Nobody asked for a page, and yet it may be one: there is a file of that name.
                continue;
            }
            assert_eq!(response.status(), 404, "{path}");
            assert!(response.text().await.unwrap().contains("NOT_FOUND"), "{path}");
        }
    }

    async fn the_documentation_has_pages_and_their_markdown(server: &Server) {
        for path in ["/docs", "/docs/", "/docs/guides/next-node", "/docs/api"] {
            let response = get(server, path, &[(header::ACCEPT, PAGE)]).await;
            assert_eq!(response.status(), 200, "{path}");
            assert_eq!(text(&response, "content-type"), "text/html; charset=utf-8", "{path}");
            let policy = text(&response, "content-security-policy").to_owned();
            assert!(policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"), "{policy}");
            let page = response.text().await.unwrap();
            assert_eq!((page.contains("make dashboard docs"), page.contains("/docs/assets/")), (!has_docs(), has_docs()), "{path}");
        }
        let texts = [("/docs/guides/next-node.md", "text/markdown; charset=utf-8"), ("/llms.txt", "text/plain; charset=utf-8"), ("/docs/llms.txt", "text/plain; charset=utf-8")];
        for (path, kind) in texts {
            let response = get(server, path, &[]).await;
            assert_eq!(response.status(), if has_docs() { 200 } else { 404 }, "{path}");
            if has_docs() {
                assert_eq!(text(&response, "content-type"), kind);
                assert!(response.text().await.unwrap().starts_with("# "), "{path}");
            }
        }
        for (path, accept, is_page) in [("/docs/no/such", PAGE, has_docs()), ("/docs/no/such", "*/*", false), ("/docs/..%2fCargo.toml", "*/*", false)] {
            let response = get(server, path, &[(header::ACCEPT, accept)]).await;
            if accept == PAGE && !has_docs() {
                continue;
            }
            assert_eq!(response.status(), 404, "{path}");
            assert_eq!(text(&response, "content-type").starts_with("text/html"), is_page, "{path}");
        }
        // As no client would send it that tidies paths up.
        for path in ["/docs/../Cargo.toml", "/docs/guides/../../../Cargo.toml", "/../Cargo.toml", "/assets/../../src/main.tsx"] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            let answer = raw(&server.api_url, request).await;
            let answer = String::from_utf8_lossy(&answer);
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        }
        assert_eq!(server.http.post(format!("{}/docs", server.api_url)).send().await.unwrap().status(), 405);
    }

    async fn files_of_the_dashboard_are_compressed_kept_and_checked_again(server: &Server) {
        let Ok(folder) = std::fs::read_dir(dist().join("assets")) else { return };
        let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let script = names.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "js")).min().unwrap();
        let path = format!("/assets/{script}");
        for (asked, given) in [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", "")] {
            let response = get(server, &path, &[(header::ACCEPT_ENCODING, asked)]).await;
            assert_eq!(text(&response, "content-encoding"), given, "{asked}");
            assert_eq!(text(&response, "cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(text(&response, "content-type"), "text/javascript; charset=utf-8");
        }
        let tag = text(&get(server, "/index.html", &[]).await, "etag").to_owned();
        let again = get(server, "/index.html", &[(header::IF_NONE_MATCH, &tag)]).await;
        assert_eq!((again.status().as_u16(), text(&again, "cache-control")), (304, "no-cache"));
        assert_eq!(get(server, &format!("{path}.br"), &[]).await.status(), 404);
    }
}
