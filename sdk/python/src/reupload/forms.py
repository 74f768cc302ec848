"""From a multipart form to a direct upload, for any web framework.

A view makes an `UploadedFilePart` of the framework's uploaded file, hands it with the form's text fields to
`parse_direct_upload_from_form`, and the result to `run_direct_upload`; `error_payload` turns what goes wrong into an
answer. `reupload.fastapi` and `reupload.django` are built on this, and `reupload.fastapi.shared` has the same objects.

To take one more form field: add it to both `parse_…` functions and to the routes of the two frameworks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reupload.errors import (
    DirectUploadHandlerError,
    ReuploadCdnError,
    ReuploadError,
    is_direct_upload_handler_error,
)

if TYPE_CHECKING:
    import logging

    from reupload.client import AsyncReupload, Reupload
    from reupload.types import (
        DirectUploadBatchInput,
        DirectUploadBatchResult,
        DirectUploadInput,
        DirectUploadResult,
        UploadBody,
        UploadFileInput,
    )

__all__ = [
    "DEFAULT_FILE_FIELD",
    "DirectUploadHandlerError",
    "UploadedFilePart",
    "error_payload",
    "file_from_upload_part",
    "is_direct_upload_handler_error",
    "parse_direct_upload_batch_from_form",
    "parse_direct_upload_from_form",
    "parse_optional_boolean_form_field",
    "resolve_project_id",
    "run_async_direct_upload",
    "run_async_direct_upload_batch",
    "run_direct_upload",
    "run_direct_upload_batch",
]

DEFAULT_FILE_FIELD = "file"
"""The form field that holds the file."""

_DEFAULT_FILENAME = "upload"
_DEFAULT_CONTENT_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class UploadedFilePart:
    """One file of a form: its bytes or something to read them from, and what the sender says of it.

    `size` is in bytes. A framework's own uploaded file is fine as `data`: it is then read in pieces while it is sent.
    """

    data: UploadBody
    filename: str
    content_type: str
    size: int

    def to_upload_file_input(self) -> UploadFileInput:
        """Return the part as the upload calls take a file."""
        return {
            "data": self.data,
            "filename": self.filename,
            "contentType": self.content_type,
            "size": self.size,
        }


def resolve_project_id(
    *,
    client: Reupload | AsyncReupload,
    project_id: str | None,
    form_project_id: str | None,
) -> str:
    """Return the project to upload to: `project_id`, else the form's, else the client's default.

    Raises:
        DirectUploadHandlerError: 400 `MISSING_PROJECT_ID`, none of them is there.

    """
    resolved = project_id or form_project_id or client.default_project_id
    if not resolved:
        raise DirectUploadHandlerError(
            400,
            "MISSING_PROJECT_ID",
            "projectId is required (form field, handler option, or REUPLOAD_PROJECT_ID).",
        )
    return str(resolved)


def parse_optional_boolean_form_field(value: str | None) -> bool | None:
    """Read a form's `isPublic`: `true` or `false` in any case; absent or blank is None.

    Raises:
        DirectUploadHandlerError: 400 `VALIDATION_ERROR`, it is anything else.

    """
    text = (value or "").strip().lower()
    if not text:
        return None
    if text not in ("true", "false"):
        raise DirectUploadHandlerError(400, "VALIDATION_ERROR", 'isPublic must be "true" or "false".')
    return text == "true"


def file_from_upload_part(part: UploadedFilePart, filename_override: str | None = None) -> UploadFileInput:
    """Return the part as the upload calls take a file, under another name if one is given.

    Raises:
        DirectUploadHandlerError: 400 `EMPTY_FILE`, it has no bytes.

    """
    if part.size <= 0:
        raise DirectUploadHandlerError(400, "EMPTY_FILE", "File is empty.")
    return {
        "data": part.data,
        "filename": (filename_override or "").strip() or part.filename or _DEFAULT_FILENAME,
        "contentType": part.content_type or _DEFAULT_CONTENT_TYPE,
        "size": part.size,
    }


def parse_direct_upload_from_form(
    *,
    client: Reupload | AsyncReupload,
    file: UploadedFilePart | None,
    project_id: str | None = None,
    form_project_id: str | None = None,
    filename_field: str | None = None,
    is_public_field: str | None = None,
) -> DirectUploadInput:
    """Return the input of `upload_direct` for one file and the text fields beside it.

    `project_id` is the server's own choice and goes before the form's.

    Raises:
        DirectUploadHandlerError: 400 with `MISSING_FILE`, `MISSING_PROJECT_ID`, `VALIDATION_ERROR` or `EMPTY_FILE`.

    """
    if file is None:
        raise _missing_file()
    resolved = resolve_project_id(client=client, project_id=project_id, form_project_id=form_project_id)
    is_public = parse_optional_boolean_form_field(is_public_field)
    payload: DirectUploadInput = {"projectId": resolved, "file": file_from_upload_part(file, filename_field)}
    filename = (filename_field or "").strip()
    if filename:
        payload["filename"] = filename
    if is_public is not None:
        payload["isPublic"] = is_public
    return payload


def parse_direct_upload_batch_from_form(
    *,
    client: Reupload | AsyncReupload,
    files: Sequence[UploadedFilePart],
    project_id: str | None = None,
    form_project_id: str | None = None,
    filename_field: str | None = None,
    is_public_field: str | None = None,
) -> DirectUploadBatchInput:
    """Return the input of `upload_direct_batch` for the files of a form and the text fields beside them.

    Raises:
        DirectUploadHandlerError: as `parse_direct_upload_from_form`, and 400 `INVALID_FILENAME` for a `filename` beside
            more than one file.

    """
    if not files:
        raise _missing_file()
    if len(files) > 1 and (filename_field or "").strip():
        raise DirectUploadHandlerError(
            400,
            "INVALID_FILENAME",
            'The "filename" form field cannot be used when uploading multiple files.',
        )
    resolved = resolve_project_id(client=client, project_id=project_id, form_project_id=form_project_id)
    is_public = parse_optional_boolean_form_field(is_public_field)
    payload: DirectUploadBatchInput = {
        "projectId": resolved,
        "files": [file_from_upload_part(part, filename_field) for part in files],
    }
    if is_public is not None:
        payload["isPublic"] = is_public
    return payload


def run_direct_upload(client: Reupload, input: DirectUploadInput) -> DirectUploadResult:
    """Send one file; the result says `processing`."""
    return client.uploads.upload_direct(input)


async def run_async_direct_upload(client: AsyncReupload, input: DirectUploadInput) -> DirectUploadResult:
    """Send one file; the result says `processing`."""
    return await client.uploads.upload_direct(input)


def run_direct_upload_batch(client: Reupload, input: DirectUploadBatchInput) -> DirectUploadBatchResult:
    """Send several files in one request."""
    return client.uploads.upload_direct_batch(input)


async def run_async_direct_upload_batch(
    client: AsyncReupload, input: DirectUploadBatchInput
) -> DirectUploadBatchResult:
    """Send several files in one request."""
    return await client.uploads.upload_direct_batch(input)


def error_payload(error: BaseException) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and the JSON body `{"error", "message"}` with which to answer an error.

    Reupload's own status and code are passed on; a refusal of the CDN is 502, since the person who asked did not talk
    to it. Of any other error the answer says nothing: it may hold what is nobody's business. Log it.
    """
    if isinstance(error, DirectUploadHandlerError):
        return error.status, error.to_json()
    if isinstance(error, ReuploadError):
        return error.status, {"error": error.code, "message": error.message}
    if isinstance(error, ReuploadCdnError):
        return 502, {"error": "CDN_ERROR", "message": error.message}
    return 500, {"error": "INTERNAL_ERROR", "message": "Unexpected error."}


def route_answer(error: Exception, log: logging.Logger) -> tuple[int, dict[str, Any]]:
    """Return what a route answers a browser: as `error_payload`, but that the application's own faults are logged.

    A 401 of Reupload is about the application's key. To a browser it would say that the visitor is not signed in, so
    it becomes 502 `UPSTREAM_UNAUTHORIZED`, as in the routes of `@reupload/sdk`.
    """
    if isinstance(error, ReuploadError) and error.status == 401:
        log.error("Reupload refuses the application's key: %s", error.message)
        message = "The application is not allowed to use Reupload."
        return 502, {"error": "UPSTREAM_UNAUTHORIZED", "message": message}
    status, body = error_payload(error)
    if status == 500 and body["error"] == "INTERNAL_ERROR":
        log.error("an upload route failed", exc_info=error)
    return status, body


def _missing_file() -> DirectUploadHandlerError:
    return DirectUploadHandlerError(400, "MISSING_FILE", f'Missing uploaded file field "{DEFAULT_FILE_FIELD}".')
