//! 2 GiB through both paths, while the server's memory stays small.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::harness::{Dev, note};

const SIZE: u64 = 2 * 1024 * 1024 * 1024;
/// The most that the server may keep in memory, in KiB.
const MOST_MEMORY: u64 = 100 * 1024;

/// A piece of a file that is never the same twice and costs nothing to make.
fn piece(n: u64) -> Vec<u8> {
    let mut piece = vec![0x5a; 1024 * 1024];
    for chunk in piece.chunks_mut(4096) {
        chunk[..8].copy_from_slice(&n.to_le_bytes());
    }
    piece
}

/// Sends a request whose body is `before`, the file, `after`; gives the file's hash and the answer.
fn send(address: &str, head: &str, before: &str, after: &str) -> (String, String) {
    let mut socket = TcpStream::connect(address).unwrap();
    let length = SIZE + (before.len() + after.len()) as u64;
    write!(socket, "{head}Host: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{before}").unwrap();
    let mut hash = Sha256::new();
    for n in 0..SIZE / (1024 * 1024) {
        let piece = piece(n);
        hash.update(&piece);
        socket.write_all(&piece).unwrap();
    }
    socket.write_all(after.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (hex::encode(hash.finalize()), body.to_owned())
}

/// Downloads a file and gives its hash.
fn fetch(url: &str) -> String {
    let (address, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    write!(socket, "GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1024 * 1024];
    let mut head = Vec::new();
    loop {
        let read = socket.read(&mut buffer).unwrap();
        if read == 0 {
            return hex::encode(hash.finalize());
        }
        if head.ends_with(b"\r\n\r\n") {
            hash.update(&buffer[..read]);
            continue;
        }
        for (at, byte) in buffer[..read].iter().enumerate() {
            head.push(*byte);
            if head.ends_with(b"\r\n\r\n") {
                hash.update(&buffer[at + 1..read]);
                break;
            }
        }
    }
}

fn patient_completed(dev: &Dev, upload: &str) -> Value {
    // Hashing was done on the way in; this is only the turn of the worker.
    std::thread::sleep(Duration::from_millis(200));
    dev.completed(upload)
}

#[test]
fn two_gibibytes_pass_through_a_little_memory() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path());
    let api = dev.api_url.trim_start_matches("http://").to_owned();
    let auth = format!("Authorization: Bearer {}\r\n", dev.key);

    let before = format!(
        "--b\r\nContent-Disposition: form-data; name=\"projectId\"\r\n\r\n{}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"large.bin\"\r\n\r\n",
        dev.project
    );
    let head = format!("POST /api/v1/uploads/direct HTTP/1.1\r\n{auth}Content-Type: multipart/form-data; boundary=b\r\n");
    let (sent, answer) = send(&api, &head, &before, "\r\n--b--\r\n");
    let answer: Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{answer}"));
    let file = patient_completed(&dev, answer["uploadId"].as_str().unwrap())["file"].clone();
    assert_eq!(file["sizeBytes"], SIZE);
    assert_eq!(fetch(file["url"].as_str().unwrap()), sent, "direct");
    let id = file["fileId"].as_str().unwrap();
    assert_eq!(dev.get(&format!("/files/{id}"))["file"]["sha256"].as_str(), Some(sent.as_str()));
    dev.curl(&["-X", "DELETE", &format!("{}/api/v1/files/{id}", dev.api_url)]);

    let body =
        json!({ "projectId": dev.project, "filename": "large.bin", "contentType": "application/octet-stream", "size": SIZE });
    let session = dev.curl(&["-d", &body.to_string(), &format!("{}/api/v1/uploads/session", dev.api_url)]);
    let session: Value = serde_json::from_str(&session).unwrap();
    let (cdn, path) = session["uploadUrl"].as_str().unwrap().trim_start_matches("http://").split_once('/').unwrap();
    let head = format!("PUT /{path} HTTP/1.1\r\nContent-Type: application/octet-stream\r\n");
    let (sent, answer) = send(cdn, &head, "", "");
    assert!(answer.contains(&sent), "{answer}");
    let upload = session["uploadId"].as_str().unwrap();
    dev.curl(&["-d", &json!({ "uploadId": upload }).to_string(), &format!("{}/api/v1/uploads/complete", dev.api_url)]);
    let file = patient_completed(&dev, upload)["file"].clone();
    assert_eq!(fetch(file["url"].as_str().unwrap()), sent, "session");

    let peak = dev.peak_memory();
    note(&format!("2 GiB direct, 2 GiB by session: peak memory {} MiB", peak / 1024));
    assert!(peak < MOST_MEMORY, "{peak} KiB");
}
