"""Reupload in a FastAPI application: a direct-upload handler, a file router, and verified webhooks.

FastAPI itself is imported only with the names that need it, so that `reupload.fastapi.shared` can be used from any
framework. To add a name: export it from its module, and name it in `_HOMES` and in the imports for type checkers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from reupload.fastapi.shared import (
    DEFAULT_FILE_FIELD,
    DirectUploadHandlerError,
    UploadedFilePart,
    error_payload,
    is_direct_upload_handler_error,
    parse_direct_upload_batch_from_form,
    parse_direct_upload_from_form,
    resolve_project_id,
    run_async_direct_upload,
    run_async_direct_upload_batch,
    run_direct_upload,
    run_direct_upload_batch,
)

if TYPE_CHECKING:
    from reupload.fastapi.handlers import (
        create_async_fastapi_direct_upload_handler,
        handle_async_fastapi_direct_upload,
        handle_fastapi_direct_upload,
        read_upload_file,
        upload_file_part,
    )
    from reupload.fastapi.router import create_file_router
    from reupload.fastapi.webhook import webhook_event
    from reupload.grants import FileRequest, UploadGrant

__all__ = [
    "DEFAULT_FILE_FIELD",
    "DirectUploadHandlerError",
    "FileRequest",
    "UploadGrant",
    "UploadedFilePart",
    "create_async_fastapi_direct_upload_handler",
    "create_file_router",
    "error_payload",
    "handle_async_fastapi_direct_upload",
    "handle_fastapi_direct_upload",
    "is_direct_upload_handler_error",
    "parse_direct_upload_batch_from_form",
    "parse_direct_upload_from_form",
    "read_upload_file",
    "resolve_project_id",
    "run_async_direct_upload",
    "run_async_direct_upload_batch",
    "run_direct_upload",
    "run_direct_upload_batch",
    "upload_file_part",
    "webhook_event",
]

_HOMES = {
    "FileRequest": "router",
    "UploadGrant": "router",
    "create_async_fastapi_direct_upload_handler": "handlers",
    "create_file_router": "router",
    "handle_async_fastapi_direct_upload": "handlers",
    "handle_fastapi_direct_upload": "handlers",
    "read_upload_file": "handlers",
    "upload_file_part": "handlers",
    "webhook_event": "webhook",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
