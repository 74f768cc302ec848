//! Jobs whose workers die, and what does not count as a death.

use super::*;

/// A worker claims a job and is never heard of again.
pub(super) async fn die(server: &Server, lane: Lane) {
    assert_eq!(claim(&server.app, lane, Pause::from_millis(1), 1).await.len(), 1);
    tokio::time::sleep(Pause::from_millis(30)).await;
}

each_database! {
    async fn a_file_that_no_worker_survives_fails(server: &Server) with by_hand {
        for (deaths, end) in [(2, plain("COMPLETED")), (3, failed(FailureReason::StorageError))] {
            let upload = upload_many(server, 1).await[0];
            for _ in 0..deaths {
                die(server, Lane::Files).await;
            }
            server.run_jobs().await;
            assert_eq!(status(server, upload).await, end, "{deaths} deaths");
        }
        server.run_jobs().await;
        assert_eq!(used(server).await, (3, 1));
    }

    async fn only_a_worker_that_is_gone_counts_as_a_death(server: &Server) with by_hand {
        upload_many(server, 1).await;
        let jobs = &server.app.jobs;
        for again in 0..4 {
            let claim = claim(&server.app, Lane::Files, LONG, 1).await.remove(0);
            assert_eq!((claim.fence, claim.deaths), (again + 1, 0));
            match again % 2 {
                0 => jobs.give_back(&claim).await.unwrap(),
                _ => jobs.put_off(&claim, Duration::zero(), "on purpose").await.unwrap(),
            }
        }
        die(server, Lane::Files).await;
        let last = claim(&server.app, Lane::Files, LONG, 1).await.remove(0);
        assert_eq!(last.deaths, 1);
        jobs.give_back(&last).await.unwrap();
    }

    async fn a_stop_gives_back_what_does_not_end_in_time(server: &Server) with by_hand {
        let receiver = Receiver::with(vec![Answer::status(200).after(Pause::from_secs(5))]).await;
        listen(server, &receiver).await;
        upload_many(server, 1).await;
        let (trigger, stop) = shutdown::channel();
        let worker = tokio::spawn(worker::run(another_node(server).await, stop, Pause::ZERO));
        receiver.wait_for(1).await;
        trigger.stop();
        worker.await.unwrap();
        let again = claim(&server.app, Lane::Webhooks, LONG, 1).await.remove(0);
        assert_eq!((again.fence, again.failures, again.deaths), (2, 0, 0));
        server.app.jobs.give_back(&again).await.unwrap();
    }
}
