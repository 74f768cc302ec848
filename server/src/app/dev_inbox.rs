//! The inbox of `reupload dev`: an endpoint of its project whose posts come back to this process by real HTTP, are checked as an app
//! would check them, and are kept in memory for a page.

use std::{collections::VecDeque, sync::Arc};

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

use super::{
    App,
    error::Result,
    webhooks::{Webhooks, endpoints::EndpointSettings},
};
use crate::{
    domain::{
        audit::By,
        clock::Timestamp,
        event::EventType,
        ids::{DeliveryId, EndpointId, EventId, ProjectId},
        refusal::Refusal,
        webhook::{self, Unverified},
    },
    store::{deliveries::Delivery, webhooks::Endpoint},
};

/// By this the endpoint is found again.
const DESCRIPTION: &str = "Inbox of reupload dev";
/// Posts that are kept, the newest.
const MOST_ENTRIES: usize = 200;
/// Bytes of headers and bodies that are kept.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A post that has come in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Rises from entry to entry, over restarts too: numbers begin with the time of the start in milliseconds.
    pub number: i64,
    /// When it came.
    pub received_at: Timestamp,
    /// As they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// As it came; what is no UTF-8 is replaced.
    pub body: String,
    /// Why `Reupload-Signature` is not right; none if it is.
    pub signature_problem: Option<String>,
    /// The same of `webhook-signature`.
    pub standard_problem: Option<String>,
    /// What is replayed; only if the signature is right.
    pub delivery_id: Option<DeliveryId>,
    /// Which attempt of that delivery this is, from 1 on.
    pub attempt: Option<i64>,
    /// Whether an earlier entry has the same event.
    pub seen_before: bool,
    #[serde(skip)]
    event: Option<EventId>,
}

impl Entry {
    fn size(&self) -> usize {
        self.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() + self.body.len()
    }
}

struct Shared {
    webhooks: Webhooks,
    endpoint: EndpointId,
    first_upload: String,
    /// Numbers are above this one.
    start: i64,
    /// Oldest first.
    entries: watch::Sender<VecDeque<Arc<Entry>>>,
}

/// See the module's text; clones share it.
#[derive(Clone)]
pub struct Inbox(Arc<Shared>);

impl Inbox {
    /// Finds or makes the endpoint: live, for every kind of event, calling `url`. `first_upload` is a command that the empty page offers.
    pub async fn open(app: &App, project: ProjectId, url: String, first_upload: String) -> Result<Self> {
        let webhooks = app.webhooks.clone();
        let is_ours = |endpoint: &Endpoint| endpoint.project_id == project && endpoint.description == DESCRIPTION;
        let known = webhooks.list().await?.into_iter().find(is_ours);
        let settings =
            EndpointSettings { description: Some(DESCRIPTION.to_owned()), ..EndpointSettings::told_of(EventType::ALL) };
        let endpoint = match known {
            None => webhooks.create(project, &url, settings, &By::COMMAND_LINE).await?.id,
            Some(known) => {
                webhooks.update(known.id, EndpointSettings { url: Some(url), ..settings }, &By::COMMAND_LINE).await?;
                webhooks.enable(known.id, &By::COMMAND_LINE).await?.id
            }
        };
        let start = app.core.clock.now().timestamp_millis();
        Ok(Self(Arc::new(Shared { webhooks, endpoint, first_upload, start, entries: watch::Sender::default() })))
    }

    /// The command that the empty page offers.
    pub fn first_upload(&self) -> &str {
        &self.0.first_upload
    }

    /// Entries with a higher number than `after`, oldest first; all, if that number is still to come.
    pub fn after(&self, after: i64) -> Vec<Arc<Entry>> {
        let entries = self.0.entries.borrow();
        let is_ahead = entries.back().is_some_and(|last| last.number < after);
        entries.iter().filter(|entry| is_ahead || entry.number > after).cloned().collect()
    }

    /// Waits for an entry with a higher number than `after`.
    pub async fn wait_for(&self, after: i64) {
        // An error would mean that the inbox is gone, which `self` is not.
        let _ = self.0.entries.subscribe().wait_for(|entries| entries.back().is_some_and(|last| last.number > after)).await;
    }

    /// Checks a post and keeps it, right or wrong. Refuses a wrong one, so that its sender knows.
    pub async fn receive(&self, headers: Vec<(String, String)>, body: &[u8]) -> Result<()> {
        let core = &self.0.webhooks.0;
        let now = core.clock.now();
        let endpoint = self.0.webhooks.get(self.0.endpoint).await?;
        let header = |name: &str| {
            let found = headers.iter().find(|(given, _)| given == name);
            found.map(|(_, value)| value.as_str()).ok_or(Unverified::Missing)
        };
        let ours = || webhook::verify(&endpoint.secret, header("reupload-signature")?, body, now);
        let standard = || {
            let signed = (header("webhook-id")?, header("webhook-timestamp")?, header("webhook-signature")?);
            webhook::verify_standard(&endpoint.secret, signed, body, now)
        };
        let (ours, standard) = (ours().err(), standard().err());
        let verified = ours.is_none() && standard.is_none();
        let event = if verified { event_id(body) } else { None };
        let delivery = match event {
            Some(event) => core.db.reader().await?.delivery_of(endpoint.id, event).await?,
            None => None,
        };
        self.keep(Entry {
            number: 0,
            received_at: now,
            body: String::from_utf8_lossy(body).into_owned(),
            signature_problem: ours.map(|why| why.to_string()),
            standard_problem: standard.map(|why| why.to_string()),
            delivery_id: delivery.as_ref().map(|delivery| delivery.id),
            // The attempt is logged when we have answered.
            attempt: delivery.as_ref().map(|delivery| delivery.attempts + 1),
            seen_before: false,
            event,
            headers,
        });
        match ours.or(standard) {
            None => Ok(()),
            Some(why) => Err(Refusal::new(crate::domain::refusal::Code::InvalidSignature, why.to_string()).into()),
        }
    }

    fn keep(&self, entry: Entry) {
        self.0.entries.send_modify(|entries| {
            let number = entries.back().map_or(self.0.start, |last| last.number) + 1;
            let seen_before = entry.event.is_some() && entries.iter().any(|earlier| earlier.event == entry.event);
            entries.push_back(Arc::new(Entry { number, seen_before, ..entry }));
            let mut size: usize = entries.iter().map(|entry| entry.size()).sum();
            while entries.len() > MOST_ENTRIES || size > MOST_BYTES {
                size -= entries.pop_front().map_or(size, |oldest| oldest.size());
            }
        });
    }

    /// Sends a delivery of the inbox again.
    pub async fn replay(&self, id: DeliveryId) -> Result<Delivery> {
        let found = self.0.webhooks.0.db.reader().await?.delivery(id).await?;
        if found.is_none_or(|delivery| delivery.endpoint_id != self.0.endpoint) {
            return Err(Refusal::not_found("delivery").into());
        }
        self.0.webhooks.replay(id, &By::COMMAND_LINE).await
    }

    /// Sends the inbox an event that tells of nothing.
    pub async fn send_test(&self, r#type: EventType) -> Result<Delivery> {
        self.0.webhooks.send_test(self.0.endpoint, r#type, &By::COMMAND_LINE).await
    }
}

fn event_id(body: &[u8]) -> Option<EventId> {
    let event: Value = serde_json::from_slice(body).ok()?;
    EventId::parse_wire(event.get("id")?.as_str()?)
}
