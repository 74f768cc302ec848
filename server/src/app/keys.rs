//! API keys: who stands behind a request, and the operator's making and revoking of keys.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{core::Core, error::Result, projects::check_name};
use crate::{
    domain::{
        access::{Actor, KeySecret, Permission, Reach, Scope},
        account::Role,
        audit::{Action, By, Deed},
        clock::Timestamp,
        ids::{KeyId, ProjectId, WorkspaceId},
        refusal::{Code, Refusal},
    },
    store::{keys::ApiKey, projects::Project},
};

/// See the module's text.
#[derive(Clone)]
pub struct Keys(pub(super) Arc<Core>, pub(super) Arc<Used>);

/// When keys were last used, as far as the database has not been told. In the order of ids, so that nodes which tell it at the same
/// time lock rows in the same order.
#[derive(Default)]
pub(super) struct Used(Mutex<BTreeMap<KeyId, Timestamp>>);

impl Used {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<KeyId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, key: KeyId, at: Timestamp) {
        let mut used = self.lock();
        let last = used.entry(key).or_insert(at);
        *last = at.max(*last);
    }
}

/// Who stands behind a request.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// The key, without its secret.
    pub key: ApiKey,
    /// What it may touch.
    pub scope: Scope,
}

/// What a new key may do.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields of the command")]
pub struct NewKey {
    pub workspace: WorkspaceId,
    pub name: String,
    pub permissions: Vec<Permission>,
    /// Empty: all projects, later ones too.
    pub projects: Vec<ProjectId>,
    /// From now on; for good unless given.
    pub life: Option<Duration>,
}

impl Keys {
    /// The bearer of a secret; `UNAUTHORIZED` if it is malformed, mistyped, unknown, expired or revoked.
    pub async fn authenticate(&self, secret: &str) -> Result<Bearer> {
        let Some(secret) = KeySecret::parse(secret) else {
            return Err(
                unauthorized("This is not a Reupload API key: it should be ru_ and 36 characters. Is it complete?").into()
            );
        };
        let mut conn = self.0.db.reader().await?;
        let now = self.0.clock.now();
        let key = conn.live_key(&secret.hash(), now).await?;
        let key = key.ok_or_else(|| unauthorized("This API key is unknown, has expired or has been revoked."))?;
        self.1.note(key.id, now);
        let reach = match key.all_projects {
            true => Reach::AllProjects,
            false => Reach::Projects(conn.key_projects(key.id).await?),
        };
        Ok(Bearer { scope: Scope { actor: Actor::Key(key.id), workspace: key.workspace_id, reach, by: None }, key })
    }

    /// Writes down when keys were last used. Called now and then, so that no request has to write.
    pub async fn write_last_use(&self) -> Result<()> {
        let used = std::mem::take(&mut *self.1.lock());
        if used.is_empty() {
            return Ok(());
        }
        let written = self.write_used(&used).await;
        if written.is_err() {
            for (key, at) in used {
                self.1.note(key, at);
            }
        }
        written
    }

    async fn write_used(&self, used: &BTreeMap<KeyId, Timestamp>) -> Result<()> {
        let mut tx = self.0.db.begin_background().await?;
        for (key, at) in used {
            tx.key_used(*key, *at).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The projects that the bearer reaches.
    pub async fn projects(&self, scope: &Scope) -> Result<Vec<Project>> {
        Ok(self.0.db.reader().await?.projects(scope).await?)
    }

    /// Makes a key. The secret is given here and never again. Refuses (`NOT_FOUND`) unknown workspaces and projects of
    /// another workspace, and (`VALIDATION_ERROR`) an empty name.
    pub async fn create(&self, new: NewKey, by: &By) -> Result<(ApiKey, KeySecret)> {
        check_name(&new.name)?;
        let projects: BTreeSet<ProjectId> = new.projects.into_iter().collect();
        let now = self.0.clock.now();
        let secret = KeySecret::generate();
        let mut tx = self.0.db.begin().await?;
        self.0.demand_still(&mut tx, by, new.workspace, Role::Admin).await?;
        self.0.hold_workspace(&mut tx, new.workspace).await?;
        for project in &projects {
            let found = tx.project_of_any(*project).await?.filter(|found| found.workspace_id == new.workspace);
            found.ok_or_else(|| Refusal::not_found("project"))?;
        }
        let key = ApiKey {
            id: KeyId::new(now),
            workspace_id: new.workspace,
            name: new.name,
            hint: secret.hint().to_owned(),
            permissions: new.permissions,
            all_projects: projects.is_empty(),
            created_at: now,
            last_used_at: None,
            revoked_at: None,
            expires_at: new.life.map(|life| now + life),
        };
        tx.insert_key(&key, &secret.hash(), &projects).await?;
        tx.audit(by, &deed(Action::KeyCreated, &key), now).await?;
        tx.commit().await?;
        Ok((key, secret))
    }

    /// All keys, for the operator.
    pub async fn list(&self) -> Result<Vec<ApiKey>> {
        Ok(self.0.db.reader().await?.keys().await?)
    }

    /// The projects on the list of a limited key, for the operator.
    pub async fn projects_of(&self, key: KeyId) -> Result<Vec<ProjectId>> {
        Ok(self.0.db.reader().await?.key_projects(key).await?)
    }

    /// The keys of a workspace, revoked ones too, oldest first, and the projects on the list of each.
    pub async fn of_workspace(&self, scope: &Scope) -> Result<Vec<(ApiKey, Vec<ProjectId>)>> {
        let mut conn = self.0.db.reader().await?;
        let mut lists = BTreeMap::<KeyId, Vec<ProjectId>>::new();
        for (key, project) in conn.key_projects_in(scope.workspace).await? {
            lists.entry(key).or_default().push(project);
        }
        let keys = conn.keys_of(scope.workspace).await?;
        Ok(keys.into_iter().map(|key| (lists.remove(&key.id).unwrap_or_default(), key)).map(|(list, key)| (key, list)).collect())
    }

    /// Revokes a key: no request that begins after this returns is let in. Refuses (`NOT_FOUND`) unknown and revoked ones and, with a
    /// scope, those of another workspace.
    pub async fn revoke(&self, scope: Option<&Scope>, id: KeyId, by: &By) -> Result<()> {
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let key = tx.revoke_key(id, now).await?.filter(|key| scope.is_none_or(|scope| scope.workspace == key.workspace_id));
        let key = key.ok_or_else(|| Refusal::not_found("live key"))?;
        tx.audit(by, &deed(Action::KeyRevoked, &key), now).await?;
        Ok(tx.commit().await?)
    }
}

fn deed(action: Action, key: &ApiKey) -> Deed {
    Deed::new(action, "key", key.id.0, &key.name).within(key.workspace_id).with("hint", key.hint.as_str())
}

fn unauthorized(why: &str) -> Refusal {
    Refusal::new(Code::Unauthorized, why)
}
