//! A running service for a test, a client that checks every answer, and a look at what a test leaves behind.

mod client;
mod dashboard;
mod database;
mod ledger;
mod mutate;
mod openapi;
mod process;
mod receiver;
mod server;

use reupload::domain::clock::Clock;

pub(crate) use self::{
    client::{Body, Multipart, Reply},
    dashboard::{Operation, Person, cookie_of, operations, token_of},
    database::{Database, Made},
    mutate::{Random, mutate_form},
    openapi::spec,
    process::{BINARY, Dev},
    receiver::{Answer, Hook, Receiver},
    server::{Before, Options, Server, by_hand},
};

/// Runs each test on SQLite and on PostgreSQL, as `name::sqlite` and `name::postgres`.
///
/// The test gets a started [`Server`]; afterwards the server is stopped and what it left is checked. `with f` before the body
/// starts it with the [`Options`] that `f()` gives.
macro_rules! each_database {
    (@options) => {
        $crate::harness::Options::default()
    };
    (@options $options:ident) => {
        $options()
    };
    ($($(#[$meta:meta])* async fn $name:ident($server:ident: &$type:ty) $(with $options:ident)? $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn test($server: &$type) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let server = $crate::harness::Server::with(
                    $crate::harness::Database::Sqlite,
                    $crate::harness::each_database!(@options $($options)?),
                )
                .await;
                test(&server).await;
                server.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let server = $crate::harness::Server::with(
                    $crate::harness::Database::Postgres,
                    $crate::harness::each_database!(@options $($options)?),
                )
                .await;
                test(&server).await;
                server.finish().await;
            }
        }
    )*};
}

pub(crate) use each_database;

/// Runs a test on both databases at a clock that stands still; jobs run only when the test says so.
pub(crate) async fn frozen(test: impl AsyncFn(&Server, &Clock)) {
    for database in [Database::Sqlite, Database::Postgres] {
        let options = by_hand();
        let clock = options.clock.clone();
        let server = Server::with(database, options).await;
        test(&server, &clock).await;
        server.finish().await;
    }
}

/// Prints a figure that a person may want to see (`cargo nextest run --no-capture`).
#[expect(clippy::print_stdout, reason = "a test's figure")]
pub(crate) fn note(figure: &str) {
    println!("{figure}");
}
