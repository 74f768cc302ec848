//! Jobs: one worker at a time, a zombie without effect, failures that wait longer and longer, and work that outlives its node.

mod deaths;
mod pictures;

use std::{collections::BTreeSet, fs, os::unix::fs::symlink, path::PathBuf, time::Duration as Pause};

use chrono::Duration;
use reupload::{
    app::{App, webhooks::endpoints::EndpointSettings},
    domain::{
        audit::By,
        event::EventType,
        ids::{DeliveryId, EndpointId, EventId, UploadId},
        upload::FailureReason,
    },
    shutdown,
    store::{
        deliveries::{Delivery, DeliveryStatus},
        jobs::{Claim, Job, Lane},
        uploads::Upload,
    },
    worker,
};

use crate::harness::{Answer, Body, Multipart, Options, Receiver, Server, by_hand, each_database};

const LONG: Pause = Pause::from_mins(1);

fn short_leases() -> Options {
    Options { settings: vec![("jobs.lease", "1s".into())], ..Options::default() }
}

/// A bell that does not ring is heard of after an hour.
fn seldom_polling() -> Options {
    Options { settings: vec![("jobs.poll_every", "1h".into())], ..Options::default() }
}

/// One pixel.
const GIF: [u8; 43] =
    *b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// A second node on the same data.
async fn another_node(server: &Server) -> App {
    let core = &server.app.core;
    App::open(core.config.clone(), core.clock.clone()).await.unwrap()
}

/// Uploads `count` files of three bytes in one request.
async fn upload_many(server: &Server, count: usize) -> Vec<UploadId> {
    let mut form = Multipart::new().text("projectId", &server.project_id());
    for n in 0..count {
        form = form.file(&format!("{n}.txt"), "text/plain", b"abc");
    }
    let accepted = server.api("POST", "/uploads/direct", Body::Form(form)).await.expect(202).json();
    let files = accepted["files"].as_array().cloned().unwrap_or_else(|| vec![accepted.clone()]);
    files.iter().map(|file| file["uploadId"].as_str().unwrap().parse().unwrap()).collect()
}

async fn claim(app: &App, lane: Lane, lease: Pause, limit: i64) -> Vec<Claim> {
    app.core.db.claim_jobs(lane, app.core.clock.now(), lease, limit).await.unwrap()
}

/// Claims the only due job for a moment that passes, then again for long: the zombie and the living.
async fn zombie_and_living(server: &Server, lane: Lane) -> (Claim, Claim) {
    let zombie = claim(&server.app, lane, Pause::from_millis(1), 10).await.remove(0);
    tokio::time::sleep(Pause::from_millis(30)).await;
    let living = claim(&server.app, lane, LONG, 10).await.remove(0);
    assert_eq!((zombie.id, zombie.fence, living.fence), (living.id, 1, 2));
    (zombie, living)
}

async fn deliveries(server: &Server, endpoint: EndpointId) -> Vec<Delivery> {
    server.app.core.db.reader().await.unwrap().deliveries(endpoint, None, None, 1000).await.unwrap()
}

async fn listen(server: &Server, receiver: &Receiver) -> EndpointId {
    server
        .app
        .webhooks
        .create(server.project.id, &receiver.url, EndpointSettings::told_of(EventType::ALL), &By::COMMAND_LINE)
        .await
        .unwrap()
        .id
}

async fn row(server: &Server, id: UploadId) -> Upload {
    server.app.core.db.reader().await.unwrap().upload_of_any(id).await.unwrap().unwrap()
}

/// Where the bytes of an upload lie.
async fn blob_file(server: &Server, id: UploadId) -> PathBuf {
    let name = row(server, id).await.blob_id.unwrap().0.simple().to_string();
    server.data_dir().join("blobs/objects").join(&name[..2]).join(name)
}

/// The status of an upload and, if it failed, why.
async fn status(server: &Server, id: UploadId) -> (String, Option<String>) {
    let session = server.api("GET", &format!("/uploads/session/{id}"), Body::Empty).await.expect(200).json()["session"].clone();
    (session["status"].as_str().unwrap().to_owned(), session["failureReason"].as_str().map(str::to_owned))
}

/// Bytes and files that count against the project.
async fn used(server: &Server) -> (i64, i64) {
    let used = server.app.projects.usage(server.project.id).await.unwrap().used();
    (used.bytes, used.files)
}

fn failed(reason: FailureReason) -> (String, Option<String>) {
    ("FAILED".to_owned(), Some(reason.as_str().to_owned()))
}

fn plain(status: &str) -> (String, Option<String>) {
    (status.to_owned(), None)
}

each_database! {
    async fn two_nodes_never_claim_the_same_job(server: &Server) with by_hand {
        let uploads: BTreeSet<_> = upload_many(server, 60).await.into_iter().collect();
        let other = another_node(server).await;
        let claimers: Vec<_> = (0..8).map(|n| {
            let app = if n % 2 == 0 { server.app.clone() } else { other.clone() };
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    match claim(&app, Lane::Files, LONG, 3).await {
                        claims if claims.is_empty() => return mine,
                        claims => mine.extend(claims),
                    }
                }
            })
        }).collect();
        let mut claimed = Vec::new();
        for claimer in claimers {
            claimed.extend(claimer.await.unwrap());
        }
        assert_eq!(claimed.len(), 60);
        assert!(claimed.iter().all(|claim| claim.fence == 1));
        let mut seen = BTreeSet::new();
        for claim in &claimed {
            let Job::Process { upload } = claim.payload else { panic!("{claim:?}") };
            seen.insert(upload);
            server.app.processing.process(claim, upload).await.unwrap();
        }
        assert_eq!(seen, uploads);
    }

    async fn a_zombie_publishes_and_settles_nothing(server: &Server) with by_hand {
        let receiver = Receiver::start().await;
        let endpoint = listen(server, &receiver).await;
        let upload = upload_many(server, 1).await[0];
        let (zombie, living) = zombie_and_living(server, Lane::Files).await;
        let processing = &server.app.processing;
        let haunt = async || {
            processing.process(&zombie, upload).await.unwrap();
            processing.reject(&zombie, upload, (FailureReason::StorageError, "late".to_owned())).await.unwrap();
            server.app.jobs.put_off(&zombie, Duration::hours(1), "a zombie's word").await.unwrap();
            server.app.jobs.settle(&zombie).await.unwrap();
            assert!(!server.app.core.db.extend_lease(&zombie, LONG).await.unwrap());
        };
        haunt().await;
        assert_eq!(status(server, upload).await, plain("UPLOADING"));
        let jobs = server.app.core.db.reader().await.unwrap().jobs().await.unwrap();
        assert_eq!((jobs.len(), jobs[0].id, jobs[0].fence, jobs[0].failures), (1, living.id, 2, 0));
        assert!(deliveries(server, endpoint).await.is_empty());

        assert!(server.app.core.db.extend_lease(&living, LONG).await.unwrap());
        processing.process(&living, upload).await.unwrap();
        haunt().await;
        assert_eq!(status(server, upload).await, plain("COMPLETED"));
        assert_eq!(deliveries(server, endpoint).await.len(), 1);
        assert_eq!(used(server).await, (3, 1));
        server.settle().await;
        assert_eq!(receiver.hooks().len(), 1);
    }

    async fn zombie_and_living_side_by_side_publish_once(server: &Server) with by_hand {
        let receiver = Receiver::start().await;
        let endpoint = listen(server, &receiver).await;
        let uploads = upload_many(server, 20).await;
        let zombies = claim(&server.app, Lane::Files, Pause::from_millis(1), 20).await;
        tokio::time::sleep(Pause::from_millis(30)).await;
        let living = claim(&server.app, Lane::Files, LONG, 20).await;
        assert_eq!((zombies.len(), living.len()), (20, 20));
        let runs: Vec<_> = zombies.into_iter().chain(living).map(|claim| {
            let app = server.app.clone();
            tokio::spawn(async move {
                let Job::Process { upload } = claim.payload else { panic!("{claim:?}") };
                app.processing.process(&claim, upload).await.unwrap();
            })
        }).collect();
        for run in runs {
            run.await.unwrap();
        }
        assert_eq!(deliveries(server, endpoint).await.len(), 20);
        assert_eq!(used(server).await, (60, 20));
        for upload in uploads {
            assert_eq!(status(server, upload).await, plain("COMPLETED"));
        }
    }

    async fn a_zombies_attempt_at_a_webhook_is_not_logged(server: &Server) with by_hand {
        let receiver = Receiver::answering(&[500, 200]).await;
        let endpoint = listen(server, &receiver).await;
        let upload = upload_many(server, 1).await[0];
        let job = claim(&server.app, Lane::Files, LONG, 1).await.remove(0);
        server.app.processing.process(&job, upload).await.unwrap();
        let (zombie, living) = zombie_and_living(server, Lane::Webhooks).await;
        let delivery = deliveries(server, endpoint).await.remove(0).id;
        server.app.webhooks.deliver(&zombie, delivery).await.unwrap();
        assert!(server.app.core.db.reader().await.unwrap().attempts(delivery).await.unwrap().is_empty());
        server.app.webhooks.deliver(&living, delivery).await.unwrap();
        let attempts = server.app.core.db.reader().await.unwrap().attempts(delivery).await.unwrap();
        assert_eq!(attempts.iter().map(|attempt| attempt.response_status).collect::<Vec<_>>(), [Some(200)]);
    }

    async fn a_lease_lives_as_long_as_the_work(server: &Server) with short_leases {
        let receiver = Receiver::with(vec![Answer::status(200).after(Pause::from_millis(3500))]).await;
        let endpoint = listen(server, &receiver).await;
        let upload = upload_many(server, 1).await[0];
        server.completed(&upload.to_string()).await;
        server.settle().await;
        assert_eq!(receiver.hooks().len(), 1, "somebody else took the job meanwhile");
        assert_eq!(deliveries(server, endpoint).await[0].attempts, 1);
    }

    async fn an_upload_whose_bytes_are_gone_or_cut_fails_and_frees_its_room(server: &Server) with by_hand {
        let receiver = Receiver::start().await;
        server.app.webhooks.create(server.project.id, &receiver.url, EndpointSettings::told_of(EventType::DEFAULT), &By::COMMAND_LINE).await.unwrap();
        let uploads = upload_many(server, 3).await;
        fs::remove_file(blob_file(server, uploads[0]).await).unwrap();
        fs::write(blob_file(server, uploads[1]).await, b"ab").unwrap();
        assert_eq!(used(server).await, (9, 3));
        server.settle().await;
        assert_eq!(status(server, uploads[0]).await, failed(FailureReason::StorageError));
        assert_eq!(status(server, uploads[1]).await, failed(FailureReason::StorageError));
        assert_eq!(status(server, uploads[2]).await, plain("COMPLETED"));
        assert_eq!(used(server).await, (3, 1));
        assert_eq!(receiver.hooks().len(), 1);
    }

    async fn a_failing_job_waits_longer_each_time_and_then_gives_up(server: &Server) with by_hand {
        let upload = upload_many(server, 1).await[0];
        make_unreadable(server, upload).await;
        assert_eq!(server.run_jobs().await, 1);
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600] {
            assert_eq!(status(server, upload).await, plain("UPLOADING"));
            server.app.core.clock.advance(Duration::seconds(wait) - Duration::milliseconds(1));
            assert_eq!(server.run_jobs().await, 0, "too early for a wait of {wait} s");
            server.app.core.clock.advance(Duration::milliseconds(1));
            assert!(server.run_jobs().await > 0, "too late for a wait of {wait} s");
        }
        assert_eq!(status(server, upload).await, failed(FailureReason::StorageError));
        assert_eq!(used(server).await, (0, 0));
    }

    async fn a_job_that_failed_ends_well_once_its_trouble_is_over(server: &Server) with by_hand {
        let upload = upload_many(server, 1).await[0];
        let file = make_unreadable(server, upload).await;
        server.run_jobs().await;
        server.app.core.clock.advance(Duration::seconds(1));
        server.run_jobs().await;
        let job = server.app.core.db.reader().await.unwrap().jobs().await.unwrap().remove(0);
        assert_eq!(job.failures, 2);
        fs::remove_file(&file).unwrap();
        fs::write(&file, b"abc").unwrap();
        server.app.core.clock.advance(Duration::seconds(2));
        server.run_jobs().await;
        assert_eq!(status(server, upload).await, plain("COMPLETED"));
    }

    async fn a_job_about_nothing_is_settled(server: &Server) with by_hand {
        let core = &server.app.core;
        let now = core.clock.now();
        let mut tx = core.db.begin().await.unwrap();
        tx.enqueue(&Job::Process { upload: UploadId::new(now) }, now, now).await.unwrap();
        let (id, endpoint_id, event_id) = (DeliveryId::new(now), EndpointId::new(now), EventId::new(now));
        let (status, attempts, round) = (DeliveryStatus::Pending, 0, 0);
        let gone =
            Delivery { id, endpoint_id, event_id, status, attempts, round, next_attempt_at: None, created_at: now, finished_at: None };
        tx.enqueue_delivery(&gone, now, now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(server.run_jobs().await, 2);
        assert!(core.db.reader().await.unwrap().jobs().await.unwrap().is_empty());
    }

    async fn the_next_node_does_what_a_dead_one_left(server: &Server) with by_hand {
        let receiver = Receiver::start().await;
        let endpoint = listen(server, &receiver).await;
        let uploads = upload_many(server, 6).await;
        // Three were claimed by a worker that will die, three by nobody.
        let claimed = claim(&server.app, Lane::Files, LONG, 3).await;
        assert_eq!(claimed.len(), 3);
        let next = another_node(server).await;
        worker::run_due(&next).await.unwrap();
        assert_eq!(deliveries(server, endpoint).await.len(), 3, "a living lease is respected");
        for claim in &claimed {
            // The last sign of life.
            assert!(server.app.core.db.extend_lease(claim, Pause::from_millis(1)).await.unwrap());
        }
        tokio::time::sleep(Pause::from_millis(30)).await;
        worker::run_due(&next).await.unwrap();
        for upload in uploads {
            assert_eq!(status(server, upload).await, plain("COMPLETED"));
        }
        assert_eq!((deliveries(server, endpoint).await.len(), receiver.hooks().len()), (6, 6));
    }

    async fn a_stop_waits_for_the_job_that_is_running(server: &Server) with by_hand {
        let receiver = Receiver::with(vec![Answer::status(200).after(Pause::from_secs(1))]).await;
        let endpoint = listen(server, &receiver).await;
        upload_many(server, 1).await;
        let (trigger, stop) = shutdown::channel();
        let worker = tokio::spawn(worker::run(another_node(server).await, stop, LONG));
        receiver.wait_for(1).await;
        trigger.stop();
        worker.await.unwrap();
        let delivery = deliveries(server, endpoint).await.remove(0);
        let attempts = server.app.core.db.reader().await.unwrap().attempts(delivery.id).await.unwrap();
        assert_eq!(attempts.iter().map(|attempt| attempt.response_status).collect::<Vec<_>>(), [Some(200)]);
        assert!(server.app.core.db.reader().await.unwrap().jobs().await.unwrap().is_empty());
    }

    async fn nothing_waits_for_the_next_look_at_the_table(server: &Server) with seldom_polling {
        let receiver = Receiver::start().await;
        listen(server, &receiver).await;
        // More than a new endpoint gets at once, and a job of each lane.
        let picture = server.ready("a.gif", &GIF, true).await;
        upload_many(server, 20).await;
        receiver.wait_for(21).await;
        let file = picture["file"]["fileId"].as_str().unwrap();
        server.api("DELETE", &format!("/files/{file}"), Body::Empty).await.expect(200);
        server.settle().await;
        assert_eq!(server.blobs().await.len(), 20);
    }

    async fn two_nodes_at_work_publish_each_file_once(server: &Server) with by_hand {
        let receiver = Receiver::start().await;
        let endpoint = listen(server, &receiver).await;
        let uploads = upload_many(server, 50).await;
        let (trigger, stop) = shutdown::channel();
        let nodes = [another_node(server).await, another_node(server).await];
        let workers: Vec<_> = nodes.iter().map(|app| tokio::spawn(worker::run(app.clone(), stop.clone(), LONG))).collect();
        receiver.wait_for(50).await;
        trigger.stop();
        for worker in workers {
            worker.await.unwrap();
        }
        for upload in uploads {
            assert_eq!(status(server, upload).await, plain("COMPLETED"));
        }
        let deliveries = deliveries(server, endpoint).await;
        assert_eq!((deliveries.len(), receiver.hooks().len()), (50, 50));
        assert!(deliveries.iter().all(|delivery| delivery.attempts == 1));
        let told: BTreeSet<_> = receiver.hooks().iter().map(|hook| hook.json()["data"]["fileId"].to_string()).collect();
        assert_eq!(told.len(), 50);
        assert_eq!(used(server).await, (150, 50));
    }
}

/// Puts a link to itself in the place of an upload's bytes: neither there nor absent, for root too.
async fn make_unreadable(server: &Server, upload: UploadId) -> PathBuf {
    let file = blob_file(server, upload).await;
    fs::remove_file(&file).unwrap();
    symlink(&file, &file).unwrap();
    file
}
