"""Sending: the retry loop, once with threads and once with asyncio, around the same decisions of ``_retry``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import httpx

from reupload._body import Content
from reupload._calls import Call
from reupload._retry import Tries
from reupload.errors import ReuploadConnectionError, ReuploadError

T = TypeVar("T")


def exchange(
    client: httpx.Client, tries: Tries, method: str, url: str, content: Content | None, **rest: Any
) -> httpx.Response:
    """The last answer, whatever its status. Raises ``httpx.TransportError`` when no try got one."""
    while True:
        delay: float | None
        try:
            response = client.request(method, url, content=content.pieces() if content else None, **rest)
        except httpx.TransportError as error:
            delay = tries.after_error(error)
            if delay is None:
                raise
        else:
            delay = tries.after_answer(response)
            if delay is None:
                return response
        time.sleep(delay)


async def aexchange(
    client: httpx.AsyncClient, tries: Tries, method: str, url: str, content: Content | None, **rest: Any
) -> httpx.Response:
    """As ``exchange``."""
    while True:
        delay: float | None
        try:
            response = await client.request(method, url, content=content.apieces() if content else None, **rest)
        except httpx.TransportError as error:
            delay = tries.after_error(error)
            if delay is None:
                raise
        else:
            delay = tries.after_answer(response)
            if delay is None:
                return response
        await asyncio.sleep(delay)


class _Shared:
    """What both clients know: where, with which key, how patiently, for which project if none is named."""

    def __init__(self, base_url: str, api_key: str, max_retries: int, default_project_id: str | None) -> None:
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self.max_retries = max_retries
        self.default_project_id = default_project_id

    def _url(self, path: str) -> str:
        return f"{self._base_url}/{path.lstrip('/')}"

    def _tries(self, call: Call[Any]) -> Tries:
        return Tries(self.max_retries, call.method, call.content)

    def _rest(self, call: Call[Any], timeout: httpx.Timeout) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._api_key}"}
        if call.idempotency_key is not None:
            headers["Idempotency-Key"] = call.idempotency_key
        if call.content is not None:
            headers.update(call.content.headers())
        rest: dict[str, Any] = {"headers": headers, "params": call.params, "json": call.json}
        if call.extra_seconds and timeout.read is not None:
            read = timeout.read + call.extra_seconds
            rest["timeout"] = httpx.Timeout(timeout.connect, read=read, write=timeout.write, pool=timeout.pool)
        return rest

    def _plain_rest(self, headers: Mapping[str, str] | None, rest: Mapping[str, Any]) -> dict[str, Any]:
        return {**rest, "headers": {"Authorization": f"Bearer {self._api_key}", **(headers or {})}}


class HttpClient(_Shared):
    """Sends ``Call``s. ``client`` stays its owner's to close; ``timeout`` (seconds) is for an own one."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        client: httpx.Client | None = None,
        timeout: float | httpx.Timeout = 60.0,
        max_retries: int = 3,
        default_project_id: str | None = None,
    ) -> None:
        super().__init__(base_url, api_key, max_retries, default_project_id)
        self._owns_client = client is None
        self._client = client or httpx.Client(timeout=timeout)

    @property
    def httpx_client(self) -> httpx.Client:
        return self._client

    def send(self, call: Call[T]) -> T:
        """Raises ``ReuploadError`` for a refusal, ``ReuploadConnectionError`` for no answer."""
        tries, rest = self._tries(call), self._rest(call, self._client.timeout)
        try:
            response = exchange(self._client, tries, call.method, self._url(call.path), call.content, **rest)
        except httpx.TransportError as error:
            raise _unreachable(error) from error
        return _result(call, tries, response)

    def request(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **rest: Any) -> Any:
        """One request of your own, tried once; ``json``, ``data``, ``files`` and ``params`` as httpx has them."""
        return _answer(self._client.request(method, self._url(path), **self._plain_rest(headers, rest)))

    def close(self) -> None:
        if self._owns_client:
            self._client.close()

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncHttpClient(_Shared):
    """As ``HttpClient``."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        client: httpx.AsyncClient | None = None,
        timeout: float | httpx.Timeout = 60.0,
        max_retries: int = 3,
        default_project_id: str | None = None,
    ) -> None:
        super().__init__(base_url, api_key, max_retries, default_project_id)
        self._owns_client = client is None
        self._client = client or httpx.AsyncClient(timeout=timeout)

    @property
    def httpx_client(self) -> httpx.AsyncClient:
        return self._client

    async def send(self, call: Call[T]) -> T:
        """As ``HttpClient.send``."""
        tries, rest = self._tries(call), self._rest(call, self._client.timeout)
        try:
            response = await aexchange(self._client, tries, call.method, self._url(call.path), call.content, **rest)
        except httpx.TransportError as error:
            raise _unreachable(error) from error
        return _result(call, tries, response)

    async def request(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **rest: Any) -> Any:
        """As ``HttpClient.request``."""
        return _answer(await self._client.request(method, self._url(path), **self._plain_rest(headers, rest)))

    async def aclose(self) -> None:
        if self._owns_client:
            await self._client.aclose()

    async def __aenter__(self) -> AsyncHttpClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _result(call: Call[T], tries: Tries, response: httpx.Response) -> T:
    if response.status_code == 404 and call.if_gone is not None and tries.may_have_arrived:
        return call.if_gone
    try:
        return cast("T", _answer(response))
    except ReuploadError as error:
        error.maybe_done = tries.may_have_arrived
        raise


def _answer(response: httpx.Response) -> Any:
    if not response.is_success:
        raise ReuploadError.from_response(response)
    if response.status_code == 204:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise ReuploadError(502, "INVALID_RESPONSE", "The answer is not JSON: is the base URL right?") from error


def _unreachable(error: httpx.TransportError) -> ReuploadConnectionError:
    return ReuploadConnectionError(f"No answer from Reupload: {str(error) or type(error).__name__}.")
