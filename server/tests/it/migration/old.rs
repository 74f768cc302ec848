//! What the first release may have left, with rows of every table and uploads in every state.

mod write;

use chrono::{DateTime, Duration, Utc};
use reupload::domain::{
    access::KeySecret,
    ids::{BlobId, DeliveryId, EventId, FileId, ProjectId, UploadId, WorkspaceId},
};

/// A published file.
#[derive(Clone)]
pub(super) struct OldFile {
    pub(super) id: FileId,
    pub(super) project: ProjectId,
    pub(super) folder: &'static str,
    pub(super) name: &'static str,
    pub(super) owner: Option<&'static str>,
    pub(super) bytes: Vec<u8>,
    pub(super) public: bool,
    pub(super) deleted: bool,
    pub(super) upload: UploadId,
}

/// An upload without a file.
#[derive(Clone)]
pub(super) struct OldUpload {
    pub(super) id: UploadId,
    pub(super) file: FileId,
    pub(super) state: &'static str,
    pub(super) owner: Option<&'static str>,
    pub(super) bytes: Vec<u8>,
    pub(super) has_bytes: bool,
    pub(super) overdue: bool,
}

#[derive(Clone)]
pub(super) struct Old {
    /// The first has two projects, the second one, the third none.
    pub(super) workspaces: [WorkspaceId; 3],
    /// Two of the first workspace, one of the second.
    pub(super) projects: [ProjectId; 3],
    /// Reaches all of the first workspace.
    pub(super) key: KeySecret,
    /// Reaches its second project.
    pub(super) narrow: KeySecret,
    pub(super) revoked: KeySecret,
    pub(super) files: Vec<OldFile>,
    /// All of the first project.
    pub(super) uploads: Vec<OldUpload>,
    /// In the order in which they happened.
    pub(super) events: Vec<(EventId, usize)>,
    pub(super) delivered: DeliveryId,
    pub(super) waiting: DeliveryId,
    pub(super) doomed: BlobId,
    url: String,
    start: DateTime<Utc>,
}

/// The first project's limits.
pub(super) const LIMITS: (i64, i64, i64) = (1_000_000, 50, 5000);

impl Old {
    pub(super) fn new(url: &str, start: DateTime<Utc>) -> Self {
        let mut minutes = 0;
        let mut tick = || {
            minutes += 1;
            start + Duration::minutes(minutes)
        };
        let workspaces = [(); 3].map(|()| WorkspaceId::new(tick()));
        let projects = [(); 3].map(|()| ProjectId::new(tick()));
        let mut file = |project: usize, folder, name, owner, size: usize, public, deleted| OldFile {
            id: FileId::new(tick()),
            project: projects[project],
            folder,
            name,
            owner,
            bytes: vec![u8::try_from(size % 256).unwrap(); size],
            public,
            deleted,
            upload: UploadId::new(tick()),
        };
        let files = vec![
            file(0, "a/b", "ÄRGER 100%.txt", Some("anna"), 1000, true, false),
            file(0, "", "Photo.PNG", Some("anna"), 200, false, false),
            file(0, "a/b", "gone.txt", Some("anna"), 30, true, true),
            file(0, "a", "日本.txt", Some("o'b: rien"), 4, true, false),
            file(1, "", "free.txt", None, 5, false, false),
            file(1, "", "anna's.txt", Some("anna"), 60_000, false, false),
            file(2, "", "foreign.txt", Some("anna"), 7, true, false),
        ];
        let mut upload = |state, owner, size: usize, has_bytes, overdue| OldUpload {
            id: UploadId::new(tick()),
            file: FileId::new(tick()),
            state,
            owner,
            bytes: vec![b'u'; size],
            has_bytes,
            overdue,
        };
        let uploads = vec![
            upload("pending", Some("bert"), 11, false, false),
            upload("receiving", None, 22, false, false),
            upload("receiving", Some("anna"), 33, true, false),
            upload("processing", Some("bert"), 44, true, false),
            upload("pending", Some("carl"), 55, false, true),
            upload("failed", Some("dora"), 66, false, true),
            upload("cancelled", Some("dora"), 77, false, false),
        ];
        // Two workspaces take turns.
        let events = [0, 2, 0, 0, 2, 0, 0].map(|project: usize| (EventId::new(tick()), project)).into();
        Self {
            workspaces,
            projects,
            key: KeySecret::generate(),
            narrow: KeySecret::generate(),
            revoked: KeySecret::generate(),
            files,
            uploads,
            events,
            delivered: DeliveryId::new(start),
            waiting: DeliveryId::new(start),
            doomed: BlobId::random(),
            url: url.to_owned(),
            start,
        }
    }

    pub(super) fn workspace_of(&self, project: ProjectId) -> WorkspaceId {
        self.workspaces[usize::from(self.projects[2] == project)]
    }
}

pub(super) fn is_open(state: &str) -> bool {
    matches!(state, "pending" | "receiving" | "processing")
}

pub(super) fn length(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap()
}
