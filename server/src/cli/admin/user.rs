//! `reupload admin user`: accounts of the dashboard.

use anyhow::{Result, bail};
use clap::Subcommand;
use serde_json::{Value, json};

use super::choose_workspace;
use crate::{
    app::{
        App,
        accounts::{NewUser, UserChange},
    },
    domain::{
        account::{Purpose, Role},
        audit::By,
        ids::{UserId, WorkspaceId},
    },
    store,
};

#[derive(Subcommand)]
pub(super) enum User {
    /// Make an account, and a link by which its person sets the first password
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// Whether the person keeps the whole server: all workspaces, as owner
        #[arg(long)]
        operator: bool,
        /// What the person may do in a workspace: viewer, member, admin or owner
        #[arg(long)]
        role: Option<Role>,
        /// That workspace; needed when there are several
        #[arg(long, value_name = "ID", requires = "role")]
        workspace: Option<WorkspaceId>,
    },
    /// Show all accounts
    List,
    /// Change an account; what is not named stays
    Update {
        /// Id or e-mail address
        user: String,
        #[arg(long)]
        email: Option<String>,
        #[arg(long)]
        name: Option<String>,
        /// Whether the person keeps the whole server: true or false
        #[arg(long, value_name = "BOOL")]
        operator: Option<bool>,
    },
    /// Remove an account, with its logins and memberships
    Delete {
        /// Id or e-mail address
        user: String,
    },
    /// Make a link by which a person sets a new password; it works once, within a day
    Link {
        /// Id or e-mail address
        user: String,
    },
}

pub(super) async fn run(app: &App, command: User) -> Result<Value> {
    let by = By::COMMAND_LINE;
    Ok(match command {
        User::Create { email, name, operator, role, workspace } => {
            let membership = match role {
                Some(role) => Some((choose_workspace(app, workspace).await?, role)),
                None => None,
            };
            let user = app.accounts.create_user(NewUser { email, name, is_operator: operator, membership }, &by).await?;
            let mut row = row(app, &user).await?;
            row["link"] = app.accounts.create_link(user.id, Purpose::Reset, &by).await?.into();
            row
        }
        User::List => {
            let mut rows = Vec::new();
            for user in app.accounts.users().await? {
                rows.push(row(app, &user).await?);
            }
            Value::Array(rows)
        }
        User::Update { user, email, name, operator } => {
            let id = find(app, &user).await?;
            let change = UserChange { email, name, is_operator: operator };
            row(app, &app.accounts.update_user(id, change, &by).await?).await?
        }
        User::Delete { user } => {
            let id = find(app, &user).await?;
            app.accounts.delete_user(id, &by).await?;
            json!({ "id": id, "deleted": true })
        }
        User::Link { user } => {
            let id = find(app, &user).await?;
            json!({ "id": id, "link": app.accounts.create_link(id, Purpose::Reset, &by).await? })
        }
    })
}

async fn row(app: &App, user: &store::users::User) -> Result<Value> {
    let mut row = serde_json::to_value(user)?;
    let workspaces = app.accounts.workspaces(user).await?.into_iter();
    row["workspaces"] = workspaces.map(|found| json!({ "id": found.id, "name": found.name, "role": found.role })).collect();
    Ok(row)
}

async fn find(app: &App, text: &str) -> Result<UserId> {
    match text.parse() {
        Ok(id) => Ok(id),
        Err(_) if text.contains('@') => Ok(app.accounts.user_of_email(text).await?.id),
        Err(_) => bail!("{text:?} is neither the id nor the e-mail address of a user"),
    }
}
