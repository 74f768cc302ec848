"""What the application itself knows of uploads: whose they are, what is allowed, and what the webhook has told.

It is in memory and gone at the end: a real application has a database.
"""

from __future__ import annotations

import logging
import queue
import threading
from typing import Any

from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request

from reupload.django import FileRequest, UploadGrant
from reupload.webhooks import WebhookEvent

MAX_BYTES = 5 * 1024**3
log = logging.getLogger("uploads")

owners: dict[str, str] = {}
"""Whose an upload or a file is, by its id."""
ready: dict[str, dict[str, Any]] = {}
"""What the webhook has told of each file."""
seen: set[str] = set()
"""The ids of the events that were worked on: each may come more than once."""


class TooLarge(APIException):
    status_code = 413
    default_detail = "A file may have 5 GiB."


def authorize(request: Request, asked: FileRequest) -> UploadGrant:
    """Uploads of up to 5 GiB are for everybody who has a name; ids are for those whose they are."""
    known = asked.upload_id or asked.file_id
    if known:
        check_owner(request, known)
    if asked.size and asked.size > MAX_BYTES:
        raise TooLarge
    return UploadGrant(owner_ref=request.user.name, folder="examples")


def check_owner(request: Request, known: str) -> None:
    """Answer 404 for what is somebody else's, as for what is not there."""
    if owners.get(known) != request.user.name:
        raise NotFound("There is no such file.")


def remember(request: Request, upload_id: str, file_id: str) -> None:
    owners[upload_id] = owners[file_id] = request.user.name


events: queue.Queue[WebhookEvent] = queue.Queue(maxsize=1000)
"""Full, `put_nowait` raises, the webhook is answered with 500 and Reupload sends the event again later."""


def work() -> None:
    """A plain background thread: it lives and dies with this process. Use a task queue where no event may be lost."""
    while True:
        event = events.get()
        if event["id"] in seen:
            continue
        seen.add(event["id"])
        if event["type"] == "file.uploaded":
            ready[event["data"]["fileId"]] = dict(event["data"])
            log.info("ready: %s, %d bytes", event["data"]["name"], event["data"]["sizeBytes"])
        elif event["type"] == "file.deleted":
            ready.pop(event["data"]["fileId"], None)


threading.Thread(target=work, name="webhook events", daemon=True).start()
