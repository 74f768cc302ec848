"""The two clients. Both may be shared: the sync one by threads, the async one by tasks."""

from __future__ import annotations

from typing import TypedDict

import httpx

from reupload import _calls
from reupload._http import AsyncHttpClient, HttpClient
from reupload.resources.events import AsyncEventsResource, EventsResource
from reupload.resources.files import AsyncFilesResource, FilesResource
from reupload.resources.uploads import AsyncUploadsResource, UploadsResource
from reupload.types import Id, Text, UsageReport, WhoamiResponse

DEFAULT_BASE_URL = "https://api.reupload.dev/api/v1"


class ReuploadOptions(TypedDict, total=False):
    """For code that passes the options of a client on as ``**options``."""

    httpx_client: httpx.Client
    timeout: float | httpx.Timeout
    max_retries: int


class AsyncReuploadOptions(TypedDict, total=False):
    """As ``ReuploadOptions``."""

    httpx_client: httpx.AsyncClient
    timeout: float | httpx.Timeout
    max_retries: int


class Reupload:
    """``timeout`` is in seconds, and for a client that you do not bring; ``max_retries`` are tries after the
    first one.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str = DEFAULT_BASE_URL,
        default_project_id: Id | None = None,
        httpx_client: httpx.Client | None = None,
        timeout: float | httpx.Timeout = 60.0,
        max_retries: int = 3,
    ) -> None:
        self._http = HttpClient(
            base_url=base_url,
            api_key=api_key,
            client=httpx_client,
            timeout=timeout,
            max_retries=max_retries,
            default_project_id=None if default_project_id is None else str(default_project_id),
        )
        self.uploads = UploadsResource(self._http)
        self.files = FilesResource(self._http)
        self.events = EventsResource(self._http)

    @property
    def default_project_id(self) -> str | None:
        return self._http.default_project_id

    @default_project_id.setter
    def default_project_id(self, value: str | None) -> None:
        self._http.default_project_id = value

    def whoami(self) -> WhoamiResponse:
        return self._http.send(_calls.whoami())

    def usage(self, project_id: Id | None = None, owner_ref: Text | None = None) -> UsageReport:
        """Bytes and files used and allowed, of all projects or one.

        ``owner_ref`` is looked up in the project, or the default one.
        """
        return self._http.send(_calls.usage(project_id, owner_ref, self.default_project_id))

    def close(self) -> None:
        """Leaves an ``httpx_client`` that you brought open."""
        self._http.close()

    def __enter__(self) -> Reupload:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncReupload:
    """As ``Reupload``."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str = DEFAULT_BASE_URL,
        default_project_id: Id | None = None,
        httpx_client: httpx.AsyncClient | None = None,
        timeout: float | httpx.Timeout = 60.0,
        max_retries: int = 3,
    ) -> None:
        self._http = AsyncHttpClient(
            base_url=base_url,
            api_key=api_key,
            client=httpx_client,
            timeout=timeout,
            max_retries=max_retries,
            default_project_id=None if default_project_id is None else str(default_project_id),
        )
        self.uploads = AsyncUploadsResource(self._http)
        self.files = AsyncFilesResource(self._http)
        self.events = AsyncEventsResource(self._http)

    @property
    def default_project_id(self) -> str | None:
        return self._http.default_project_id

    @default_project_id.setter
    def default_project_id(self, value: str | None) -> None:
        self._http.default_project_id = value

    async def whoami(self) -> WhoamiResponse:
        return await self._http.send(_calls.whoami())

    async def usage(self, project_id: Id | None = None, owner_ref: Text | None = None) -> UsageReport:
        """As ``Reupload.usage``."""
        return await self._http.send(_calls.usage(project_id, owner_ref, self.default_project_id))

    async def aclose(self) -> None:
        """Leaves an ``httpx_client`` that you brought open."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncReupload:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
