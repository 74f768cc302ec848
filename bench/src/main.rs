//! How many small durable uploads a second, beside the raw file system doing the same bytes with the same syncs.
//!
//! `make bench` builds the server and runs this. Both sides run in turns on the same disk, several rounds, and the median counts, because
//! timings on shared machines are noisy. Give ratios, never single figures.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench talks to its user and may stop at the first fault"
)]

mod raw;
mod service;

use std::{
    env, fs,
    path::PathBuf,
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Bytes of one upload.
const SIZE: usize = 20 * 1024;
const ROUNDS: usize = 3;

/// One side of the comparison: `work` does one upload and is called again and again by each of `threads` threads.
fn measure<W: FnMut()>(threads: usize, time: Duration, make: impl Fn(usize) -> W + Sync) -> Measured {
    let stop = Arc::new(AtomicBool::new(false));
    let start = Arc::new(Barrier::new(threads + 1));
    let make = &make;
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|n| {
                let (stop, start) = (Arc::clone(&stop), Arc::clone(&start));
                scope.spawn(move || {
                    let mut work = make(n);
                    start.wait();
                    let mut latencies = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let begun = Instant::now();
                        work();
                        latencies.push(begun.elapsed());
                    }
                    latencies
                })
            })
            .collect();
        start.wait();
        let begun = Instant::now();
        thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        let mut latencies: Vec<Duration> = workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
        let took = begun.elapsed();
        latencies.sort();
        #[expect(clippy::cast_precision_loss, reason = "a rate is a float")]
        let rate = latencies.len() as f64 / took.as_secs_f64();
        Measured { rate, median: latencies[latencies.len() / 2], p99: latencies[latencies.len() * 99 / 100] }
    })
}

struct Measured {
    rate: f64,
    median: Duration,
    p99: Duration,
}

/// The run whose rate is in the middle.
fn middle(mut runs: Vec<Measured>) -> Measured {
    runs.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    runs.swap_remove(runs.len() / 2)
}

fn show(what: &str, clients: usize, measured: &Measured) {
    println!("{what:<32} {clients:>7} {:>12.0} {:>12.2?} {:>12.2?}", measured.rate, measured.median, measured.p99);
}

fn main() {
    let binary = PathBuf::from(env::args().nth(1).unwrap_or_else(|| panic!("usage: bench PATH-TO-REUPLOAD [SECONDS]")));
    let seconds = env::args().nth(2).map_or(4, |text| text.parse().unwrap());
    let time = Duration::from_secs(seconds);
    // Nothing is removed before the end: ext4 without a journal passes over inodes that were freed in the last minutes, one by one,
    // at every new file, and would slow down both sides many times.
    let folder = binary.parent().unwrap().join(format!("bench-data-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();

    println!("uploads of 20 KiB, durable before the answer; median of {ROUNDS} rounds of {seconds} s each, side by side\n");
    println!("{:<32} {:>7} {:>12} {:>12} {:>12}", "", "clients", "per second", "median", "p99");
    for clients in [1, 32] {
        let (mut files_runs, mut log_runs, mut service_runs) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let folder_of = |what: &str| folder.join(format!("{what}-{clients}-{round}"));
            let files = raw::Folder::new(&folder_of("files"));
            files_runs.push(measure(clients, time, |_| files.writer(false)));
            let logged = raw::Folder::new(&folder_of("logged"));
            log_runs.push(measure(clients, time, |_| logged.writer(true)));
            // A fresh server each time, so that no round pays for the backlog of the one before.
            let server = service::Server::start(&binary, &folder_of("data"));
            service_runs.push(measure(clients, time, |_| server.uploader()));
            println!(
                "  round {}: service {:.0}, raw {:.0}, raw without a log {:.0}",
                round + 1,
                service_runs[round].rate,
                log_runs[round].rate,
                files_runs[round].rate
            );
        }
        let (files, logged, service) = (middle(files_runs), middle(log_runs), middle(service_runs));
        show("raw: file, folder", clients, &files);
        show("raw: file, folder, log", clients, &logged);
        show("POST /uploads/direct", clients, &service);
        println!(
            "service beside raw, {clients} clients: {:.0}% with the same syncs, {:.0}% of the files alone\n",
            100.0 * service.rate / logged.rate,
            100.0 * service.rate / files.rate
        );
    }
    let _ = fs::remove_dir_all(&folder);
}
