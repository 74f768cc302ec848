//! The data of events that only try an endpoint: as in a true event, of a file that is not there.

use chrono::Duration;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    clock::Timestamp,
    event::{EventType, FileSummary, FileUpdated},
    ids::{FileId, ProjectId},
};

/// Sample `data` for a kind of event. Its ids are nil, so nobody finds a file by them.
pub fn data(r#type: EventType, project: ProjectId, cdn: &str, now: Timestamp) -> Value {
    let file = Uuid::nil();
    let summary = FileSummary {
        file_id: FileId(file),
        project_id: project,
        path: "samples/sample.txt".to_owned(),
        name: "sample.txt".to_owned(),
        mime_type: "text/plain".to_owned(),
        size_bytes: 14,
        url: format!("{cdn}/v1/files/{file}/sample.txt?exp=0&kid=sample&sig=sample"),
        url_expires_at: Some(now + Duration::hours(1)),
        is_public: false,
    };
    match r#type {
        EventType::FileUploaded => json!(summary),
        EventType::FileUpdated => json!(FileUpdated { file: summary, changes: vec!["name"] }),
        EventType::FileDeleted => {
            json!({"fileId": file, "projectId": project, "path": "samples/sample.txt", "name": "sample.txt", "deletedAt": now})
        }
        EventType::FileFailed => {
            json!({"uploadId": file, "fileId": file, "projectId": project, "name": "sample.txt", "reason": "MALWARE_DETECTED"})
        }
    }
}
