"""Reupload's Python SDK:

``Reupload`` and ``AsyncReupload``, and what they raise. README.md has the ten lines to begin with.
"""

from reupload._multipart import (
    build_direct_upload_batch_multipart,
    build_direct_upload_multipart,
    is_direct_upload_batch_response,
    normalize_direct_upload_batch_response,
)
from reupload.cdn import aput_to_upload_url, put_to_upload_url
from reupload.client import DEFAULT_BASE_URL, AsyncReupload, Reupload
from reupload.env import create_async_reupload_from_env, create_reupload_from_env
from reupload.errors import (
    DirectUploadHandlerError,
    ReuploadCdnError,
    ReuploadConnectionError,
    ReuploadError,
    UploadFailedError,
    UploadTimeoutError,
    WebhookVerificationError,
    is_direct_upload_handler_error,
    is_reupload_cdn_error,
    is_reupload_error,
)
from reupload.polling import await_upload_session, wait_for_upload_session

__all__ = [
    "DEFAULT_BASE_URL",
    "AsyncReupload",
    "DirectUploadHandlerError",
    "Reupload",
    "ReuploadCdnError",
    "ReuploadConnectionError",
    "ReuploadError",
    "UploadFailedError",
    "UploadTimeoutError",
    "WebhookVerificationError",
    "aput_to_upload_url",
    "await_upload_session",
    "build_direct_upload_batch_multipart",
    "build_direct_upload_multipart",
    "create_async_reupload_from_env",
    "create_reupload_from_env",
    "is_direct_upload_batch_response",
    "is_direct_upload_handler_error",
    "is_reupload_cdn_error",
    "is_reupload_error",
    "normalize_direct_upload_batch_response",
    "put_to_upload_url",
    "wait_for_upload_session",
]

__version__ = "0.2.0"
