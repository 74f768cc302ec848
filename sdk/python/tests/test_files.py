"""Files, lists, events and usage, sync and async."""

from __future__ import annotations

import os
import re
import uuid
from typing import Any

import pytest
from conftest import Server

from reupload import AsyncReupload, Reupload, ReuploadError, create_async_reupload_from_env, create_reupload_from_env


@pytest.fixture
def folder(client: Reupload) -> str:
    """Five ready files."""
    folder = f"list/{uuid.uuid4()}"
    files: Any = [{"data": b"x", "filename": f"{n}.txt"} for n in range(5)]
    done = client.uploads.upload_direct_batch({"files": files, "folder": folder, "metadata": {"of": folder[5:]}})
    for one in done["files"]:
        client.uploads.wait_for_completion(one["uploadId"], interval_ms=20)
    return folder


def test_a_list_goes_through_all_pages(client: Reupload, folder: str) -> None:
    found = client.files.list(folder=folder, limit=2)
    assert sorted(file["name"] for file in found) == [f"{n}.txt" for n in range(5)]
    assert [len(page["files"]) for page in found.pages()] == [2, 2, 1]
    assert sum(1 for _ in client.files.list(folder="list", recursive=True, metadata={"of": folder[5:]})) == 5
    assert [file["name"] for file in client.files.list(folder=folder, search="3.t")] == ["3.txt"]
    assert list(client.files.list(folder="none")) == []


async def test_an_async_list_goes_through_all_pages(aclient: AsyncReupload, folder: str) -> None:
    found = aclient.files.list(folder=folder, limit=2)
    assert sorted([file["name"] async for file in found]) == [f"{n}.txt" for n in range(5)]
    assert [len(page["files"]) async for page in found.pages()] == [2, 2, 1]


def test_events_are_read_behind_the_last_one_known(client: Reupload, server: Server) -> None:
    now = client.events.wait("now", seconds=0)["nextCursor"]
    done = client.uploads.upload_direct({"file": {"data": b"x", "filename": "x.txt"}})
    assert [event["data"]["fileId"] for event in client.events.wait(now)["events"]] == [done["fileId"]]
    client.files.update(done["fileId"], {"name": "y.txt"})
    client.files.delete(done["fileId"])
    types = [event["type"] for event in client.events.list(now, project_id=server.project, limit=1)]
    assert types == ["file.uploaded", "file.updated", "file.deleted"]
    assert [entry["step"] for entry in client.files.timeline(done["fileId"])["entries"]][-1] == "deleted"


async def test_events_are_read_by_the_async_client(aclient: AsyncReupload) -> None:
    now = (await aclient.events.wait("now", seconds=0))["nextCursor"]
    done = await aclient.uploads.upload_direct({"file": {"data": b"x", "filename": "x.txt"}})
    await aclient.uploads.wait_for_completion(done["uploadId"], interval_ms=20)
    assert [event["type"] async for event in aclient.events.list(now)] == ["file.uploaded"]


def test_waiting_for_an_event_may_take_longer_than_the_timeout(server: Server) -> None:
    with Reupload(api_key=server.key, base_url=server.api, timeout=0.5, max_retries=0) as client:
        now = client.events.wait("now", seconds=0)["nextCursor"]
        assert client.events.wait(now, seconds=1)["events"] == []


def test_files_are_changed_reached_and_deleted(client: Reupload, folder: str) -> None:
    first, second, *rest = [file["id"] for file in client.files.list(folder=folder)]
    changed = client.files.update(first, {"isPublic": True, "metadata": {"a": "b"}})["file"]
    assert (changed["isPublic"], changed["metadata"]) == (True, {"a": "b"})
    assert client.files.access(first)["access"]["accessType"] == "cdn_public"
    access = client.files.access(second, {"expiresIn": 60, "download": True})["access"]
    assert (access["expiresIn"], access["download"]) == (60, True)
    unknown = str(uuid.uuid4())
    assert client.files.delete_many([first, uuid.UUID(unknown)]) == {"deleted": [first], "notFound": [unknown]}
    assert client.files.delete_folder(folder) == {"deleted": len(rest) + 1, "hasMore": False}


def test_a_hostile_id_reaches_no_other_address(client: Reupload) -> None:
    with pytest.raises(ReuploadError) as error:
        client.files.get("../public/whoami")
    assert error.value.status in (400, 404)


def test_the_clients_come_from_the_environment(
    environment: None, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with create_reupload_from_env() as client:
        assert client.default_project_id == server.project
        assert client.whoami()["projects"][0]["id"] == server.project
    assert create_async_reupload_from_env().default_project_id == server.project
    monkeypatch.setenv("REUPLOAD_API_KEY", "  ")
    with pytest.raises(ValueError, match="REUPLOAD_API_KEY"):
        create_reupload_from_env()


def test_without_a_project_an_upload_is_refused_before_it_is_sent(server: Server) -> None:
    with Reupload(api_key=server.key, base_url=server.api) as client, pytest.raises(ReuploadError) as error:
        client.uploads.upload_direct({"file": {"data": b"x", "filename": "x"}})
    assert (error.value.status, error.value.code) == (400, "MISSING_PROJECT_ID")


def test_the_readmes_example_runs(environment: None, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text()
    example = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert example
    assert len(example[1].strip().splitlines()) <= 10
    monkeypatch.chdir(str(tmp_path))
    Path("cat.txt").write_text("meow")
    exec(compile(example[1], "README.md", "exec"), {})
    assert os.environ["REUPLOAD_API_KEY"]
