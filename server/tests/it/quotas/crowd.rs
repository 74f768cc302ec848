//! 200 clients at once on one limit, at each level, through direct uploads and sessions mixed. While they push, all counters are added
//! up anew every few milliseconds.

use chrono::Duration;
use futures_util::future::join_all;
use reupload::{
    app::projects::{Settings, WorkspaceSettings},
    domain::{access::Permission, audit::By, ids::UploadId},
};
use serde_json::Value;

use super::{Place, lose_bytes};
use crate::harness::{Random, Reply, Server, by_hand, each_database};

const CLIENTS: usize = 200;
const FIT: usize = 60;
const SIZE: usize = 50;

/// A place whose only limit is at `level`.
async fn limited(server: &Server, level: &str, bytes: Option<i64>, files: Option<i64>) -> Place {
    let at = |here: &str, limit: Option<i64>| limit.filter(|_| here == level);
    let (max_bytes, max_files) = (at("workspace", bytes), at("workspace", files));
    let settings = WorkspaceSettings { max_bytes, max_files, ..WorkspaceSettings::named("crowded") };
    let workspace = server.app.projects.create_workspace(settings, &By::COMMAND_LINE).await.unwrap().id;
    let settings = Settings {
        max_bytes: at("project", bytes),
        max_files: at("project", files),
        owner_max_bytes: at("owner", bytes),
        owner_max_files: at("owner", files),
        ..Settings::default()
    };
    let project = server.app.projects.create(workspace, settings, &By::COMMAND_LINE).await.unwrap().id;
    let key = server.key_of(workspace, &Permission::ALL, &[]).await;
    Place { key, workspace, project, owner: Some("crowd".to_owned()) }
}

/// What was let in: the answers, direct ones first.
fn sort(replies: Vec<Reply>, level: &str) -> (Vec<Value>, Vec<String>) {
    let (mut direct, mut sessions) = (Vec::new(), Vec::new());
    for reply in replies {
        match reply.status {
            202 => match reply.json()["files"].as_array() {
                Some(files) => direct.extend(files.clone()),
                None => direct.push(reply.json()),
            },
            201 => sessions.push(reply.text("/uploadId")),
            _ => {
                let details = reply.expect_error(403, "QUOTA_EXCEEDED").json()["details"].clone();
                let [limit, used, requested] = ["limit", "used", "requested"].map(|name| details[name].as_i64().unwrap());
                assert!(used <= limit && used + requested > limit, "{details}");
                assert_eq!(details["scope"], level, "{details}");
            }
        }
    }
    (direct, sessions)
}

/// Ends each in another way, and says how many it ended.
async fn end_all(server: &Server, place: &Place, direct: &[Value], sessions: &[String]) {
    for (n, answer) in direct.iter().enumerate() {
        if n % 4 == 0 {
            lose_bytes(server, answer["uploadId"].as_str().unwrap().parse::<UploadId>().unwrap()).await;
        }
    }
    server.settle().await;
    let deletes =
        direct.iter().enumerate().filter(|(n, _)| n % 4 != 0).map(|(_, answer)| place.delete(server, &answer["fileId"]));
    for reply in join_all(deletes).await {
        reply.expect(200);
    }
    let cancels = sessions.iter().filter(|upload| upload.ends_with(|c: char| c < '8')).map(|upload| place.cancel(server, upload));
    for reply in join_all(cancels).await {
        reply.expect(200);
    }
    server.app.core.clock.advance(Duration::hours(2));
    server.app.reaper.expire_overdue().await.unwrap();
    server.settle().await;
}

each_database! {
    async fn exactly_as_many_get_in_as_fit_and_all_room_comes_back(server: &Server) with by_hand {
        let mut looks = 0;
        for level in ["workspace", "project", "owner"] {
            let fit = i64::try_from(FIT).unwrap();
            for (bytes, files) in [(Some(fit * 50), None), (None, Some(fit))] {
                let case = format!("{level}, {bytes:?} bytes, {files:?} files");
                let place = limited(server, level, bytes, files).await;
                let watch = server.ledger().await.watch();
                // Two files count as two, so where files are limited each brings one.
                let halves = if files.is_none() { vec![SIZE - 20, 20] } else { vec![SIZE] };
                let replies = join_all((0..CLIENTS).map(async |n| match n % 4 {
                    0 => place.direct(server, &halves).await,
                    1 => place.direct(server, &[SIZE]).await,
                    _ => place.session(server, SIZE).await,
                }));
                let replies = replies.await;
                looks += watch.end().await;
                let accepted = replies.iter().filter(|reply| reply.status < 300).count();
                assert_eq!(accepted, FIT, "{case}");
                let (direct, sessions) = sort(replies, level);
                let used = place.used(server, level).await;
                assert_eq!((used.bytes, used.files), (fit * 50, i64::try_from(direct.len() + sessions.len()).unwrap()), "{case}");
                assert!(!direct.is_empty() && !sessions.is_empty(), "{case}: a mix");
                place.session(server, 1).await.expect_error(403, "QUOTA_EXCEEDED");

                let watch = server.ledger().await.watch();
                end_all(server, &place, &direct, &sessions).await;
                watch.end().await;
                for level in ["workspace", "project", "owner"] {
                    let used = place.used(server, level).await;
                    assert_eq!((used.bytes, used.files), (0, 0), "{case}, then {level}");
                }
            }
        }
        assert!(looks > 6, "{looks} looks while 1,200 clients pushed");
    }

    async fn limits_on_three_levels_at_once_hold_and_refuse_nobody_who_fits(server: &Server) with by_hand {
        let settings = WorkspaceSettings { max_bytes: Some(7500), ..WorkspaceSettings::named("crowded") };
        let workspace = server.app.projects.create_workspace(settings, &By::COMMAND_LINE).await.unwrap().id;
        let key = server.key_of(workspace, &Permission::ALL, &[]).await;
        let tight = Settings { max_files: Some(40), owner_max_bytes: Some(500), ..Settings::default() };
        let wide = Settings { max_bytes: Some(4000), owner_max_files: Some(6), ..Settings::default() };
        let projects = [
            server.app.projects.create(workspace, tight, &By::COMMAND_LINE).await.unwrap().id,
            server.app.projects.create(workspace, wide, &By::COMMAND_LINE).await.unwrap().id,
        ];
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        let asks: Vec<(Place, usize)> = (0..CLIENTS)
            .map(|n| {
                let owner = (random.below(4) > 0).then(|| format!("{}", random.below(5)));
                let place = Place { key: key.clone(), workspace, project: projects[n % 2], owner };
                (place, 40 + random.below(120))
            })
            .collect();
        let watch = server.ledger().await.watch();
        let replies = join_all(asks.iter().enumerate().map(async |(n, (place, size))| match n % 3 {
            0 => place.direct(server, &[*size]).await,
            _ => place.session(server, *size).await,
        }));
        let replies = replies.await;
        assert!(watch.end().await > 2);
        // Nothing was given back meanwhile, so who was refused for one level would still not fit there.
        let mut refused = std::collections::BTreeMap::<String, usize>::new();
        for ((place, size), reply) in asks.iter().zip(replies).filter(|(_, reply)| reply.status >= 300) {
            let details = reply.expect_error(403, "QUOTA_EXCEEDED").json()["details"].clone();
            let scope = details["scope"].as_str().unwrap();
            let used = place.used(server, scope).await;
            let (used, more) = if details["unit"] == "bytes" { (used.bytes, i64::try_from(*size).unwrap()) } else { (used.files, 1) };
            assert_eq!(details["requested"], more, "{details}");
            assert!(used + more > details["limit"].as_i64().unwrap(), "{details}, but {used} are used");
            *refused.entry(format!("{scope} {}", details["unit"].as_str().unwrap())).or_default() += 1;
        }
        assert!(refused.len() >= 3, "limits of several levels were met: {refused:?}");
        server.app.core.clock.advance(Duration::hours(2));
        server.app.reaper.expire_overdue().await.unwrap();
    }

    async fn many_deletes_of_the_same_files_at_once_all_end_well(server: &Server) {
        let place = Place::of(server);
        for round in 0..3 {
            let mut files = Vec::new();
            for _ in 0..12 {
                let accepted = place.direct(server, &[10]).await.expect(202);
                files.push(accepted.json()["fileId"].clone());
                server.completed(&accepted.text("/uploadId")).await;
            }
            let mut asked = files.clone();
            let many = (0..8).map(|_| {
                asked.rotate_left(3);
                place.delete_many(server, asked.clone())
            });
            let many: Vec<_> = many.collect();
            let single = files.iter().map(|file| place.delete(server, file));
            let renamed = files.iter().map(|file| place.rename(server, file));
            let (many, single, renamed) = tokio::join!(join_all(many), join_all(single), join_all(renamed));
            let mut gone = single.iter().filter(|reply| reply.status == 200).count();
            for reply in many {
                gone += reply.expect(200).json()["deleted"].as_array().unwrap().len();
            }
            assert_eq!(gone, files.len(), "round {round}");
            for reply in single.into_iter().chain(renamed) {
                assert!([200, 404].contains(&reply.status), "{reply:?}");
            }
            let used = place.used(server, "workspace").await;
            assert_eq!((used.bytes, used.files), (0, 0), "round {round}");
        }
    }
}
