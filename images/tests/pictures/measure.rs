//! What a piece of work takes. Each test runs in a process of its own (cargo-nextest), so the process's figures are the test's.

use std::{
    env, fs,
    process::Command,
    time::{Duration, Instant},
};

pub(crate) struct Cost {
    /// Bytes above what the process had before.
    pub(crate) memory: u64,
    pub(crate) time: Duration,
}

/// Runs and measures. Linux only: the peak is `VmHWM`, which `clear_refs` sets back.
pub(crate) fn cost<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = status("VmRSS:");
    let begun = Instant::now();
    let result = work();
    let time = begun.elapsed();
    (result, Cost { memory: status("VmHWM:").saturating_sub(before), time })
}

fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// Runs a test once more in a process whose allocator gives back at once what is freed, so that memory used before cannot be used
/// again unseen. True in that process, where the test is to go on.
pub(crate) fn is_exact(test: &str) -> bool {
    const THRESHOLD: &str = "MALLOC_MMAP_THRESHOLD_";
    if env::var_os(THRESHOLD).is_some() {
        return true;
    }
    let run = Command::new(env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]).env(THRESHOLD, "65536").status();
    assert!(run.unwrap().success());
    false
}
