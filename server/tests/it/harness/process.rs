//! The real binary as a process of its own.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use serde_json::Value;

/// The binary that cargo built for these tests.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_reupload");

const ANY_PORT: &str = "127.0.0.1:0";

/// A running `reupload dev`; killed when dropped.
pub(crate) struct Dev {
    child: Child,
    pub(crate) data: PathBuf,
    pub(crate) key: String,
    pub(crate) project: String,
    /// `http://127.0.0.1:PORT`.
    pub(crate) api_url: String,
    /// What it has printed so far.
    pub(crate) printed: String,
    settings: Vec<(String, String)>,
}

impl Dev {
    /// Starts it on free ports and waits until it answers.
    pub(crate) fn start(data: &Path) -> Self {
        Self::with(&[], data)
    }

    /// As [`Dev::start`], with these `REUPLOAD_*` variables.
    pub(crate) fn with(settings: &[(&str, &str)], data: &Path) -> Self {
        Self::launch(&[], settings, data, ANY_PORT)
    }

    /// As [`Dev::with`], with the API at this address.
    pub(crate) fn at(listen: &str, settings: &[(&str, &str)], data: &Path) -> Self {
        Self::launch(&[], settings, data, listen)
    }

    /// As [`Dev::start`], under another program such as strace.
    pub(crate) fn under(wrapper: &[&str], data: &Path) -> Self {
        Self::launch(wrapper, &[], data, ANY_PORT)
    }

    fn launch(wrapper: &[&str], settings: &[(&str, &str)], data: &Path, listen: &str) -> Self {
        let command: Vec<&str> = [wrapper, &[BINARY]].concat();
        let mut child = Command::new(command[0])
            .args(&command[1..])
            .args(["dev", "--listen", listen, "--cdn-listen", ANY_PORT, "--metrics-listen", ANY_PORT])
            .arg("--data")
            .arg(data)
            .env("REUPLOAD_LOG__FILTER", "warn")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = read_greeting(&mut child);
        let env = fs::read_to_string(data.join("dev.env")).unwrap();
        let value = |name: &str| {
            let line = env.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap_or_else(|| panic!("{name} is missing in {env}")).to_owned()
        };
        let api_url = value("REUPLOAD_API_BASE_URL").trim_end_matches("/api/v1").to_owned();
        let dev = Self {
            child,
            data: data.to_owned(),
            key: value("REUPLOAD_API_KEY"),
            project: value("REUPLOAD_PROJECT_ID"),
            api_url,
            printed,
            settings: settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        dev.wait_until(|dev| TcpStream::connect(dev.api_url.trim_start_matches("http://")).is_ok());
        dev
    }

    /// The process, for signals and `/proc`. Under a wrapper it is the wrapper's.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that the process has had so far, in KiB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Sends a signal by name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end of the process.
    pub(crate) fn wait(&mut self, patience: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < patience, "the process did not end within {patience:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// `kill -9`, and nothing of it remains.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits up to 15 s.
    #[track_caller]
    pub(crate) fn wait_until(&self, condition: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !condition(self) {
            assert!(begun.elapsed() < Duration::from_secs(15), "it did not come true within 15 s");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// `reupload admin --data DATA --json …`, with the variables of the server.
    pub(crate) fn admin(&self, args: &[&str]) -> Value {
        let output = self.try_admin(&[&["--json"], args].concat());
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// `reupload admin --data DATA …`, whatever comes of it.
    pub(crate) fn try_admin(&self, args: &[&str]) -> Output {
        let settings = self.settings.iter().map(|(name, value)| (name, value));
        Command::new(BINARY).envs(settings).arg("admin").arg("--data").arg(&self.data).args(args).output().unwrap()
    }

    /// Runs curl with the key and gives what it prints.
    pub(crate) fn curl(&self, args: &[&str]) -> String {
        let output = Command::new("curl")
            .args(["-sS", "-H"])
            .arg(format!("Authorization: Bearer {}", self.key))
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "curl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// `GET /api/v1{path}` as JSON.
    pub(crate) fn get(&self, path: &str) -> Value {
        serde_json::from_str(&self.curl(&[&format!("{}/api/v1{path}", self.api_url)])).unwrap()
    }

    /// Waits until an upload is completed and returns `{session, file}`.
    pub(crate) fn completed(&self, upload: &str) -> Value {
        let path = format!("/uploads/session/{upload}");
        self.wait_until(|dev| dev.get(&path)["session"]["status"] == "COMPLETED");
        self.get(&path)
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What it prints until it says how to be told of files, the end of its greeting.
fn read_greeting(child: &mut Child) -> String {
    let output = BufReader::new(child.stdout.take().unwrap());
    let (tell, hear) = mpsc::channel();
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    let mut printed = String::new();
    while !printed.contains("webhook create") {
        let line = hear.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| panic!("it did not start: {printed}"));
        printed.push_str(&line);
        printed.push('\n');
    }
    printed
}
