//! Pictures: metadata taken out of them, and their thumbnails.
//!
//! Metadata goes before the scan, so what was scanned is what is served. Thumbnails come after it, on workers of their own: whatever a
//! picture costs, no other upload waits for it. A failed thumbnail never fails the file.

use std::io::BufReader;

use futures_util::future::try_join_all;
use reupload_images::{Problem, Stripped, Thumbnail};

use super::{
    error::Result,
    processing::{MOST_DEATHS, Processing},
    publishing::{Made, MadeVariant},
};
use crate::{
    blobs::{BlobReader, ReadSeek},
    domain::{
        file::Variant,
        ids::UploadId,
        timeline::{Note, Step},
        upload::{Event, FailureReason},
    },
    scan::Verdict,
    store::{
        jobs::{Claim, Job},
        uploads::Upload,
    },
};

/// The thumbnails by the longer side in pixels.
const SIZES: [(u32, Variant); 3] = [(64, Variant::Thumb64), (160, Variant::Thumb160), (320, Variant::Thumb320)];

impl Processing {
    /// Makes the thumbnails of an upload that has passed all checks, and publishes it.
    ///
    /// An `Internal` error means: try again later.
    pub async fn picture(&self, claim: &Claim, id: UploadId) -> Result<()> {
        let Some((upload, bytes)) = self.begin(claim, id).await? else { return Ok(()) };
        if self.0.scanner.is_on() && upload.scan.as_deref() != Some(Verdict::Clean.as_str()) {
            // It passed while there was no scanner.
            return self.begin_again(claim, id).await;
        }
        let mime = upload.mime_type.clone().unwrap_or_default();
        let drawn = if claim.deaths >= MOST_DEATHS {
            Err("The picture could not be decoded: the worker did not survive it.".to_owned())
        } else if self.is_last_try(claim) {
            Err("The thumbnails could not be stored again and again; the server's log says why.".to_owned())
        } else {
            self.draw(&bytes, mime).await?
        };
        let made = match drawn {
            Ok(thumbnails) => Made { variants: self.store(thumbnails).await?, note: None },
            Err(why) => {
                let note = Note::new(Step::Thumbnails).with("made", Vec::<&str>::new()).with("message", why);
                Made { variants: Vec::new(), note: Some(note) }
            }
        };
        let words: Vec<&str> = made.variants.iter().map(|made| made.variant.as_str()).collect();
        let note = made.note.unwrap_or_else(|| Note::new(Step::Thumbnails).with("made", words));
        self.0.publish(claim, &upload, upload.clone(), Made { note: Some(note), ..made }).await
    }

    /// Lets processing begin again.
    async fn begin_again(&self, claim: &Claim, id: UploadId) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin_background().await?;
        if !tx.job_done(claim).await? {
            return Ok(());
        }
        tx.enqueue(&Job::Process { upload: id }, now, now).await?;
        Ok(tx.commit().await?)
    }

    /// The thumbnails, or in words why there are none.
    async fn draw(&self, bytes: &BlobReader, mime: String) -> Result<std::result::Result<Vec<Thumbnail>, String>> {
        let limits = self.0.image_limits();
        let sides = SIZES.map(|(side, _)| side);
        let drawn = bytes
            .inspect(move |reader: &mut dyn ReadSeek| {
                match reupload_images::thumbnails(BufReader::new(reader), &mime, &sides, &limits) {
                    Ok(thumbnails) => Ok(Ok(thumbnails)),
                    Err(Problem::Io(error)) => Err(error),
                    Err(problem) => Ok(Err(problem.to_string())),
                }
            })
            .await?;
        Ok(drawn)
    }

    async fn store(&self, thumbnails: Vec<Thumbnail>) -> Result<Vec<MadeVariant>> {
        let stored = thumbnails.into_iter().map(async |made| {
            let mut staged = self.0.blobs.stage();
            staged.write(&made.bytes).await?;
            let bytes = staged.commit().await?;
            let variant =
                SIZES.into_iter().find(|(side, _)| *side == made.side).map_or(Variant::Thumb320, |(_, variant)| variant);
            Ok(MadeVariant { variant, mime: made.mime, width: made.width, height: made.height, bytes })
        });
        try_join_all(stored).await
    }

    /// Takes the metadata out of a picture's bytes, then lets processing begin again with what is left.
    ///
    /// A picture whose metadata cannot be taken out fails: the project was promised that none leaves.
    pub(super) async fn strip(&self, claim: &Claim, upload: &Upload, bytes: &BlobReader, mime: String) -> Result<()> {
        let reject = |why: String| self.reject(claim, upload.id, (FailureReason::ContentTypeNotAllowed, why));
        if !reupload_images::can_strip(&mime) {
            return reject(format!("The project takes metadata out of pictures, which is not possible for {mime}.")).await;
        }
        let staged = self.0.blobs.stage();
        let outcome = bytes
            .inspect(move |reader: &mut dyn ReadSeek| {
                let mut staged = staged.blocking();
                match reupload_images::strip_metadata(BufReader::new(reader), &mime, &mut staged) {
                    Ok(Stripped::Unchanged) => Ok(Ok(None)),
                    Ok(Stripped::Changed) => Ok(Ok(Some(staged.into_inner()))),
                    Err(Problem::Io(error)) => Err(error),
                    Err(problem) => Ok(Err(problem.to_string())),
                }
            })
            .await?;
        let staged = match outcome {
            Ok(staged) => staged,
            Err(why) => return reject(format!("The picture's metadata could not be taken out: {why}")).await,
        };
        let committed = match staged {
            Some(staged) => Some(staged.commit().await?),
            None => None,
        };
        let mut changed = Upload { stripped: true, ..upload.clone() };
        if let Some(committed) = &committed {
            changed = changed.with_blob(committed.blob());
        }
        let Some((mut tx, to)) = self.0.step_of_job(claim, upload, Event::Strip, changed).await? else { return Ok(()) };
        let now = to.updated_at;
        if let Some(committed) = committed {
            let note = Note::new(Step::Stripped).with("from", upload.size_bytes).with("to", to.size_bytes);
            tx.note(upload.file_id, &note, now).await?;
            committed.keep();
        }
        tx.enqueue(&Job::Process { upload: upload.id }, now, now).await?;
        Ok(tx.commit().await?)
    }
}
