"""The errors of the package.

::

    ReuploadError                   the API refused; status, code, message, request_id, details
    ├── ReuploadConnectionError     no answer after all tries (also an httpx.TransportError)
    ├── UploadFailedError           an upload ended as FAILED or CANCELLED (also a RuntimeError)
    └── UploadTimeoutError          an upload was not ready in time (also a TimeoutError)
    ReuploadCdnError                the CDN host refused a PUT; status, message, code, request_id
    DirectUploadHandlerError        the form that *your* route got is not valid; status, code, message
    WebhookVerificationError        a webhook is not ours, or too old (also a ValueError)

To add one: a class with its place in the drawing, and its line in README.md.
"""

from __future__ import annotations

from typing import Any

import httpx


def _restore(kind: type[Exception], args: tuple[object, ...], state: dict[str, object]) -> Exception:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class _Picklable(Exception):
    """Task queues such as Celery carry errors between processes, and pickle would call ``__init__`` with the
    message only.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, dict(self.__dict__))


class ReuploadError(_Picklable):
    """The API refused a request.

    ``code`` is for programs (``docs/reference/errors.md`` lists all), ``message`` for people. ``request_id`` finds
    the request in
    the server's log. ``details`` are figures, such as those of ``QUOTA_EXCEEDED``. ``maybe_done``: an earlier try got
    no
    answer, so the server may have done it although this one was refused.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        request_id: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.details = details
        self.maybe_done = False

    @classmethod
    def from_response(cls, response: httpx.Response) -> ReuploadError:
        return cls(response.status_code, *_refusal(response, f"Request failed with status {response.status_code}."))


class ReuploadConnectionError(ReuploadError, httpx.TransportError):
    """No whole answer came, after all tries. ``__cause__`` is what httpx said."""

    def __init__(self, message: str) -> None:
        super().__init__(503, "CONNECTION_ERROR", message)
        self.maybe_done = True


class UploadFailedError(ReuploadError, RuntimeError):
    """An upload will never be ready.

    FAILED has status 422 and the session's ``failureReason`` as ``code``; CANCELLED has 409 and ``UPLOAD_CANCELLED``.
    """

    def __init__(self, upload_id: str, status: str, failure_reason: str | None = None) -> None:
        message = f"Upload session {upload_id} ended with status {status}."
        if status == "CANCELLED":
            super().__init__(409, "UPLOAD_CANCELLED", message)
        else:
            reason = f"{message[:-1]}: {failure_reason}." if failure_reason else message
            super().__init__(422, failure_reason or "UPLOAD_FAILED", reason)
        self.upload_id = upload_id
        self.failure_reason = failure_reason


class UploadTimeoutError(ReuploadError, TimeoutError):
    """An upload was still being processed when the time to wait was over. It may become ready later."""

    def __init__(self, upload_id: str) -> None:
        message = f"Timed out waiting for upload session {upload_id} to complete."
        super().__init__(504, "UPLOAD_TIMEOUT", message)
        self.upload_id = upload_id


class ReuploadCdnError(_Picklable):
    """The CDN host refused a PUT, or could not be reached (then ``status`` is 503 and ``__cause__`` is what httpx
    said).
    """

    def __init__(self, status: int, message: str, code: str | None = None, request_id: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.request_id = request_id

    @classmethod
    def from_response(cls, response: httpx.Response) -> ReuploadCdnError:
        code, message, request_id, _ = _refusal(response, "")
        text = f"CDN upload failed with status {response.status_code}."
        return cls(response.status_code, f"{text} {message}".rstrip(), code if code != "UNKNOWN" else None, request_id)


class DirectUploadHandlerError(_Picklable):
    """The form that a route of yours got is not valid. ``to_json`` is the body to answer with ``status``."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def to_json(self) -> dict[str, str]:
        return {"error": self.code, "message": self.message}


class WebhookVerificationError(ValueError):
    """A webhook's signature is missing, malformed, wrong or too old. Answer 400 and do nothing else."""


def is_reupload_error(error: BaseException) -> bool:
    return isinstance(error, ReuploadError)


def is_reupload_cdn_error(error: BaseException) -> bool:
    return isinstance(error, ReuploadCdnError)


def is_direct_upload_handler_error(error: BaseException) -> bool:
    return isinstance(error, DirectUploadHandlerError)


def _refusal(response: httpx.Response, default: str) -> tuple[str, str, str | None, dict[str, Any] | None]:
    """Code, message, request id and details, as far as the body has them: a proxy in between may have answered
    instead.
    """
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    code, message, request_id, details = (body.get(name) for name in ("error", "message", "requestId", "details"))
    return (
        code if isinstance(code, str) else "UNKNOWN",
        message if isinstance(message, str) else default,
        request_id if isinstance(request_id, str) else response.headers.get("x-request-id"),
        details if isinstance(details, dict) else None,
    )
