//! What SQLite and PostgreSQL cannot say alike.

use super::{Driver, Engine};

/// A write transaction takes SQLite's lock at its start: one that begins by reading would fail with `SQLITE_BUSY_SNAPSHOT`
/// at its first write, whatever the timeout.
pub(super) const SQLITE_BEGIN: &str = "BEGIN IMMEDIATE";

pub(super) const SQLITE_COMMIT: &str = "COMMIT";
pub(super) const SQLITE_ROLLBACK: &str = "ROLLBACK";

pub(super) const PING: &str = "SELECT 1";

pub(super) const NOW: &str = "SELECT CURRENT_TIMESTAMP";

/// The bytes that the database takes.
pub(super) const fn size(driver: &Driver<'_>) -> &'static str {
    match driver {
        Driver::Sqlite(_) => SQLITE_SIZE,
        Driver::Postgres(_) => POSTGRES_SIZE,
    }
}

const SQLITE_SIZE: &str = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
const POSTGRES_SIZE: &str = "SELECT pg_database_size(current_database())";

/// Leases run on the database's clock, in milliseconds, so that nodes whose clocks differ agree on them.
pub(super) struct LeaseStatements {
    /// Lane, now, lease in milliseconds, most jobs → the claimed jobs.
    pub(super) claim: &'static str,
    /// The same, and a queue of the lane.
    pub(super) claim_of_queue: &'static str,
    /// Lane, now → the lane's queues, and since when each has a job due; null if none is.
    pub(super) queues: &'static str,
    /// Job, fence, lease in milliseconds.
    pub(super) extend: &'static str,
}

macro_rules! claim {
    ($now_ms:literal, $lock:literal, $where:literal, $order:literal) => {
        concat!(
            // Every settlement clears the lease: one that is still there was left by a worker that is gone.
            "UPDATE jobs SET attempt = attempt + 1, deaths = deaths + CASE WHEN leased_until IS NULL THEN 0 ELSE 1 END,
                leased_until = ",
            $now_ms,
            " + $3 WHERE id IN (SELECT id FROM jobs WHERE ",
            $where,
            " AND run_at <= $2 AND (leased_until IS NULL OR leased_until <= ",
            $now_ms,
            ") ORDER BY ",
            $order,
            " LIMIT $4",
            $lock,
            ") RETURNING id, lane, payload, attempt, failures, deaths, created_at"
        )
    };
}

macro_rules! lease_statements {
    ($now_ms:literal, $lock:literal) => {
        LeaseStatements {
            claim: claim!($now_ms, $lock, "lane = $1", "run_at, id"),
            // In the order of the index alone: without statistics PostgreSQL would sort a whole queue for anything more.
            claim_of_queue: claim!($now_ms, $lock, "lane = $1 AND queue = $5", "run_at"),
            // From each queue to the next by the index, so the length of a queue does not matter.
            queues: concat!(
                "WITH RECURSIVE q (id) AS (
                    SELECT (SELECT queue FROM jobs WHERE lane = $1 AND queue IS NOT NULL ORDER BY queue LIMIT 1)
                    UNION ALL SELECT (SELECT queue FROM jobs WHERE lane = $1 AND queue > q.id ORDER BY queue LIMIT 1)
                    FROM q WHERE q.id IS NOT NULL
                )
                SELECT q.id, (SELECT run_at FROM jobs WHERE lane = $1 AND queue = q.id AND run_at <= $2
                    AND (leased_until IS NULL OR leased_until <= ",
                $now_ms,
                ") ORDER BY run_at LIMIT 1) AS due FROM q WHERE q.id IS NOT NULL"
            ),
            extend: concat!(
                "UPDATE jobs SET leased_until = ",
                $now_ms,
                " + $3 WHERE id = $1 AND attempt = $2 AND leased_until IS NOT NULL"
            ),
        }
    };
}

const SQLITE_LEASES: LeaseStatements = lease_statements!("CAST(unixepoch('subsec') * 1000 AS INTEGER)", "");
const POSTGRES_LEASES: LeaseStatements =
    lease_statements!("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)", " FOR UPDATE SKIP LOCKED");

pub(super) const fn leases(engine: &Engine) -> &'static LeaseStatements {
    match engine {
        Engine::Sqlite { .. } => &SQLITE_LEASES,
        Engine::Postgres(_) => &POSTGRES_LEASES,
    }
}

pub(super) const fn statements(engine: &Engine) -> &'static [&'static str] {
    match engine {
        Engine::Sqlite { .. } => &[
            PING,
            NOW,
            SQLITE_SIZE,
            SQLITE_LEASES.claim,
            SQLITE_LEASES.claim_of_queue,
            SQLITE_LEASES.queues,
            SQLITE_LEASES.extend,
        ],
        Engine::Postgres(_) => &[
            PING,
            NOW,
            POSTGRES_SIZE,
            POSTGRES_LEASES.claim,
            POSTGRES_LEASES.claim_of_queue,
            POSTGRES_LEASES.queues,
            POSTGRES_LEASES.extend,
        ],
    }
}

pub(super) const fn columns(engine: &Engine) -> &'static str {
    match engine {
        Engine::Sqlite { .. } => {
            "SELECT t.name, c.name, c.type, c.\"notnull\" = 0 FROM sqlite_schema t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%' ORDER BY 1, 2"
        }
        Engine::Postgres(_) => {
            "SELECT table_name::text, column_name::text, upper(udt_name), is_nullable = 'YES'
             FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%' ORDER BY 1, 2"
        }
    }
}

pub(super) const fn indexes(engine: &Engine) -> &'static str {
    match engine {
        Engine::Sqlite { .. } => {
            "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1, 2"
        }
        Engine::Postgres(_) => {
            "SELECT tablename::text, indexname::text FROM pg_indexes
             WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_pkey' AND tablename NOT LIKE '\\_%' ORDER BY 1, 2"
        }
    }
}
