//! The `reupload` binary. All of it is in the library, so that tests can run it too.

use std::process::ExitCode;

/// Threads for file work. Many, because they mostly wait for the disk, and syncs that wait together share one.
const BLOCKING_THREADS: usize = 128;

#[expect(clippy::print_stderr, reason = "the command's last word")]
fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING_THREADS).build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(reupload::cli::run()),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reupload: {error:#}");
            ExitCode::FAILURE
        }
    }
}
