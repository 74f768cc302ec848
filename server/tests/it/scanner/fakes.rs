//! Servers that speak clamd's protocol badly. Not one answer of theirs may look clean.

use std::{
    future::Future,
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{StreamExt, future::join_all, stream};
use reupload::scan::{
    Scanner, Verdict,
    clamd::{Address, Clamd, Options},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use super::{build::MIB, options};
use crate::harness::note;

/// A server that does `serve` with each connection.
async fn server<F: Future<Output = ()> + Send + 'static>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(socket));
        }
    });
    Address::Tcp(address)
}

/// Reads the command and all chunks, as a good clamd does. A `PING` is left without an answer, as by one that is not well.
pub(crate) async fn take_whole(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<usize> {
    if is_ping(socket).await? {
        return Err(io::Error::other("a ping"));
    }
    take_chunks(socket).await
}

/// Reads the command.
pub(crate) async fn is_ping(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<bool> {
    let mut command = [0; 10];
    socket.read_exact(&mut command[..6]).await?;
    if command.starts_with(b"zPING\0") {
        return Ok(true);
    }
    socket.read_exact(&mut command[6..]).await?;
    assert_eq!(&command, b"zINSTREAM\0");
    Ok(false)
}

/// Reads all chunks, and gives how many bytes they had.
pub(crate) async fn take_chunks(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<usize> {
    let mut size = 0;
    loop {
        let length = socket.read_u32().await? as usize;
        if length == 0 {
            return Ok(size);
        }
        assert!(length <= 256 * 1024);
        let mut chunk = vec![0; length];
        socket.read_exact(&mut chunk).await?;
        size += length;
    }
}

fn impatient(address: Address) -> Clamd {
    Clamd::new(Options { timeout: Duration::from_millis(700), connect_timeout: Duration::from_millis(700), ..options(address) })
}

/// 16 pieces of 64 KiB, with a pause after each.
async fn scan_slowly(clamd: &Clamd) -> Verdict {
    let pieces = stream::iter(0..16).then(|_| async {
        sleep(Duration::from_millis(10)).await;
        Ok(Bytes::from(vec![b'x'; 64 * 1024]))
    });
    clamd.scan(MIB as u64, pieces.boxed()).await.unwrap()
}

async fn answering(answer: &'static [u8]) -> Address {
    server(move |mut socket| async move {
        if take_whole(&mut socket).await.is_ok() {
            let _ = socket.write_all(answer).await;
        }
    })
    .await
}

async fn answering_at_once(answer: &'static [u8]) -> Address {
    server(move |mut socket| async move {
        let _ = socket.write_all(answer).await;
        let _ = take_whole(&mut socket).await;
    })
    .await
}

#[tokio::test]
async fn a_good_answer_to_the_whole_file_is_believed() {
    assert_eq!(scan_slowly(&impatient(answering(b"stream: OK\0").await)).await, Verdict::Clean);
    assert_eq!(scan_slowly(&impatient(answering(b"stream: X FOUND\0").await)).await, Verdict::Infected("X".to_owned()));
}

#[tokio::test]
async fn any_other_answer_is_an_error() {
    let megabyte: &'static [u8] = Box::leak(vec![b'x'; MIB].into_boxed_slice());
    let long_ok: &'static [u8] = Box::leak([&b"stream: OK\0"[..], &vec![b'x'; MIB]].concat().into_boxed_slice());
    let answers: [&'static [u8]; 24] = [
        b"",
        b"\0",
        b"OK",
        b"OK\0",
        b"FOUND",
        b"FOUND\0",
        b"stream: FOUND\0",
        b"stream:  FOUND\0",
        b"stream: OKAY\0",
        b"stream: OK",
        b"stream: OK\n",
        b"stream: OK\0\0",
        b"stream: OK\0stream: X FOUND\0",
        b"stream: OK \0",
        b" stream: OK\0",
        b"stream: ok\0",
        b"STREAM: OK\0",
        b"stream: X ERROR\0",
        b"stream: \xFF FOUND\0",
        b"stream: a\nb FOUND\0",
        b"UNKNOWN COMMAND\0",
        b"INSTREAM: Error writing to temporary file. ERROR\0",
        megabyte,
        long_ok,
    ];
    for answer in answers {
        for address in [answering(answer).await, answering_at_once(answer).await] {
            let began = Instant::now();
            let verdict = scan_slowly(&impatient(address)).await;
            let shown = String::from_utf8_lossy(&answer[..answer.len().min(40)]);
            assert!(matches!(&verdict, Verdict::Error(why) if why.len() < 1000), "{shown:?}: {verdict:?}");
            assert!(began.elapsed() < Duration::from_secs(2), "{shown:?}: {:?}", began.elapsed());
        }
    }
    note(&format!("{} false answers, late and early: all errors", answers.len()));
}

#[tokio::test]
async fn only_bad_news_is_believed_before_the_end() {
    let verdict = |address| async move { scan_slowly(&impatient(address)).await };
    assert!(matches!(verdict(answering_at_once(b"stream: OK\0").await).await, Verdict::Error(_)));
    assert_eq!(verdict(answering_at_once(b"stream: X FOUND\0").await).await, Verdict::Infected("X".to_owned()));
    let limit = answering_at_once(b"INSTREAM size limit exceeded. ERROR\0").await;
    assert!(matches!(verdict(limit).await, Verdict::NotScannable(_)));
}

#[tokio::test]
async fn what_clamd_did_not_look_at_is_no_malware() {
    for answer in [
        &b"stream: Heuristics.Limits.Exceeded.MaxFiles FOUND\0"[..],
        b"stream: Heuristics.Limits.Exceeded FOUND\0",
        b"stream: Heuristics.Encrypted.Zip FOUND\0",
        b"INSTREAM size limit exceeded. ERROR\0",
    ] {
        let verdict = scan_slowly(&impatient(answering(answer).await)).await;
        assert!(matches!(verdict, Verdict::NotScannable(_)), "{verdict:?}");
    }
}

#[tokio::test]
async fn a_clamd_that_hangs_drips_resets_or_is_gone_is_an_error() {
    let hangs = server(|socket| async move {
        sleep(Duration::from_mins(1)).await;
        drop(socket);
    });
    let never_answers = server(|mut socket| async move {
        let _ = take_whole(&mut socket).await;
        sleep(Duration::from_mins(1)).await;
    });
    let drips = server(|mut socket| async move {
        let _ = take_whole(&mut socket).await;
        for byte in b"stream: OK\0" {
            sleep(Duration::from_millis(200)).await;
            let _ = socket.write_all(&[*byte]).await;
        }
    });
    let keeps_open = server(|mut socket| async move {
        let _ = take_whole(&mut socket).await;
        let _ = socket.write_all(b"stream: OK").await;
        sleep(Duration::from_mins(1)).await;
    });
    // Closing with unread bytes sends a reset.
    let resets = server(|socket| async move { drop(socket) });
    let resets_later = server(|mut socket| async move {
        let _ = socket.read_exact(&mut vec![0; 100_000]).await;
    });
    let gone = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Address::Tcp(listener.local_addr().unwrap().to_string())
    };
    let addresses = [
        ("hangs", hangs.await),
        ("never answers", never_answers.await),
        ("drips", drips.await),
        ("keeps the connection open", keeps_open.await),
        ("resets", resets.await),
        ("resets later", resets_later.await),
        ("is gone", gone),
        ("is no socket", Address::Unix(PathBuf::from("/etc/passwd"))),
        ("is missing", Address::Unix(PathBuf::from("/nowhere/clamd.ctl"))),
        ("has no name", Address::Tcp("clamd.invalid:3310".to_owned())),
    ];
    for (name, address) in addresses {
        let began = Instant::now();
        let verdict = scan_slowly(&impatient(address)).await;
        assert!(matches!(&verdict, Verdict::Error(why) if !why.is_empty()), "{name}: {verdict:?}");
        assert!(began.elapsed() < Duration::from_secs(2), "{name}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_an_error() {
    let clamd = impatient(answering(b"stream: OK\0").await);
    let pieces = [Ok(Bytes::from_static(b"x")), Err(io::Error::other("the disk is gone"))];
    let error = clamd.scan(2, stream::iter(pieces).boxed()).await.unwrap_err();
    assert!(error.to_string().contains("gone"), "{error:?}");
}

#[tokio::test]
async fn what_a_scanner_that_is_well_cannot_say_is_about_the_file_alone() {
    for (pong, well) in [(&b"PONG\0"[..], true), (b"PONG", false), (b"UNKNOWN COMMAND\0", false), (b"", false)] {
        let address = server(move |mut socket| async move {
            if is_ping(&mut socket).await.unwrap() {
                let _ = socket.write_all(pong).await;
            } else if take_chunks(&mut socket).await.is_ok() {
                let _ = socket.write_all(b"stream: Can't allocate memory ERROR\0").await;
            }
        });
        let verdict = scan_slowly(&impatient(address.await)).await;
        assert_eq!(matches!(verdict, Verdict::Failed(_)), well, "{verdict:?}");
        assert_eq!(matches!(verdict, Verdict::Error(_)), !well, "{verdict:?}");
    }
}

#[tokio::test]
async fn no_more_than_the_places_are_open_at_once() {
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = (Arc::clone(&open), Arc::clone(&most));
    let address = server(move |mut socket| {
        let (open, most) = counted.clone();
        async move {
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let _ = take_whole(&mut socket).await;
            sleep(Duration::from_millis(20)).await;
            open.fetch_sub(1, Ordering::SeqCst);
            let _ = socket.write_all(b"stream: OK\0").await;
        }
    })
    .await;
    let clamd = Clamd::new(Options { concurrency: 3, ..options(address) });
    let verdicts = join_all((0..60).map(|_| clamd.scan(1, stream::iter([Ok(Bytes::from_static(b"x"))]).boxed()))).await;
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Ok(Verdict::Clean))), "{verdicts:?}");
    assert_eq!(most.load(Ordering::SeqCst), 3);
}
