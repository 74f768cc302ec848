"""The published reupload-sdk 0.1.1 and ours: the same calls to the same server give the same results.

Each test runs against both packages. Where 0.1.1 does not work, the test is at the end and says what it does. 0.1.1
is read from PyPI once, into `published/` beside the virtual environment's `bin`; only its behaviour is looked at.
"""

from __future__ import annotations

import importlib
import inspect
import io
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

PUBLISHED = Path(sys.prefix, "published")
NOWHERE = "00000000-0000-4000-8000-000000000000"
VARIABLES = ("REUPLOAD_API_KEY", "REUPLOAD_PROJECT_ID", "REUPLOAD_API_BASE_URL")


@dataclass(frozen=True)
class Package:
    ours: bool
    root: Any
    shared: Any
    fastapi: Any

    def make(self, server: Any, kind: str = "Reupload") -> Any:
        kind_of = getattr(self.root, kind)
        return kind_of(api_key=server.key, base_url=server.api, default_project_id=server.project)


@pytest.fixture(scope="session")
def published() -> Path:
    if not (PUBLISHED / "reupload").is_dir():
        words = ["install", "-q", "--no-deps", "--target", str(PUBLISHED), "reupload-sdk==0.1.1"]
        subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    return PUBLISHED


def take_modules() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == "reupload" or name.startswith("reupload.")]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture(params=["published", "ours"])
def sdk(request: pytest.FixtureRequest, published: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    ours = request.param == "ours"
    kept = take_modules()
    if not ours:
        monkeypatch.syspath_prepend(published)
    try:
        names = ("reupload", "reupload.fastapi.shared", "reupload.fastapi")
        package = Package(ours, *(importlib.import_module(name) for name in names))
        assert (published in Path(package.root.__file__).parents) is not ours
        yield package
    finally:
        take_modules()
        sys.modules.update(kept)


@pytest.fixture
def api(sdk: Package, server: Any) -> Iterator[Any]:
    with sdk.make(server) as client:
        yield client


def a_file(data: Any = b"hello", size: int = 5, name: str = "a.txt") -> dict[str, Any]:
    return {"data": data, "filename": name, "contentType": "text/plain", "size": size}


def described(server: Any, **more: Any) -> dict[str, Any]:
    return {"projectId": server.project, "filename": "a.txt", "contentType": "text/plain", "size": 5, **more}


# What works with both.


def test_every_name_is_there(sdk: Package, published: Path) -> None:
    code = "import json, reupload, reupload.fastapi, reupload.types as t, reupload.fastapi.shared as s\n"
    code += "names = [reupload.__all__, reupload.fastapi.__all__, [n for n in dir(t) if n[0].isupper()],"
    code += " [n for n in dir(s) if n[0].islower() and callable(getattr(s, n))]]\nprint(json.dumps(names))"
    environment = {"PYTHONPATH": str(published), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    places = (sdk.root, sdk.fastapi, importlib.import_module("reupload.types"), sdk.shared)
    borrowed = {"BinaryIO", "Literal", "NotRequired", "TypedDict", "Union", "TYPE_CHECKING", "dataclass", "Protocol"}
    for place, names in zip(places, __import__("json").loads(done.stdout), strict=True):
        assert {name for name in names if not hasattr(place, name)} <= borrowed


def test_whoami(api: Any, server: Any) -> None:
    me = api.whoami()
    assert server.project in [project["id"] for project in me["projects"]]
    assert set(me) == {"apiKeyId", "workspaceId", "name", "permissions", "allProjects", "projects"}


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview, io.BytesIO])
def test_direct_upload_of_every_kind_of_body(api: Any, server: Any, wrap: Any) -> None:
    made = api.uploads.upload_direct({"projectId": server.project, "file": a_file(wrap(b"hello")), "isPublic": True})
    assert set(made) == {"uploadId", "fileId", "status"}
    assert made["status"] == "processing"
    done = api.uploads.wait_for_completion(made["uploadId"], interval_ms=50)
    assert set(done) == {"session", "file"}
    assert (done["session"]["status"], done["file"]["sizeBytes"], done["file"]["isPublic"]) == ("COMPLETED", 5, True)
    assert httpx.get(done["file"]["url"]).content == b"hello"


def test_a_file_object_is_read_from_where_it_stands(api: Any, server: Any) -> None:
    body = io.BytesIO(b"never-hello")
    body.seek(6)
    made = api.uploads.upload_direct({"projectId": server.project, "file": a_file(body)})
    assert api.uploads.wait_for_completion(made["uploadId"])["file"]["sizeBytes"] == 5


def test_the_name_beside_the_file_goes_before_the_files_own(api: Any, server: Any) -> None:
    made = api.uploads.upload_direct({"projectId": server.project, "file": a_file(), "filename": "b.txt"})
    assert api.uploads.wait_for_completion(made["uploadId"])["file"]["name"] == "b.txt"


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_has_one_answer_per_file(api: Any, server: Any, count: int) -> None:
    files = [a_file(name=f"{number}.txt") for number in range(count)]
    made = api.uploads.upload_direct_batch({"projectId": server.project, "files": files, "isPublic": False})
    assert [set(file) for file in made["files"]] == [{"uploadId", "fileId", "status"}] * count
    names = [api.uploads.wait_for_completion(file["uploadId"])["file"]["name"] for file in made["files"]]
    assert names == [f"{number}.txt" for number in range(count)]


def test_an_empty_batch_is_a_value_error(api: Any, server: Any) -> None:
    with pytest.raises(ValueError, match="At least one file is required"):
        api.uploads.upload_direct_batch({"projectId": server.project, "files": []})


def test_session_put_and_complete(sdk: Package, api: Any, server: Any) -> None:
    session = api.uploads.create_session(described(server, isPublic=None))
    assert set(session) == {"uploadId", "fileId", "uploadUrl", "expiresIn"}
    assert api.uploads.get_session(session["uploadId"])["session"]["status"] == "PENDING"
    assert sdk.root.put_to_upload_url(session["uploadUrl"], b"hello", "text/plain") is None
    done = api.uploads.complete({"uploadId": session["uploadId"]})
    assert done == {"fileId": session["fileId"], "status": "processing"}
    assert api.uploads.wait_for_completion(session["uploadId"])["file"]["fileId"] == session["fileId"]


def test_upload_does_all_three(api: Any, server: Any) -> None:
    done = api.uploads.upload(described(server, file=a_file()))
    assert (done["status"], bool(done["fileId"])) == ("processing", True)


def test_get_access_and_delete(sdk: Package, api: Any, server: Any) -> None:
    made = api.uploads.upload_direct({"projectId": server.project, "file": a_file()})
    api.uploads.wait_for_completion(made["uploadId"])
    assert api.files.get(made["fileId"])["file"]["originalName"] == "a.txt"
    access = api.files.access(made["fileId"])["access"]
    assert (access["accessType"], access["expiresIn"], access["variant"], access["download"]) == (
        "cdn",
        300,
        "original",
        False,
    )
    query = {"expiresIn": 60, "download": True, "variant": None}
    asked = api.files.access(made["fileId"], query)["access"]
    assert (asked["expiresIn"], asked["download"]) == (60, True)
    assert httpx.get(asked["url"]).headers["content-disposition"].startswith("attachment")
    assert api.files.delete(made["fileId"]) == {"success": True}
    with pytest.raises(sdk.root.ReuploadError):
        api.files.get(made["fileId"])


def test_cancel_and_what_waiting_then_says(api: Any, server: Any) -> None:
    session = api.uploads.create_session(described(server))
    with pytest.raises(TimeoutError, match=r"Timed out waiting for upload session .* to complete\."):
        api.uploads.wait_for_completion(session["uploadId"], interval_ms=20, timeout_ms=50)
    assert api.uploads.cancel_session(session["uploadId"]) == {"success": True}
    with pytest.raises(RuntimeError, match=r"Upload session .* ended with status CANCELLED\."):
        api.uploads.wait_for_completion(session["uploadId"])


def test_errors_have_status_code_and_message(sdk: Package, api: Any, server: Any) -> None:
    with pytest.raises(sdk.root.ReuploadError) as caught:
        api.files.get(NOWHERE)
    error = caught.value
    assert (error.status, error.code, str(error)) == (404, "NOT_FOUND", error.message)
    assert sdk.root.is_reupload_error(error)
    assert not sdk.root.is_reupload_cdn_error(error)
    with pytest.raises(sdk.root.ReuploadError) as caught:
        sdk.root.Reupload(api_key="ru_wrong", base_url=server.api + "/").whoami()
    assert (caught.value.status, caught.value.code) == (401, "UNAUTHORIZED")
    made = sdk.root.ReuploadError(400, "CODE", "text")
    assert (made.status, made.code, made.message) == (400, "CODE", "text")


def test_a_refused_put_is_an_error_of_the_cdn(sdk: Package, api: Any, server: Any) -> None:
    session = api.uploads.create_session(described(server))
    with pytest.raises(sdk.root.ReuploadCdnError) as caught:
        sdk.root.put_to_upload_url(session["uploadUrl"], b"too much for it", "text/plain")
    assert caught.value.status in (413, 422)
    assert caught.value.message.startswith(f"CDN upload failed with status {caught.value.status}.")
    assert sdk.root.is_reupload_cdn_error(caught.value)


def test_ones_own_httpx_client_is_used_and_left_open(sdk: Package, server: Any) -> None:
    seen: list[str] = []
    with httpx.Client(event_hooks={"request": [lambda request: seen.append(request.url.path)]}) as own:
        with sdk.root.Reupload(api_key=server.key, base_url=server.api, httpx_client=own) as client:
            client.whoami()
        assert not own.is_closed
    assert seen == ["/api/v1/public/whoami"]


async def test_the_async_client(sdk: Package, server: Any) -> None:
    async with sdk.make(server, "AsyncReupload") as api:
        assert (await api.whoami())["workspaceId"]
        made = await api.uploads.upload_direct({"projectId": server.project, "file": a_file()})
        done = await api.uploads.wait_for_completion(made["uploadId"], interval_ms=50)
        assert done["session"]["status"] == "COMPLETED"
        assert (
            len(
                (await api.uploads.upload_direct_batch({"projectId": server.project, "files": [a_file()] * 2}))["files"]
            )
            == 2
        )
        session = await api.uploads.create_session(described(server))
        await sdk.root.aput_to_upload_url(session["uploadUrl"], b"hello", "text/plain")
        assert (await api.uploads.complete({"uploadId": session["uploadId"]}))["status"] == "processing"
        assert (await api.uploads.upload(described(server, file=a_file())))["status"] == "processing"
        assert (await api.files.get(made["fileId"]))["file"]["name"] == "a.txt"
        assert (await api.files.access(made["fileId"]))["access"]["url"]
        assert await api.files.delete(made["fileId"]) == {"success": True}
        cancelled = await api.uploads.create_session(described(server))
        assert await api.uploads.cancel_session(cancelled["uploadId"]) == {"success": True}
        with pytest.raises(RuntimeError):
            await api.uploads.wait_for_completion(cancelled["uploadId"])


@pytest.mark.parametrize("maker", ["create_reupload_from_env", "create_async_reupload_from_env"])
def test_clients_from_the_environment(sdk: Package, server: Any, monkeypatch: pytest.MonkeyPatch, maker: str) -> None:
    make = getattr(sdk.root, maker)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match=r"^Missing Reupload API key\. Set REUPLOAD_API_KEY or pass api_key\.$"):
        make()
    monkeypatch.setenv("REUPLOAD_API_KEY", f" {server.key} ")
    with pytest.raises(ValueError, match=r"^Missing Reupload project ID\. Set REUPLOAD_PROJECT_ID or pass "):
        make()
    monkeypatch.setenv("REUPLOAD_PROJECT_ID", "of-the-environment")
    monkeypatch.setenv("REUPLOAD_API_BASE_URL", server.api)
    assert make().default_project_id == "of-the-environment"
    assert make(default_project_id="given", timeout=5.0).default_project_id == "given"
    if maker == "create_reupload_from_env":
        assert make().whoami()["workspaceId"]


def test_the_helpers_for_forms_say_the_same(sdk: Package, api: Any, server: Any) -> None:
    shared = sdk.shared
    part = shared.UploadedFilePart(data=b"hello", filename="", content_type="", size=5)
    bare = {"data": b"hello", "filename": "upload", "contentType": "application/octet-stream", "size": 5}
    assert shared.file_from_upload_part(part) == bare
    assert part.to_upload_file_input() == {**bare, "filename": "", "contentType": ""}
    parse = shared.parse_direct_upload_from_form
    assert parse(client=api, project_id=None, file=part) == {"projectId": server.project, "file": bare}
    full = parse(
        client=api, project_id="a", file=part, form_project_id="b", filename_field=" n ", is_public_field="True"
    )
    assert full == {"projectId": "a", "file": {**bare, "filename": "n"}, "filename": "n", "isPublic": True}
    batch = shared.parse_direct_upload_batch_from_form(client=api, project_id=None, files=[part], filename_field="n")
    assert batch == {"projectId": server.project, "files": [{**bare, "filename": "n"}]}
    assert shared.run_direct_upload(api, parse(client=api, project_id=None, file=part))["status"] == "processing"
    assert len(shared.run_direct_upload_batch(api, {**batch, "files": batch["files"] * 2})["files"]) == 2


def test_the_helpers_for_forms_refuse_the_same(sdk: Package, api: Any) -> None:
    shared = sdk.shared
    part = shared.UploadedFilePart(data=b"hello", filename="a", content_type="text/plain", size=5)
    empty = shared.UploadedFilePart(data=b"", filename="a", content_type="text/plain", size=0)
    homeless = sdk.root.Reupload(api_key="ru_x")
    one, many = shared.parse_direct_upload_from_form, shared.parse_direct_upload_batch_from_form
    calls: list[Any] = [
        lambda: one(client=api, project_id=None, file=None),
        lambda: one(client=homeless, project_id=None, file=part),
        lambda: one(client=api, project_id=None, file=part, is_public_field="yes"),
        lambda: one(client=api, project_id=None, file=empty),
        lambda: many(client=api, project_id=None, files=[]),
        lambda: many(client=api, project_id=None, files=[part, part], filename_field="n"),
    ]
    said = []
    for call in calls:
        with pytest.raises(shared.DirectUploadHandlerError) as caught:
            call()
        assert shared.is_direct_upload_handler_error(caught.value)
        said.append((caught.value.status, caught.value.to_json()))
    missing = {"error": "MISSING_FILE", "message": 'Missing uploaded file field "file".'}
    project = "projectId is required (form field, handler option, or REUPLOAD_PROJECT_ID)."
    several = 'The "filename" form field cannot be used when uploading multiple files.'
    assert said == [
        (400, missing),
        (400, {"error": "MISSING_PROJECT_ID", "message": project}),
        (400, {"error": "VALIDATION_ERROR", "message": 'isPublic must be "true" or "false".'}),
        (400, {"error": "EMPTY_FILE", "message": "File is empty."}),
        (400, missing),
        (400, {"error": "INVALID_FILENAME", "message": several}),
    ]


def serve(handler: Any) -> TestClient:
    app = FastAPI()

    @app.post("/")
    async def upload(request: Request) -> Any:
        return await handler(request)

    return TestClient(app, raise_server_exceptions=False)


FILE = {"file": ("a.txt", b"hello", "text/plain")}


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"files": FILE}, 202, None),
        ({"files": FILE, "data": {"filename": "b.txt", "isPublic": "true", "projectId": " "}}, 202, None),
        ({"data": {"projectId": "x"}}, 400, "MISSING_FILE"),
        ({"data": {"file": "text"}}, 400, "MISSING_FILE"),
        ({"files": {"file": ("a.txt", b"")}}, 400, "EMPTY_FILE"),
        ({"files": FILE, "data": {"isPublic": "maybe"}}, 400, "VALIDATION_ERROR"),
        ({"files": FILE, "data": {"projectId": NOWHERE}}, 404, "NOT_FOUND"),
    ],
)
def test_the_fastapi_handler_answers_the_same(sdk: Package, server: Any, sent: Any, status: int, code: Any) -> None:
    make = sdk.fastapi.create_async_fastapi_direct_upload_handler
    with serve(make(client=sdk.make(server, "AsyncReupload"))) as browser:
        answer = browser.post("/", **sent)
    body = answer.json()
    assert (answer.status_code, body.get("error")) == (status, code), answer.text
    assert set(body) == ({"error", "message"} if code else {"uploadId", "fileId", "status"})


def test_the_fastapi_handler_asks_for_the_project(sdk: Package, server: Any) -> None:
    async def later(_request: Request) -> str:
        return str(server.project)

    for chooser in (lambda _request: server.project, later):
        make = sdk.fastapi.create_async_fastapi_direct_upload_handler
        client = sdk.root.AsyncReupload(api_key=server.key, base_url=server.api)
        with serve(make(client=client, get_project_id=chooser, file_field="doc")) as browser:
            answer = browser.post("/", files={"doc": FILE["file"]}, data={"projectId": "other"})
        assert answer.status_code == 202, answer.text


async def test_read_upload_file_reads_it(sdk: Package, server: Any) -> None:
    upload = importlib.import_module("starlette.datastructures").UploadFile(io.BytesIO(b"hello"), filename="a.txt")
    part = await sdk.fastapi.read_upload_file(upload)
    assert (part.data, part.filename, part.content_type, part.size) == (
        b"hello",
        "a.txt",
        "application/octet-stream",
        5,
    )
    async with sdk.make(server, "AsyncReupload") as client:
        made = await sdk.fastapi.handle_async_fastapi_direct_upload(client=client, file=part)
    assert made["status"] == "processing"
    with sdk.make(server) as client:
        assert sdk.fastapi.handle_fastapi_direct_upload(client=client, file=part)["status"] == "processing"


# What 0.1.1's own README or guide shows and 0.1.1 does not do.


def test_the_readmes_route_without_an_annotation_works_with_neither(sdk: Package, server: Any) -> None:
    """FastAPI takes a bare `request` for a query parameter and answers 422; ours documents `request: Request`."""
    app = FastAPI()
    handler = sdk.fastapi.create_async_fastapi_direct_upload_handler(client=sdk.make(server, "AsyncReupload"))

    @app.post("/")
    async def upload(request):
        return await handler(request)

    with TestClient(app) as browser:
        assert browser.post("/", files=FILE).status_code == 422


def test_the_handler_itself_can_be_registered_only_with_ours(sdk: Package, server: Any) -> None:
    """0.1.1 imports `Request` for type checkers only, so FastAPI cannot know what its annotation means."""
    app = FastAPI()
    handler = sdk.fastapi.create_async_fastapi_direct_upload_handler(client=sdk.make(server, "AsyncReupload"))
    if sdk.ours:
        app.post("/")(handler)
        with TestClient(app) as browser:
            assert browser.post("/", files=FILE).status_code == 202
        return
    try:
        app.post("/")(handler)
        with TestClient(app) as browser:
            assert browser.post("/", files=FILE).status_code == 422
    except Exception as error:
        assert "Request" in str(error)


def test_an_error_that_nobody_foresaw_is_shown_to_everybody_only_by_0_1_1(sdk: Package, server: Any) -> None:
    """Status and code are the same. 0.1.1 sends the error's own text to the browser; ours logs it."""

    def fail(_request: Request) -> str:
        raise RuntimeError("password=hunter2")

    make = sdk.fastapi.create_async_fastapi_direct_upload_handler
    with serve(make(client=sdk.make(server, "AsyncReupload"), get_project_id=fail)) as browser:
        answer = browser.post("/", files=FILE)
    assert (answer.status_code, answer.json()["error"]) == (500, "INTERNAL_ERROR")
    assert ("hunter2" in answer.text) is not sdk.ours


def test_the_guides_call_without_a_project_works_only_with_ours(sdk: Package, api: Any, server: Any) -> None:
    part = sdk.shared.UploadedFilePart(data=b"hello", filename="a", content_type="text/plain", size=5)
    if sdk.ours:
        made = sdk.shared.parse_direct_upload_from_form(client=api, file=part)
        assert made["projectId"] == server.project
    else:
        with pytest.raises(TypeError, match="project_id"):
            sdk.shared.parse_direct_upload_from_form(client=api, file=part)


def test_a_uuid_as_project_works_only_with_ours(sdk: Package, api: Any, server: Any) -> None:
    body = {**described(server), "projectId": uuid.UUID(server.project)}
    if sdk.ours:
        assert api.uploads.create_session(body)["uploadId"]
    else:
        with pytest.raises(TypeError, match="JSON"):
            api.uploads.create_session(body)


def test_every_parameter_of_0_1_1_is_taken(sdk: Package) -> None:
    """A list by hand: names and order of what a caller may have written."""
    uploads, files = sdk.root.Reupload(api_key="ru_x").uploads, sdk.root.Reupload(api_key="ru_x").files
    expected = {
        sdk.root.put_to_upload_url: ["upload_url", "body", "content_type", "client", "timeout"],
        sdk.root.create_reupload_from_env: ["api_key", "base_url", "default_project_id", "httpx_client", "timeout"],
        uploads.create_session: ["input"],
        uploads.complete: ["input"],
        uploads.get_session: ["upload_id"],
        uploads.cancel_session: ["upload_id"],
        uploads.upload_direct: ["input"],
        uploads.upload_direct_batch: ["input"],
        uploads.upload: ["input"],
        uploads.wait_for_completion: ["upload_id", "interval_ms", "timeout_ms"],
        files.get: ["file_id"],
        files.access: ["file_id", "query"],
        files.delete: ["file_id"],
        sdk.shared.resolve_project_id: ["client", "project_id", "form_project_id"],
        sdk.shared.file_from_upload_part: ["part", "filename_override"],
        sdk.shared.run_direct_upload: ["client", "input"],
    }
    for call, names in expected.items():
        assert list(inspect.signature(call).parameters)[: len(names)] == names, call
