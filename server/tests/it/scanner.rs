//! The scanner: our own look into archives and the real clamd, asked in the order of processing; and clamds that misbehave.

pub(crate) mod build;
mod corpus;
pub(crate) mod fakes;
mod wiring;

use std::{
    env,
    io::{self, Cursor, Write},
    path::PathBuf,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{StreamExt, future::join_all, stream};
use reupload::scan::{
    Scanner, Verdict,
    archive::{self, Limits},
    clamd::{Address, Clamd, Options},
};

use self::build::{MIB, eicar, gzip, nest, noise, stored_zip, tar, zip};
use crate::harness::note;

const LIMITS: Limits = Limits {
    max_file_size: 100 * MIB as u64,
    max_unpacked: 400 * MIB as u64,
    max_members: 10_000,
    max_depth: 16,
    trust_other_archives: false,
};

fn options(address: Address) -> Options {
    Options {
        address,
        connect_timeout: Duration::from_secs(5),
        timeout: Duration::from_mins(1),
        concurrency: 10,
        max_size: LIMITS.max_file_size,
    }
}

fn unix() -> Address {
    Address::Unix(PathBuf::from(env::var("REUPLOAD_TEST_CLAMD_SOCKET").expect("nextest starts clamd: scripts/test-clamd")))
}

fn tcp() -> Address {
    Address::Tcp(env::var("REUPLOAD_TEST_CLAMD_TCP").expect("nextest starts clamd: scripts/test-clamd"))
}

async fn scan(clamd: &Clamd, bytes: Vec<u8>) -> Verdict {
    let size = bytes.len() as u64;
    let bytes = Bytes::from(bytes);
    let pieces = (0..bytes.len()).step_by(256 * 1024).map(move |at| Ok(bytes.slice(at..bytes.len().min(at + 256 * 1024))));
    clamd.scan(size, stream::iter(pieces).boxed()).await.unwrap()
}

fn inspect(bytes: &[u8]) -> Option<String> {
    let spool = tempfile::tempdir().unwrap();
    // A real file, whose seeks can fail.
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let found = archive::inspect(&mut file, &LIMITS, spool.path()).unwrap();
    assert_eq!(std::fs::read_dir(spool.path()).unwrap().count(), 0, "spooled files have no name");
    found
}

/// In the order of processing.
async fn judge(clamd: &Clamd, bytes: Vec<u8>) -> Verdict {
    match inspect(&bytes) {
        Some(why) => Verdict::NotScannable(why),
        None => scan(clamd, bytes).await,
    }
}

#[tokio::test]
async fn malware_is_found_alone_padded_and_in_archives_over_both_sockets() {
    let padded = |marker: &[u8]| [noise(12 * MIB), marker.to_vec(), noise(13 * MIB)].concat();
    let cases = [
        ("68 bytes", eicar(), "Eicar-Test-Signature.UNOFFICIAL"),
        ("25 MiB", padded(&eicar()), "Eicar-Test-Signature.UNOFFICIAL"),
        ("25 MiB with our marker", padded(b"REUPLOAD-TEST-MALWARE-MARKER-5f1c"), "Reupload.Test.Marker.UNOFFICIAL"),
        ("zip", zip(&[("x", &eicar())]), "Eicar-Test-Signature.UNOFFICIAL"),
        ("zip in zip", nest(2, &eicar()), "Eicar-Test-Signature.UNOFFICIAL"),
        ("tar.gz", gzip(&tar(&[("a", b"x"), ("x", &eicar())])), "Eicar-Test-Signature.UNOFFICIAL"),
        ("zip in tar.gz", gzip(&tar(&[("x", &zip(&[("x", &eicar())]))])), "Eicar-Test-Signature.UNOFFICIAL"),
        ("the 10,000th member", many_members(), "Eicar-Test-Signature.UNOFFICIAL"),
        ("16 levels", nest(16, &eicar()), "Eicar-Test-Signature.UNOFFICIAL"),
        ("the end of 100 MiB", [noise(100 * MIB - 68), eicar()].concat(), "Eicar-Test-Signature.UNOFFICIAL"),
    ];
    for address in [unix(), tcp()] {
        let clamd = Clamd::new(options(address));
        for (name, bytes, signature) in &cases {
            assert_eq!(judge(&clamd, bytes.clone()).await, Verdict::Infected((*signature).to_owned()), "{name}");
        }
        assert_eq!(judge(&clamd, b"harmless".to_vec()).await, Verdict::Clean);
        assert_eq!(judge(&clamd, Vec::new()).await, Verdict::Clean);
    }
}

fn many_members() -> Vec<u8> {
    let (names, eicar) = ((1..=10_000).map(|n| format!("{n:05}")).collect::<Vec<_>>(), eicar());
    let contents = |n: usize| if n == 9_999 { eicar.as_slice() } else { b"x" };
    stored_zip(&names.iter().enumerate().map(|(n, name)| (name.as_str(), contents(n))).collect::<Vec<_>>())
}

#[tokio::test]
async fn what_cannot_be_scanned_as_a_whole_is_never_clean() {
    let clamd = Clamd::new(options(unix()));
    let cases = corpus::unscannable();
    let mut believed = 0;
    for (name, bytes, why) in &cases {
        let began = Instant::now();
        let verdict = judge(&clamd, bytes.clone()).await;
        let Verdict::NotScannable(reason) = &verdict else { panic!("{name}: {verdict:?}") };
        assert!(reason.contains(why), "{name}: {reason}, expected {why}");
        assert!(began.elapsed() < Duration::from_secs(10), "{name} took {:?}", began.elapsed());
        believed += usize::from(bytes.len() < MIB && scan(&clamd, bytes.clone()).await == Verdict::Clean);
    }
    note(&format!("{} unscannable cases, 0 called clean; clamd alone would have called {believed} clean", cases.len()));
    assert!(cases.len() >= 60);
}

#[test]
fn no_damage_makes_our_look_fail_or_panic() {
    let broken = corpus::broken().into_iter().map(|(_, bytes, _)| bytes);
    let all = broken.chain(corpus::harmless().into_iter().map(|(_, bytes)| bytes));
    let seeds: Vec<_> = all.filter(|bytes| (1..20_000).contains(&bytes.len())).collect();
    let (dice, mut mutants) = (noise(60_000), 0);
    let spool = tempfile::tempdir().unwrap();
    for (round, throw) in dice.chunks_exact(6).enumerate() {
        let mut bytes = seeds[round % seeds.len()].clone();
        // Often near the end, where a zip has its directory.
        let far = usize::from(u16::from_le_bytes([throw[0], throw[1]])) % bytes.len();
        let at = if throw[2] % 2 == 0 { far } else { bytes.len() - 1 - far % bytes.len().min(100) };
        let length = (1 << (throw[3] % 4)).min(bytes.len() - at);
        bytes[at..at + length].fill([throw[4], 0, 0xFF, 1][usize::from(throw[5] % 4)]);
        archive::inspect(&mut Cursor::new(bytes), &LIMITS, spool.path()).unwrap();
        mutants += 1;
    }
    note(&format!("{mutants} damaged archives, each with an answer"));
}

#[tokio::test]
async fn ordinary_files_and_archives_are_clean() {
    let clamd = Clamd::new(options(unix()));
    let cases = corpus::harmless();
    for (name, bytes) in &cases {
        assert_eq!(judge(&clamd, bytes.clone()).await, Verdict::Clean, "{name}");
    }
    note(&format!("{} ordinary files, 0 refused", cases.len()));
}

#[tokio::test]
async fn archives_of_another_program_are_clean() {
    let folder = tempfile::tempdir().unwrap();
    let script = r"
import gzip, io, os, tarfile, zipfile, sys
os.chdir(sys.argv[1])
data = os.urandom(300000)
for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(f'{method}.zip', 'w', method) as z:
        z.writestr('a/b.txt', 'hello'); z.writestr('ü.bin', data); z.writestr('empty', '')
        z.writestr('inner.tar.gz', gzip.compress(b'x' * 100000))
class Pipe(io.RawIOBase):
    def __init__(self): self.data = b''
    def writable(self): return True
    def write(self, b): self.data += bytes(b); return len(b)
pipe = Pipe()
with zipfile.ZipFile(pipe, 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('a', 'streamed'); z.writestr('b', data)
    with z.open('c', 'w', force_zip64=True) as f: f.write(data)
open('streamed.zip', 'wb').write(pipe.data)
with zipfile.ZipFile('zip64.zip', 'w') as z:
    with z.open('c', 'w', force_zip64=True) as f: f.write(data)
for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
    for mode in ('w', 'w:gz'):
        with tarfile.open(f'{form}-{mode[2:]}.tar', mode, format=form) as t:
            for name, size in (('short', 10), ('ü' * 60 + '/' + 'ü' * 40, 1000), ('big', 300000)):
                info = tarfile.TarInfo(name); info.size = size; info.mtime = 1.5
                t.addfile(info, io.BytesIO(data[:size]))
            link = tarfile.TarInfo('link'); link.type = tarfile.SYMTYPE; link.linkname = 'short'; t.addfile(link)
            folder = tarfile.TarInfo('folder'); folder.type = tarfile.DIRTYPE; t.addfile(folder)
";
    let python = env::var("REUPLOAD_TEST_PYTHON").unwrap();
    let made = std::process::Command::new(python).args(["-c", script]).arg(folder.path()).status().unwrap();
    assert!(made.success());
    let clamd = Clamd::new(options(unix()));
    let mut count = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(judge(&clamd, std::fs::read(&path).unwrap()).await, Verdict::Clean, "{}", path.display());
        count += 1;
    }
    assert_eq!(count, 10);
}

#[test]
fn other_archives_may_be_left_to_the_scanner() {
    let limits = Limits { trust_other_archives: true, ..LIMITS };
    let spool = tempfile::tempdir().unwrap();
    let found = archive::inspect(&mut Cursor::new(b"Rar!\x1A\x07\x01\0"), &limits, spool.path()).unwrap();
    assert_eq!(found, None);
}

#[test]
fn members_that_are_stored_as_they_are_count_too() {
    let limits = Limits { max_unpacked: 4 * MIB as u64, ..LIMITS };
    let spool = tempfile::tempdir().unwrap();
    // A little less than a MiB on each level, and the archive itself counts: the fourth level is too much.
    let mut archive = noise(MIB - 10_000);
    for levels in 1..=4 {
        archive = stored_zip(&[("inner", &archive)]);
        let found = archive::inspect(&mut Cursor::new(&archive), &limits, spool.path()).unwrap();
        assert_eq!(found.is_some_and(|why| why.contains("more than 4194304 bytes")), levels == 4, "{levels} levels");
    }
}

#[test]
fn a_file_that_cannot_be_read_or_spooled_is_no_verdict() {
    struct Failing(Cursor<Vec<u8>>);
    impl io::Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.position() > 100_000 { Err(io::Error::other("the disk is gone")) } else { self.0.read(buffer) }
        }
    }
    impl io::Seek for Failing {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let spool = tempfile::tempdir().unwrap();
    for bytes in [gzip(&noise(MIB)), zip(&[("x", &noise(MIB))]), tar(&[("a", &noise(MIB)), ("b", b"x")])] {
        let mut failing = Failing(Cursor::new(bytes));
        assert!(archive::inspect(&mut failing, &LIMITS, spool.path()).unwrap_err().to_string().contains("gone"));
    }
    let large = gzip(&vec![0; 2 * MIB]);
    assert!(archive::inspect(&mut Cursor::new(large), &LIMITS, &spool.path().join("missing")).is_err());
}

#[tokio::test]
async fn too_large_files_are_not_scannable_by_our_limit_and_by_clamds() {
    for address in [unix(), tcp()] {
        let ours = Clamd::new(Options { max_size: MIB as u64, ..options(address.clone()) });
        assert!(matches!(scan(&ours, vec![0; MIB + 1]).await, Verdict::NotScannable(_)));
        assert_eq!(scan(&ours, vec![0; MIB]).await, Verdict::Clean);
        let clamds = Clamd::new(Options { max_size: u64::MAX, ..options(address) });
        let verdict = scan(&clamds, vec![0; 101 * MIB]).await;
        // Over the socket in the file system its answer may be lost with the connection.
        assert!(matches!(&verdict, Verdict::NotScannable(why) | Verdict::Failed(why) if !why.is_empty()), "{verdict:?}");
        note(&format!("past StreamMaxLength: {verdict:?}"));
    }
}

#[tokio::test]
async fn two_hundred_scans_at_once_wait_for_four_places() {
    let clamd = Clamd::new(Options { concurrency: 4, ..options(unix()) });
    let scans = (0..200).map(|n| {
        let bytes = if n % 2 == 0 { zip(&[("x", &eicar())]) } else { noise(10_000) };
        scan(&clamd, bytes)
    });
    let began = Instant::now();
    for (n, verdict) in join_all(scans).await.into_iter().enumerate() {
        match n % 2 {
            0 => assert!(matches!(verdict, Verdict::Infected(_)), "{n}: {verdict:?}"),
            _ => assert_eq!(verdict, Verdict::Clean, "{n}"),
        }
    }
    note(&format!("200 scans on 4 places: {:?}", began.elapsed()));
}
