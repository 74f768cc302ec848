//! Quotas: room is reserved in all accounts of a holder, or the request is refused. The rules are in `domain/quota.rs`.

use super::error::Result;
use crate::{
    domain::quota::{self, Amount, Holder},
    store::Tx,
};

/// Reserves room in all accounts of a holder, or refuses with the figures of the one that is full.
pub(super) async fn reserve_or_refuse(tx: &mut Tx, holder: &Holder, amount: Amount) -> Result<()> {
    match tx.reserve(holder, amount).await? {
        None => Ok(()),
        Some((level, usage)) => Err(quota::exceeded(level, &usage, amount).into()),
    }
}
