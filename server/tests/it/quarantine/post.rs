//! The place where the scanner listens, at which a test puts the real clamd, nobody, or one that misbehaves.

use std::{env, fs, os::unix::fs::symlink, path::PathBuf, sync::Mutex, time::Duration};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    task::JoinHandle,
};

use crate::scanner::fakes::{is_ping, take_chunks, take_whole};

/// The size of the files that [`Mood::Choking`] has no memory for.
pub(super) const TOO_MUCH: usize = 666;

/// How a scanner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// The real clamd.
    Working,
    /// There is no socket.
    Stopped,
    /// There is a socket, and nobody listens.
    Deserted,
    /// It takes the connection and everything that is sent, and never answers.
    Hung,
    /// It hangs up in the middle of the file.
    Dying,
    /// It is well, but has no memory for some files, and finds nothing in others.
    Choking,
    /// Its answer has another form.
    Babbling,
    /// Its good answer breaks off before its last byte.
    Interrupted,
    /// It calls the file clean before it has read it. Only of a large file can this be told.
    Hasty,
    /// It has read everything and calls everything clean: nobody could tell.
    Lying,
}

/// A path that the node knows as its scanner's.
pub(super) struct Post {
    folder: TempDir,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Post {
    pub(super) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), serving: Mutex::new(None) }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("clamd.ctl")
    }

    /// For `scan.address`.
    pub(super) fn address(&self) -> String {
        format!("unix:{}", self.path().display())
    }

    /// Whoever was there goes; the next connection meets this one.
    pub(super) fn put(&self, mood: Mood) {
        let mut serving = self.serving.lock().unwrap();
        if let Some(before) = serving.take() {
            before.abort();
        }
        let _ = fs::remove_file(self.path());
        match mood {
            Mood::Stopped => {}
            Mood::Deserted => drop(UnixListener::bind(self.path()).unwrap()),
            Mood::Working => {
                let socket = env::var("REUPLOAD_TEST_CLAMD_SOCKET").expect("nextest starts clamd: scripts/test-clamd");
                symlink(socket, self.path()).unwrap();
            }
            _ => {
                let listener = UnixListener::bind(self.path()).unwrap();
                *serving = Some(tokio::spawn(async move {
                    while let Ok((socket, _)) = listener.accept().await {
                        tokio::spawn(misbehave(mood, socket));
                    }
                }));
            }
        }
    }
}

async fn misbehave(mood: Mood, mut socket: UnixStream) {
    let answer: &[u8] = match mood {
        Mood::Dying => {
            let _ = socket.read_exact(&mut [0; 500]).await;
            return;
        }
        Mood::Hasty => {
            let _ = socket.write_all(b"stream: OK\0").await;
            tokio::time::sleep(Duration::from_mins(1)).await;
            return;
        }
        Mood::Choking => return choke(socket).await,
        Mood::Hung => {
            let _ = take_whole(&mut socket).await;
            tokio::time::sleep(Duration::from_mins(1)).await;
            return;
        }
        Mood::Babbling => b"stream: OK, as far as I can see\0",
        Mood::Interrupted => b"stream: OK",
        Mood::Working | Mood::Stopped | Mood::Deserted | Mood::Lying => b"stream: OK\0",
    };
    if take_whole(&mut socket).await.is_ok() {
        let _ = socket.write_all(answer).await;
    }
}

/// Chokes on files of [`TOO_MUCH`] bytes.
async fn choke(mut socket: UnixStream) {
    let answer: &[u8] = match is_ping(&mut socket).await {
        Ok(true) => b"PONG\0",
        Ok(false) => match take_chunks(&mut socket).await {
            Ok(TOO_MUCH) => b"stream: Can't allocate memory ERROR\0",
            Ok(_) => b"stream: OK\0",
            Err(_) => return,
        },
        Err(_) => return,
    };
    let _ = socket.write_all(answer).await;
}
