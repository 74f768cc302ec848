"""Not run, only read by mypy: what a user writes passes its strict mode."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from starlette.datastructures import UploadFile

from reupload import AsyncReupload, Reupload, create_reupload_from_env, put_to_upload_url
from reupload.types import DirectUploadInput, FilePublic, WebhookEvent


def pieces() -> Iterator[bytes]:
    yield b""


async def apieces() -> AsyncIterator[bytes]:
    yield b""


def sync_use(client: Reupload, file: UploadFile) -> str:
    with Path("a").open("rb") as opened:
        client.uploads.upload_direct({"file": {"data": opened}, "projectId": UUID(int=1), "folder": Path("a/b")})
    for body in (b"", bytearray(), memoryview(b""), io.BytesIO(), Path("a"), pieces(), [b""], file, file.file):
        given: DirectUploadInput = {"file": {"data": body}, "metadata": {"at": datetime.now(), "n": 1}, "ownerRef": 5}
        client.uploads.upload_direct(given, idempotency_key="k", on_progress=lambda sent, total: None)
    put_to_upload_url("http://x", pieces(), "text/plain")
    files: list[FilePublic] = list(client.files.list(search="x"))
    ready = client.uploads.wait_for_completion(UUID(int=1))
    return files[0]["sha256"] + ready["session"]["status"] + reason(next(iter(client.events.list())))


def reason(event: WebhookEvent) -> str:
    if event["type"] == "file.failed":
        return event["data"]["reason"]
    return event["data"]["path"]


async def async_use(client: AsyncReupload, file: UploadFile) -> int:
    await client.uploads.upload({"file": {"data": apieces(), "size": 5, "filename": "a"}})
    await client.uploads.upload_direct_batch({"files": [{"data": file}, {"data": Path("a")}]})
    return sum([file["sizeBytes"] async for file in client.files.list(create_reupload_from_env().default_project_id)])
