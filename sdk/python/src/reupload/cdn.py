"""The PUT to the CDN host, with the ``uploadUrl`` of ``uploads.create_session``. It needs no API key."""

from __future__ import annotations

import httpx

from reupload._body import Content, source
from reupload._http import aexchange, exchange
from reupload._retry import Tries
from reupload.errors import ReuploadCdnError
from reupload.types import Progress, UploadBody


def put_to_upload_url(
    upload_url: str,
    body: UploadBody,
    content_type: str,
    *,
    client: httpx.Client | None = None,
    timeout: float | httpx.Timeout = 120.0,
    on_progress: Progress | None = None,
    max_retries: int = 3,
) -> None:
    """Type and size must be the session's. ``timeout`` is in seconds. A PUT may be repeated, so lost answers do no
    harm.

    Raises ``ReuploadCdnError`` for a refusal, and with status 503 if no answer came.
    """
    content = Content([source(body)], content_type, on_progress)
    http = client or httpx.Client(timeout=timeout)
    try:
        tries = Tries(max_retries, "PUT", content)
        response = exchange(http, tries, "PUT", upload_url, content, headers=content.headers())
    except httpx.TransportError as error:
        raise _unreachable(error) from error
    finally:
        if client is None:
            http.close()
    _check(response)


async def aput_to_upload_url(
    upload_url: str,
    body: UploadBody,
    content_type: str,
    *,
    client: httpx.AsyncClient | None = None,
    timeout: float | httpx.Timeout = 120.0,
    on_progress: Progress | None = None,
    max_retries: int = 3,
) -> None:
    """As ``put_to_upload_url``."""
    content = Content([source(body)], content_type, on_progress)
    http = client or httpx.AsyncClient(timeout=timeout)
    try:
        tries = Tries(max_retries, "PUT", content)
        response = await aexchange(http, tries, "PUT", upload_url, content, headers=content.headers())
    except httpx.TransportError as error:
        raise _unreachable(error) from error
    finally:
        if client is None:
            await http.aclose()
    _check(response)


def _check(response: httpx.Response) -> None:
    if not response.is_success:
        raise ReuploadCdnError.from_response(response)


def _unreachable(error: httpx.TransportError) -> ReuploadCdnError:
    return ReuploadCdnError(
        503, f"No answer from the CDN host: {str(error) or type(error).__name__}.", "CONNECTION_ERROR"
    )
