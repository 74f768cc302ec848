"""What goes into the API and comes out of it, as plain dicts with the API's own names.

Results are compared field by field with ``api/openapi.json`` by ``tests/test_types.py``. To add a result: its
TypedDict here and
its line in that test. Sizes are bytes, times ISO 8601 in UTC, durations seconds.
"""

# Not `from __future__ import annotations`: with it `NotRequired` would be text, and `__required_keys__` wrong.
import os
import sys
from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from datetime import date
from typing import Any, BinaryIO, Literal, Protocol, TypedDict
from uuid import UUID

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired


class Readable(Protocol):
    """A file by its ``read``: Python's own, Django's ``UploadedFile``, a socket's ``makefile("rb")``."""

    def read(self, size: int = ..., /) -> bytes: ...


class AsyncReadable(Protocol):
    """A file whose ``read`` is awaited: Starlette's and FastAPI's ``UploadFile``, aiofiles."""

    async def read(self, size: int = ..., /) -> bytes: ...


UploadBody = (
    bytes
    | bytearray
    | memoryview
    | os.PathLike[str]
    | BinaryIO
    | Readable
    | AsyncReadable
    | Iterable[bytes]
    | AsyncIterable[bytes]
)
"""What can be uploaded. It is read in pieces and never held whole; a file object is read from where it stands."""

Body = UploadBody
Text = str | UUID | int | date | os.PathLike[str]
"""A text, or what has an obvious one. A ``datetime`` becomes UTC with ``Z``; one without a time zone is local time."""
Id = str | UUID
Progress = Callable[[int, int | None], None]
"""Called with the bytes of the files sent so far and all there are (None if unknown).

A new try counts from the start.
"""

ApiKeyPermission = Literal["files.read", "files.write", "files.delete"]
UploadSessionStatus = Literal["PENDING", "UPLOADING", "COMPLETED", "FAILED", "CANCELLED"]
FailureReason = Literal[
    "MALWARE_DETECTED",
    "NOT_SCANNABLE",
    "SCAN_UNAVAILABLE",
    "CONTENT_TYPE_NOT_ALLOWED",
    "SIZE_MISMATCH",
    "QUOTA_EXCEEDED",
    "EXPIRED",
    "STORAGE_ERROR",
]
FileCategory = Literal["image", "video", "audio", "document", "archive", "code", "other"]
FileUploadedVia = Literal["api", "dashboard", "intake"]
FileAccessVariant = Literal["original", "thumb_64", "thumb_160", "thumb_320"]
EventType = Literal["file.uploaded", "file.updated", "file.deleted", "file.failed"]
TimelineStep = Literal[
    "opened",
    "received",
    "accepted",
    "stripped",
    "scan_waiting",
    "scanned",
    "thumbnails",
    "published",
    "failed",
    "cancelled",
    "updated",
    "deleted",
]


class ProjectSummary(TypedDict):
    id: str
    name: str
    uploadCorsOrigins: list[str]


class WhoamiResponse(TypedDict):
    apiKeyId: str
    workspaceId: str
    name: str
    permissions: list[ApiKeyPermission]
    allProjects: bool
    projects: list[ProjectSummary]


class UploadSession(TypedDict):
    id: str
    workspaceId: str
    projectId: str
    fileId: str
    status: UploadSessionStatus
    expectedSize: int
    expectedMime: str
    expiresAt: str
    completedAt: str | None
    failureReason: FailureReason | None
    createdAt: str


class _Details(TypedDict):
    """What every upload may say. ``projectId`` may be left out if the client has a default project."""

    projectId: NotRequired[Id]
    isPublic: NotRequired[bool | None]
    folder: NotRequired[Text | None]
    metadata: NotRequired[Mapping[str, Text] | None]
    ownerRef: NotRequired[Text | None]


class CreateUploadSessionInput(_Details):
    filename: Text
    contentType: str
    size: int


class CreateUploadSessionResult(TypedDict):
    uploadId: str
    fileId: str
    uploadUrl: str
    expiresIn: int


class CompleteUploadSessionInput(TypedDict):
    uploadId: Id


class CompleteUploadSessionResult(TypedDict):
    fileId: str
    status: Literal["processing"]


class UploadFileInput(TypedDict):
    """A file. A path or a file object has a name, and with it a type and a size, so these may be left out then."""

    data: UploadBody
    filename: NotRequired[Text]
    contentType: NotRequired[str]
    size: NotRequired[int]


class DirectUploadInput(_Details):
    file: UploadFileInput
    filename: NotRequired[Text | None]


class DirectUploadBatchInput(_Details):
    files: list[UploadFileInput]


class DirectUploadResult(TypedDict):
    uploadId: str
    fileId: str
    status: Literal["processing"]


class DirectUploadBatchResult(TypedDict):
    files: list[DirectUploadResult]


DirectUploadResponse = DirectUploadResult | DirectUploadBatchResult


class CdnUploadInput(_Details):
    file: UploadFileInput
    filename: NotRequired[Text]
    contentType: NotRequired[str]
    size: NotRequired[int]


class UploadResult(CompleteUploadSessionResult):
    """Of ``uploads.upload``. ``uploadId`` is for ``wait_for_completion``."""

    uploadId: str


class FileUploadedData(TypedDict):
    fileId: str
    projectId: str
    path: str
    name: str
    mimeType: str
    sizeBytes: int
    url: str
    urlExpiresAt: str | None
    isPublic: bool


class FileUpdatedData(FileUploadedData):
    changes: list[str]


class FileDeletedData(TypedDict):
    fileId: str
    projectId: str
    path: str
    name: str
    deletedAt: str


class FileFailedData(TypedDict):
    uploadId: str
    fileId: str
    projectId: str
    name: str
    reason: FailureReason


class _Envelope(TypedDict):
    id: str
    createdAt: str
    workspaceId: str
    projectId: str
    test: NotRequired[bool]


class FileUploadedEvent(_Envelope):
    type: Literal["file.uploaded"]
    data: FileUploadedData


class FileUpdatedEvent(_Envelope):
    type: Literal["file.updated"]
    data: FileUpdatedData


class FileDeletedEvent(_Envelope):
    type: Literal["file.deleted"]
    data: FileDeletedData


class FileFailedEvent(_Envelope):
    type: Literal["file.failed"]
    data: FileFailedData


WebhookEvent = FileUploadedEvent | FileUpdatedEvent | FileDeletedEvent | FileFailedEvent
"""An event, as webhooks and ``events.list`` carry it. Compare ``type`` and mypy knows ``data``."""


class EventPage(TypedDict):
    events: list[WebhookEvent]
    nextCursor: str | None


class FilePublic(TypedDict):
    id: str
    workspaceId: str
    projectId: str
    name: str
    originalName: str
    mimeType: str
    sizeBytes: int
    category: FileCategory
    isPublic: bool
    publicUrl: str | None
    uploadedVia: FileUploadedVia
    createdAt: str
    updatedAt: str
    sha256: str
    folder: str
    metadata: dict[str, str]
    ownerRef: str | None
    variants: list[FileAccessVariant]
    scan: Literal["clean", "skipped"]


class FilePage(TypedDict):
    files: list[FilePublic]
    nextCursor: str | None


class UpdateFileInput(TypedDict, total=False):
    """What changes; what is left out stays. ``metadata`` replaces all of it."""

    name: Text
    folder: Text
    isPublic: bool
    metadata: Mapping[str, Text]


class FileAccessQuery(TypedDict, total=False):
    """``expiresIn`` is 60 to 604,800 seconds, 300 if left out."""

    expiresIn: int
    variant: FileAccessVariant
    download: bool


class FileAccess(TypedDict):
    url: str
    accessType: Literal["cdn", "cdn_public"]
    expiresIn: int | None
    variant: FileAccessVariant
    download: bool


class GetUploadSessionResult(TypedDict):
    session: UploadSession
    file: NotRequired[FileUploadedData]


class GetFileResult(TypedDict):
    file: FilePublic


class GetFileAccessResult(TypedDict):
    access: FileAccess


class CancelUploadSessionResult(TypedDict):
    success: Literal[True]


class DeleteFileResult(TypedDict):
    success: Literal[True]


class DeleteFilesResult(TypedDict):
    deleted: list[str]
    notFound: list[str]


class DeleteFolderResult(TypedDict):
    """``hasMore``: a request takes 1,000 files; ask again for the rest."""

    deleted: int
    hasMore: bool


class TimelineEntry(TypedDict):
    at: str
    step: TimelineStep
    detail: dict[str, Any]


class FileTimeline(TypedDict):
    entries: list[TimelineEntry]


class UsageFigures(TypedDict):
    """A limit that is None is none."""

    storedBytes: int
    reservedBytes: int
    maxBytes: int | None
    storedFiles: int
    reservedFiles: int
    maxFiles: int | None
    maxFileSize: int | None


class ProjectUsage(UsageFigures):
    projectId: str
    name: str


class UsageReport(TypedDict):
    projects: list[ProjectUsage]
    workspace: NotRequired[UsageFigures]
    owner: NotRequired[UsageFigures]
