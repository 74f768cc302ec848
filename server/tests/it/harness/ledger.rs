//! The quota counters beside the rows that they count.
//!
//! Every account of every level is added up anew from files, open uploads and holds, in one snapshot of the database, and must
//! be what its row in `usage` says. The harness does so at the end of each test; a test of crowds does so all the time.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// What counts: workspace, project, owner; stored bytes and files; reserved bytes and files.
const COUNTED: &str = "
    SELECT workspace_id, project_id, owner_ref, size_bytes, CAST(1 AS BIGINT), CAST(0 AS BIGINT), CAST(0 AS BIGINT)
    FROM files WHERE deleted_at IS NULL
    UNION ALL SELECT workspace_id, project_id, owner_ref, CAST(0 AS BIGINT), CAST(0 AS BIGINT), expected_size, CAST(1 AS BIGINT)
    FROM uploads WHERE state IN ('pending', 'receiving', 'processing')
    UNION ALL SELECT workspace_id, project_id, owner_ref, CAST(0 AS BIGINT), CAST(0 AS BIGINT), bytes, CAST(0 AS BIGINT)
    FROM holds";
const SAID: &str = "SELECT scope, used_bytes, used_files, reserved_bytes, reserved_files, max_bytes, max_files FROM usage";
const HOLDS: &str = "SELECT COUNT(*) FROM holds";

type Counted = (Uuid, Uuid, Option<String>, i64, i64, i64, i64);
type Said = (String, i64, i64, i64, i64, Option<i64>, Option<i64>);

/// Stored bytes and files, reserved bytes and files.
pub(crate) type Sums = [i64; 4];

enum Engine {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A connection of its own to a test's database.
pub(crate) struct Ledger(Engine);

/// One statement's rows, on either engine.
macro_rules! rows {
    ($ledger:expr, $row:ty, $sql:expr) => {
        match &mut $ledger.0 {
            Engine::Sqlite(c) => sqlx::query_as::<_, $row>($sql).fetch_all(c).await.unwrap(),
            Engine::Postgres(c) => sqlx::query_as::<_, $row>($sql).fetch_all(c).await.unwrap(),
        }
    };
}

impl Ledger {
    /// For the database at `url`, or in `data_dir`.
    pub(crate) async fn open(url: &str, data_dir: &Path) -> Self {
        Self(if url == "sqlite" {
            let options = SqliteConnectOptions::new().filename(data_dir.join("reupload.db")).read_only(true);
            Engine::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
        } else {
            Engine::Postgres(PgConnection::connect(url).await.unwrap())
        })
    }

    async fn run(&mut self, sql: &'static str) {
        match &mut self.0 {
            Engine::Sqlite(c) => sqlx::query(sql).execute(c).await.map(drop).unwrap(),
            Engine::Postgres(c) => sqlx::query(sql).execute(c).await.map(drop).unwrap(),
        }
    }

    /// Panics unless every counter is the sum of what it counts. Gives the accounts that are over a limit.
    pub(crate) async fn check(&mut self) -> Vec<String> {
        self.run(match &self.0 {
            Engine::Sqlite(_) => "BEGIN",
            Engine::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        })
        .await;
        let (counted, said) = (rows!(self, Counted, COUNTED), rows!(self, Said, SAID));
        self.run("COMMIT").await;

        let mut sums: BTreeMap<String, Sums> = said.iter().map(|said| (said.0.clone(), Sums::default())).collect();
        for (workspace, project, owner, bytes, files, reserved_bytes, reserved_files) in counted {
            let owner = owner.map(|owner| format!("owner:{project}:{owner}"));
            for scope in [Some(format!("workspace:{workspace}")), Some(format!("project:{project}")), owner].into_iter().flatten()
            {
                let sum = sums.entry(scope).or_default();
                for (sum, more) in sum.iter_mut().zip([bytes, files, reserved_bytes, reserved_files]) {
                    *sum += more;
                }
            }
        }
        let told: BTreeMap<String, Sums> = said.iter().map(|row| (row.0.clone(), [row.1, row.2, row.3, row.4])).collect();
        assert_eq!(told, sums, "what the counters say, and what is there");
        let over = |used: i64, max: Option<i64>| max.is_some_and(|max| used > max);
        said.iter().filter(|row| over(row.1 + row.3, row.5) || over(row.2 + row.4, row.6)).map(|row| format!("{row:?}")).collect()
    }

    /// How many requests hold room.
    pub(crate) async fn holds(&mut self) -> i64 {
        rows!(self, (i64,), HOLDS)[0].0
    }

    /// Checks until it is told to stop, and that nobody is over a limit.
    pub(crate) fn watch(mut self) -> Watch {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let watching = tokio::spawn(async move {
            let mut looks = 0;
            while !told.load(Ordering::Relaxed) {
                assert_eq!(self.check().await, Vec::<String>::new(), "over a limit");
                looks += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            looks
        });
        Watch { stop, watching }
    }
}

/// A ledger that is being checked all the time.
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    watching: JoinHandle<usize>,
}

impl Watch {
    /// Ends it and says how often it looked; panics if it has seen something wrong.
    pub(crate) async fn end(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.watching.await.unwrap()
    }
}
