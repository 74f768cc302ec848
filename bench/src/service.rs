//! The real binary, and clients that cost as little as they can: blocking sockets, kept alive, a ready-made request.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A running `reupload dev`; stopped when dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
    request: Vec<u8>,
}

impl Server {
    pub(crate) fn start(binary: &Path, data: &Path) -> Self {
        let any_port = "127.0.0.1:0";
        let child = Command::new(binary)
            .args(["dev", "--listen", any_port, "--cdn-listen", any_port, "--metrics-listen", any_port, "--data"])
            .arg(data)
            .env("REUPLOAD_LOG__FILTER", "warn")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let env = read_env(&data.join("dev.env"));
        let value = |name: &str| {
            let line = env.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap_or_else(|| panic!("{name} is missing in dev.env")).to_owned()
        };
        let address = value("REUPLOAD_API_BASE_URL").split('/').nth(2).unwrap().to_owned();
        let request = upload_request(&address, &value("REUPLOAD_API_KEY"), &value("REUPLOAD_PROJECT_ID"));
        while TcpStream::connect(&address).is_err() {
            thread::sleep(Duration::from_millis(20));
        }
        quiet(binary, data);
        Self { child, address, request }
    }

    /// Uploads one file at each call.
    pub(crate) fn uploader(&self) -> impl FnMut() + use<> {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        socket.set_nodelay(true).unwrap();
        let request = self.request.clone();
        let mut answer = vec![0; 4096];
        move || {
            socket.write_all(&request).unwrap();
            read_answer(&mut socket, &mut answer);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Disables the inbox of `reupload dev`: a server in earnest has none, and delivering to it is not what is measured.
fn quiet(binary: &Path, data: &Path) {
    let admin = |arguments: &[&str]| {
        let output = Command::new(binary).args(["admin", "--json", "--data"]).arg(data).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    for endpoint in admin(&["webhook", "list"]).as_array().unwrap() {
        admin(&["webhook", "update", endpoint["id"].as_str().unwrap(), "--disable", "bench"]);
    }
}

fn read_env(file: &Path) -> String {
    let begun = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(file) {
            return text;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the server did not start");
        thread::sleep(Duration::from_millis(20));
    }
}

fn upload_request(address: &str, key: &str, project: &str) -> Vec<u8> {
    let boundary = "bench-boundary";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"projectId\"\r\n\r\n{project}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend(vec![7; super::SIZE]);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    let mut request = format!(
        "POST /api/v1/uploads/direct HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend(body);
    request
}

/// Reads one answer to its end and insists on 202.
fn read_answer(socket: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        let read = socket.read(&mut buffer[filled..]).unwrap();
        assert!(read > 0, "the server closed the connection");
        filled += read;
        let text = String::from_utf8_lossy(&buffer[..filled]);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
        if body.len() >= length.trim().parse().unwrap() {
            assert!(head.starts_with("HTTP/1.1 202"), "{text}");
            return;
        }
    }
}
