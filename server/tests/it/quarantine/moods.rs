//! The scanner does not work: uploads wait, and end well when it is back, or badly when it stays away.

use chrono::Duration;
use reupload::store::jobs::Lane;
use serde_json::Value;

use super::{
    Yard,
    post::{Mood, TOO_MUCH},
    probe,
    routes::{Prober, Stage, steps},
    samples,
    ways::{self, Suspect, Way},
};
use crate::harness::{Database, note};

const MOODS: [Mood; 6] = [Mood::Stopped, Mood::Deserted, Mood::Hung, Mood::Dying, Mood::Babbling, Mood::Interrupted];

/// Malware by every way in.
async fn suspects(yard: &Yard) -> Vec<Suspect> {
    let mut suspects = Vec::new();
    for (n, way) in Way::ALL.into_iter().enumerate() {
        let mut sample = samples::kilobyte();
        // Bytes of its own, or the `Idempotency-Key` would be that of the mood before.
        sample.bytes.extend(format!("{n} {}", yard.server.app.core.clock.now()).bytes());
        suspects.push(ways::send(&yard.server, way, &sample).await);
    }
    suspects
}

async fn published(yard: &Yard, upload: &str) -> Value {
    yard.server.completed(upload).await["file"].clone()
}

/// One batch whose scanner never comes back, one whose scanner does.
async fn mood(yard: &Yard, prober: &Prober<'_>, mood: Mood) {
    let server = &yard.server;
    yard.post.put(mood);
    let first = suspects(yard).await;
    // While the scanner is asked, and after it has not answered.
    tokio::join!(server.run_jobs(), probe(prober, &first, Stage::Processing));
    for suspect in &first {
        yard.waits(suspect, mood).await;
    }
    probe(prober, &first, Stage::Processing).await;

    server.app.core.clock.advance(Duration::hours(24));
    let second = suspects(yard).await;
    let clean = server.upload("clean.txt", "text/plain", b"harmless", true).await.expect(202);
    server.run_jobs().await;
    for suspect in &first {
        yard.failed(suspect, "SCAN_UNAVAILABLE").await;
    }
    probe(prober, &first, Stage::Ended).await;
    for suspect in &second {
        yard.waits(suspect, mood).await;
    }

    yard.recover().await;
    for suspect in &second {
        yard.failed(suspect, "MALWARE_DETECTED").await;
    }
    probe(prober, &second, Stage::Ended).await;
    for neighbour in second.iter().flat_map(|suspect| &suspect.neighbours) {
        published(yard, neighbour).await;
    }
    let file = published(yard, &clean.text("/uploadId")).await;
    assert_eq!(server.get(file["url"].as_str().unwrap()).await.expect(200).body, b"harmless");
    let timeline = yard.timeline(&clean.text("/fileId")).await;
    assert_eq!(steps(&timeline), ["accepted", "scan_waiting", "scanned", "published"], "{mood:?}: {timeline}");
}

async fn no_mood_lets_anything_out(database: Database, moods: &[Mood]) {
    let yard = Yard::with(database, &[("scan.timeout", "150ms")]).await;
    let prober = Prober::new(&yard.server);
    for each in moods {
        mood(&yard, &prober, *each).await;
    }
    // Of each mood, the clean file and the two harmless neighbours; all else has given back what it held.
    let left = moods.len() * 3;
    assert_eq!(yard.used().await.1, i64::try_from(left).unwrap());
    yard.server.run_jobs().await;
    assert_eq!(yard.server.blobs().await.len(), left);
    note(&format!("{} moods, {} answers", moods.len(), prober.requests()));
    yard.server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mood_of_the_scanner_lets_anything_out_sqlite() {
    Box::pin(no_mood_lets_anything_out(Database::Sqlite, &MOODS)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mood_of_the_scanner_lets_anything_out_postgres() {
    Box::pin(no_mood_lets_anything_out(Database::Postgres, &[Mood::Stopped, Mood::Hung])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_looked_at_is_refused_in_every_mood() {
    let yard = Yard::with(Database::Sqlite, &[("scan.timeout", "150ms")]).await;
    let prober = Prober::new(&yard.server);
    for mood in [&MOODS[..], &[Mood::Lying, Mood::Working]].concat() {
        yard.post.put(mood);
        let mut suspects = Vec::new();
        for sample in samples::unscannables() {
            for way in [Way::Direct { public: true }, Way::Session { public: false }] {
                suspects.push(ways::send(&yard.server, way, &sample).await);
            }
        }
        yard.server.run_jobs().await;
        for suspect in &suspects {
            yard.failed(suspect, "NOT_SCANNABLE").await;
        }
        probe(&prober, &suspects, Stage::Ended).await;
    }
    yard.empty().await;
    yard.server.finish().await;
}

/// The same upload meets one mood after another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malware_of_25_mb_never_leaves() {
    let yard = Yard::with(Database::Sqlite, &[("scan.timeout", "150ms")]).await;
    let prober = Prober::new(&yard.server);
    yard.post.put(Mood::Stopped);
    let mut suspects = Vec::new();
    for sample in samples::large() {
        for way in [Way::Direct { public: true }, Way::Session { public: false }] {
            suspects.push(ways::send(&yard.server, way, &sample).await);
        }
    }
    for mood in [Mood::Stopped, Mood::Hung, Mood::Hasty, Mood::Dying, Mood::Babbling] {
        yard.post.put(mood);
        tokio::join!(yard.advance(Duration::minutes(1)), probe(&prober, &suspects, Stage::Processing));
        for suspect in &suspects {
            yard.waits(suspect, mood).await;
        }
    }
    assert_eq!(yard.used().await.1, 6);
    yard.recover().await;
    for suspect in &suspects {
        yard.failed(suspect, "MALWARE_DETECTED").await;
    }
    probe(&prober, &suspects, Stage::Ended).await;
    yard.empty().await;
    yard.server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scanner_is_asked_ever_more_seldom_and_the_wait_is_told_once() {
    for database in [Database::Sqlite, Database::Postgres] {
        let yard = Yard::with(database, &[]).await;
        yard.post.put(Mood::Stopped);
        let accepted = yard.server.upload("a.txt", "text/plain", b"harmless", false).await.expect(202);
        let mut waits = vec![0];
        for _ in 0..300 {
            let asked = yard.server.run_jobs().await > 0;
            if asked {
                waits.push(0);
            }
            *waits.last_mut().unwrap() += 1;
            yard.server.app.core.clock.advance(Duration::seconds(1));
        }
        // The last wait is cut off by the end of the five minutes.
        let whole = &waits[1..waits.len() - 1];
        assert!(whole.is_sorted() && whole[0] == 1 && whole.last() == Some(&60), "{waits:?}");
        assert!(whole.len() < 25, "{waits:?}");
        let timeline = yard.timeline(&accepted.text("/fileId")).await;
        assert_eq!(steps(&timeline), ["accepted", "scan_waiting"]);
        let jobs = yard.server.app.core.db.reader().await.unwrap().jobs().await.unwrap();
        assert!(jobs.len() == 1 && jobs[0].failures == 0, "waiting is no failure: {jobs:?}");
        yard.post.put(Mood::Working);
        yard.advance(Duration::minutes(1)).await;
        published(&yard, &accepted.text("/uploadId")).await;
        // The outage is over for those that come later, too.
        let later = yard.server.upload("b.txt", "text/plain", b"harmless", false).await.expect(202);
        yard.server.run_jobs().await;
        assert_eq!(steps(&yard.timeline(&later.text("/fileId")).await), ["accepted", "scanned", "published"]);
        yard.server.finish().await;
    }
}

/// The scanner is well, but gives no answer about some files: no other waits for them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_the_scanner_cannot_answer_about_holds_up_no_other() {
    let yard = Yard::with(Database::Sqlite, &[]).await;
    let server = &yard.server;
    yard.post.put(Mood::Choking);
    let poison = server.upload("poison.txt", "text/plain", &[b'x'; TOO_MUCH], false).await.expect(202);
    for round in 0..12 {
        let good = server.upload("good.txt", "text/plain", format!("good {round}").as_bytes(), false).await.expect(202);
        server.run_jobs().await;
        assert_eq!(steps(&yard.timeline(&good.text("/fileId")).await), ["accepted", "scanned", "published"]);
        server.app.core.clock.advance(Duration::minutes(10));
    }
    let timeline = yard.timeline(&poison.text("/fileId")).await;
    let last = timeline["entries"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["step"], &last["detail"]["reason"]), (&"failed".into(), &"NOT_SCANNABLE".into()), "{timeline}");
    assert!(last["detail"]["message"].as_str().unwrap().contains("allocate memory"), "{timeline}");
    assert_eq!(steps(&timeline), ["accepted", "failed"]);
    yard.server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_ends_before_the_scanner_does_not_use_up_the_try() {
    let yard = Yard::with(Database::Sqlite, &[]).await;
    let core = &yard.server.app.core;
    yard.post.put(Mood::Stopped);
    let waiting = yard.server.upload("a.txt", "text/plain", b"harmless", false).await.expect(202);
    yard.server.run_jobs().await;
    let suspect = ways::send(&yard.server, Way::Direct { public: true }, &samples::unscannables()[0]).await;

    yard.post.put(Mood::Working);
    core.clock.advance(Duration::seconds(1));
    let lease = std::time::Duration::from_mins(1);
    let claim = core.db.claim_jobs(Lane::Files, core.clock.now(), lease, 1).await.unwrap().remove(0);
    yard.server.app.processing.process(&claim, suspect.upload.parse().unwrap()).await.unwrap();
    yard.server.run_jobs().await;
    yard.failed(&suspect, "NOT_SCANNABLE").await;
    let timeline = yard.timeline(&waiting.text("/fileId")).await;
    assert_eq!(steps(&timeline), ["accepted", "scan_waiting", "scanned", "published"]);
    yard.server.finish().await;
}
