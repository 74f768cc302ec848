"""The tree of errors, and what the guide's mapper makes of it."""

from __future__ import annotations

import pickle

import httpx
import pytest

from reupload import await_upload_session, wait_for_upload_session
from reupload.errors import (
    DirectUploadHandlerError,
    ReuploadCdnError,
    ReuploadConnectionError,
    ReuploadError,
    UploadFailedError,
    UploadTimeoutError,
    is_reupload_error,
)

SESSION = {"id": "u1", "status": "FAILED", "failureReason": "MALWARE_DETECTED"}


def test_a_failed_session_raises_its_reason() -> None:
    with pytest.raises(UploadFailedError, match="MALWARE_DETECTED") as error:
        wait_for_upload_session(lambda: SESSION)
    assert (error.value.status, error.value.code) == (422, "MALWARE_DETECTED")
    assert (error.value.upload_id, error.value.failure_reason) == ("u1", "MALWARE_DETECTED")
    assert isinstance(error.value, RuntimeError)
    assert is_reupload_error(error.value)


async def test_a_session_that_takes_too_long_is_a_timeout() -> None:
    async def get() -> dict[str, str]:
        return {"id": "u1", "status": "UPLOADING"}

    with pytest.raises(UploadTimeoutError) as error:
        await await_upload_session(get, interval_ms=10, timeout_ms=30)
    assert isinstance(error.value, TimeoutError)
    assert (error.value.status, error.value.code, error.value.upload_id) == (504, "UPLOAD_TIMEOUT", "u1")


@pytest.mark.parametrize(
    "error",
    [
        ReuploadError(403, "QUOTA_EXCEEDED", "Full.", "req", {"limit": 1}),
        ReuploadConnectionError("No answer."),
        UploadFailedError("u1", "FAILED", "EXPIRED"),
        UploadTimeoutError("u1"),
        ReuploadCdnError(422, "No.", "SIZE_MISMATCH"),
        DirectUploadHandlerError(400, "MISSING_FILE", "No file."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_a_task_queue(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"error": 5}', b""])
def test_an_answer_of_something_else_in_between_is_still_an_error_of_ours(body: bytes) -> None:
    error = ReuploadError.from_response(httpx.Response(502, content=body, headers={"x-request-id": "r1"}))
    assert (error.status, error.code, error.request_id) == (502, "UNKNOWN", "r1")
    assert error.message == "Request failed with status 502."


def test_the_parts_of_a_refusal_are_read() -> None:
    body = {"error": "QUOTA_EXCEEDED", "message": "Full.", "requestId": "r2", "details": {"limit": 3}}
    error = ReuploadError.from_response(httpx.Response(403, json=body))
    assert (error.code, error.message, error.request_id, error.details) == (
        "QUOTA_EXCEEDED",
        "Full.",
        "r2",
        {"limit": 3},
    )
