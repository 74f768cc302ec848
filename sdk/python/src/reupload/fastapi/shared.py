"""The names of `reupload.forms` at the place where version 0.1 had them; they need no FastAPI."""

from reupload.forms import (
    DEFAULT_FILE_FIELD,
    DirectUploadHandlerError,
    UploadedFilePart,
    error_payload,
    file_from_upload_part,
    is_direct_upload_handler_error,
    parse_direct_upload_batch_from_form,
    parse_direct_upload_from_form,
    parse_optional_boolean_form_field,
    resolve_project_id,
    run_async_direct_upload,
    run_async_direct_upload_batch,
    run_direct_upload,
    run_direct_upload_batch,
)

__all__ = [
    "DEFAULT_FILE_FIELD",
    "DirectUploadHandlerError",
    "UploadedFilePart",
    "error_payload",
    "file_from_upload_part",
    "is_direct_upload_handler_error",
    "parse_direct_upload_batch_from_form",
    "parse_direct_upload_from_form",
    "parse_optional_boolean_form_field",
    "resolve_project_id",
    "run_async_direct_upload",
    "run_async_direct_upload_batch",
    "run_direct_upload",
    "run_direct_upload_batch",
]
