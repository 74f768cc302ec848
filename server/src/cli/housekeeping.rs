//! `reupload gc` and `reupload fsck`: rows and bytes compared, beside a running server.

use anyhow::{Result, bail};

use super::{
    local::Place,
    output::{bar, tell},
};
use crate::app::housekeeping::{Collect, Damage, Problem};

/// How many damaged files are named before the rest is only counted.
const NAMED: usize = 100;

#[derive(clap::Args)]
pub(super) struct GcArgs {
    #[command(flatten)]
    place: Place,
    /// Only count what would be removed
    #[arg(long)]
    dry_run: bool,
    /// Delete files whose bytes are gone, with their events; else they are only named
    #[arg(long)]
    forget_missing: bool,
    /// Print JSON, for scripts
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(super) struct FsckArgs {
    #[command(flatten)]
    place: Place,
    /// Print JSON, for scripts
    #[arg(long)]
    json: bool,
}

pub(super) async fn gc(args: GcArgs) -> Result<()> {
    let app = args.place.open_existing().await?;
    let bar = bar(256, "comparing rows and blobs", "{msg} {wide_bar} {percent} % {eta}");
    let how = Collect { dry_run: args.dry_run, forget_missing: args.forget_missing };
    let found = app.housekeeping.collect(how, |shares| bar.set_position(shares)).await?;
    bar.finish_and_clear();
    app.close().await;
    let verb = if args.dry_run { "would be removed (dry run)" } else { "were removed" };
    let orphans = format!("blobs without a row: {}, {} bytes; they {verb}", found.orphans, found.orphan_bytes);
    let missing = format!("rows without bytes: {}, of which {} were removed", found.missing.len(), found.forgotten);
    report(args.json, &serde_json::to_value(&found)?, &[orphans, missing], &found.missing)?;
    match found.missing.len() as u64 - found.forgotten {
        0 => Ok(()),
        left => bail!("{left} rows have no bytes: restore them from a backup, or run gc with --forget-missing"),
    }
}

pub(super) async fn fsck(args: FsckArgs) -> Result<()> {
    let app = args.place.open_existing().await?;
    let template = "{msg} {wide_bar} {pos}/{len} {eta}";
    let bar = bar(app.housekeeping.count().await?, "reading every blob", template);
    let found = app.housekeeping.verify(|_| bar.inc(1)).await?;
    bar.finish_and_clear();
    app.close().await;
    let read = format!("read {} blobs, {} bytes; damaged: {}", found.blobs, found.bytes, found.damaged.len());
    report(args.json, &serde_json::to_value(&found)?, &[read], &found.damaged)?;
    match found.damaged.len() {
        0 => Ok(()),
        damaged => bail!("{damaged} blobs are damaged: restore them from a backup"),
    }
}

fn report(as_json: bool, json: &serde_json::Value, lines: &[String], damaged: &[Damage]) -> std::io::Result<()> {
    if as_json {
        return tell(&json.to_string());
    }
    for line in lines {
        tell(line)?;
    }
    for Damage { file_id, blob_id, kind, problem } in damaged.iter().take(NAMED) {
        let problem = match problem {
            Problem::Missing => "its bytes are gone",
            Problem::WrongSize => "its bytes have another size",
            Problem::Altered => "its bytes have changed",
            Problem::Unreadable => "its bytes cannot be read",
        };
        tell(&format!("  {kind} {file_id} (blob {blob_id}): {problem}"))?;
    }
    if damaged.len() > NAMED {
        tell(&format!("  … and {} more; --json names all", damaged.len() - NAMED))?;
    }
    Ok(())
}
