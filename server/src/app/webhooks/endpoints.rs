//! Webhook endpoints, as the operator keeps them.

use chrono::Duration;

use super::Webhooks;
use crate::app::Result;
use crate::{
    domain::{
        access::Scope,
        account::Role,
        audit::{Action, By, Deed},
        event::EventType,
        ids::{EndpointId, ProjectId},
        refusal::Refusal,
        webhook,
    },
    store::webhooks::{Endpoint, Headers},
};

/// Most characters of a description.
const MAX_DESCRIPTION: usize = 255;
/// How long a former secret may go on signing.
const LONGEST_OVERLAP: Duration = Duration::days(7);

/// What can be set on an endpoint. `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the flags of the command")]
pub struct EndpointSettings {
    pub url: Option<String>,
    pub description: Option<String>,
    /// At least one.
    pub event_types: Option<Vec<EventType>>,
    /// Sent with every delivery.
    pub headers: Option<Headers>,
}

impl EndpointSettings {
    /// Told of these kinds of event.
    pub fn told_of(event_types: impl Into<Vec<EventType>>) -> Self {
        Self { event_types: Some(event_types.into()), ..Self::default() }
    }
}

impl Webhooks {
    fn check(&self, settings: &EndpointSettings) -> Result<()> {
        if let Some(url) = &settings.url {
            self.0.outbound.check(url).map_err(|why| Refusal::invalid(format!("{url:?} cannot be a webhook: {why}.")))?;
        }
        let unfit = |text: &String| text.chars().count() > MAX_DESCRIPTION || text.chars().any(char::is_control);
        if settings.description.as_ref().is_some_and(unfit) {
            let message = format!("The description must have at most {MAX_DESCRIPTION} characters, and no control characters.");
            return Err(Refusal::invalid(message).into());
        }
        if settings.event_types.as_ref().is_some_and(Vec::is_empty) {
            return Err(Refusal::invalid("An endpoint needs at least one kind of event.").into());
        }
        settings.headers.as_ref().map_or(Ok(()), webhook::check_headers)?;
        Ok(())
    }

    /// Makes an endpoint with a new secret. Refuses (`VALIDATION_ERROR`) an address that could never be called and
    /// headers that cannot be sent, and an unknown project (`NOT_FOUND`).
    pub async fn create(&self, project: ProjectId, url: &str, settings: EndpointSettings, by: &By) -> Result<Endpoint> {
        let now = self.0.clock.now();
        let settings = EndpointSettings { url: Some(url.to_owned()), ..settings };
        self.check(&settings)?;
        let mut tx = self.0.db.begin().await?;
        let found = tx.project_of_any(project).await?.ok_or_else(|| Refusal::not_found("project"))?;
        self.0.demand_still(&mut tx, by, found.workspace_id, Role::Admin).await?;
        let project = self.0.hold_project(&mut tx, found.id).await?;
        let endpoint = Endpoint {
            id: EndpointId::new(now),
            workspace_id: project.workspace_id,
            project_id: project.id,
            url: url.to_owned(),
            description: settings.description.unwrap_or_default(),
            event_types: settings.event_types.unwrap_or_else(|| EventType::DEFAULT.to_vec()),
            headers: settings.headers.unwrap_or_default(),
            secret: webhook::new_secret(),
            previous_secret: None,
            previous_secret_until: None,
            disabled_at: None,
            disabled_reason: None,
            failing_since: None,
            created_at: now,
            updated_at: now,
        };
        tx.insert_endpoint(&endpoint).await?;
        tx.audit(by, &deed(Action::WebhookCreated, &endpoint), now).await?;
        tx.commit().await?;
        Ok(endpoint)
    }

    /// All endpoints, oldest first.
    pub async fn list(&self) -> Result<Vec<Endpoint>> {
        Ok(self.0.db.reader().await?.endpoints().await?)
    }

    /// The endpoints that somebody reaches, oldest first.
    pub async fn of_workspace(&self, scope: &Scope) -> Result<Vec<Endpoint>> {
        let mut found = self.0.db.reader().await?.endpoints_of(scope.workspace).await?;
        found.retain(|endpoint| scope.covers(endpoint.workspace_id, endpoint.project_id));
        Ok(found)
    }

    /// An endpoint that somebody reaches. Refuses `NOT_FOUND`.
    pub async fn get_in(&self, scope: &Scope, id: EndpointId) -> Result<Endpoint> {
        let mut conn = self.0.db.reader().await?;
        let not_found = || Refusal::not_found("webhook");
        let endpoint = conn.endpoint(id).await?.ok_or_else(not_found)?;
        conn.project(scope, endpoint.project_id).await?.ok_or_else(not_found)?;
        Ok(endpoint)
    }

    /// An endpoint. Refuses `NOT_FOUND`, as do all below.
    pub async fn get(&self, id: EndpointId) -> Result<Endpoint> {
        let found = self.0.db.reader().await?.endpoint(id).await?;
        found.ok_or_else(|| Refusal::not_found("webhook").into())
    }

    async fn change(
        &self,
        id: EndpointId,
        (action, by): (Action, &By),
        change: impl FnOnce(Endpoint) -> Endpoint + Send,
    ) -> Result<Endpoint> {
        let mut tx = self.0.db.begin().await?;
        let old = tx.lock_endpoint(id).await?.ok_or_else(|| Refusal::not_found("webhook"))?;
        let was_disabled = old.disabled_at.is_some();
        let endpoint = Endpoint { updated_at: self.0.clock.now(), ..change(old) };
        tx.update_endpoint(&endpoint).await?;
        match (was_disabled, endpoint.disabled_at.is_some()) {
            (false, true) => tx.begin_pause(&endpoint).await?,
            (true, false) => tx.end_pause(&endpoint).await?,
            _ => {}
        }
        tx.audit(by, &deed(action, &endpoint), endpoint.updated_at).await?;
        tx.commit().await?;
        Ok(endpoint)
    }

    /// Changes what `settings` names. Deliveries that wait go to the new address. Refuses as [`Webhooks::create`] does.
    pub async fn update(&self, id: EndpointId, settings: EndpointSettings, by: &By) -> Result<Endpoint> {
        self.check(&settings)?;
        self.change(id, (Action::WebhookUpdated, by), |old| Endpoint {
            url: settings.url.unwrap_or(old.url),
            description: settings.description.unwrap_or(old.description),
            event_types: settings.event_types.unwrap_or(old.event_types),
            headers: settings.headers.unwrap_or(old.headers),
            ..old
        })
        .await
    }

    /// Stops calling an endpoint, and says why. What waits for it fails; [`Webhooks::recover`] brings it back.
    pub async fn disable(&self, id: EndpointId, reason: &str, by: &By) -> Result<Endpoint> {
        let now = self.0.clock.now();
        let deed = (Action::WebhookDisabled, by);
        self.change(id, deed, |old| Endpoint { disabled_at: Some(now), disabled_reason: Some(reason.to_owned()), ..old }).await
    }

    /// Calls an endpoint again, from the next event on.
    pub async fn enable(&self, id: EndpointId, by: &By) -> Result<Endpoint> {
        let deed = (Action::WebhookEnabled, by);
        self.change(id, deed, |old| Endpoint { disabled_at: None, disabled_reason: None, failing_since: None, ..old }).await
    }

    /// Gives an endpoint a new secret. The former one signs beside it for `overlap`, up to 7 days; one before that ends now.
    pub async fn rotate(&self, id: EndpointId, overlap: Duration, by: &By) -> Result<Endpoint> {
        if overlap < Duration::zero() || overlap > LONGEST_OVERLAP {
            return Err(Refusal::invalid("The overlap must be 0 to 7 days.").into());
        }
        let until = self.0.clock.now() + overlap;
        self.change(id, (Action::WebhookRotated, by), |old| Endpoint {
            previous_secret: Some(old.secret),
            previous_secret_until: Some(until),
            secret: webhook::new_secret(),
            ..old
        })
        .await
    }

    /// Ends an endpoint for ever. What waits for it fails; its log stays in the database.
    pub async fn delete(&self, id: EndpointId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let endpoint = tx.lock_endpoint(id).await?.ok_or_else(|| Refusal::not_found("webhook"))?;
        if !tx.delete_endpoint(id, now).await? {
            return Err(Refusal::not_found("webhook").into());
        }
        tx.audit(by, &deed(Action::WebhookDeleted, &endpoint), now).await?;
        Ok(tx.commit().await?)
    }
}

pub(super) fn deed(action: Action, endpoint: &Endpoint) -> Deed {
    Deed::new(action, "webhook", endpoint.id.0, &endpoint.url).within(endpoint.workspace_id)
}
