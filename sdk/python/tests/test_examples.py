"""Each of `examples/` as a person starts it: its own process by `./run`, beside the real server, with real webhooks."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
# Of each: the page to try it out on, its routes' last character, its schema.
PAGES = {"django": ("/api/docs/", "/", "/api/schema/"), "fastapi": ("/docs", "", "/openapi.json")}


class Browser(httpx.Client):
    """Writes each address as the example does; ``pid`` is the example's process."""

    slash = ""
    pid = 0

    def request(self, method: str, url: Any, **rest: Any) -> httpx.Response:
        return super().request(method, url if url.endswith("/") else url + self.slash, **rest)


@pytest.fixture(scope="module", params=PAGES)
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def app(server: Any, example: str) -> Iterator[Browser]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    slash = PAGES[example][1]
    words = ["webhook", "create", "--project", server.project, "--url", f"{url}/api/webhooks/reupload{slash}", "--json"]
    secret = json.loads(server.admin(*words))["secret"]
    hidden = {name: value for name, value in os.environ.items() if not name.startswith("REUPLOAD_")}
    # The virtual environment of the tests has all that `run` would install.
    environment = {**hidden, "DEV_ENV": str(server.data / "dev.env"), "VENV": sys.prefix}
    process = subprocess.Popen(
        [EXAMPLES / example / "run", str(port)],
        env={**environment, "REUPLOAD_WEBHOOK_SECRET": f"whsec_former,{secret}"},
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with Browser(base_url=url, headers={"x-user": "anna"}, timeout=60) as client:
            until(lambda: answers(client, PAGES[example][0]))
            # `run` ends with exec, so this process is the application itself.
            client.slash, client.pid = slash, process.pid
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(client: httpx.Client, page: str) -> bool:
    try:
        return client.get(page).status_code == 200
    except httpx.TransportError:
        return False


def until(good: Any) -> None:
    for _ in range(300):
        if good():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


def wait(app: Browser, upload_id: str) -> dict[str, Any]:
    done: dict[str, Any] = app.get(f"/api/uploads/session/{upload_id}", params={"wait": "true"}).json()
    assert done["session"]["status"] == "COMPLETED", done
    return done


FILE = ("a.txt", b"hello", "text/plain")


def test_a_direct_upload_is_told_of_by_the_webhook_and_can_be_read(app: Browser) -> None:
    made = app.post("/api/uploads/direct", files={"file": FILE})
    assert made.status_code == 202, made.text
    assert wait(app, made.json()["uploadId"])["file"]["path"].startswith("examples/")
    file_id = made.json()["fileId"]
    until(lambda: file_id in [file["fileId"] for file in app.get("/api/files/ready").json()])
    url = app.get(f"/api/files/{file_id}/access").json()["access"]["url"]
    assert httpx.get(url).content == b"hello"


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
@pytest.mark.parametrize("path", ["direct", "batch", "cdn"])
def test_a_large_file_is_never_in_memory(app: Browser, path: str, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as sparse:
        sparse.truncate(256 * 1024**2)
    with large.open("rb") as opened:
        made = app.post(f"/api/uploads/{path}", files={"file": ("large.bin", opened, "application/octet-stream")})
    assert made.status_code == 202, made.text
    status = Path(f"/proc/{app.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert peak < 150 * 1024, f"{peak} KiB"


def test_a_batch(app: Browser) -> None:
    made = app.post("/api/uploads/batch", files=[("file", FILE), ("file", ("b.txt", b"12345678", "text/plain"))])
    assert made.status_code == 202, made.text
    assert [wait(app, one["uploadId"])["file"]["sizeBytes"] for one in made.json()["files"]] == [5, 8]


def test_a_session_as_a_browser_makes_it(app: Browser) -> None:
    ask = {"filename": "a.txt", "contentType": "text/plain", "size": 5}
    session = app.post("/api/uploads/prepare", json=ask).json()
    httpx.put(session["uploadUrl"], content=b"hello", headers={"content-type": "text/plain"}).raise_for_status()
    assert app.post("/api/uploads/complete", json={"uploadId": session["uploadId"]}).status_code == 202
    assert wait(app, session["uploadId"])["file"]["fileId"] == session["fileId"]
    assert app.get(f"/api/uploads/{session['uploadId']}/status").json()["status"] == "COMPLETED"


def test_a_file_through_the_cdn(app: Browser) -> None:
    made = app.post("/api/uploads/cdn", files={"file": FILE}, data={"isPublic": "true"})
    assert made.status_code == 202, made.text
    wait(app, made.json()["uploadId"])
    access = app.get(f"/api/files/{made.json()['fileId']}/access").json()["access"]
    assert access["accessType"] == "cdn_public"


def test_what_is_annas_is_not_bens(app: Browser) -> None:
    made = app.post("/api/uploads/direct", files={"file": FILE}).json()
    wait(app, made["uploadId"])
    paths = [
        f"uploads/{made['uploadId']}/status",
        f"files/{made['fileId']}/access",
        f"uploads/session/{made['uploadId']}",
    ]
    for path in paths:
        assert app.get(f"/api/{path}").status_code == 200
        assert app.get(f"/api/{path}", headers={"x-user": "ben"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "sent", "status", "code"),
    [
        ("direct", {"data": {"x": "y"}}, 400, "MISSING_FILE"),
        ("batch", {"files": {"file": ("a", b"")}}, 400, "EMPTY_FILE"),
        (
            "prepare",
            {"json": {"filename": "a", "contentType": "text/plain", "size": 6 * 1024**3}},
            413,
            "FILE_TOO_LARGE",
        ),
        ("prepare", {"json": {"filename": "a"}}, 400, "VALIDATION_ERROR"),
    ],
)
def test_bad_input_is_answered_in_json(app: Browser, path: str, sent: Any, status: int, code: str) -> None:
    answer = app.post(f"/api/uploads/{path}", **sent)
    assert (answer.status_code, answer.json().get("error")) == (status, code), answer.text


def test_a_webhook_of_somebody_else_is_refused(app: Browser) -> None:
    signature = {"Reupload-Signature": f"t={int(time.time())},v1={'0' * 64}"}
    assert app.post("/api/webhooks/reupload", content=b'{"type":"file.uploaded"}', headers=signature).status_code == 400


ROUTES = {
    "uploads/prepare",
    "uploads/complete",
    "uploads/cancel",
    "uploads/direct",
    "uploads/batch",
    "uploads/cdn",
    "uploads/{id}/status",
    "uploads/session/{id}",
    "files/{id}/access",
    "files/ready",
}
OWN = {"django": {"uploads/session", "uploads/session/complete", "schema"}, "fastapi": {"webhooks/reupload"}}


def test_the_docs_page_names_every_route(app: Browser, example: str) -> None:
    assert "swagger-ui" in app.get("/", follow_redirects=True).text
    schema = app.get(PAGES[example][2], headers={"accept": "application/vnd.oai.openapi+json"}).json()
    paths = {re.sub("{[^}]+}", "{id}", path).strip("/").removeprefix("api/") for path in schema["paths"]}
    assert paths == ROUTES | OWN[example]
    if example == "django":
        assert schema["components"]["securitySchemes"]["user"]["name"] == "X-User"


def test_djangos_check_says_that_all_is_well(server: Any) -> None:
    lines = (server.data / "dev.env").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if line.startswith("REUPLOAD_"))
    command = [sys.executable, EXAMPLES / "django/manage.py", "reupload_check"]
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    wrong = {**os.environ, **variables, "REUPLOAD_API_KEY": "ru_1"}
    broken = subprocess.run(command, env=wrong, capture_output=True, text=True)
    assert (broken.returncode, "does not know the API key" in broken.stdout) == (1, True)
