"""Uploads against the real server, sync and async."""

from __future__ import annotations

from reupload import AsyncReupload, Reupload


def test_a_direct_upload_can_be_waited_for(client: Reupload) -> None:
    done = client.uploads.upload_direct({"file": {"data": b"hello", "filename": "hello.txt"}})
    ready = client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert ready["file"]["name"] == "hello.txt"
    assert client.files.get(done["fileId"])["file"]["sizeBytes"] == 5


async def test_the_async_client_does_the_same(aclient: AsyncReupload) -> None:
    done = await aclient.uploads.upload({"file": {"data": b"hello", "filename": "hello.txt"}})
    ready = await aclient.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert ready["file"]["name"] == "hello.txt"
