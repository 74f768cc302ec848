"""The direct-upload handler, its parts, and the webhook dependency, through FastAPI and to the real server."""

from __future__ import annotations

import hashlib
import hmac
import io
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, File, HTTPException, Request, UploadFile
from fastapi.testclient import TestClient

from reupload import AsyncReupload, Reupload
from reupload.errors import DirectUploadHandlerError
from reupload.fastapi import (
    create_async_fastapi_direct_upload_handler,
    handle_async_fastapi_direct_upload,
    handle_fastapi_direct_upload,
    read_upload_file,
    upload_file_part,
    webhook_event,
)
from reupload.webhooks import WebhookEvent


def serve(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as browser:
        yield browser


def make_async(server: Any, **other: Any) -> AsyncReupload:
    settings = {"api_key": server.key, "base_url": server.api, "default_project_id": server.project}
    return AsyncReupload(**{**settings, **other})


@pytest.fixture
def browser(server: Any, client: Reupload) -> Iterator[TestClient]:
    app = FastAPI()
    async_client = make_async(server)
    handler = create_async_fastapi_direct_upload_handler(client=async_client)
    app.post("/registered")(handler)

    @app.post("/awaited")
    async def awaited(request: Request) -> Any:
        return await handler(request)

    @app.post("/sync", status_code=202)
    def sync(file: Annotated[UploadFile, File()]) -> Any:
        return handle_fastapi_direct_upload(client=client, file=upload_file_part(file))

    @app.post("/async", status_code=202)
    async def by_hand(file: Annotated[UploadFile, File()]) -> Any:
        return await handle_async_fastapi_direct_upload(client=async_client, file=await read_upload_file(file))

    yield from serve(app)


FILE = {"file": ("a.txt", b"hello", "text/plain")}


@pytest.mark.parametrize("path", ["/registered", "/awaited", "/sync", "/async"])
def test_every_way_to_upload_a_file_arrives(browser: TestClient, client: Reupload, path: str) -> None:
    answer = browser.post(path, files=FILE)
    assert answer.status_code == 202, answer.text
    assert set(answer.json()) == {"uploadId", "fileId", "status"}
    done = client.uploads.wait_for_completion(answer.json()["uploadId"])
    assert (done["file"]["name"], done["file"]["sizeBytes"]) == ("a.txt", 5)


def test_the_text_fields_are_used(browser: TestClient, client: Reupload, server: Any) -> None:
    fields = {"projectId": server.project, "filename": "b.txt", "isPublic": "TRUE"}
    answer = browser.post("/awaited", files=FILE, data=fields)
    done = client.uploads.wait_for_completion(answer.json()["uploadId"])
    assert (done["file"]["name"], done["file"]["isPublic"]) == ("b.txt", True)


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"data": {"projectId": "x"}}, 400, "MISSING_FILE"),
        ({"files": {"other": ("a.txt", b"hello")}}, 400, "MISSING_FILE"),
        ({"data": {"file": "text"}}, 400, "MISSING_FILE"),
        ({"files": {"file": ("a.txt", b"")}}, 400, "EMPTY_FILE"),
        ({"files": FILE, "data": {"isPublic": "maybe"}}, 400, "VALIDATION_ERROR"),
        ({"files": FILE, "data": {"projectId": "00000000-0000-4000-8000-000000000000"}}, 404, "NOT_FOUND"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, "MALFORMED_REQUEST"),
    ],
)
def test_bad_input_is_answered_as_an_error_in_json(
    browser: TestClient, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = browser.post("/registered", **sent)
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    assert answer.json()["message"]


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_the_handlers_project_goes_before_the_forms(server: Any, kind: str) -> None:
    async def later(request: Request) -> str | None:
        return server.project if request.headers.get("x-user") else None

    def now(request: Request) -> str | None:
        return server.project if request.headers.get("x-user") else None

    chooser: Any = {"plain": now, "async": later}[kind]
    client = make_async(server, default_project_id=None)
    app = FastAPI()
    app.post("/")(create_async_fastapi_direct_upload_handler(client=client, get_project_id=chooser, file_field="doc"))
    for browser in serve(app):
        form = {"files": {"doc": ("a.txt", b"hello")}, "data": {"projectId": "not-a-project"}}
        assert browser.post("/", **form, headers={"x-user": "me"}).status_code == 202
        assert browser.post("/", files={"doc": ("a.txt", b"hello")}).json()["error"] == "MISSING_PROJECT_ID"


def test_a_chooser_may_refuse_and_one_that_breaks_says_nothing(server: Any) -> None:
    def refuse(_request: Request) -> str:
        raise HTTPException(401, "Log in first.", headers={"WWW-Authenticate": "Bearer"})

    def fail(_request: Request) -> str:
        raise RuntimeError("password=hunter2")

    app = FastAPI()
    for path, chooser in (("/refuse", refuse), ("/fail", fail)):
        handler = create_async_fastapi_direct_upload_handler(client=make_async(server), get_project_id=chooser)
        app.post(path)(handler)
    for browser in serve(app):
        refused = browser.post("/refuse", files=FILE)
        assert (refused.status_code, refused.json()) == (401, {"error": "UNAUTHORIZED", "message": "Log in first."})
        assert refused.headers["www-authenticate"] == "Bearer"
        failed = browser.post("/fail", files=FILE)
        assert (failed.status_code, failed.json()["error"]) == (500, "INTERNAL_ERROR")
        assert "hunter2" not in failed.text


def test_a_wrong_key_is_the_applications_fault_and_no_reason_to_log_in(server: Any) -> None:
    app = FastAPI()
    client = make_async(server, api_key="ru_" + "0" * 36)
    app.post("/")(
        create_async_fastapi_direct_upload_handler(client=client, get_project_id=lambda _request: server.project)
    )
    for browser in serve(app):
        refused = browser.post("/", files=FILE)
        assert (refused.status_code, refused.json()["error"]) == (502, "UPSTREAM_UNAUTHORIZED")


async def test_a_part_is_not_read_before_it_is_sent() -> None:
    raw = io.BytesIO(b"hello")
    file = UploadFile(raw, filename="a.txt")
    part = upload_file_part(file)
    assert (part.data, part.size, part.content_type) == (file, 5, "application/octet-stream")
    assert raw.tell() == 0
    assert (await read_upload_file(file)).data == b"hello"
    with pytest.raises(DirectUploadHandlerError):
        upload_file_part("text")


def test_the_shared_names_need_no_fastapi() -> None:
    code = (
        "import sys; sys.modules['fastapi'] = None; sys.modules['starlette'] = None;"
        "from reupload.fastapi.shared import run_direct_upload; import reupload.fastapi as f;"
        "assert f.run_direct_upload is run_direct_upload\n"
        "try: f.create_file_router\n"
        "except ImportError: print('fine')"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "fine\n"


SECRET = "whsec_test"
BODY = b'{"type":"file.uploaded","id":"evt_1"}'


def signed(body: bytes) -> dict[str, str]:
    now = int(time.time())
    mac = hmac.new(SECRET.encode(), b"%d." % now + body, hashlib.sha256).hexdigest()
    return {"Reupload-Signature": f"t={now},v1={mac}"}


@pytest.fixture(params=["given", "environment"])
def receiver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("REUPLOAD_WEBHOOK_SECRET", "" if request.param == "given" else f"whsec_old,{SECRET}")
    app = FastAPI()
    Event = Annotated[WebhookEvent, Depends(webhook_event(SECRET if request.param == "given" else None))]

    def take(event: Any) -> dict[str, str]:
        return {"id": event["id"]}

    take.__annotations__["event"] = Event
    app.post("/hook")(take)
    yield from serve(app)


def test_a_webhook_of_ours_is_let_through_and_no_other(receiver: TestClient) -> None:
    assert receiver.post("/hook", content=BODY, headers=signed(BODY)).json() == {"id": "evt_1"}
    assert receiver.post("/hook", content=BODY + b" ", headers=signed(BODY)).status_code == 400
    assert receiver.post("/hook", content=BODY).status_code == 400
    large = b" " * (1024 * 1024 + 1)
    assert receiver.post("/hook", content=large, headers=signed(large)).status_code == 413


def test_without_any_secret_nobody_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REUPLOAD_WEBHOOK_SECRET", raising=False)
    app = FastAPI()

    @app.post("/hook")
    def take(event: Annotated[Any, Depends(webhook_event())]) -> Any:
        return event

    for browser in serve(app):
        answer: httpx.Response = browser.post("/hook", content=BODY, headers=signed(BODY))
        assert answer.status_code == 500
