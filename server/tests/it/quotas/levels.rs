//! One limit after the other, at each level: what its refusal says, and what changing it does.

use reupload::{
    app::projects::{Settings, WorkspaceSettings},
    domain::audit::By,
};

use super::{Place, exceeded, too_large};
use crate::harness::{Reply, Server, each_database};

/// What a level may hold: bytes, files, the largest file. 0 is no limit.
type Limits = (i64, i64, i64);

pub(super) async fn limit(server: &Server, place: &Place, level: &str, (bytes, files, size): Limits) {
    let projects = &server.app.projects;
    let [bytes, files, size] = [bytes, files, size].map(Some);
    match level {
        "workspace" => {
            let new = WorkspaceSettings { name: None, max_bytes: bytes, max_files: files, max_file_size: size };
            projects.update_workspace(place.workspace, new, &By::COMMAND_LINE).await.map(drop).unwrap();
        }
        "project" => {
            let new = Settings { max_bytes: bytes, max_files: files, max_file_size: size, ..Settings::default() };
            projects.update(place.project, new, &By::COMMAND_LINE).await.map(drop).unwrap();
        }
        _ => {
            let new =
                Settings { owner_max_bytes: bytes, owner_max_files: files, owner_max_file_size: size, ..Settings::default() };
            projects.update(place.project, new, &By::COMMAND_LINE).await.map(drop).unwrap();
        }
    }
}

#[track_caller]
fn refused(level: &str, reply: Reply, unit: &str, limit: i64, used: i64, requested: i64) {
    assert_eq!(reply.json()["details"]["scope"], level, "{reply:?}");
    assert_eq!(reply.json()["details"]["unit"], unit, "{level}: {reply:?}");
    assert!(reply.text("/message").contains(&format!("This {level} may hold {limit} {unit}")), "{reply:?}");
    exceeded(reply, limit, used, requested);
}

/// A place of its own, with an owner.
pub(super) async fn fresh(server: &Server) -> Place {
    let (key, project) = server.stranger().await;
    Place { key, workspace: project.workspace_id, project: project.id, owner: Some("Ünal 🦀:%_".to_owned()) }
}

each_database! {
    async fn each_level_refuses_with_its_own_figures_and_can_be_changed_at_any_time(server: &Server) {
        for level in ["workspace", "project", "owner"] {
            let place = fresh(server).await;
            limit(server, &place, level, (1000, 0, 0)).await;
            place.direct(server, &[300, 100]).await.expect(202);
            let opened = place.session(server, 500).await.expect(201).text("/uploadId");
            refused(level, place.direct(server, &[60, 41]).await, "bytes", 1000, 900, 101);
            refused(level, place.session(server, 101).await, "bytes", 1000, 900, 101);
            place.session(server, 100).await.expect(201);
            refused(level, place.session(server, 1).await, "bytes", 1000, 1000, 1);

            // Below what is used: refuses all, takes nothing. Raised: there is room. Removed: no end.
            limit(server, &place, level, (10, 0, 0)).await;
            refused(level, place.session(server, 1).await, "bytes", 10, 1000, 1);
            assert_eq!(place.used(server, level).await.files, 4, "{level}");
            limit(server, &place, level, (1001, 0, 0)).await;
            refused(level, place.direct(server, &[2]).await, "bytes", 1001, 1000, 2);
            place.session(server, 1).await.expect(201);
            limit(server, &place, level, (0, 0, 0)).await;
            place.session(server, 1_000_000).await.expect(201);

            // Files, after the bytes.
            limit(server, &place, level, (0, 7, 0)).await;
            refused(level, place.direct(server, &[1, 1]).await, "files", 7, 6, 2);
            place.direct(server, &[1]).await.expect(202);
            refused(level, place.session(server, 5).await, "files", 7, 7, 1);
            place.cancel(server, &opened).await.expect(200);
            place.session(server, 5).await.expect(201);
            limit(server, &place, level, (0, 1, 0)).await;
            refused(level, place.direct(server, &[1]).await, "files", 1, 7, 1);

            // The largest file.
            limit(server, &place, level, (0, 0, 1000)).await;
            too_large(place.session(server, 1001).await, 1000);
            too_large(place.direct(server, &[1, 1001]).await, 1000);
            place.direct(server, &[1000]).await.expect(202);
            limit(server, &place, level, (0, 0, 999)).await;
            too_large(place.session(server, 1000).await, 999);
            limit(server, &place, level, (0, 0, 0)).await;
            place.session(server, 1001).await.expect(201);
        }
    }

    async fn the_owner_may_be_named_behind_the_file(server: &Server) {
        use crate::harness::{Body, Multipart};
        let place = fresh(server).await;
        limit(server, &place, "owner", (1000, 0, 600)).await;
        let owner = place.owner.clone().unwrap();
        let send = async |size: usize| {
            let form = Multipart::new().text("projectId", &place.project.to_string());
            let form = form.file("a", "text/plain", &vec![b'x'; size]).text("ownerRef", &owner);
            place.call(server, "POST", "/uploads/direct", Body::Form(form)).await
        };
        too_large(send(601).await, 600);
        send(600).await.expect(202);
        refused("owner", send(401).await, "bytes", 1000, 600, 401);
        // Room that was held while the owner was not known yet.
        limit(server, &place, "owner", (6_000_000, 0, 0)).await;
        refused("owner", send(6_000_000).await, "bytes", 6_000_000, 600, 6_000_000);
        send(5_999_400).await.expect(202);
        for level in ["workspace", "project", "owner"] {
            assert_eq!(place.used(server, level).await.bytes, 6_000_000, "{level}");
        }
    }

    async fn the_first_full_level_from_the_outside_answers_and_others_keep_their_room(server: &Server) {
        let place = fresh(server).await;
        let elsewhere = Place { owner: Some("other".to_owned()), ..place.clone() };
        let nobody = Place { owner: None, ..place.clone() };
        limit(server, &place, "workspace", (1000, 0, 0)).await;
        limit(server, &place, "project", (0, 5, 0)).await;
        limit(server, &place, "owner", (300, 2, 0)).await;
        place.direct(server, &[100]).await.expect(202);
        refused("owner", place.direct(server, &[201]).await, "bytes", 300, 100, 201);
        refused("workspace", place.direct(server, &[901]).await, "bytes", 1000, 100, 901);
        refused("project", place.direct(server, &[1, 1, 1, 1, 1]).await, "files", 5, 1, 5);
        place.direct(server, &[1]).await.expect(202);
        refused("owner", place.session(server, 1).await, "files", 2, 2, 1);
        // A refusal at one level has taken nothing at the ones outside it.
        for (level, files) in [("workspace", 2), ("project", 2), ("owner", 2)] {
            let used = place.used(server, level).await;
            assert_eq!((used.bytes, used.files), (101, files), "{level}");
        }
        elsewhere.session(server, 300).await.expect(201);
        refused("owner", elsewhere.session(server, 1).await, "bytes", 300, 300, 1);
        nobody.session(server, 500).await.expect(201);
        refused("workspace", nobody.session(server, 100).await, "bytes", 1000, 901, 100);
        nobody.session(server, 99).await.expect(201);
    }

    async fn an_owner_counts_within_its_project_and_by_its_exact_text(server: &Server) {
        let place = fresh(server).await;
        let settings = Settings { owner_max_files: Some(1), ..Settings::default() };
        let second = server.app.projects.create(place.workspace, settings.clone(), &By::COMMAND_LINE).await.unwrap().id;
        server.app.projects.update(place.project, settings, &By::COMMAND_LINE).await.unwrap();
        for owner in ["a", "A", "a ", "a:", "á", "a\u{301}", "%", "_", "'", "💾", &"ä".repeat(255)] {
            for project in [place.project, second] {
                let one = Place { owner: Some(owner.to_owned()), project, ..place.clone() };
                one.direct(server, &[1]).await.expect(202);
                refused("owner", one.session(server, 1).await, "files", 1, 1, 1);
            }
        }
    }
}
