//! The data of events that only try an endpoint: as in a true event, of a file that is not there.

use chrono::Duration;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{clock::Timestamp, event::EventType, ids::ProjectId};

/// Sample `data` for a kind of event. Its ids are nil, so nobody finds a file by them.
pub fn data(r#type: EventType, project: ProjectId, cdn: &str, now: Timestamp) -> Value {
    let file = Uuid::nil();
    let summary = json!({
        "fileId": file, "projectId": project, "path": "samples/sample.txt", "name": "sample.txt", "mimeType": "text/plain",
        "sizeBytes": 14, "url": format!("{cdn}/v1/files/{file}/sample.txt?exp=0&kid=sample&sig=sample"),
        "urlExpiresAt": now + Duration::hours(1), "isPublic": false,
    });
    match r#type {
        EventType::FileUploaded => summary,
        EventType::FileUpdated => {
            let mut updated = summary;
            updated["changes"] = json!(["name"]);
            updated
        }
        EventType::FileDeleted => {
            json!({"fileId": file, "projectId": project, "path": "samples/sample.txt", "name": "sample.txt", "deletedAt": now})
        }
        EventType::FileFailed => {
            json!({"uploadId": file, "fileId": file, "projectId": project, "name": "sample.txt", "reason": "MALWARE_DETECTED"})
        }
    }
}
