"""Faults on the way: what is tried again, when, and that nothing is done twice."""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from email.utils import formatdate

import httpx
import pytest
from conftest import Server
from proxy import LOSE, REFUSE, proxy

import reupload._retry
from reupload import AsyncReupload, Reupload, ReuploadConnectionError, ReuploadError
from reupload._retry import retry_after
from reupload.cdn import put_to_upload_url


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reupload._retry, "FIRST_SECONDS", 0.01)


def through(server: Server, url: str, **more: object) -> Reupload:
    return Reupload(api_key=server.key, base_url=url, default_project_id=server.project, **more)


def files_in(client: Reupload, folder: str) -> int:
    for _ in range(100):
        if found := sum(1 for _ in client.files.list(folder=folder)):
            time.sleep(0.2)
            return max(found, sum(1 for _ in client.files.list(folder=folder)))
        time.sleep(0.05)
    return 0


@pytest.mark.parametrize("fault", [LOSE, REFUSE, (503, {}), (500, {}), (408, {}), (429, {"Retry-After": "0"})], ids=str)
def test_a_direct_upload_makes_one_file_whatever_is_lost(server: Server, client: Reupload, fault: object) -> None:
    folder = f"once/{uuid.uuid4()}"
    with proxy(server.api, fault, fault) as front, through(server, front.url) as shaky:
        done = shaky.uploads.upload_direct({"file": {"data": b"once", "filename": "a.txt"}, "folder": folder})
        assert len({seen.headers["idempotency-key"] for seen in front.seen}) == 1
    client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert files_in(client, folder) == 1


async def test_the_async_client_makes_one_file_too(server: Server, client: Reupload) -> None:
    folder = f"once/{uuid.uuid4()}"
    with proxy(server.api, LOSE, LOSE) as front:
        async with AsyncReupload(api_key=server.key, base_url=front.url, default_project_id=server.project) as shaky:
            body = io.BytesIO(b"once" * 200_000)
            done = await shaky.uploads.upload_direct({"file": {"data": body, "filename": "a.txt"}, "folder": folder})
            await shaky.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert files_in(client, folder) == 1


def test_a_session_is_opened_once_though_its_answer_is_lost(server: Server, client: Reupload) -> None:
    before = client.usage(server.project)["projects"][0]["reservedFiles"]
    with proxy(server.api, LOSE) as front, through(server, front.url) as shaky:
        session = shaky.uploads.create_session({"filename": "a.txt", "contentType": "text/plain", "size": 3})
    assert client.usage(server.project)["projects"][0]["reservedFiles"] == before + 1
    client.uploads.cancel_session(session["uploadId"])


def test_a_delete_whose_answer_was_lost_has_succeeded(server: Server, client: Reupload) -> None:
    done = client.uploads.upload_direct({"file": {"data": b"gone", "filename": "gone.txt"}})
    client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    with proxy(server.api, LOSE) as front, through(server, front.url) as shaky:
        assert shaky.files.delete(done["fileId"]) == {"success": True}
        with pytest.raises(ReuploadError) as error:
            shaky.files.delete(done["fileId"])
    assert error.value.code == "NOT_FOUND"


def test_a_cancel_whose_answer_was_lost_has_succeeded(server: Server, client: Reupload) -> None:
    session = client.uploads.create_session({"filename": "a.txt", "contentType": "text/plain", "size": 3})
    with proxy(server.api, LOSE) as front, through(server, front.url) as shaky:
        assert shaky.uploads.cancel_session(session["uploadId"]) == {"success": True}


@pytest.mark.parametrize(
    "value", [lambda: "1", lambda: formatdate(time.time() + 2, usegmt=True)], ids=["seconds", "date"]
)
def test_retry_after_is_waited_for(server: Server, value: Callable[[], str]) -> None:
    with proxy(server.api, (429, {"Retry-After": value()})) as front, through(server, front.url) as client:
        begun = time.monotonic()
        client.whoami()
        assert time.monotonic() - begun >= 0.9


def test_a_retry_after_of_more_than_a_minute_is_told_at_once(server: Server) -> None:
    with proxy(server.api, (503, {"Retry-After": "61"})) as front, through(server, front.url) as client:
        with pytest.raises(ReuploadError) as error:
            client.whoami()
        assert (error.value.status, error.value.code, len(front.seen)) == (503, "PLAYED", 1)


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), ("soon", None), ("-1", None), ("", None), (None, None)])
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, 0.0) == seconds


def test_tries_end(server: Server) -> None:
    with proxy(server.api, *[(503, {})] * 9) as front, through(server, front.url, max_retries=2) as client:
        with pytest.raises(ReuploadError) as error:
            client.whoami()
        assert (error.value.status, len(front.seen)) == (503, 3)


def test_a_refusal_is_not_tried_again(server: Server) -> None:
    with proxy(server.api) as front, through(server, front.url) as client:
        with pytest.raises(ReuploadError) as error:
            client.files.get(uuid.uuid4())
        assert (error.value.status, len(front.seen)) == (404, 1)
        assert error.value.request_id


def test_no_answer_at_all_is_an_error_of_ours_and_of_httpx(server: Server) -> None:
    client = Reupload(api_key=server.key, base_url="http://127.0.0.1:9", max_retries=1)
    with client, pytest.raises(ReuploadConnectionError) as error:
        client.whoami()
    assert (error.value.status, error.value.code) == (503, "CONNECTION_ERROR")
    assert isinstance(error.value, httpx.TransportError)
    assert isinstance(error.value.__cause__, httpx.ConnectError)
    assert server.key not in repr(error.value) + str(error.value) + repr(client)


@pytest.mark.parametrize(("fault", "tries"), [(LOSE, 1), ((503, {}), 1), ((429, {}), 2)], ids=str)
def test_a_patch_is_tried_again_only_if_it_was_not_let_in(
    server: Server, client: Reupload, fault: object, tries: int
) -> None:
    done = client.uploads.upload_direct({"file": {"data": b"x", "filename": "x.txt"}})
    client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    with proxy(server.api, fault) as front, through(server, front.url) as shaky:
        if tries == 1:
            with pytest.raises(ReuploadError):
                shaky.files.update(done["fileId"], {"name": "y.txt"})
        else:
            assert shaky.files.update(done["fileId"], {"name": "y.txt"})["file"]["name"] == "y.txt"
        assert len(front.seen) == tries


def test_a_taken_iterator_is_not_sent_again(server: Server) -> None:
    def once() -> Iterator[bytes]:
        yield b"taken"

    with proxy(server.api, (503, {})) as front, through(server, front.url) as client:
        with pytest.raises(ReuploadError) as error:
            client.uploads.upload_direct({"file": {"data": once(), "filename": "a.txt"}})
        assert (error.value.code, len(front.seen)) == ("PLAYED", 1)


async def test_an_untouched_iterator_is_tried_again(server: Server) -> None:
    async def once() -> AsyncIterator[bytes]:
        yield b"whole"

    transport = Refusing()
    async with (
        httpx.AsyncClient(transport=transport) as own,
        AsyncReupload(
            api_key=server.key, base_url=server.api, default_project_id=server.project, httpx_client=own
        ) as client,
    ):
        done = await client.uploads.upload_direct({"file": {"data": once(), "filename": "a.txt"}})
        ready = await client.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert ready["file"]["sizeBytes"] == 5
    assert transport.refused


class Refusing(httpx.AsyncHTTPTransport):
    """Fails to connect once, before anything of the body was taken."""

    refused = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self.refused:
            self.refused = True
            raise httpx.ConnectError("played")
        return await super().handle_async_request(request)


def test_a_put_whose_answer_was_lost_is_sent_again(server: Server, client: Reupload) -> None:
    session = client.uploads.create_session({"filename": "a.txt", "contentType": "text/plain", "size": 4})
    with proxy(server.cdn, LOSE) as front:
        url = session["uploadUrl"].replace(server.cdn, front.url)
        put_to_upload_url(url, io.BytesIO(b"skipbody"[4:]), "text/plain")
        assert [seen.body for seen in front.seen] == [b"body", b"body"]
    client.uploads.complete({"uploadId": session["uploadId"]})
    assert client.uploads.wait_for_completion(session["uploadId"], interval_ms=20)["file"]["sizeBytes"] == 4


def test_a_key_of_the_callers_makes_a_repeated_call_give_the_first_answer(client: Reupload) -> None:
    key = str(uuid.uuid4())
    direct = [
        client.uploads.upload_direct({"file": {"data": b"same", "filename": "a.txt"}}, idempotency_key=key)
        for _ in "12"
    ]
    assert direct[0] == direct[1]
    through_cdn = [
        client.uploads.upload({"file": {"data": b"same", "filename": "a.txt"}}, idempotency_key=key + "-cdn")
        for _ in "12"
    ]
    assert through_cdn[0] == through_cdn[1]
    with pytest.raises(ReuploadError) as error:
        client.uploads.upload_direct({"file": {"data": b"other", "filename": "a.txt"}}, idempotency_key=key)
    assert error.value.code == "IDEMPOTENCY_CONFLICT"
