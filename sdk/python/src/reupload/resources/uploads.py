"""``client.uploads``.

``idempotency_key`` (1 to 255 printable ASCII characters, kept 24 hours) makes a call that *you* repeat give the first
answer; without
one each call has its own, so that its retries never make a second file. ``on_progress`` gets bytes sent and bytes in
all.
"""

from __future__ import annotations

from reupload import _calls
from reupload._http import AsyncHttpClient, HttpClient
from reupload.cdn import aput_to_upload_url, put_to_upload_url
from reupload.errors import ReuploadCdnError, ReuploadError
from reupload.polling import await_upload_session, wait_for_upload_session
from reupload.types import (
    CancelUploadSessionResult,
    CdnUploadInput,
    CompleteUploadSessionInput,
    CompleteUploadSessionResult,
    CreateUploadSessionInput,
    CreateUploadSessionResult,
    DirectUploadBatchInput,
    DirectUploadBatchResult,
    DirectUploadInput,
    DirectUploadResult,
    GetUploadSessionResult,
    Id,
    Progress,
    UploadResult,
    UploadSession,
)


class UploadsResource:
    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def create_session(
        self, input: CreateUploadSessionInput, *, idempotency_key: str | None = None
    ) -> CreateUploadSessionResult:
        """Open a session; ``uploadUrl`` takes the bytes for ``expiresIn`` seconds."""
        return self._http.send(_calls.create_session(input, self._http.default_project_id, idempotency_key))

    def complete(
        self, input: CompleteUploadSessionInput, *, idempotency_key: str | None = None
    ) -> CompleteUploadSessionResult:
        """Say that the bytes are there. Repeating it gives the same answer."""
        return self._http.send(_calls.complete(input, idempotency_key))

    def get_session(self, upload_id: Id) -> GetUploadSessionResult:
        """Of sessions and direct uploads alike; with ``file`` once it is COMPLETED."""
        return self._http.send(_calls.get_session(upload_id))

    def cancel_session(self, upload_id: Id) -> CancelUploadSessionResult:
        try:
            return self._http.send(_calls.cancel_session(upload_id))
        except ReuploadError as error:
            # A second cancelling is refused, so after a lost answer the session has to be asked.
            if not error.maybe_done or self.get_session(upload_id)["session"]["status"] != "CANCELLED":
                raise
            return {"success": True}

    def upload_direct(
        self,
        input: DirectUploadInput,
        *,
        idempotency_key: str | None = None,
        on_progress: Progress | None = None,
    ) -> DirectUploadResult:
        """Send one file through the API. It is on stable storage when this returns, and still being processed."""
        return self._http.send(_calls.direct(input, self._http.default_project_id, idempotency_key, on_progress))

    def upload_direct_batch(
        self,
        input: DirectUploadBatchInput,
        *,
        idempotency_key: str | None = None,
        on_progress: Progress | None = None,
    ) -> DirectUploadBatchResult:
        """Send up to 100 files: all are taken, or none. Raises ``ValueError`` for none."""
        call = _calls.direct_batch(input, self._http.default_project_id, idempotency_key, on_progress)
        return _calls.batch_result(self._http.send(call))

    def upload(
        self,
        input: CdnUploadInput,
        *,
        idempotency_key: str | None = None,
        on_progress: Progress | None = None,
    ) -> UploadResult:
        """Open a session, PUT the bytes to the CDN host and complete it. The size must be known beforehand."""
        wanted, body, kind = _calls.session_of(input)
        session = self.create_session(wanted, idempotency_key=idempotency_key)
        try:
            put_to_upload_url(
                session["uploadUrl"], body, kind, on_progress=on_progress, max_retries=self._http.max_retries
            )
        except ReuploadCdnError as error:
            if not _done_before(error, idempotency_key):
                raise
        done = self.complete({"uploadId": session["uploadId"]})
        return {**done, "uploadId": session["uploadId"]}

    def wait_for_completion(
        self, upload_id: Id, *, interval_ms: float = 500, timeout_ms: float = 120_000
    ) -> GetUploadSessionResult:
        """Ask until it is COMPLETED.

        Raises ``UploadFailedError`` with its ``failure_reason``, or ``UploadTimeoutError``.
        """
        last: list[GetUploadSessionResult] = []

        def ask() -> UploadSession:
            last[:] = [self.get_session(upload_id)]
            return last[0]["session"]

        wait_for_upload_session(ask, interval_ms=interval_ms, timeout_ms=timeout_ms)
        return last[0]


class AsyncUploadsResource:
    """As ``UploadsResource``."""

    def __init__(self, http: AsyncHttpClient) -> None:
        self._http = http

    async def create_session(
        self, input: CreateUploadSessionInput, *, idempotency_key: str | None = None
    ) -> CreateUploadSessionResult:
        return await self._http.send(_calls.create_session(input, self._http.default_project_id, idempotency_key))

    async def complete(
        self, input: CompleteUploadSessionInput, *, idempotency_key: str | None = None
    ) -> CompleteUploadSessionResult:
        return await self._http.send(_calls.complete(input, idempotency_key))

    async def get_session(self, upload_id: Id) -> GetUploadSessionResult:
        return await self._http.send(_calls.get_session(upload_id))

    async def cancel_session(self, upload_id: Id) -> CancelUploadSessionResult:
        try:
            return await self._http.send(_calls.cancel_session(upload_id))
        except ReuploadError as error:
            # A second cancelling is refused, so after a lost answer the session has to be asked.
            if not error.maybe_done or (await self.get_session(upload_id))["session"]["status"] != "CANCELLED":
                raise
            return {"success": True}

    async def upload_direct(
        self,
        input: DirectUploadInput,
        *,
        idempotency_key: str | None = None,
        on_progress: Progress | None = None,
    ) -> DirectUploadResult:
        return await self._http.send(_calls.direct(input, self._http.default_project_id, idempotency_key, on_progress))

    async def upload_direct_batch(
        self,
        input: DirectUploadBatchInput,
        *,
        idempotency_key: str | None = None,
        on_progress: Progress | None = None,
    ) -> DirectUploadBatchResult:
        call = _calls.direct_batch(input, self._http.default_project_id, idempotency_key, on_progress)
        return _calls.batch_result(await self._http.send(call))

    async def upload(
        self,
        input: CdnUploadInput,
        *,
        idempotency_key: str | None = None,
        on_progress: Progress | None = None,
    ) -> UploadResult:
        wanted, body, kind = _calls.session_of(input)
        session = await self.create_session(wanted, idempotency_key=idempotency_key)
        try:
            await aput_to_upload_url(
                session["uploadUrl"], body, kind, on_progress=on_progress, max_retries=self._http.max_retries
            )
        except ReuploadCdnError as error:
            if not _done_before(error, idempotency_key):
                raise
        done = await self.complete({"uploadId": session["uploadId"]})
        return {**done, "uploadId": session["uploadId"]}

    async def wait_for_completion(
        self, upload_id: Id, *, interval_ms: float = 500, timeout_ms: float = 120_000
    ) -> GetUploadSessionResult:
        last: list[GetUploadSessionResult] = []

        async def ask() -> UploadSession:
            last[:] = [await self.get_session(upload_id)]
            return last[0]["session"]

        await await_upload_session(ask, interval_ms=interval_ms, timeout_ms=timeout_ms)
        return last[0]


def _done_before(error: ReuploadCdnError, idempotency_key: str | None) -> bool:
    """With a key of the caller's the session may be one that an earlier call has completed: its URL is dead, its
    answer is not.
    """
    return idempotency_key is not None and error.status == 409
