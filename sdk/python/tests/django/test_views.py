"""The file routes: what `@reupload/client` calls, and that nothing happens without the application's yes."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.exceptions import NotAuthenticated, NotFound

from reupload import Reupload
from reupload.django import UploadGrant
from reupload.errors import ReuploadError
from reupload.forms import DirectUploadHandlerError

ASK = {"filename": "a.txt", "contentType": "text/plain", "size": 5}
NOBODYS = "00000000-0000-4000-8000-000000000000"
MANY = dict.fromkeys(map(str, range(1100)), "")


def file(content: bytes = b"hello", name: str = "a.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


ROUTES: list[tuple[str, str, Any]] = [
    ("POST", "uploads/prepare", ASK),
    ("POST", "uploads/complete", {"uploadId": "x"}),
    ("POST", "uploads/cancel", {"uploadId": "x"}),
    ("GET", "uploads/x/status", None),
    ("GET", "files/x/access", None),
    ("POST", "uploads/direct", "form"),
    ("POST", "uploads/session", ASK),
    ("POST", "uploads/session/complete", {"uploadId": "x"}),
    ("GET", "uploads/session/x", None),
]


def call(method: str, path: str, sent: Any = None, *, root: str = "/api/") -> tuple[int, Any]:
    # With checks against CSRF on, as in a real project.
    browser = Client(enforce_csrf_checks=True)
    if method == "GET":
        answer = browser.get(root + path)
    elif sent == "form":
        answer = browser.post(root + path, {"file": file()})
    elif isinstance(sent, dict) and any(isinstance(value, (SimpleUploadedFile, list)) for value in sent.values()):
        answer = browser.post(root + path, sent)
    else:
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        answer = browser.post(root + path, body, content_type="application/json")
    return answer.status_code, answer.json()


def wait(upload_id: str) -> dict[str, Any]:
    for _ in range(200):
        _, status = call("GET", f"uploads/{upload_id}/status")
        if status["status"] not in ("PENDING", "UPLOADING"):
            return dict(status)
        time.sleep(0.05)
    raise AssertionError("the upload was never ready")


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_whole_way_of_the_browser_client(site: Any, slash: str) -> None:
    status, session = call("POST", f"uploads/prepare{slash}", ASK)
    assert (status, set(session)) == (201, {"uploadUrl", "uploadId", "fileId", "expiresIn"})
    httpx.put(session["uploadUrl"], content=b"hello", headers={"content-type": "text/plain"}).raise_for_status()
    status, completed = call("POST", f"uploads/complete{slash}", {"uploadId": session["uploadId"]})
    assert (status, completed["fileId"]) == (202, session["fileId"])
    assert wait(session["uploadId"]) == {"status": "COMPLETED", "fileId": session["fileId"], "failureReason": None}
    access = call("GET", f"files/{session['fileId']}/access{slash}?download=true")[1]["access"]
    assert httpx.get(access["url"]).content == b"hello"
    assert (access["accessType"], access["expiresIn"], access["download"]) == ("cdn", 300, True)
    assert {asked.action for asked in site.guard.asked} == {"prepare", "complete", "status", "access"}
    assert site.guard.heard == [(session["uploadId"], session["fileId"])]


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_upload_that_was_given_up_is_cancelled(site: Any, client: Reupload, slash: str) -> None:
    upload_id = call("POST", "uploads/prepare", ASK)[1]["uploadId"]
    assert call("POST", f"uploads/cancel{slash}", {"uploadId": upload_id}) == (200, {"success": True})
    assert (site.guard.asked[-1].action, site.guard.asked[-1].upload_id) == ("cancel", upload_id)
    assert client.uploads.get_session(upload_id)["session"]["status"] == "CANCELLED"


def test_the_guides_names_lead_the_same_way(site: Any) -> None:
    _, session = call("POST", "uploads/session/", ASK)
    detail = f"uploads/session/{session['uploadId']}/"
    assert call("GET", detail)[1]["session"]["status"] == "PENDING"
    httpx.put(session["uploadUrl"], content=b"hello", headers={"content-type": "text/plain"}).raise_for_status()
    assert call("POST", "uploads/session/complete/", {"uploadId": session["uploadId"]})[0] == 202
    done = call("GET", detail + "?wait=true")[1]
    assert (done["session"]["status"], done["file"]["fileId"]) == ("COMPLETED", session["fileId"])
    assert {asked.action for asked in site.guard.asked} == {"prepare", "complete", "status"}


def test_a_file_through_the_application_arrives(site: Any, client: Reupload) -> None:
    content = b"0123456789" * 400_000
    status, made = call("POST", "uploads/direct", {"file": file(content, "big.txt")})
    assert status == 202, made
    assert wait(made["uploadId"])["status"] == "COMPLETED"
    assert client.files.get(made["fileId"])["file"]["sizeBytes"] == len(content)
    asked = site.guard.asked[0]
    assert (asked.action, asked.filename, asked.size) == ("direct", "big.txt", len(content))
    assert site.guard.heard == [(made["uploadId"], made["fileId"])]


@pytest.mark.parametrize("way", ["prepare", "direct"])
def test_what_the_browser_says_of_project_and_publicity_counts_for_nothing(
    site: Any, client: Reupload, server: Any, way: str
) -> None:
    stored = client.files.get(upload(way)["fileId"])["file"]
    assert (stored["projectId"], stored["isPublic"]) == (server.project, False)
    # But the application hears of it.
    assert (site.guard.asked[0].project_id, site.guard.asked[0].is_public) == ("other", True)


@pytest.mark.parametrize("way", ["prepare", "direct"])
def test_the_grant_sets_the_terms(site: Any, client: Reupload, server: Any, way: str) -> None:
    site.guard.answer = UploadGrant(
        project_id=server.project, owner_ref="user-dj", is_public=True, folder="in", metadata={"k": "v"}
    )
    stored = client.files.get(upload(way)["fileId"])["file"]
    assert (stored["isPublic"], stored["folder"], stored["metadata"]) == (True, "in", {"k": "v"})
    assert stored["ownerRef"] == "user-dj"


def upload(way: str) -> dict[str, Any]:
    if way == "direct":
        _, made = call("POST", "uploads/direct", {"file": file(), "projectId": "other", "isPublic": "true"})
    else:
        _, made = call("POST", "uploads/prepare", {**ASK, "projectId": "other", "isPublic": True})
        httpx.put(made["uploadUrl"], content=b"hello", headers={"content-type": "text/plain"}).raise_for_status()
        call("POST", "uploads/complete", {"uploadId": made["uploadId"]})
    assert wait(made["uploadId"])["status"] == "COMPLETED"
    return dict(made)


@pytest.mark.parametrize(("method", "path", "sent"), ROUTES)
@pytest.mark.parametrize("answer", [None, False, True])
def test_only_a_grant_is_a_yes(site: Any, method: str, path: str, sent: Any, answer: Any) -> None:
    site.guard.answer = answer
    status, refused = call(method, path, sent)
    assert (status, refused["error"]) == (403, "PERMISSION_DENIED")
    assert not site.guard.heard


@pytest.mark.parametrize(("method", "path", "sent"), ROUTES)
@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (NotFound("No such file."), (404, {"error": "NOT_FOUND", "message": "No such file."})),
        # Without a class that says how to log in, DRF makes 403 of it.
        (NotAuthenticated("Log in first."), (403, {"error": "PERMISSION_DENIED", "message": "Log in first."})),
        (DirectUploadHandlerError(409, "NO", "Not now."), (409, {"error": "NO", "message": "Not now."})),
        (
            ReuploadError(401, "UNAUTHORIZED", "This API key is unknown, has expired or has been revoked."),
            (502, {"error": "UPSTREAM_UNAUTHORIZED", "message": "The application is not allowed to use Reupload."}),
        ),
        (RuntimeError("a secret"), (500, {"error": "INTERNAL_ERROR", "message": "Unexpected error."})),
    ],
)
def test_a_refusal_is_answered_in_the_clients_own_words(
    site: Any, method: str, path: str, sent: Any, refusal: Any, expected: Any
) -> None:
    site.guard.answer = refusal
    assert call(method, path, sent) == expected


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("POST", "uploads/prepare", {**ASK, "size": 0}, 400, "VALIDATION_ERROR"),
        ("POST", "uploads/prepare", {}, 400, "VALIDATION_ERROR"),
        ("POST", "uploads/prepare", [], 400, "VALIDATION_ERROR"),
        ("POST", "uploads/prepare", b"{", 400, "VALIDATION_ERROR"),
        ("POST", "uploads/prepare", b" " * 70_000, 413, "FILE_TOO_LARGE"),
        ("POST", "uploads/prepare", {"x": file()}, 415, "CONTENT_TYPE_NOT_ALLOWED"),
        ("GET", "uploads/prepare", None, 405, "REQUEST_REFUSED"),
        ("POST", "uploads/direct", {"file": [file(), file()]}, 400, "MALFORMED_REQUEST"),
        ("POST", "uploads/direct", {"file": ["x"]}, 400, "MISSING_FILE"),
        ("POST", "uploads/direct", {"file": file(b"")}, 400, "EMPTY_FILE"),
        ("POST", "uploads/direct", {"file": file(), "isPublic": "perhaps"}, 400, "VALIDATION_ERROR"),
        (
            "POST",
            "uploads/direct",
            {"file": file(), **dict.fromkeys(map(str, range(1100)), "")},
            400,
            "MALFORMED_REQUEST",
        ),
        ("POST", "uploads/complete", {"uploadId": NOBODYS}, 404, "NOT_FOUND"),
        ("POST", "uploads/cancel", {"uploadId": NOBODYS}, 404, "NOT_FOUND"),
        ("POST", "uploads/cancel", {}, 400, "VALIDATION_ERROR"),
        ("GET", f"uploads/{NOBODYS}/status", None, 404, "NOT_FOUND"),
        ("GET", f"files/{NOBODYS}/access", None, 404, "NOT_FOUND"),
        ("GET", "files/x/access?variant=huge", None, 400, "VALIDATION_ERROR"),
    ],
)
def test_bad_input_is_answered_as_an_error_in_json(
    site: Any, method: str, path: str, sent: Any, status: int, code: str
) -> None:
    answered, body = call(method, path, sent)
    assert (answered, body["error"]) == (status, code), body
    assert body["message"]


@pytest.mark.parametrize(("method", "path", "sent"), ROUTES)
def test_permissions_are_asked_first(site: Any, method: str, path: str, sent: Any) -> None:
    status, refused = call(method, path, sent, root="/closed/")
    assert (status, refused["error"]) == (403, "PERMISSION_DENIED")
    assert not site.guard.asked


def test_a_person_with_a_browser_hears_json_too(site: Any) -> None:
    answer = Client().get("/api/files/x/access", headers={"accept": "text/html,*/*;q=0.1"})
    assert answer.headers["content-type"] == "application/json"


def test_a_form_without_files_is_not_read_whole(site: Any) -> None:
    form = "application/x-www-form-urlencoded"
    answer = Client().post("/api/uploads/direct", b"x" * 70_000, content_type=form)
    assert (answer.status_code, answer.json()["error"]) == (413, "FILE_TOO_LARGE")
    answer = Client().post("/api/uploads/direct", b"x=y", content_type=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "MISSING_FILE")


def test_the_schema_offers_a_file_to_choose(site: Any) -> None:
    schema = Client().get("/schema", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    direct = schema["paths"]["/api/uploads/direct/"]["post"]
    form = direct["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["properties"]["file"]["format"] == "binary"
    assert "202" in direct["responses"]
