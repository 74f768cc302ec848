//! How the domain's types look in a column: ids as UUID (16-byte BLOB), words as TEXT.

use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};
use uuid::Uuid;

use crate::domain::{
    account::Role,
    event::EventType,
    file::Variant,
    ids::{
        AttemptId, AuditId, BlobId, DeliveryId, EndpointId, EventId, FileId, HoldId, InvitationId, JobId, KeyId, LinkId, LoginId,
        ProjectId, UploadId, UserId, WorkspaceId,
    },
    media::Category,
    timeline::Step,
    type_policy::{OnMismatch, ScanDemand},
    upload::{FailureReason, Source, State},
};

macro_rules! id_columns {
    ($($name:ident),*) => {$(
        impl<DB: Database> Type<DB> for $name where Uuid: Type<DB> {
            fn type_info() -> DB::TypeInfo {
                <Uuid as Type<DB>>::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                <Uuid as Type<DB>>::compatible(ty)
            }
        }
        impl<'q, DB: Database> Encode<'q, DB> for $name where Uuid: Encode<'q, DB> {
            fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.0.encode_by_ref(buf)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $name where Uuid: Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Uuid::decode(value).map(Self)
            }
        }
    )*};
}

id_columns!(
    AttemptId,
    AuditId,
    BlobId,
    DeliveryId,
    EndpointId,
    EventId,
    FileId,
    HoldId,
    InvitationId,
    JobId,
    KeyId,
    LinkId,
    LoginId,
    ProjectId,
    UploadId,
    UserId,
    WorkspaceId
);

macro_rules! word_columns {
    ($($name:ty),* $(,)?) => {$(
        impl<DB: Database> Type<DB> for $name where str: Type<DB> {
            fn type_info() -> DB::TypeInfo {
                <str as Type<DB>>::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                <str as Type<DB>>::compatible(ty)
            }
        }
        impl<'q, DB: Database> Encode<'q, DB> for $name where &'static str: Encode<'q, DB> {
            fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.as_str().encode_by_ref(buf)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $name where &'r str: Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(<&str>::decode(value)?.parse()?)
            }
        }
    )*};
}

word_columns!(
    State,
    Source,
    FailureReason,
    Category,
    EventType,
    OnMismatch,
    Role,
    ScanDemand,
    Step,
    Variant,
    super::jobs::Lane,
    super::deliveries::DeliveryStatus
);
