"""The routes that `@reupload/client` calls on a backend, and direct upload, as one FastAPI router.

| route                           | does                                                                    |
|---------------------------------|-------------------------------------------------------------------------|
| `POST /uploads/prepare`         | makes a session; the browser sends the bytes straight to Reupload       |
| `POST /uploads/complete`        | says that the bytes are there                                           |
| `POST /uploads/cancel`          | ends a session that the browser has given up                            |
| `GET /uploads/{uploadId}/status`| how far it is                                                           |
| `GET /files/{fileId}/access`    | a signed address, good for 5 minutes                                    |
| `POST /uploads/direct`          | one file as a form, through the application, never as a whole in memory |

Safe defaults: nothing is answered before the application's `authorize` has said yes; there is no default for it. What
the browser says of project, owner and publicity counts for nothing: files are private and go to the client's default
project, unless the grant says otherwise. The API key never leaves the server.

To add a route: write it in `_Routes`, give it an `Action` of `reupload.grants` and ask `_allow` first, and add it in
`create_file_router`.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response, params
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from reupload.fastapi._answers import error_response
from reupload.fastapi.handlers import upload_file_part
from reupload.forms import (
    DEFAULT_FILE_FIELD,
    DirectUploadHandlerError,
    file_from_upload_part,
    parse_optional_boolean_form_field,
)
from reupload.grants import FileRequest, UploadGrant, checked_grant, form_text, terms
from reupload.types import FileAccessVariant

if TYPE_CHECKING:
    from reupload.client import AsyncReupload

Authorize = Callable[[Request, FileRequest], UploadGrant | Awaitable[UploadGrant]]
OnUpload = Callable[[Request, str, str], Awaitable[None] | None]


class PrepareBody(BaseModel):
    """Body of `POST /uploads/prepare`."""

    filename: str = Field(min_length=1, max_length=512)
    contentType: str = Field(min_length=1, max_length=255)
    size: int = Field(ge=1)
    projectId: str | None = None
    isPublic: bool = False


class CompleteBody(BaseModel):
    """Body of `POST /uploads/complete` and `POST /uploads/cancel`."""

    uploadId: str = Field(min_length=1)


class _FileRoute(APIRoute):
    """A route whose errors are all answered as `{"error", "message"}`, FastAPI's own included."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except Exception as error:
                return error_response(error)

        return handler


_DIRECT_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "filename": {"type": "string"},
                        "projectId": {"type": "string"},
                        "isPublic": {"type": "boolean"},
                    },
                }
            }
        },
    }
}


def create_file_router(
    *,
    client: AsyncReupload,
    authorize: Authorize,
    on_upload: OnUpload | None = None,
    dependencies: Sequence[params.Depends] | None = None,
) -> APIRouter:
    """Make the router. Include it under the path that the browser's `apiUrl` names.

    Args:
        client: the client whose key and default project are used.
        authorize: called before every action, with the request and what is asked; a plain or an async function. It
            returns an `UploadGrant`, or raises FastAPI's `HTTPException` (or any `DirectUploadHandlerError`) to
            refuse. For `complete`, `cancel`, `status` and `access` it must know whose upload or file the id is.
        on_upload: called with the request, the upload's id and the file's id, before the browser hears of them, so that
            `authorize` can later tell whose they are.
        dependencies: run before the body of a request is read. Check logins here too: `authorize` needs the name and
            size of a direct upload's file, and hears of it when the form lies on this server's disk.

    """
    router = APIRouter(route_class=_FileRoute, dependencies=dependencies, tags=["files"])
    routes = _Routes(client, authorize, on_upload)
    router.add_api_route("/uploads/prepare", routes.prepare, methods=["POST"], status_code=201)
    router.add_api_route("/uploads/complete", routes.complete, methods=["POST"], status_code=202)
    router.add_api_route("/uploads/cancel", routes.cancel, methods=["POST"])
    router.add_api_route("/uploads/{uploadId}/status", routes.status, methods=["GET"])
    router.add_api_route("/files/{fileId}/access", routes.access, methods=["GET"])
    router.add_api_route(
        "/uploads/direct", routes.direct, methods=["POST"], status_code=202, openapi_extra=_DIRECT_FORM
    )
    return router


@dataclass(frozen=True)
class _Routes:
    client: AsyncReupload
    authorize: Authorize
    on_upload: OnUpload | None

    async def prepare(self, request: Request, body: PrepareBody) -> dict[str, Any]:
        asked = FileRequest(
            action="prepare",
            filename=body.filename,
            content_type=body.contentType,
            size=body.size,
            project_id=body.projectId,
            is_public=body.isPublic,
        )
        fixed = terms(self.client, await self._allow(request, asked))
        session: Any = {"filename": body.filename, "contentType": body.contentType, "size": body.size, **fixed}
        return await self._made(request, await self.client.uploads.create_session(session))

    async def complete(self, request: Request, body: CompleteBody) -> dict[str, Any]:
        await self._allow(request, FileRequest(action="complete", upload_id=body.uploadId))
        return dict(await self.client.uploads.complete({"uploadId": body.uploadId}))

    async def cancel(self, request: Request, body: CompleteBody) -> dict[str, Any]:
        await self._allow(request, FileRequest(action="cancel", upload_id=body.uploadId))
        return dict(await self.client.uploads.cancel_session(body.uploadId))

    async def status(self, request: Request, uploadId: str) -> dict[str, Any]:
        await self._allow(request, FileRequest(action="status", upload_id=uploadId))
        session = (await self.client.uploads.get_session(uploadId))["session"]
        return {"status": session["status"], "fileId": session["fileId"], "failureReason": session["failureReason"]}

    async def access(
        self, request: Request, fileId: str, variant: FileAccessVariant = "original", download: bool = False
    ) -> dict[str, Any]:
        await self._allow(request, FileRequest(action="access", file_id=fileId))
        return dict(await self.client.files.access(fileId, {"variant": variant, "download": download}))

    async def direct(self, request: Request) -> dict[str, Any]:
        # The form is read by hand: as a parameter, FastAPI would read it before the dependencies have run.
        async with request.form(max_files=1, max_fields=20) as form:
            entry = form.get(DEFAULT_FILE_FIELD)
            if entry is None:
                raise DirectUploadHandlerError(400, "MISSING_FILE", 'Missing multipart field "file".')
            file = file_from_upload_part(upload_file_part(entry), form_text(form.get("filename")))
            asked = FileRequest(
                action="direct",
                filename=str(file["filename"]),
                content_type=file["contentType"],
                size=file["size"],
                project_id=form_text(form.get("projectId")),
                is_public=parse_optional_boolean_form_field(form_text(form.get("isPublic"))) or False,
            )
            upload: Any = {"file": file, **terms(self.client, await self._allow(request, asked))}
            result = await self.client.uploads.upload_direct(upload)
        return await self._made(request, result)

    async def _allow(self, request: Request, asked: FileRequest) -> UploadGrant:
        answer = self.authorize(request, asked)
        grant = await answer if inspect.isawaitable(answer) else answer
        return checked_grant(grant)

    async def _made(self, request: Request, result: Any) -> dict[str, Any]:
        if self.on_upload is not None:
            told = self.on_upload(request, result["uploadId"], result["fileId"])
            if inspect.isawaitable(told):
                await told
        return dict(result)
