//! The quota counters. Each change of an account is one atomic statement, so any number of clients and nodes cannot overshoot.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_optional, statements},
};
use crate::domain::{
    ids::ProjectId,
    quota::{self, Account, Amount, Holder, Level, Usage},
};

#[derive(sqlx::FromRow)]
struct Row {
    used_bytes: i64,
    used_files: i64,
    reserved_bytes: i64,
    reserved_files: i64,
    max_bytes: Option<i64>,
    max_files: Option<i64>,
}

impl From<Row> for Usage {
    fn from(row: Row) -> Self {
        Self {
            stored: Amount { bytes: row.used_bytes, files: row.used_files },
            reserved: Amount { bytes: row.reserved_bytes, files: row.reserved_files },
            max_bytes: row.max_bytes,
            max_files: row.max_files,
        }
    }
}

statements! {
    INSERT = "INSERT INTO usage (scope, max_bytes, max_files, used_bytes, used_files, reserved_bytes, reserved_files)
        VALUES ($1, $2, $3, 0, 0, 0, 0)";
    INSERT_OWNER = "INSERT INTO usage (scope, max_bytes, max_files, used_bytes, used_files, reserved_bytes, reserved_files)
        SELECT $1, owner_max_bytes, owner_max_files, 0, 0, 0, 0 FROM projects WHERE id = $2
        ON CONFLICT (scope) DO NOTHING";
    LIMIT = "UPDATE usage SET max_bytes = $2, max_files = $3 WHERE scope = $1";
    LIMIT_OWNERS = "UPDATE usage SET max_bytes = $2, max_files = $3 WHERE substr(scope, 1, CAST($4 AS INTEGER)) = $1";
    GET = "SELECT used_bytes, used_files, reserved_bytes, reserved_files, max_bytes, max_files FROM usage WHERE scope = $1";
    // Changes nothing, but holds the row to the end of the transaction and shows it as it is now.
    LOCK = "UPDATE usage SET used_bytes = used_bytes WHERE scope = $1
        RETURNING used_bytes, used_files, reserved_bytes, reserved_files, max_bytes, max_files";
    RESERVE = "UPDATE usage SET reserved_bytes = reserved_bytes + $2, reserved_files = reserved_files + $3
        WHERE scope = $1
        AND (max_bytes IS NULL OR used_bytes + reserved_bytes + $2 <= max_bytes)
        AND (max_files IS NULL OR used_files + reserved_files + $3 <= max_files)";
    SETTLE = "UPDATE usage SET reserved_bytes = reserved_bytes - $2, reserved_files = reserved_files - $3,
        used_bytes = used_bytes + $4, used_files = used_files + $5 WHERE scope = $1";
    RELEASE = "UPDATE usage SET reserved_bytes = reserved_bytes - $2, reserved_files = reserved_files - $3 WHERE scope = $1";
    FREE = "UPDATE usage SET used_bytes = used_bytes - $2, used_files = used_files - $3 WHERE scope = $1";
}

impl Conn {
    /// A counter and its limits.
    pub async fn usage(&mut self, account: &Account) -> Result<Option<Usage>> {
        Ok(fetch_optional!(self, Row, GET, &account.scope)?.map(Into::into))
    }
}

impl Tx {
    /// Adds a counter that stands at nothing.
    pub async fn insert_usage(&mut self, account: &Account, max_bytes: Option<i64>, max_files: Option<i64>) -> Result<()> {
        execute!(self, INSERT, &account.scope, max_bytes, max_files)?;
        Ok(())
    }

    /// A counter as it is now, held to the end of this transaction.
    pub async fn lock_usage(&mut self, account: &Account) -> Result<Option<Usage>> {
        Ok(fetch_optional!(self, Row, LOCK, &account.scope)?.map(Into::into))
    }

    /// Sets the limits; what is already stored above them stays.
    pub async fn limit_usage(&mut self, account: &Account, max_bytes: Option<i64>, max_files: Option<i64>) -> Result<()> {
        execute!(self, LIMIT, &account.scope, max_bytes, max_files)?;
        Ok(())
    }

    /// Sets the limits of every owner that a project has counted so far.
    pub async fn limit_owners(&mut self, project: ProjectId, max_bytes: Option<i64>, max_files: Option<i64>) -> Result<()> {
        let prefix = quota::owner_prefix(project);
        let length = i64::try_from(prefix.chars().count()).unwrap_or(i64::MAX);
        execute!(self, LIMIT_OWNERS, &prefix, max_bytes, max_files, length)?;
        Ok(())
    }

    /// Reserves in every account of `holder`, or in none: then it says which one is full.
    pub async fn reserve(&mut self, holder: &Holder, amount: Amount) -> Result<Option<(Level, Usage)>> {
        let mut done: Vec<Account> = Vec::new();
        for account in holder.accounts() {
            if account.level == Level::Owner {
                execute!(self, INSERT_OWNER, &account.scope, holder.project)?;
            }
            if execute!(self, RESERVE, &account.scope, amount.bytes, amount.files)? == 1 {
                done.push(account);
                continue;
            }
            for account in done {
                execute!(self, RELEASE, &account.scope, amount.bytes, amount.files)?;
            }
            let usage = self.usage(&account).await?.unwrap_or_default();
            return Ok(Some((account.level, usage)));
        }
        Ok(None)
    }

    /// Turns a reservation into use. What is stored may be smaller than what was reserved.
    pub async fn settle_usage(&mut self, holder: &Holder, reserved: Amount, stored: Amount) -> Result<()> {
        for account in holder.accounts() {
            execute!(self, SETTLE, &account.scope, reserved.bytes, reserved.files, stored.bytes, stored.files)?;
        }
        Ok(())
    }

    /// Gives a reservation back.
    pub async fn release(&mut self, holder: &Holder, amount: Amount) -> Result<()> {
        for account in holder.accounts() {
            execute!(self, RELEASE, &account.scope, amount.bytes, amount.files)?;
        }
        Ok(())
    }

    /// Gives used room back.
    pub async fn free(&mut self, holder: &Holder, amount: Amount) -> Result<()> {
        for account in holder.accounts() {
            execute!(self, FREE, &account.scope, amount.bytes, amount.files)?;
        }
        Ok(())
    }
}
