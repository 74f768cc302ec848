"""``multipart/form-data`` (RFC 7578) as a stream, and the form of a direct upload."""

from __future__ import annotations

import json
import mimetypes
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from reupload._body import Content, Source, source
from reupload._text import omit_none, plain, text
from reupload.types import (
    DirectUploadBatchInput,
    DirectUploadBatchResult,
    DirectUploadInput,
    DirectUploadResponse,
    DirectUploadResult,
    Progress,
    UploadFileInput,
)

HttpxFile = tuple[str, tuple[str, bytes, str]]


class FilePart(NamedTuple):
    filename: str
    kind: str
    source: Source


def file_part(file: UploadFileInput) -> FilePart:
    """A file with the name and the type that it was given, else its own, else ``upload`` and what the name tells."""
    body = source(file["data"])
    filename = text(file.get("filename") or body.name or "upload")
    kind = file.get("contentType") or body.kind or mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return FilePart(filename, kind, body)


def form(fields: Mapping[str, str], files: Sequence[FilePart], on_progress: Progress | None = None) -> Content:
    """Fields first: the server refuses an unknown project before it reads a file."""
    boundary = secrets.token_hex(16)
    head = b""
    parts: list[bytes | Source] = []
    for name, value in fields.items():
        head += f'--{boundary}\r\nContent-Disposition: form-data; name="{_name(name)}"\r\n\r\n'.encode()
        head += value.encode("utf-8", "replace") + b"\r\n"
    for file in files:
        disposition = f'Content-Disposition: form-data; name="file"; filename="{_name(file.filename)}"'
        head += f"--{boundary}\r\n{disposition}\r\nContent-Type: {_line(file.kind)}\r\n\r\n".encode("utf-8", "replace")
        parts += [head, file.source]
        head = b"\r\n"
    parts.append(head + f"--{boundary}--\r\n".encode())
    return Content(parts, f"multipart/form-data; boundary={boundary}", on_progress)


def direct_fields(input: Mapping[str, Any], filename: str | None) -> dict[str, str]:
    """The text fields of a direct upload.

    A single file's name is sent as a field too, where nothing has to be escaped.
    """
    fields = {"projectId": input["projectId"], "filename": filename, "folder": input.get("folder")}
    fields["ownerRef"] = input.get("ownerRef")
    if input.get("isPublic") is True:
        fields["isPublic"] = "true"
    if input.get("metadata") is not None:
        fields["metadata"] = json.dumps(plain(input["metadata"]))
    return {name: text(value) for name, value in omit_none(fields).items()}


def build_direct_upload_multipart(input: DirectUploadInput) -> tuple[dict[str, str], list[HttpxFile]]:
    """``data`` and ``files`` for httpx. This reads the file into memory: ``uploads.upload_direct`` does not."""
    part = file_part(input["file"])
    return direct_fields(input, text(input.get("filename") or part.filename)), [_whole(part)]


def build_direct_upload_batch_multipart(input: DirectUploadBatchInput) -> tuple[dict[str, str], list[HttpxFile]]:
    """``data`` and ``files`` for httpx. This reads the files into memory: ``uploads.upload_direct_batch`` does not."""
    return direct_fields(input, None), [_whole(file_part(file)) for file in input["files"]]


def is_direct_upload_batch_response(body: DirectUploadResponse) -> bool:
    return isinstance(body, dict) and isinstance(body.get("files"), list)


def normalize_direct_upload_batch_response(body: DirectUploadResponse) -> DirectUploadBatchResult:
    """The server answers a single file without a list."""
    if is_direct_upload_batch_response(body):
        return cast("DirectUploadBatchResult", body)
    return {"files": [cast("DirectUploadResult", body)]}


def _whole(part: FilePart) -> HttpxFile:
    return "file", (part.filename, b"".join(part.source.pieces()), part.kind)


def _name(name: str) -> str:
    """As browsers write it (WHATWG HTML, "multipart/form-data encoding algorithm"); the server reads it so."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _line(value: str) -> str:
    """A header ends at its line's end: a type with one in it would write headers of its own."""
    if any(character in value for character in "\r\n\0"):
        raise ValueError("contentType must not contain line ends.")
    return value
