//! Receivers that behave as no web server should, and count who is connected to them.

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How it behaves, once it has read a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// Says nothing.
    Hangs,
    /// Sends its body a byte at a time.
    Drips,
    /// Sends its headers a byte at a time.
    DripsHeaders,
    /// Sends a body without end.
    Floods,
    /// Sends headers without end.
    FloodsHeaders,
    /// Sends 20 KB that unpack to 20 MB.
    Bombs,
    /// Breaks the connection off.
    Resets,
    /// Ends before its body does.
    StopsShort,
    /// Speaks something else.
    Speaks(&'static str),
}

/// The receiver; it lives as long as the test.
pub(super) struct Odd {
    pub(super) url: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    open: AtomicUsize,
    most: AtomicUsize,
    requests: AtomicUsize,
    written: AtomicUsize,
}

impl Odd {
    /// Starts one on a free port of 127.0.0.1.
    pub(super) async fn start(mood: Mood) -> Self {
        let counts = Arc::new(Counts::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let shared = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let counts = Arc::clone(&shared);
                tokio::spawn(async move { serve(socket, mood, &counts).await });
            }
        });
        Self { url, counts }
    }

    /// Requests that it has read.
    pub(super) fn requests(&self) -> usize {
        self.counts.requests.load(SeqCst)
    }

    /// Requests that wait for it now.
    pub(super) fn open(&self) -> usize {
        self.counts.open.load(SeqCst)
    }

    /// The most that ever waited at once, since the last call.
    pub(super) fn most(&self) -> usize {
        self.counts.most.swap(self.open(), SeqCst)
    }

    /// Bytes that it got rid of.
    pub(super) fn written(&self) -> usize {
        self.counts.written.load(SeqCst)
    }
}

/// 20 MB of nothing, packed.
pub(super) fn bomb() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; 20_000_000]).unwrap();
    packed.finish().unwrap()
}

async fn serve(mut socket: TcpStream, mood: Mood, counts: &Counts) {
    if read_request(&mut socket).await.is_none() {
        return;
    }
    counts.requests.fetch_add(1, SeqCst);
    counts.most.fetch_max(counts.open.fetch_add(1, SeqCst) + 1, SeqCst);
    let _ = behave(&mut socket, mood, counts).await;
    counts.open.fetch_sub(1, SeqCst);
}

async fn read_request(socket: &mut TcpStream) -> Option<()> {
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = socket.read(&mut piece).await.ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
        if body.len() >= length.parse().unwrap() {
            return Some(());
        }
    }
}

async fn behave(socket: &mut TcpStream, mood: Mood, counts: &Counts) -> std::io::Result<()> {
    let drip = Duration::from_millis(20);
    match mood {
        Mood::Hangs => {
            // Until the other side gives up.
            let _ = socket.read(&mut [0]).await;
        }
        Mood::Drips => {
            socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await?;
            loop {
                socket.write_all(b".").await?;
                tokio::time::sleep(drip).await;
            }
        }
        Mood::DripsHeaders => {
            for byte in "HTTP/1.1 200 OK\r\nx-slow: ".bytes().chain(std::iter::repeat(b'.')) {
                socket.write_all(&[byte]).await?;
                tokio::time::sleep(drip).await;
            }
        }
        Mood::Floods => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            loop {
                let written = socket.write(&[b'~'; 16 * 1024]).await?;
                counts.written.fetch_add(written, SeqCst);
            }
        }
        Mood::FloodsHeaders => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                let line = format!("x-{}: {}\r\n", counts.written.load(SeqCst), "~".repeat(1000));
                socket.write_all(line.as_bytes()).await?;
                counts.written.fetch_add(line.len(), SeqCst);
            }
        }
        Mood::Bombs => {
            let packed = bomb();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len());
            socket.write_all(head.as_bytes()).await?;
            socket.write_all(&packed).await?;
        }
        Mood::Resets => socket2::SockRef::from(&*socket).set_linger(Some(Duration::ZERO))?,
        Mood::StopsShort => socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this").await?,
        Mood::Speaks(words) => socket.write_all(words.as_bytes()).await?,
    }
    Ok(())
}
