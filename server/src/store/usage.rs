//! The quota counters. Each change is one atomic statement, so any number of clients and nodes cannot overshoot.

use super::{
    Conn, Result, Tx,
    macros::{execute, fetch_optional, statements},
};
use crate::domain::quota::{Amount, Usage};

statements! {
    INSERT = "INSERT INTO usage (scope, max_bytes, max_files, used_bytes, used_files, reserved_bytes, reserved_files)
        VALUES ($1, $2, $3, 0, 0, 0, 0)";
    LIMIT = "UPDATE usage SET max_bytes = $2, max_files = $3 WHERE scope = $1";
    GET = "SELECT used_bytes + reserved_bytes, used_files + reserved_files, max_bytes, max_files FROM usage WHERE scope = $1";
    RESERVE = "UPDATE usage SET reserved_bytes = reserved_bytes + $2, reserved_files = reserved_files + $3
        WHERE scope = $1
        AND (max_bytes IS NULL OR used_bytes + reserved_bytes + $2 <= max_bytes)
        AND (max_files IS NULL OR used_files + reserved_files + $3 <= max_files)";
    SETTLE = "UPDATE usage SET used_bytes = used_bytes + $2, used_files = used_files + $3,
        reserved_bytes = reserved_bytes - $2, reserved_files = reserved_files - $3 WHERE scope = $1";
    RELEASE = "UPDATE usage SET reserved_bytes = reserved_bytes - $2, reserved_files = reserved_files - $3 WHERE scope = $1";
    FREE = "UPDATE usage SET used_bytes = used_bytes - $2, used_files = used_files - $3 WHERE scope = $1";
}

impl Conn {
    /// A counter and its limits.
    pub async fn usage(&mut self, scope: &str) -> Result<Option<Usage>> {
        let row = fetch_optional!(self, (i64, i64, Option<i64>, Option<i64>), GET, scope)?;
        Ok(row.map(|(bytes, files, max_bytes, max_files)| Usage { used: Amount { bytes, files }, max_bytes, max_files }))
    }
}

impl Tx {
    /// Adds a counter that stands at nothing.
    pub async fn insert_usage(&mut self, scope: &str, max_bytes: Option<i64>, max_files: Option<i64>) -> Result<()> {
        execute!(self, INSERT, scope, max_bytes, max_files)?;
        Ok(())
    }

    /// Sets the limits; what is already stored above them stays.
    pub async fn limit_usage(&mut self, scope: &str, max_bytes: Option<i64>, max_files: Option<i64>) -> Result<()> {
        execute!(self, LIMIT, scope, max_bytes, max_files)?;
        Ok(())
    }

    /// Reserves if it fits; says whether it did.
    pub async fn reserve(&mut self, scope: &str, amount: Amount) -> Result<bool> {
        Ok(execute!(self, RESERVE, scope, amount.bytes, amount.files)? == 1)
    }

    /// Turns a reservation into use.
    pub async fn settle_usage(&mut self, scope: &str, amount: Amount) -> Result<()> {
        execute!(self, SETTLE, scope, amount.bytes, amount.files)?;
        Ok(())
    }

    /// Gives a reservation back.
    pub async fn release(&mut self, scope: &str, amount: Amount) -> Result<()> {
        execute!(self, RELEASE, scope, amount.bytes, amount.files)?;
        Ok(())
    }

    /// Gives used room back.
    pub async fn free(&mut self, scope: &str, amount: Amount) -> Result<()> {
        execute!(self, FREE, scope, amount.bytes, amount.files)?;
        Ok(())
    }
}
