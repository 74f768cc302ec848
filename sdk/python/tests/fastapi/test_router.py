"""The file router: what `@reupload/client` calls, and that nothing happens without the application's yes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.testclient import TestClient

from reupload import AsyncReupload, Reupload
from reupload.fastapi import FileRequest, UploadGrant, create_file_router

ASK = {"filename": "a.txt", "contentType": "text/plain", "size": 5}
FILE = {"file": ("a.txt", b"hello", "text/plain")}
ROUTES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/uploads/prepare", {"json": ASK}),
    ("POST", "/uploads/complete", {"json": {"uploadId": "x"}}),
    ("POST", "/uploads/cancel", {"json": {"uploadId": "x"}}),
    ("GET", "/uploads/x/status", {}),
    ("GET", "/files/x/access", {}),
    ("POST", "/uploads/direct", {"files": FILE}),
]


class Guard:
    """The `authorize` of the tests: remembers what was asked and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[FileRequest] = []
        self.answer: Any = UploadGrant()

    async def __call__(self, _request: Request, asked: FileRequest) -> UploadGrant:
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def guard() -> Guard:
    return Guard()


@pytest.fixture
def browser(server: Any, guard: Guard) -> Iterator[TestClient]:
    client = AsyncReupload(api_key=server.key, base_url=server.api, default_project_id=server.project)
    app = FastAPI()
    app.include_router(create_file_router(client=client, authorize=guard), prefix="/api")
    with TestClient(app, base_url="http://test/api/", raise_server_exceptions=False) as browser:
        yield browser


def wait(browser: TestClient, upload_id: str) -> dict[str, Any]:
    for _ in range(200):
        status: dict[str, Any] = browser.get(f"uploads/{upload_id}/status").json()
        if status["status"] not in ("PENDING", "UPLOADING"):
            return status
        time.sleep(0.05)
    raise AssertionError("the upload was never ready")


def test_the_whole_way_of_the_browser_client(browser: TestClient, guard: Guard) -> None:
    prepared = browser.post("uploads/prepare", json=ASK)
    assert prepared.status_code == 201, prepared.text
    session = prepared.json()
    assert set(session) >= {"uploadUrl", "uploadId", "fileId", "expiresIn"}
    httpx.put(session["uploadUrl"], content=b"hello", headers={"content-type": "text/plain"}).raise_for_status()
    completed = browser.post("uploads/complete", json={"uploadId": session["uploadId"]})
    assert completed.json()["fileId"] == session["fileId"]
    assert wait(browser, session["uploadId"]) == {
        "status": "COMPLETED",
        "fileId": session["fileId"],
        "failureReason": None,
    }
    access = browser.get(f"files/{session['fileId']}/access", params={"download": "true"}).json()["access"]
    assert httpx.get(access["url"]).content == b"hello"
    assert (access["accessType"], access["expiresIn"], access["download"]) == ("cdn", 300, True)
    assert {asked.action for asked in guard.asked} == {"prepare", "complete", "status", "access"}


def test_an_upload_that_was_given_up_is_cancelled(browser: TestClient, guard: Guard, client: Reupload) -> None:
    upload_id = browser.post("uploads/prepare", json=ASK).json()["uploadId"]
    cancelled = browser.post("uploads/cancel", json={"uploadId": upload_id})
    assert (cancelled.status_code, cancelled.json()) == (200, {"success": True})
    assert guard.asked[-1] == FileRequest(action="cancel", upload_id=upload_id)
    assert client.uploads.get_session(upload_id)["session"]["status"] == "CANCELLED"


def test_a_file_through_the_application_arrives(browser: TestClient, guard: Guard, client: Reupload) -> None:
    content = b"0123456789" * 200_000
    answer = browser.post("uploads/direct", files={"file": ("big.txt", content, "text/plain")})
    assert answer.status_code == 202, answer.text
    assert wait(browser, answer.json()["uploadId"])["status"] == "COMPLETED"
    assert client.files.get(answer.json()["fileId"])["file"]["sizeBytes"] == len(content)
    assert (guard.asked[0].action, guard.asked[0].filename, guard.asked[0].size) == ("direct", "big.txt", len(content))


@pytest.mark.parametrize("way", ["prepare", "direct"])
def test_what_the_browser_says_of_project_and_publicity_counts_for_nothing(
    browser: TestClient, guard: Guard, client: Reupload, server: Any, way: str
) -> None:
    made = upload(browser, way)
    file = client.files.get(made["fileId"])["file"]
    assert (file["projectId"], file["isPublic"]) == (server.project, False)
    # But the application hears of it.
    assert (guard.asked[0].project_id, guard.asked[0].is_public) == ("other", True)


@pytest.mark.parametrize("way", ["prepare", "direct"])
def test_the_grant_sets_the_terms(browser: TestClient, guard: Guard, client: Reupload, server: Any, way: str) -> None:
    guard.answer = UploadGrant(
        project_id=server.project, owner_ref="user-7", is_public=True, folder="in", metadata={"k": "v"}
    )
    file = client.files.get(upload(browser, way)["fileId"])["file"]
    assert (file["isPublic"], file["folder"], file["metadata"]) == (True, "in", {"k": "v"})
    usage: Any = client.usage(owner_ref="user-7")
    assert usage["owner"]["storedFiles"] >= 1


def upload(browser: TestClient, way: str) -> dict[str, Any]:
    if way == "direct":
        answer = browser.post("uploads/direct", files=FILE, data={"projectId": "other", "isPublic": "true"})
    else:
        answer = browser.post("uploads/prepare", json={**ASK, "projectId": "other", "isPublic": True})
        url = answer.json()["uploadUrl"]
        httpx.put(url, content=b"hello", headers={"content-type": "text/plain"}).raise_for_status()
        browser.post("uploads/complete", json={"uploadId": answer.json()["uploadId"]})
    made: dict[str, Any] = answer.json()
    assert wait(browser, made["uploadId"])["status"] == "COMPLETED"
    return made


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_the_application_hears_of_each_upload_that_was_made(server: Any, guard: Guard, kind: str) -> None:
    heard: list[tuple[str, str]] = []

    def plain(_request: Request, upload_id: str, file_id: str) -> None:
        heard.append((upload_id, file_id))

    async def later(_request: Request, upload_id: str, file_id: str) -> None:
        heard.append((upload_id, file_id))

    client = AsyncReupload(api_key=server.key, base_url=server.api, default_project_id=server.project)
    app = FastAPI()
    hook: Any = {"plain": plain, "async": later}[kind]
    app.include_router(create_file_router(client=client, authorize=guard, on_upload=hook))
    with TestClient(app) as browser:
        answers = [browser.post("/uploads/prepare", json=ASK), browser.post("/uploads/direct", files=FILE)]
    assert heard == [(answer.json()["uploadId"], answer.json()["fileId"]) for answer in answers]


@pytest.mark.parametrize(("method", "path", "sent"), ROUTES)
@pytest.mark.parametrize("answer", [None, False, True])
def test_only_a_grant_is_a_yes(
    browser: TestClient, guard: Guard, method: str, path: str, sent: dict[str, Any], answer: Any
) -> None:
    guard.answer = answer
    refused = browser.request(method, path.lstrip("/"), **sent)
    assert (refused.status_code, refused.json()["error"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize(("method", "path", "sent"), ROUTES)
def test_a_refusal_is_answered_in_the_clients_own_words(
    browser: TestClient, guard: Guard, method: str, path: str, sent: dict[str, Any]
) -> None:
    guard.answer = HTTPException(401, "Log in first.")
    refused = browser.request(method, path.lstrip("/"), **sent)
    assert refused.status_code == 401
    assert refused.json() == {"error": "UNAUTHORIZED", "message": "Log in first."}


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("POST", "uploads/prepare", {"json": {**ASK, "size": 0}}, 400, "VALIDATION_ERROR"),
        ("POST", "uploads/prepare", {"json": {}}, 400, "VALIDATION_ERROR"),
        ("POST", "uploads/prepare", {"content": b"{"}, 400, "VALIDATION_ERROR"),
        ("POST", "uploads/direct", {"files": [("file", FILE["file"])] * 2}, 400, "MALFORMED_REQUEST"),
        ("POST", "uploads/direct", {"data": {"file": "x"}}, 400, "MISSING_FILE"),
        ("POST", "uploads/direct", {"files": {"file": ("a", b"")}}, 400, "EMPTY_FILE"),
        ("POST", "uploads/complete", {"json": {"uploadId": "00000000-0000-4000-8000-000000000000"}}, 404, "NOT_FOUND"),
        ("POST", "uploads/cancel", {"json": {"uploadId": "00000000-0000-4000-8000-000000000000"}}, 404, "NOT_FOUND"),
        ("POST", "uploads/cancel", {"json": {}}, 400, "VALIDATION_ERROR"),
        ("GET", "uploads/00000000-0000-4000-8000-000000000000/status", {}, 404, "NOT_FOUND"),
        ("GET", "files/00000000-0000-4000-8000-000000000000/access", {}, 404, "NOT_FOUND"),
        ("GET", "files/x/access?variant=huge", {}, 400, "VALIDATION_ERROR"),
    ],
)
def test_bad_input_is_answered_as_an_error_in_json(
    browser: TestClient, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = browser.request(method, path, **sent)
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    assert answer.json()["message"]


def test_dependencies_refuse_before_the_form_is_read(server: Any, guard: Guard) -> None:
    def login(request: Request) -> None:
        assert not hasattr(request, "_form") or request._form is None
        raise HTTPException(401, "Log in first.")

    client = AsyncReupload(api_key=server.key, base_url=server.api, default_project_id=server.project)
    app = FastAPI()
    app.include_router(create_file_router(client=client, authorize=guard, dependencies=[Depends(login)]))
    with TestClient(app) as browser:
        refused = browser.post("/uploads/direct", files=FILE)
    assert (refused.status_code, refused.json()["error"]) == (401, "UNAUTHORIZED")
    assert not guard.asked


def test_the_docs_page_offers_a_file_to_choose(browser: TestClient) -> None:
    form = browser.get("http://test/openapi.json").json()["paths"]["/api/uploads/direct"]["post"]["requestBody"]
    assert form["content"]["multipart/form-data"]["schema"]["properties"]["file"]["format"] == "binary"
