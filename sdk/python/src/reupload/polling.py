"""Waiting for an upload to be ready."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from reupload.errors import UploadFailedError, UploadTimeoutError
from reupload.types import UploadSession


def wait_for_upload_session(
    get_session: Callable[[], UploadSession],
    *,
    interval_ms: float = 500,
    timeout_ms: float = 120_000,
) -> UploadSession:
    """Ask until it is COMPLETED.

    Raises ``UploadFailedError`` if it never will be, ``UploadTimeoutError`` after ``timeout_ms``.
    """
    end = time.monotonic() + timeout_ms / 1000
    while True:
        session = get_session()
        pause = _pause(session, interval_ms, end)
        if pause is None:
            return session
        time.sleep(pause)


async def await_upload_session(
    get_session: Callable[[], Awaitable[UploadSession]],
    *,
    interval_ms: float = 500,
    timeout_ms: float = 120_000,
) -> UploadSession:
    """As ``wait_for_upload_session``."""
    end = time.monotonic() + timeout_ms / 1000
    while True:
        session = await get_session()
        pause = _pause(session, interval_ms, end)
        if pause is None:
            return session
        await asyncio.sleep(pause)


def _pause(session: UploadSession, interval_ms: float, end: float) -> float | None:
    """Seconds until the next question; None when it is ready."""
    status = session["status"]
    if status == "COMPLETED":
        return None
    if status in ("FAILED", "CANCELLED"):
        raise UploadFailedError(session["id"], status, session.get("failureReason"))
    left = end - time.monotonic()
    if left <= 0:
        raise UploadTimeoutError(session["id"])
    return min(interval_ms / 1000, left)
