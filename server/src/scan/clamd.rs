//! ClamAV's daemon, asked over its socket by `INSTREAM` (see its manual page, clamd(8)), and by `PING` whether it is well.
//!
//! It fails closed: [`Verdict::Clean`] comes from one answer only, `stream: OK`, given after the last byte was sent.

use std::{io, path::PathBuf, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, future::BoxFuture, stream::BoxStream};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    sync::Semaphore,
    time::timeout,
};

use super::{Health, Scanner, Verdict};

/// Most bytes of an answer; clamd's are some 30 bytes and a signature's name.
const MAX_ANSWER: usize = 4096;
/// Most bytes in one chunk of `INSTREAM`.
const MAX_CHUNK: usize = 128 * 1024;
/// How long an answer may take that only somebody who looks waits for.
const GLANCE: Duration = Duration::from_secs(2);
/// How long the answer may take once clamd has stopped reading.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A socket in the file system (`LocalSocket`).
    Unix(PathBuf),
    /// Host and port (`TCPSocket`).
    Tcp(String),
}

/// How to ask.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens.
    pub address: Address,
    /// Longest time until it takes the connection, and until it answers a `PING`.
    pub connect_timeout: Duration,
    /// Longest time for one file, from connecting to the answer.
    pub timeout: Duration,
    /// Files that are scanned at once; the others wait here, not in clamd's queue, which is short.
    pub concurrency: usize,
    /// Larger files are not scannable, in bytes; clamd's `StreamMaxLength`.
    pub max_size: u64,
}

/// The client; it holds no connection between files.
pub struct Clamd {
    options: Options,
    places: Semaphore,
}

impl Clamd {
    /// Makes the client and connects to nothing.
    pub fn new(options: Options) -> Self {
        let places = Semaphore::new(options.concurrency);
        Self { options, places }
    }

    async fn connect(&self) -> io::Result<Connection> {
        Ok(match &self.options.address {
            Address::Unix(path) => Connection::Unix(UnixStream::connect(path).await?),
            Address::Tcp(host) => Connection::Tcp(TcpStream::connect(host).await?),
        })
    }

    async fn ask(&self, bytes: BoxStream<'_, io::Result<Bytes>>) -> io::Result<Verdict> {
        match timeout(self.options.connect_timeout, self.connect()).await {
            Ok(Ok(Connection::Unix(mut socket))) => {
                let (reader, writer) = socket.split();
                converse(reader, writer, bytes).await
            }
            Ok(Ok(Connection::Tcp(mut socket))) => {
                let (reader, writer) = socket.split();
                converse(reader, writer, bytes).await
            }
            Ok(Err(error)) => Ok(Verdict::Error(format!("cannot connect to clamd: {error}"))),
            Err(_) => Ok(Verdict::Error("clamd does not take the connection in time".to_owned())),
        }
    }

    /// Whether it is well, whatever became of a file.
    async fn is_well(&self) -> bool {
        let patience = self.options.connect_timeout.min(self.options.timeout);
        self.command(b"zPING\0", patience).await.is_some_and(|answer| answer == b"PONG\0")
    }

    /// The answer to a command, if it comes in time.
    async fn command(&self, command: &[u8], patience: Duration) -> Option<Vec<u8>> {
        let asking = async {
            match self.connect().await? {
                Connection::Unix(socket) => tell(socket, command).await,
                Connection::Tcp(socket) => tell(socket, command).await,
            }
        };
        timeout(patience, asking).await.ok()?.ok()
    }
}

enum Connection {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Scanner for Clamd {
    fn scan<'a>(&'a self, size: u64, bytes: BoxStream<'a, io::Result<Bytes>>) -> BoxFuture<'a, io::Result<Verdict>> {
        Box::pin(async move {
            if size > self.options.max_size {
                return Ok(Verdict::NotScannable(format!(
                    "the file is larger than the {} bytes that are scanned",
                    self.options.max_size
                )));
            }
            let Ok(_place) = self.places.acquire().await else { return Ok(Verdict::Error("the scanner is closed".to_owned())) };
            let asked = timeout(self.options.timeout, self.ask(bytes)).await;
            match asked.unwrap_or_else(|_| Ok(Verdict::Error("clamd does not answer in time".to_owned())))? {
                Verdict::Error(why) if self.is_well().await => Ok(Verdict::Failed(why)),
                verdict => Ok(verdict),
            }
        })
    }

    fn health(&self) -> BoxFuture<'_, Option<Health>> {
        Box::pin(async move {
            let (pong, version) = tokio::join!(self.command(b"zPING\0", GLANCE), self.command(b"zVERSION\0", GLANCE));
            let is_reachable = pong.is_some_and(|answer| answer == b"PONG\0");
            let version = version.filter(|_| is_reachable).and_then(|answer| text_of(&answer));
            Some(Health { is_reachable, version })
        })
    }
}

async fn tell(mut socket: impl AsyncRead + AsyncWrite + Unpin, command: &[u8]) -> io::Result<Vec<u8>> {
    socket.write_all(command).await?;
    read_answer(socket).await
}

/// Sends the bytes and listens at the same time, as clamd answers early when it has seen enough, and then closes.
async fn converse(
    mut reader: impl AsyncRead + Unpin,
    mut writer: impl AsyncWrite + Unpin,
    bytes: BoxStream<'_, io::Result<Bytes>>,
) -> io::Result<Verdict> {
    let sent = tokio::select! {
        biased;
        first = reader.read_u8() => return Ok(early(first, reader).await),
        sent = send(&mut writer, bytes) => sent,
    };
    match sent {
        Ok(()) => {}
        Err(Unsent::Bytes(error)) => return Err(error),
        // clamd closed its side: perhaps it has said why.
        Err(Unsent::Socket(error)) => {
            let first = timeout(LAST_WORDS, reader.read_u8()).await;
            return Ok(early(first.unwrap_or(Err(error)), reader).await);
        }
    }
    // An answer to less than the whole file may be here already; the runtime needs a turn to see it.
    tokio::task::yield_now().await;
    tokio::select! {
        biased;
        first = reader.read_u8() => return Ok(early(first, reader).await),
        () = std::future::ready(()) => {}
    }
    if writer.write_all(&0_u32.to_be_bytes()).await.is_err() {
        let first = reader.read_u8().await;
        return Ok(early(first, reader).await);
    }
    Ok(match read_answer(reader).await {
        Ok(answer) => whole(&answer),
        Err(error) => Verdict::Error(format!("clamd does not answer: {error}")),
    })
}

enum Unsent {
    Bytes(io::Error),
    Socket(io::Error),
}

/// Sends everything but the chunk of length 0 that ends the file.
async fn send(writer: &mut (impl AsyncWrite + Unpin), mut bytes: BoxStream<'_, io::Result<Bytes>>) -> Result<(), Unsent> {
    writer.write_all(b"zINSTREAM\0").await.map_err(Unsent::Socket)?;
    while let Some(piece) = bytes.next().await {
        for chunk in piece.map_err(Unsent::Bytes)?.chunks(MAX_CHUNK) {
            let length = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            writer.write_all(&length.to_be_bytes()).await.map_err(Unsent::Socket)?;
            writer.write_all(chunk).await.map_err(Unsent::Socket)?;
        }
    }
    Ok(())
}

/// Reads up to the mark of an answer's end, the end of the connection, or a little more than an answer may have.
async fn read_answer(mut reader: impl AsyncRead + Unpin) -> io::Result<Vec<u8>> {
    let mut answer = Vec::with_capacity(MAX_ANSWER);
    while answer.len() < MAX_ANSWER && !answer.contains(&0) && reader.read_buf(&mut answer).await? > 0 {}
    Ok(answer)
}

/// What an answer to the whole file means.
fn whole(answer: &[u8]) -> Verdict {
    if answer == b"stream: OK\0" { Verdict::Clean } else { bad_news(answer).unwrap_or_else(|| unintelligible(answer)) }
}

/// What an answer to a part of the file means: bad news is true of the whole, good news is not.
async fn early(first: io::Result<u8>, reader: impl AsyncRead + Unpin) -> Verdict {
    let answer = match first {
        Ok(first) => read_answer([first].as_slice().chain(reader)).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => bad_news(&answer).unwrap_or_else(|| unintelligible(&answer)),
        Err(error) => Verdict::Error(format!("clamd broke off: {error}")),
    }
}

fn bad_news(answer: &[u8]) -> Option<Verdict> {
    let text = std::str::from_utf8(answer.strip_suffix(b"\0")?).ok()?;
    if text == "INSTREAM size limit exceeded. ERROR" {
        return Some(Verdict::NotScannable("the file is larger than clamd's StreamMaxLength".to_owned()));
    }
    let name = text.strip_prefix("stream: ")?.strip_suffix(" FOUND")?;
    if name.is_empty() || name.contains(char::is_control) {
        return None;
    }
    // These say what clamd did not look at, not what it found.
    let unseen = ["Heuristics.Limits.Exceeded", "Heuristics.Encrypted"].iter().any(|prefix| name.starts_with(prefix));
    Some(match unseen {
        true => Verdict::NotScannable(format!("clamd cannot look at all of it: {name}")),
        false => Verdict::Infected(name.to_owned()),
    })
}

/// A whole answer of printable characters.
fn text_of(answer: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(answer.strip_suffix(b"\0")?).ok()?;
    (!text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned())
}

fn unintelligible(answer: &[u8]) -> Verdict {
    let shown: String = String::from_utf8_lossy(answer).chars().filter(|c| !c.is_control()).take(100).collect();
    Verdict::Error(format!("clamd answered {shown:?}"))
}
