"""What can be uploaded, under which names, and that it is never held whole."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from conftest import Server
from starlette.datastructures import Headers, UploadFile

from reupload import AsyncReupload, Reupload, ReuploadCdnError, ReuploadError, UploadFailedError
from reupload.cdn import aput_to_upload_url, put_to_upload_url

DATA = bytes(range(256)) * 4099
MIB = 1024 * 1024


def uploaded_by_starlette(data: bytes) -> UploadFile:
    spooled = tempfile.SpooledTemporaryFile(max_size=1000)  # noqa: SIM115 (UploadFile closes it)
    spooled.write(data)
    spooled.seek(0)
    return UploadFile(spooled, filename="a.bin", headers=Headers({"content-type": "application/x-own"}))


def pipe(data: bytes) -> io.BufferedReader:
    reading, writing = os.pipe()

    def fill() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(data)

    threading.Thread(target=fill, daemon=True).start()
    return os.fdopen(reading, "rb")


def stored(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def standing(data: bytes) -> io.BytesIO:
    file = io.BytesIO(b"before" + data)
    file.seek(6)
    return file


async def asynchronous(data: bytes) -> AsyncIterator[bytes]:
    yield data[:1000]
    yield b""
    yield data[1000:]


BODIES: dict[str, Callable[[bytes, Path], Any]] = {
    "bytes": lambda data, _: data,
    "bytearray": lambda data, _: bytearray(data),
    "memoryview": lambda data, _: memoryview(data),
    "path": lambda data, folder: stored(folder / "a.bin", data),
    "file": lambda data, folder: stored(folder / "a.bin", data).open("rb"),
    "a file that was read a bit": lambda data, _: standing(data),
    "pipe": lambda data, _: pipe(data),
    "list": lambda data, _: [data[:1000], b"", bytearray(data[1000:])],
    "generator": lambda data, _: (piece for piece in (data[:1000], b"", data[1000:])),
    "Starlette's UploadFile": lambda data, _: uploaded_by_starlette(data),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_arrives_whole(client: Reupload, tmp_path: Path, name: str) -> None:
    body = BODIES[name](DATA, tmp_path)
    done = client.uploads.upload_direct({"file": {"data": body, "filename": "a.bin"}})
    client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert client.files.get(done["fileId"])["file"]["sha256"] == hashlib.sha256(DATA).hexdigest()


@pytest.mark.parametrize("name", [*BODIES, "async generator"])
async def test_a_body_of_the_async_client_arrives_whole(aclient: AsyncReupload, tmp_path: Path, name: str) -> None:
    body = asynchronous(DATA) if name == "async generator" else BODIES[name](DATA, tmp_path)
    done = await aclient.uploads.upload_direct({"file": {"data": body, "filename": "a.bin"}})
    await aclient.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert (await aclient.files.get(done["fileId"]))["file"]["sha256"] == hashlib.sha256(DATA).hexdigest()


@pytest.mark.parametrize("body", ["text", io.StringIO("text"), 5, [1, 2], asynchronous(b"x"), {"a": b"b"}], ids=repr)
def test_what_cannot_be_uploaded_is_a_type_error(client: Reupload, body: Any) -> None:
    with pytest.raises(TypeError, match=r"bytes|AsyncReupload"):
        client.uploads.upload_direct({"file": {"data": body, "filename": "a"}})


def test_a_file_that_grows_meanwhile_is_sent_as_it_was(client: Reupload, tmp_path: Path) -> None:
    path = stored(tmp_path / "log", b"x" * (MIB + 5))

    def grow(sent: int, total: int | None) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    done = client.uploads.upload_direct({"file": {"data": path}}, on_progress=grow)
    ready = client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert ready["file"]["sizeBytes"] == MIB + 5


NAMES = ['say "hi".txt', "naïve ☃ 文件.txt", "a%20b;c='d'.txt", "back`tick & <tag>.txt", "🦀.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_arrives_to_the_letter(client: Reupload, name: str) -> None:
    one = client.uploads.upload_direct({"file": {"data": b"x", "filename": name}})
    file = {"data": b"x", "filename": name, "contentType": "text/plain", "size": 1}
    two = client.uploads.upload_direct_batch({"files": [file, file]})["files"]
    three = client.uploads.upload({"file": file})
    for done in [one, *two, three]:
        client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
        assert client.files.get(done["fileId"])["file"]["originalName"] == name


def test_a_name_and_a_type_with_line_ends_write_no_headers(client: Reupload) -> None:
    evil = 'a"\r\nContent-Type: text/html\r\n\r\n<b>'
    files = [{"data": b"x", "filename": evil}, {"data": b"y", "filename": "b"}]
    done = client.uploads.upload_direct_batch({"files": files})["files"][0]
    client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert client.files.get(done["fileId"])["file"]["sizeBytes"] == 1
    with pytest.raises(ValueError, match="contentType"):
        client.uploads.upload_direct({"file": {"data": b"x", "filename": "a", "contentType": "text/plain\r\nX: y"}})


def test_uuids_paths_times_and_numbers_are_taken_where_a_person_would_pass_them(
    server: Server, client: Reupload, tmp_path: Path
) -> None:
    at = datetime(2026, 11, 24, 18, 0, tzinfo=timezone(timedelta(hours=1)))
    path = stored(tmp_path / "cat.txt", b"cat")
    given: Any = {
        "projectId": UUID(server.project),
        "file": {"data": path},
        "folder": Path("a") / "b",
        "metadata": {"at": at, "by": UUID(int=1)},
        "ownerRef": 7,
        "isPublic": None,
    }
    for done in (client.uploads.upload_direct(given), client.uploads.upload(given)):
        client.uploads.wait_for_completion(UUID(done["uploadId"]), interval_ms=20)
        file = client.files.get(UUID(done["fileId"]))["file"]
        assert (file["name"], file["folder"], file["ownerRef"], file["isPublic"]) == ("cat.txt", "a/b", "7", False)
        assert file["metadata"] == {"at": "2026-11-24T17:00:00Z", "by": str(UUID(int=1))}
    assert client.usage(UUID(server.project), owner_ref=7)["owner"]["storedFiles"] == 2


def test_progress_counts_the_bytes_of_the_files_up_to_all_of_them(client: Reupload) -> None:
    seen: list[tuple[int, int | None]] = []
    client.uploads.upload_direct_batch(
        {"files": [{"data": DATA, "filename": "a"}, {"data": DATA, "filename": "b"}]},
        on_progress=lambda sent, total: seen.append((sent, total)),
    )
    assert seen[-1] == (2 * len(DATA), 2 * len(DATA))
    assert [sent for sent, _ in seen] == sorted({sent for sent, _ in seen})
    client.uploads.upload_direct(
        {"file": {"data": iter([b"ab", b"c"]), "filename": "a"}}, on_progress=lambda *said: seen.append(said)
    )
    assert seen[-2:] == [(2, None), (3, None)]


async def test_the_cdn_takes_streams_and_says_why_not(server: Server, client: Reupload) -> None:
    def session() -> str:
        opened = client.uploads.create_session({"filename": "a", "contentType": "text/plain", "size": 4})
        return opened["uploadUrl"]

    put_to_upload_url(session(), iter([b"bo", b"dy"]), "text/plain")
    await aput_to_upload_url(session(), asynchronous(b"body"), "text/plain")
    with pytest.raises(ReuploadCdnError) as error:
        put_to_upload_url(session(), b"other size", "text/plain")
    assert (error.value.status, error.value.code) == (422, "SIZE_MISMATCH")
    assert error.value.request_id


def many(size: int) -> Iterator[bytes]:
    piece = bytes(MIB)
    for _ in range(size // MIB):
        yield piece


@pytest.mark.parametrize("way", ["path", "iterator", "cdn"])
def test_a_large_body_takes_little_memory(client: Reupload, tmp_path: Path, way: str) -> None:
    size = 300 * MIB
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(size)
    with peak() as most:
        if way == "cdn":
            done: Any = client.uploads.upload({"file": {"data": path}})
        else:
            body: Any = path if way == "path" else many(size)
            done = client.uploads.upload_direct({"file": {"data": body, "filename": "large.bin"}})
    assert most() < 4 * MIB
    clean_up(client, done)


@pytest.mark.parametrize("way", ["path", "starlette"])
async def test_a_large_body_takes_little_memory_in_the_async_client(
    aclient: AsyncReupload, client: Reupload, tmp_path: Path, way: str
) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(300 * MIB)
    with path.open("rb") as file, peak() as most:
        body: Any = path if way == "path" else UploadFile(file, filename="large.bin")
        done = await aclient.uploads.upload_direct({"file": {"data": body}})
    assert most() < 4 * MIB
    clean_up(client, done)


def clean_up(client: Reupload, done: Any) -> None:
    client.uploads.wait_for_completion(done["uploadId"], interval_ms=50)
    assert client.files.get(done["fileId"])["file"]["sizeBytes"] == 300 * MIB
    client.files.delete(done["fileId"])


class peak:
    """The most bytes that Python's objects took at once within the block."""

    def __enter__(self) -> Callable[[], int]:
        tracemalloc.start()
        self.most = 0
        return lambda: self.most

    def __exit__(self, *_: object) -> None:
        self.most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


def test_an_upload_that_fails_says_why(server: Server, client: Reupload) -> None:
    session = client.uploads.create_session({"filename": "a.txt", "contentType": "text/plain", "size": 3})
    client.uploads.cancel_session(session["uploadId"])
    with pytest.raises(UploadFailedError) as error:
        client.uploads.wait_for_completion(session["uploadId"])
    assert (error.value.status, error.value.code) == (409, "UPLOAD_CANCELLED")
    assert isinstance(error.value, RuntimeError)


def test_an_empty_file_is_the_servers_to_refuse(client: Reupload) -> None:
    with pytest.raises(ReuploadError) as error:
        client.uploads.upload_direct({"file": {"data": b"", "filename": "a"}})
    assert (error.value.status, error.value.code) == (400, "EMPTY_FILE")
