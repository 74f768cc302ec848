"""The product's Django guide, run as printed: its own code blocks make a project, which runs beside the real server.

The guide is read where it lies (``REUPLOAD_GUIDE``, else ``shared/django-guide.txt`` beside the repository) and never
copied into the repository. To its blocks this adds only what the guide leaves to its reader: the project that
``django-admin startproject`` makes, the routes that its text names, and the view that it says to "wire".
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[3]
GUIDE = Path(os.environ.get("REUPLOAD_GUIDE") or ROOT.parent / "shared/django-guide.txt")
pytestmark = pytest.mark.skipif(not GUIDE.is_file(), reason=f"the guide is not at {GUIDE} (or set REUPLOAD_GUIDE)")

CAPTION = re.compile(r"[\w/.-]+\.(py|json)|curl|terminal|\.env")
NOWHERE = "00000000-0000-4000-8000-000000000000"

# What the guide's text says without showing it.
SETTINGS = "INSTALLED_APPS = [*MADE_APPS, *INSTALLED_APPS]\n"
ROUTES = """
from uploads import cdn
urlpatterns += [
    path("uploads/session/", views.CreateUploadSessionView.as_view()),
    path("uploads/session/complete/", views.CompleteUploadSessionView.as_view()),
    path("uploads/session/<str:upload_id>/", views.UploadSessionDetailView.as_view()),
    path("uploads/cdn/", cdn.CdnView.as_view()),
]
"""
CDN_VIEW = """
from rest_framework.response import Response
from rest_framework.views import APIView

from uploads import services


class CdnView(APIView):
    def post(self, request):
        part = services.django_file_to_part(request.FILES["file"])
        wanted = {
            "projectId": services.get_reupload_client().default_project_id,
            "filename": part.filename,
            "contentType": part.content_type,
            "size": part.size,
        }
        return Response(services.cdn_upload_with_file(wanted, part))
"""


def blocks(text: str) -> dict[str, list[str]]:
    """The guide's blocks by their caption.

    A block ends at an empty line or the next caption; an empty line inside of code has a blank in it.
    """
    found: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in text.splitlines():
        if CAPTION.fullmatch(line):
            lines = []
            found.setdefault(line, []).append("")
            caption = line
        elif line == "":
            lines = None
        elif lines is not None:
            lines.append(line if line.strip() else "")
            found[caption][-1] = "\n".join(lines) + "\n"
    return found


def make_project(folder: Path, guide: dict[str, list[str]]) -> None:
    subprocess.run([sys.executable, "-m", "django", "startproject", "config", str(folder)], check=True)
    (folder / "uploads").mkdir()
    (folder / "uploads/__init__.py").touch()
    settings = folder / "config/settings.py"
    made = settings.read_text().replace("INSTALLED_APPS", "MADE_APPS")
    settings.write_text(made + guide["config/settings.py"][0] + SETTINGS)
    (folder / "config/urls.py").write_text("\n".join(guide["config/urls.py"]))
    for name in ("services", "views", "webhooks"):
        (folder / f"uploads/{name}.py").write_text("\n".join(guide[f"uploads/{name}.py"]))
    first, last = guide["uploads/urls.py"]
    (folder / "uploads/urls.py").write_text(f"{first}\nfrom uploads import webhooks\n{last}{ROUTES}")
    (folder / "uploads/cdn.py").write_text(CDN_VIEW)


@dataclass(frozen=True)
class App:
    url: str
    http: httpx.Client
    endpoint: str
    secret: str

    def post_curl(self, path: str, *words: str) -> tuple[int, Any]:
        command = ["curl", "-sS", "-w", "\n%{http_code}", "-X", "POST", f"{self.url}{path}", *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        body, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(body)


@pytest.fixture(scope="module")
def app(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("guide")
    guide = blocks(GUIDE.read_text())
    make_project(folder, guide)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    words = ["webhook", "create", "--project", server.project, "--url", f"{url}/webhooks/reupload/", "--json"]
    endpoint = json.loads(server.admin(*words))
    environment = {
        **os.environ,
        "REUPLOAD_API_KEY": server.key,
        "REUPLOAD_PROJECT_ID": server.project,
        "REUPLOAD_API_BASE_URL": server.api,
        "REUPLOAD_WEBHOOK_SECRET": endpoint["secret"],
    }
    environment.pop("PYTHONPATH", None)
    log = (folder / "log").open("w")
    command = [sys.executable, "manage.py", "runserver", "--noreload", str(port)]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=url, timeout=60) as http:
            until(lambda: process.poll() is not None or is_up(http))
            assert process.poll() is None, (folder / "log").read_text()
            yield App(url, http, endpoint["id"], endpoint["secret"])
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def is_up(http: httpx.Client) -> bool:
    try:
        return http.get("/schema/").status_code == 200
    except httpx.TransportError:
        return False


def until(good: Callable[[], bool]) -> None:
    for _ in range(300):
        if good():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    photo = tmp_path / "notes.txt"
    photo.write_bytes(b"as the guide says")
    return photo


def waited(app: App, upload_id: str) -> dict[str, Any]:
    answer = app.http.get(f"/uploads/session/{upload_id}/", params={"wait": "true"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_the_guide_has_every_block_that_this_page_runs() -> None:
    guide = blocks(GUIDE.read_text())
    counts = {caption: len(found) for caption, found in guide.items() if caption.endswith(".py")}
    assert counts == {
        "uploads/services.py": 2,
        "uploads/views.py": 4,
        "uploads/urls.py": 2,
        "config/urls.py": 2,
        "config/settings.py": 1,
        "uploads/webhooks.py": 1,
    }
    for found in guide.values():
        assert all(block.strip() for block in found)


def test_curl_then_202_then_a_verified_webhook_then_the_file(app: App, server: Any, photo: Path) -> None:
    status, made = app.post_curl("/uploads/direct/", "-F", f"file=@{photo}", "-F", "isPublic=true")
    assert (status, made["status"], set(made)) == (202, "processing", {"uploadId", "fileId", "status"})
    done = waited(app, made["uploadId"])
    assert (done["session"]["status"], done["file"]["fileId"]) == ("COMPLETED", made["fileId"])
    assert httpx.get(done["file"]["url"]).content == photo.read_bytes()

    def taken() -> bool:
        """200 is the guide's answer to a signature that it has verified."""
        deliveries = json.loads(server.admin("webhook", "deliveries", app.endpoint, "--json"))
        shown = [json.loads(server.admin("webhook", "attempts", one["id"], "--json")) for one in deliveries]
        attempts = [attempt for of_one in shown for attempt in of_one if made["fileId"] in attempt["requestBody"]]
        answers = [(attempt["responseStatus"], attempt["responseBody"]) for attempt in attempts]
        return answers == [(200, '{"received":true}')]

    until(taken)


def test_a_webhook_that_is_not_signed_by_us_is_refused(app: App) -> None:
    forged = {"Reupload-Signature": f"t={int(time.time())},v1={'0' * 64}"}
    for headers in ({}, forged):
        answer = app.http.post("/webhooks/reupload/", content=b'{"type":"file.uploaded"}', headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_signature"})


@pytest.mark.parametrize("named", [False, True])
def test_a_session_with_and_without_a_project(app: App, server: Any, named: bool) -> None:
    wanted = {"filename": "a.txt", "contentType": "text/plain", "size": 5}
    made = app.http.post("/uploads/session/", json={**wanted, **({"projectId": server.project} if named else {})})
    assert made.status_code == 201, made.text
    session = made.json()
    httpx.put(session["uploadUrl"], content=b"hello", headers={"Content-Type": "text/plain"}).raise_for_status()
    done = app.http.post("/uploads/session/complete/", json={"uploadId": session["uploadId"]})
    assert (done.status_code, done.json()) == (200, {"fileId": session["fileId"], "status": "processing"})
    assert waited(app, session["uploadId"])["session"]["projectId"] == server.project


def test_the_whole_cdn_path_from_django(app: App, photo: Path) -> None:
    status, done = app.post_curl("/uploads/cdn/", "-F", f"file=@{photo}")
    assert (status, done["status"]) == (200, "processing")


def test_bad_input_gets_the_guides_json(app: App, photo: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    direct = "/uploads/direct/"
    for words, expected in [
        (["-F", "isPublic=true"], (400, "MISSING_FILE")),
        (["-F", f"file=@{empty}"], (400, "EMPTY_FILE")),
        (["-F", f"file=@{photo}", "-F", "isPublic=perhaps"], (400, "VALIDATION_ERROR")),
        (["-F", f"file=@{photo}", "-F", f"projectId={NOWHERE}"], (404, "NOT_FOUND")),
        (["-F", f"file=@{photo}", "-F", "projectId=none"], (400, "VALIDATION_ERROR")),
    ]:
        status, body = app.post_curl(direct, *words)
        assert (status, body["error"], set(body)) == (*expected, {"error", "message"}), (words, body)


def test_what_the_server_refuses_keeps_its_code(app: App) -> None:
    unknown = app.http.get(f"/uploads/session/{NOWHERE}/")
    assert (unknown.status_code, unknown.json()["error"]) == (404, "NOT_FOUND")
    foreign = {"projectId": NOWHERE, "filename": "a", "contentType": "text/plain", "size": 1}
    refused = app.http.post("/uploads/session/", json=foreign)
    assert (refused.status_code, refused.json()["error"]) == (404, "NOT_FOUND")
    assert app.http.post("/uploads/session/", json={"filename": "a"}).status_code == 400
    session = app.http.post("/uploads/session/", json={"filename": "a", "contentType": "text/plain", "size": 1}).json()
    early = app.http.post("/uploads/session/complete/", json={"uploadId": session["uploadId"]})
    assert (early.status_code, early.json()["error"]) == (409, "UPLOAD_NOT_RECEIVED")


def test_waiting_for_what_fails_says_why(app: App, server: Any, photo: Path) -> None:
    """What the server finds only in processing reaches the guide's own mapper of errors."""
    words = ["--name", "pictures only", "--allow-type", "image/png", "--on-type-mismatch", "refuse", "--json"]
    project = json.loads(server.admin("project", "create", *words))["id"]
    sent = ["-F", f"file=@{photo};type=image/png", "-F", f"projectId={project}"]
    status, made = app.post_curl("/uploads/direct/", *sent)
    assert status == 202, made
    answer = app.http.get(f"/uploads/session/{made['uploadId']}/", params={"wait": "true"})
    assert (answer.status_code, answer.json()["error"]) == (422, "CONTENT_TYPE_NOT_ALLOWED")


def test_the_swagger_page_shows_the_routes(app: App) -> None:
    page = app.http.get("/docs/")
    assert page.status_code == 200
    assert "swagger-ui" in page.text
    schema = app.http.get("/schema/").text
    for path in ("/api/uploads/direct/", "/api/uploads/session/", "/api/uploads/session/{upload_id}/"):
        assert path in schema
