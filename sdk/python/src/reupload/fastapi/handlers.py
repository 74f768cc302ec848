"""Direct upload through the application: browser -> FastAPI -> Reupload.

These helpers are version 0.1's. They trust the form: whoever may call the route chooses the project and whether the
file is public. `reupload.fastapi.create_file_router` asks the application instead; take it for anybody's uploads.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from reupload.fastapi._answers import error_response
from reupload.forms import (
    DEFAULT_FILE_FIELD,
    DirectUploadHandlerError,
    UploadedFilePart,
    parse_direct_upload_from_form,
    run_async_direct_upload,
    run_direct_upload,
)
from reupload.grants import form_text

if TYPE_CHECKING:
    from reupload.client import AsyncReupload, Reupload
    from reupload.types import DirectUploadResult

ProjectChooser = Callable[[Request], str | Awaitable[str | None] | None]


def upload_file_part(file: object) -> UploadedFilePart:
    """Return a form's file as a part that is read while it is sent, never as a whole.

    Use it while the form is open: FastAPI closes its uploaded files after the answer.

    Raises:
        DirectUploadHandlerError: 400 `MISSING_FILE`, it is no uploaded file.

    """
    if not isinstance(file, UploadFile):
        raise _no_file()
    # Starlette counts while it parses; a file made by hand may not know its size.
    size = file.size if file.size is not None else file.file.seek(0, 2)
    file.file.seek(0)
    return UploadedFilePart(
        data=file,
        filename=file.filename or "upload",
        content_type=file.content_type or "application/octet-stream",
        size=size,
    )


async def read_upload_file(file: object) -> UploadedFilePart:
    """Read a form's file into memory, and return it with its bytes as `data`.

    For files that the application itself looks into; `upload_file_part` forwards one of any size.

    Raises:
        DirectUploadHandlerError: 400 `MISSING_FILE`, it is no uploaded file.

    """
    read = getattr(file, "read", None)
    if read is None:
        raise _no_file()
    data: bytes = await read()
    return UploadedFilePart(
        data=data,
        filename=getattr(file, "filename", None) or "upload",
        content_type=getattr(file, "content_type", None) or "application/octet-stream",
        size=len(data),
    )


def handle_fastapi_direct_upload(
    *,
    client: Reupload,
    file: UploadedFilePart,
    project_id: str | None = None,
    form_project_id: str | None = None,
    filename_field: str | None = None,
    is_public_field: str | None = None,
) -> DirectUploadResult:
    """Upload one file with the form's text fields; for `def` routes.

    Raises:
        DirectUploadHandlerError: the form is wrong.
        ReuploadError: Reupload has refused.

    """
    upload = parse_direct_upload_from_form(
        client=client,
        file=file,
        project_id=project_id,
        form_project_id=form_project_id,
        filename_field=filename_field,
        is_public_field=is_public_field,
    )
    return run_direct_upload(client, upload)


async def handle_async_fastapi_direct_upload(
    *,
    client: AsyncReupload,
    file: UploadedFilePart,
    project_id: str | None = None,
    form_project_id: str | None = None,
    filename_field: str | None = None,
    is_public_field: str | None = None,
) -> DirectUploadResult:
    """Upload one file with the form's text fields; for `async def` routes.

    Raises:
        DirectUploadHandlerError: the form is wrong.
        ReuploadError: Reupload has refused.

    """
    upload = parse_direct_upload_from_form(
        client=client,
        file=file,
        project_id=project_id,
        form_project_id=form_project_id,
        filename_field=filename_field,
        is_public_field=is_public_field,
    )
    return await run_async_direct_upload(client, upload)


def create_async_fastapi_direct_upload_handler(
    *,
    client: AsyncReupload,
    project_id: str | None = None,
    get_project_id: ProjectChooser | None = None,
    file_field: str = DEFAULT_FILE_FIELD,
) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Make a handler that forwards a form's file and answers 202, or the error as `{"error", "message"}`.

    It reads the fields `file`, `projectId`, `filename` and `isPublic`. `project_id`, or what `get_project_id` returns,
    goes before the form's `projectId`. Register it as a route, or await it in one whose parameter is annotated:
    `async def upload(request: Request)`. Without the annotation FastAPI takes `request` for a query parameter.
    """

    async def handler(request: Request) -> JSONResponse:
        try:
            async with request.form() as form:
                entry = form.get(file_field)
                if entry is None:
                    raise DirectUploadHandlerError(400, "MISSING_FILE", f'Missing multipart field "{file_field}".')
                part = upload_file_part(entry)
                chosen = project_id
                if get_project_id is not None:
                    answer = get_project_id(request)
                    chosen = await answer if inspect.isawaitable(answer) else answer
                result = await handle_async_fastapi_direct_upload(
                    client=client,
                    file=part,
                    project_id=chosen,
                    form_project_id=form_text(form.get("projectId")),
                    filename_field=form_text(form.get("filename")),
                    is_public_field=form_text(form.get("isPublic")),
                )
            return JSONResponse(status_code=202, content=result)
        except Exception as error:
            return error_response(error)

    return handler


def _no_file() -> DirectUploadHandlerError:
    return DirectUploadHandlerError(400, "MISSING_FILE", "Expected an uploaded file.")
