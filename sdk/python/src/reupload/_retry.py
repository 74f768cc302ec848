"""When a request is tried again, and after how long. One policy for the API and the CDN, sync and async.

Delays grow from 0.25 s to 8 s and are drawn at random below that ("full jitter"), so that many clients do not come
back together.
"""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime

import httpx

from reupload._body import Content

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
FIRST_SECONDS, MOST_SECONDS = 0.25, 8.0
PATIENCE_SECONDS = 60.0
"""A server that asks for more by ``Retry-After`` is not waited for: the caller should know at once."""


class Tries:
    """The tries of one request. ``may_have_arrived``: an earlier one got no answer, so the server may have done it."""

    def __init__(self, max_retries: int, method: str, content: Content | None) -> None:
        self._left = max_retries
        self._done = 0
        self._method = method
        self._content = content
        self.may_have_arrived = False

    def after_error(self, error: httpx.TransportError) -> float | None:
        """Seconds to wait, or None to give up."""
        self.may_have_arrived = True
        # Not mended by trying: a wrong URL, or a body that is not as long as it said.
        hopeless = isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError))
        return None if hopeless or self._method == "PATCH" else self._next(None)

    def after_answer(self, response: httpx.Response) -> float | None:
        """Seconds to wait, or None if this is the answer."""
        retried = response.status_code == 429 if self._method == "PATCH" else response.status_code in RETRIED
        if not retried:
            return None
        if response.status_code != 429:
            self.may_have_arrived = True
        return self._next(retry_after(response.headers.get("retry-after"), time.time()))

    def _next(self, asked: float | None) -> float | None:
        impatient = asked is not None and asked > PATIENCE_SECONDS
        if self._left <= 0 or impatient or not (self._content is None or self._content.can_begin()):
            return None
        self._left -= 1
        most = min(MOST_SECONDS, FIRST_SECONDS * 2**self._done)
        self._done += 1
        return asked if asked is not None else random.uniform(0, most)  # noqa: S311 (nothing secret)


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds from a ``Retry-After`` header (RFC 9110, 10.2.3: seconds or a date); None if there is none that can
    be read.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
    except (TypeError, ValueError, OverflowError):
        return None
