"""A FastAPI application that uploads to Reupload in every way: start it with `./run` and open /docs.

Who is asking is the header `X-User` here, so that the example needs no login. Put your own login in its
place; the rest can stay. What it remembers is in memory and gone at the end: a real application has a database.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, Form, Header, HTTPException, Request, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse

from reupload import ReuploadCdnError, ReuploadError, create_async_reupload_from_env
from reupload.fastapi import (
    DirectUploadHandlerError,
    FileRequest,
    UploadGrant,
    create_file_router,
    error_payload,
    parse_direct_upload_batch_from_form,
    run_async_direct_upload_batch,
    upload_file_part,
    webhook_event,
)
from reupload.webhooks import WebhookEvent

MAX_BYTES = 5 * 1024**3
log = logging.getLogger("uvicorn.error")
client = create_async_reupload_from_env()

owners: dict[str, str] = {}
"""Whose an upload or a file is, by its id."""
ready: dict[str, dict[str, Any]] = {}
"""What the webhook has told of each file."""
seen: set[str] = set()
"""The ids of the events that were worked on: each may come more than once."""


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield
    await client.aclose()


app = FastAPI(title="Reupload with FastAPI", lifespan=lifespan)


def user(request: Request, x_user: Annotated[str, Header(description="Who you are, in this example.")] = "me") -> str:
    request.state.user = x_user
    return x_user


User = Annotated[str, Depends(user)]


def authorize(request: Request, asked: FileRequest) -> UploadGrant:
    """Uploads of up to 5 GiB are for everybody who has a name; ids are for those whose they are."""
    name = request.state.user
    known = asked.upload_id or asked.file_id
    if known and owners.get(known) != name:
        raise HTTPException(404, "There is no such file.")
    if asked.size and asked.size > MAX_BYTES:
        raise HTTPException(413, "A file may have 5 GiB.")
    return UploadGrant(owner_ref=name, folder="examples")


def remember(request: Request, upload_id: str, file_id: str) -> None:
    owners[upload_id] = owners[file_id] = request.state.user


# Prepare, complete, status and access, which @reupload/client and @reupload/react call, and direct upload.
app.include_router(
    create_file_router(client=client, authorize=authorize, on_upload=remember, dependencies=[Depends(user)]),
    prefix="/api",
)


@app.exception_handler(ReuploadError)
@app.exception_handler(ReuploadCdnError)
@app.exception_handler(DirectUploadHandlerError)
async def refused(_request: Request, error: Exception) -> JSONResponse:
    status, body = error_payload(error)
    return JSONResponse(status_code=status, content=body)


@app.get("/", include_in_schema=False)
def start() -> RedirectResponse:
    return RedirectResponse("/docs")


@app.post("/api/uploads/batch", status_code=202)
async def batch(request: Request, name: User, file: list[UploadFile]) -> dict[str, Any]:
    """Several files in one request, each read while it is sent on."""
    upload = parse_direct_upload_batch_from_form(client=client, files=[upload_file_part(one) for one in file])
    result = await run_async_direct_upload_batch(client, {**upload, "ownerRef": name})
    for one in result["files"]:
        remember(request, one["uploadId"], one["fileId"])
    return dict(result)


@app.post("/api/uploads/cdn", status_code=202)
async def cdn(
    request: Request, name: User, file: UploadFile, isPublic: Annotated[bool, Form()] = False
) -> dict[str, Any]:
    """Session, PUT to the CDN and complete from here: what a browser does with the file router, without one."""
    part = upload_file_part(file)
    result = await client.uploads.upload(
        {
            "projectId": str(client.default_project_id),
            "filename": part.filename,
            "contentType": part.content_type,
            "size": part.size,
            "isPublic": isPublic,
            "ownerRef": name,
            "file": part.to_upload_file_input(),
        }
    )
    remember(request, result["uploadId"], result["fileId"])
    return dict(result)


@app.get("/api/uploads/session/{uploadId}")
async def session(uploadId: str, name: User, wait: bool = False) -> dict[str, Any]:
    """Ask how far an upload is, or with `wait` until it is ready. In production a webhook is better."""
    if owners.get(uploadId) != name:
        raise HTTPException(404, "There is no such upload.")
    if wait:
        return dict(await client.uploads.wait_for_completion(uploadId, timeout_ms=30_000))
    return dict(await client.uploads.get_session(uploadId))


@app.post("/api/webhooks/reupload", status_code=202)
async def webhook(event: Annotated[WebhookEvent, Depends(webhook_event())], tasks: BackgroundTasks) -> dict[str, bool]:
    """Answer at once, work afterwards."""
    if event["id"] not in seen:
        seen.add(event["id"])
        tasks.add_task(work, event)
    return {"received": True}


def work(event: WebhookEvent) -> None:
    """A plain background task: it lives and dies with this process. Use a queue where an event must not be lost."""
    if event["type"] == "file.uploaded":
        ready[event["data"]["fileId"]] = dict(event["data"])
        log.info("ready: %s, %d bytes", event["data"]["name"], event["data"]["sizeBytes"])
    elif event["type"] == "file.deleted":
        ready.pop(event["data"]["fileId"], None)


@app.get("/api/files/ready")
def files_ready(name: User) -> list[dict[str, Any]]:
    """Your files that the webhook has told of."""
    return [file for file_id, file in ready.items() if owners.get(file_id) == name]
