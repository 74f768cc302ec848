//! Ids of another workspace, under the own one: they read as unknown ones, and nothing happens to them.

use serde_json::json;

use super::{Call, Cast, make, prepare, resources, told};
use crate::harness::{Server, each_database, operations};

each_database! {
    async fn what_another_workspace_has_is_unknown_in_ones_own(server: &Server) {
        let cast = Cast::new(server).await;
        let own = server.app.accounts.user_of_email(&cast.stranger.email).await.unwrap();
        let own = server.app.accounts.workspaces(&own).await.unwrap()[0].id.to_string();
        let mut cells = 0;
        for operation in operations().iter().filter(|operation| operation.path.starts_with("/workspaces/{workspaceId}/")) {
            let call = prepare(server, &cast, operation, 1000 + cells).await;
            let names_more = operation.path.matches('{').count() > 1
                || call.path.contains("?projectId")
                || ["projectId", "uploadId", "fileIds"].iter().any(|name| call.body.get(name).is_some());
            if !names_more {
                continue;
            }
            cells += 1;
            let path = call.path.replace(&server.workspace.to_string(), &own);
            let reply = make(server, operation, &Call { path, ..call }, Some(&cast.stranger), &[]).await;
            let what = format!("{} {}", operation.method, operation.path);
            if operation.path.ends_with("/files/delete") {
                assert_eq!(reply.json()["deleted"], json!([]), "{what}");
            } else {
                assert_eq!((reply.status, reply.code().as_str()), (404, "NOT_FOUND"), "{what}: {:?}", told(&reply));
            }
        }
        assert!(cells >= 24, "the walk has shrunk: {cells}");
        resources::clean(server).await;
    }
}
