"""Drives every method of the published reupload-sdk 0.1.1 against a running server.

Environment: the three REUPLOAD_* variables, and READER_KEY, a key with files.read only.
"""

import asyncio
import io
import os
import uuid

import httpx

from reupload import (
    AsyncReupload,
    Reupload,
    create_async_reupload_from_env,
    create_reupload_from_env,
)
from reupload.cdn import aput_to_upload_url, put_to_upload_url
from reupload.errors import ReuploadCdnError, ReuploadError, is_reupload_error
from reupload.fastapi.shared import (
    UploadedFilePart,
    parse_direct_upload_from_form,
    run_direct_upload,
)

BASE = os.environ["REUPLOAD_API_BASE_URL"]
PROJECT = os.environ["REUPLOAD_PROJECT_ID"]
NAMES = ["plain.txt", "写真.txt", "صورة.txt", 'quo"te.txt', "🦀 crab.txt"]


def refused(status, code, call, *args, **kwargs):
    """Calls and insists on this error."""
    try:
        call(*args, **kwargs)
    except ReuploadError as error:
        assert is_reupload_error(error)
        assert (error.status, error.code) == (status, code), (error.status, error.code)
        assert error.message
        return
    raise AssertionError(f"{call} was not refused with {status} {code}")


async def arefused(status, code, awaitable):
    """The same for a coroutine."""
    try:
        await awaitable
    except ReuploadError as error:
        assert (error.status, error.code) == (status, code), (error.status, error.code)
        return
    raise AssertionError(f"not refused with {status} {code}")


def part(data, name="a.txt", mime="text/plain"):
    return {"data": data, "filename": name, "contentType": mime, "size": 1}


def session_input(name, data):
    return {"projectId": PROJECT, "filename": name, "contentType": "text/plain", "size": len(data)}


def sync_client():
    with create_reupload_from_env() as client:
        me = client.whoami()
        assert me["allProjects"] is True
        assert me["permissions"] == ["files.read", "files.write", "files.delete"]
        assert any(p["id"] == PROJECT and "http://localhost:*" in p["uploadCorsOrigins"] for p in me["projects"])

        for name in NAMES:
            done = client.uploads.upload_direct({"projectId": PROJECT, "file": part(name.encode(), name)})
            assert done["status"] == "processing"
            result = client.uploads.wait_for_completion(done["uploadId"], interval_ms=50)
            assert result["session"]["status"] == "COMPLETED"
            assert result["file"]["name"] == name, result["file"]
            assert httpx.get(result["file"]["url"]).content == name.encode()

        done = client.uploads.upload_direct(
            {"projectId": PROJECT, "file": part(io.BytesIO(b"from a stream")), "filename": "b.txt", "isPublic": True}
        )
        client.uploads.wait_for_completion(done["uploadId"], interval_ms=50)
        file = client.files.get(done["fileId"])["file"]
        assert (file["name"], file["isPublic"], file["uploadedVia"]) == ("b.txt", True, "api")
        assert httpx.get(file["publicUrl"]).content == b"from a stream"
        access = client.files.access(done["fileId"], {"download": True})["access"]
        assert (access["accessType"], access["expiresIn"], access["download"]) == ("cdn_public", None, True)
        assert httpx.get(access["url"]).headers["content-disposition"].startswith("attachment")

        batch = client.uploads.upload_direct_batch({"projectId": PROJECT, "files": [part(b"1"), part(b"2"), part(b"3")]})
        assert len(batch["files"]) == 3
        single = client.uploads.upload_direct_batch({"projectId": PROJECT, "files": [part(b"1")]})
        assert len(single["files"]) == 1

        data = b"through the CDN"
        done = client.uploads.upload({**session_input("c.txt", data), "file": part(data)})
        assert done["status"] == "processing"

        session = client.uploads.create_session(session_input("写真.txt", data))
        assert session["expiresIn"] == 3600
        assert client.uploads.get_session(session["uploadId"])["session"]["status"] == "PENDING"
        refused(409, "UPLOAD_NOT_RECEIVED", client.uploads.complete, {"uploadId": session["uploadId"]})
        put_to_upload_url(session["uploadUrl"], data, "text/plain")
        assert client.uploads.get_session(session["uploadId"])["session"]["status"] == "UPLOADING"
        assert client.uploads.complete({"uploadId": session["uploadId"]})["fileId"] == session["fileId"]
        assert client.uploads.complete({"uploadId": session["uploadId"]})["fileId"] == session["fileId"]
        client.uploads.wait_for_completion(session["uploadId"], interval_ms=50)
        try:
            put_to_upload_url(session["uploadUrl"], data, "text/plain")
            raise AssertionError("a PUT after complete was taken")
        except ReuploadCdnError as error:
            assert error.status == 409

        access = client.files.access(session["fileId"], {"expiresIn": 600})["access"]
        assert (access["accessType"], access["expiresIn"], access["variant"]) == ("cdn", 600, "original")
        assert httpx.get(access["url"]).content == data
        assert client.files.delete(session["fileId"]) == {"success": True}
        assert httpx.get(access["url"]).status_code == 404
        refused(404, "NOT_FOUND", client.files.get, session["fileId"])

        session = client.uploads.create_session(session_input("d.txt", data))
        assert client.uploads.cancel_session(session["uploadId"]) == {"success": True}
        refused(409, "SESSION_NOT_ACTIVE", client.uploads.complete, {"uploadId": session["uploadId"]})
        try:
            client.uploads.wait_for_completion(session["uploadId"])
            raise AssertionError("a cancelled upload was waited for")
        except RuntimeError as error:
            assert "CANCELLED" in str(error)

        refused(404, "NOT_FOUND", client.uploads.get_session, str(uuid.uuid4()))
        refused(400, "VALIDATION_ERROR", client.files.access, done["fileId"], {"expiresIn": 59})
        refused(400, "VALIDATION_ERROR", client.uploads.create_session, {**session_input("e", data), "size": 0})
        refused(404, "NOT_FOUND", client.uploads.create_session, {**session_input("e", data), "projectId": str(uuid.uuid4())})
        refused(400, "EMPTY_FILE", client.uploads.upload_direct, {"projectId": PROJECT, "file": part(b"")})

    with Reupload(api_key="ru_nonsense", base_url=BASE) as stranger:
        refused(401, "UNAUTHORIZED", stranger.whoami)
    with Reupload(api_key=os.environ["READER_KEY"], base_url=BASE) as reader:
        refused(403, "PERMISSION_DENIED", reader.uploads.create_session, session_input("e", data))
        refused(403, "PERMISSION_DENIED", reader.files.delete, done["fileId"])


def guide_helpers():
    """The framework helpers that the Django guide uses, with the argument that 0.1.1 insists on."""
    client = create_reupload_from_env()
    uploaded = UploadedFilePart(data=b"guide", filename="guide.txt", content_type="text/plain", size=5)
    payload = parse_direct_upload_from_form(
        client=client, project_id=None, file=uploaded, form_project_id=None, filename_field=None, is_public_field="true"
    )
    assert run_direct_upload(client, payload)["status"] == "processing"


async def async_client():
    async with create_async_reupload_from_env() as client:
        assert (await client.whoami())["workspaceId"]
        done = await client.uploads.upload_direct({"projectId": PROJECT, "file": part(b"async")})
        result = await client.uploads.wait_for_completion(done["uploadId"], interval_ms=50)
        assert result["file"]["sizeBytes"] == 5
        assert (await client.files.get(done["fileId"]))["file"]["id"] == done["fileId"]
        access = (await client.files.access(done["fileId"]))["access"]
        assert access["expiresIn"] == 300
        assert await client.files.delete(done["fileId"]) == {"success": True}
        await arefused(404, "NOT_FOUND", client.files.get(done["fileId"]))

        batch = await client.uploads.upload_direct_batch({"projectId": PROJECT, "files": [part(b"1"), part(b"2")]})
        assert len(batch["files"]) == 2
        data = b"async through the CDN"
        assert (await client.uploads.upload({**session_input("f.txt", data), "file": part(data)}))["fileId"]
        session = await client.uploads.create_session(session_input("g.txt", data))
        await aput_to_upload_url(session["uploadUrl"], data, "text/plain")
        await client.uploads.complete({"uploadId": session["uploadId"]})
        assert (await client.uploads.get_session(session["uploadId"]))["session"]["id"] == session["uploadId"]
        session = await client.uploads.create_session(session_input("h.txt", data))
        assert await client.uploads.cancel_session(session["uploadId"]) == {"success": True}
        await arefused(409, "SESSION_NOT_ACTIVE", client.uploads.cancel_session(session["uploadId"]))
    async with AsyncReupload(api_key="ru_nonsense", base_url=BASE) as stranger:
        await arefused(401, "UNAUTHORIZED", stranger.whoami())


sync_client()
guide_helpers()
asyncio.run(async_client())
print("all methods work")
