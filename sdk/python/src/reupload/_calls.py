"""Every request of the API as a value, built once for the sync and the async client.

To add an endpoint: a function here, a thin pair of methods in ``resources/`` and its result in ``types.py``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from reupload._body import Content
from reupload._multipart import direct_fields, file_part, form, normalize_direct_upload_batch_response
from reupload._text import omit_none, plain, segment, text
from reupload.errors import ReuploadError
from reupload.types import (
    CancelUploadSessionResult,
    CdnUploadInput,
    CompleteUploadSessionInput,
    CompleteUploadSessionResult,
    CreateUploadSessionInput,
    CreateUploadSessionResult,
    DeleteFileResult,
    DeleteFilesResult,
    DeleteFolderResult,
    DirectUploadBatchInput,
    DirectUploadBatchResult,
    DirectUploadInput,
    DirectUploadResult,
    EventPage,
    FileAccessQuery,
    FilePage,
    FileTimeline,
    GetFileAccessResult,
    GetFileResult,
    GetUploadSessionResult,
    Id,
    Progress,
    Text,
    UpdateFileInput,
    UploadBody,
    UsageReport,
    WhoamiResponse,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request that is answered with a ``T``.

    ``if_gone`` is the answer when an earlier try of a DELETE has already done it.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    content: Content | None = None
    idempotency_key: str | None = None
    if_gone: T | None = None
    extra_seconds: float = 0.0


def whoami() -> Call[WhoamiResponse]:
    return Call("GET", "/public/whoami")


def usage(project_id: Id | None, owner_ref: Text | None, default_project: str | None) -> Call[UsageReport]:
    """An owner is one within a project, so the default project is meant then."""
    project = project_id or (default_project if owner_ref is not None else None)
    return Call("GET", "/usage", _params(projectId=project, ownerRef=owner_ref))


def create_session(
    input: CreateUploadSessionInput, default_project: str | None, key: str | None
) -> Call[CreateUploadSessionResult]:
    fields = _with_project(input, default_project)
    for name in ("filename", "folder", "ownerRef"):
        if fields.get(name) is not None:
            fields[name] = text(fields[name])
    if fields.get("metadata") is not None:
        fields["metadata"] = _texts(fields["metadata"])
    return _post("/uploads/session", fields, key)


def complete(input: CompleteUploadSessionInput, key: str | None) -> Call[CompleteUploadSessionResult]:
    return _post("/uploads/complete", input, key)


def get_session(upload_id: Id) -> Call[GetUploadSessionResult]:
    return Call("GET", f"/uploads/session/{segment(upload_id)}")


def cancel_session(upload_id: Id) -> Call[CancelUploadSessionResult]:
    return Call("DELETE", f"/uploads/session/{segment(upload_id)}")


def direct(
    input: DirectUploadInput, default_project: str | None, key: str | None, on_progress: Progress | None
) -> Call[DirectUploadResult]:
    part = file_part(input["file"])
    filename = text(input.get("filename") or part.filename)
    fields = direct_fields(_with_project(input, default_project), filename)
    return Call("POST", "/uploads/direct", content=form(fields, [part], on_progress), idempotency_key=_key(key))


def direct_batch(
    input: DirectUploadBatchInput, default_project: str | None, key: str | None, on_progress: Progress | None
) -> Call[Any]:
    """Its answer goes through ``batch_result``."""
    if not input["files"]:
        raise ValueError("At least one file is required for upload_direct_batch.")
    if len(input["files"]) == 1:
        rest = {name: value for name, value in input.items() if name != "files"}
        one = cast("DirectUploadInput", {**rest, "file": input["files"][0]})
        return direct(one, default_project, key, on_progress)
    fields = direct_fields(_with_project(input, default_project), None)
    content = form(fields, [file_part(file) for file in input["files"]], on_progress)
    return Call("POST", "/uploads/direct", content=content, idempotency_key=_key(key))


def batch_result(answer: Any) -> DirectUploadBatchResult:
    return normalize_direct_upload_batch_response(answer)


def session_of(input: CdnUploadInput) -> tuple[CreateUploadSessionInput, UploadBody, str]:
    """What ``uploads.upload`` opens, and what it then PUTs with which type.

    Raises ``ValueError`` if nobody knows the size.
    """
    file = input["file"]
    part = file_part(file)
    size = input.get("size", file.get("size", part.source.size))
    if size is None:
        raise ValueError("size is needed: this body does not know its own.")
    kind = input.get("contentType") or part.kind
    given = {name: value for name, value in input.items() if name != "file"}
    filename = text(input.get("filename") or part.filename)
    session = {**given, "filename": filename, "contentType": kind, "size": size}
    return cast("CreateUploadSessionInput", session), file["data"], file.get("contentType") or kind


def get_file(file_id: Id) -> Call[GetFileResult]:
    return Call("GET", f"/files/{segment(file_id)}")


def access(file_id: Id, query: FileAccessQuery | None) -> Call[GetFileAccessResult]:
    return Call("GET", f"/files/{segment(file_id)}/access", omit_none(query or {}))


def delete_file(file_id: Id) -> Call[DeleteFileResult]:
    return Call("DELETE", f"/files/{segment(file_id)}", if_gone={"success": True})


def update_file(file_id: Id, changes: UpdateFileInput) -> Call[GetFileResult]:
    fields: dict[str, Any] = omit_none(changes)
    for name in ("name", "folder"):
        if name in fields:
            fields[name] = text(fields[name])
    if "metadata" in fields:
        fields["metadata"] = _texts(fields["metadata"])
    return Call("PATCH", f"/files/{segment(file_id)}", json=plain(fields))


def timeline(file_id: Id) -> Call[FileTimeline]:
    return Call("GET", f"/files/{segment(file_id)}/timeline")


def delete_files(file_ids: Iterable[Id], key: str | None) -> Call[DeleteFilesResult]:
    return _post("/files/delete", {"fileIds": [text(file_id) for file_id in file_ids]}, key)


def delete_folder(folder: Text, project_id: Id | None, default_project: str | None) -> Call[DeleteFolderResult]:
    project = _project(project_id, default_project)
    return Call("DELETE", "/files", _params(projectId=project, folder=folder))


def list_files(filters: Mapping[str, Any], cursor: str | None) -> Call[FilePage]:
    return Call("GET", "/files", _params(**filters, cursor=cursor))


def list_events(filters: Mapping[str, Any], after: str | None, wait: int = 0) -> Call[EventPage]:
    return Call("GET", "/events", _params(**filters, after=after, wait=wait or None), extra_seconds=wait)


def file_filters(
    project_id: Id | None,
    folder: Text | None,
    search: str | None,
    recursive: bool | None,
    metadata: Mapping[str, Text] | None,
    limit: int,
) -> dict[str, Any]:
    pairs = {f"metadata[{key}]": text(value) for key, value in (metadata or {}).items()}
    named = {"projectId": project_id, "folder": folder, "search": search, "recursive": recursive, "limit": limit}
    return {**named, **pairs}


def _post(path: str, body: Mapping[str, Any], key: str | None) -> Call[Any]:
    return Call("POST", path, json=plain(body), idempotency_key=_key(key))


def _key(given: str | None) -> str:
    return given if given is not None else str(uuid.uuid4())


def _params(**values: Any) -> dict[str, Any]:
    given = omit_none(values)
    return {name: value if isinstance(value, (bool, int)) else text(value) for name, value in given.items()}


def _texts(pairs: Mapping[str, Any]) -> dict[str, str]:
    return {text(key): text(value) for key, value in pairs.items()}


def _with_project(input: Mapping[str, Any], default: str | None) -> dict[str, Any]:
    return {**input, "projectId": text(_project(input.get("projectId"), default))}


def _project(given: Id | None, default: str | None) -> Id:
    project = given or default
    if not project:
        raise ReuploadError(400, "MISSING_PROJECT_ID", "projectId is required, or a default_project_id of the client.")
    return project
