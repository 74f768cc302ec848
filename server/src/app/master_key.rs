//! The file of master keys, and files that only their owner can read.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use anyhow::{Context, bail};

use crate::domain::{
    clock::random_bytes,
    signed_url::{Keyring, MasterKey},
};

/// Reads the master keys, or makes the first one. Without the file every URL that was signed is void, so it is
/// written durably and never overwritten.
pub(super) fn load_keyring(file: &Path) -> anyhow::Result<Keyring> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => create_key_file(file)?,
        Err(error) => return Err(error).with_context(|| format!("secrets.master_key_file: cannot read {}", file.display())),
    };
    if is_open_to_all(file)? {
        tracing::warn!(file = %file.display(), "the master key is open to all users of this machine: chmod it to 600");
    }
    let mut keys = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match MasterKey::parse(line) {
            Some(key) => keys.push(key),
            None => bail!("secrets.master_key_file: {} has a line that is not kid:hex", file.display()),
        }
    }
    Keyring::new(&keys).map_err(|problem| anyhow::anyhow!("secrets.master_key_file: {}: {problem}", file.display()))
}

fn create_key_file(file: &Path) -> anyhow::Result<String> {
    let line = format!("{}\n", MasterKey::generate().to_line());
    match write_private_file(file, &line, true) {
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        outcome => outcome.with_context(|| format!("secrets.master_key_file: cannot write {}", file.display()))?,
    }
    Ok(fs::read_to_string(file)?)
}

/// Whether users of this machine may use it who are neither its owner nor of its group.
pub(super) fn is_open_to_all(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o007 != 0)
}

/// Writes a file that only its owner can read, whole or not at all; with `new`, never over an existing one.
pub(crate) fn write_private_file(file: &Path, text: &str, new: bool) -> io::Result<()> {
    // Not by the id of the process, which is 1 in every container.
    let temp = file.with_extension(format!("{}.tmp", hex::encode(random_bytes::<8>())));
    let mut handle = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temp)?;
    handle.write_all(text.as_bytes())?;
    handle.sync_all()?;
    let placed = if new { fs::hard_link(&temp, file) } else { fs::rename(&temp, file) };
    let _ = fs::remove_file(&temp);
    placed?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::{sync::Barrier, thread};

    use tempfile::TempDir;

    use super::*;
    use crate::domain::ids::{BlobId, UploadId};

    #[test]
    fn whoever_starts_at_once_has_the_key_of_the_file() {
        let upload = UploadId(BlobId::random().0);
        for _ in 0..20 {
            let folder = TempDir::new().unwrap();
            let file = folder.path().join("master.key");
            let together = Barrier::new(8);
            let start = || {
                together.wait();
                load_keyring(&file).map(|keys| keys.upload_token(upload))
            };
            let tokens: Vec<_> = thread::scope(|scope| {
                let running: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
                running.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
            });
            let kept = load_keyring(&file).unwrap().upload_token(upload);
            assert!(tokens.iter().all(|token| *token == kept));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
        }
    }
}
