//! The one way in which a file appears: one commit that settles the job, moves the upload, adds the file with its thumbnails, settles
//! the quota, and writes history, event and deliveries.

use super::{
    core::Core,
    error::{Error, Result},
    transitions,
};
use crate::{
    blobs::Committed,
    domain::{
        clock::Timestamp,
        event::EventType,
        file::Variant,
        media::Category,
        quota::Amount,
        timeline::{Note, Step},
        upload::Event,
    },
    store::{Tx, files::File, jobs::Claim, uploads::Upload, variants::StoredVariant},
};

/// A thumbnail whose bytes are durable.
pub(super) struct MadeVariant {
    pub(super) variant: Variant,
    pub(super) mime: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes: Committed,
}

/// What was made of a picture.
#[derive(Default)]
pub(super) struct Made {
    pub(super) variants: Vec<MadeVariant>,
    /// For the history.
    pub(super) note: Option<Note>,
}

impl Core {
    /// Publishes `checked`, which is `from` with what its checks have found.
    pub(super) async fn publish(&self, claim: &Claim, from: &Upload, checked: Upload, made: Made) -> Result<()> {
        let now = self.clock.now();
        let mut file = published(&checked, now).ok_or_else(|| Error::internal(anyhow::anyhow!("an upload without bytes")))?;
        file.variants = made.variants.iter().map(|made| made.variant).collect();
        let completed = Upload { completed_at: Some(now), ..checked };
        let Some((mut tx, to)) = self.step_of_job(claim, from, Event::Publish, completed).await? else { return Ok(()) };
        tx.insert_file(&file).await?;
        for made in &made.variants {
            tx.insert_variant(&row(&file, made)).await?;
        }
        let reserved = Amount::one_file(from.expected_size);
        tx.settle_usage(&file.holder(), reserved, Amount::one_file(file.size_bytes)).await?;
        history(&mut tx, &file, made.note.as_ref(), now).await?;
        let owner = (file.workspace_id, file.project_id);
        self.emit(&mut tx, EventType::FileUploaded, owner, &self.summary(&file), now).await?;
        made.variants.into_iter().for_each(|made| made.bytes.keep());
        tx.commit().await?;
        transitions::count(&to);
        Ok(())
    }
}

async fn history(tx: &mut Tx, file: &File, thumbnails: Option<&Note>, now: Timestamp) -> Result<()> {
    let scanned = Note::new(Step::Scanned).with("scan", file.scan.as_str());
    let published = Note::new(Step::Published).with("mimeType", file.mime_type.as_str()).with("sizeBytes", file.size_bytes);
    for note in [Some(&scanned), thumbnails, Some(&published)].into_iter().flatten() {
        tx.note(file.id, note, now).await?;
    }
    Ok(())
}

fn row(file: &File, made: &MadeVariant) -> StoredVariant {
    let blob = made.bytes.blob();
    StoredVariant {
        file_id: file.id,
        variant: made.variant,
        blob_id: blob.id,
        mime_type: made.mime.to_owned(),
        width: made.width.into(),
        height: made.height.into(),
        size_bytes: i64::try_from(blob.size).unwrap_or(i64::MAX),
        sha256: blob.sha256.to_vec(),
    }
}

fn published(upload: &Upload, now: Timestamp) -> Option<File> {
    let mime = upload.mime_type.clone()?;
    Some(File {
        id: upload.file_id,
        workspace_id: upload.workspace_id,
        project_id: upload.project_id,
        upload_id: upload.id,
        name: upload.name.clone(),
        original_name: upload.original_name.clone(),
        details: upload.details.clone(),
        category: Category::of(&mime),
        mime_type: mime,
        size_bytes: upload.size_bytes?,
        sha256: upload.sha256.clone()?,
        blob_id: upload.blob_id?,
        scan: upload.scan.clone()?,
        uploaded_via: upload.uploaded_via().to_owned(),
        variants: Vec::new(),
        created_at: now,
        updated_at: now,
        deleted_at: None,
    })
}
