"""A file behind an address, as Python's own file objects are: read in pieces, and sought with `Range` (RFC 9110)."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import httpx

_CDN = httpx.Client(timeout=60.0, follow_redirects=False)
"""Shared by all threads, so that connections are used again. It has no key: an address is enough."""


class RemoteFile(io.RawIOBase):
    """Nothing is fetched before it is read, and after a seek only from there.

    `address` is asked for each request, since an address ends; `size` is in bytes. Raises `OSError` if the content
    cannot be fetched.
    """

    def __init__(self, address: Callable[[], str], size: int) -> None:
        self._address = address
        self._size = size
        self._at = 0
        self._response: httpx.Response | None = None
        self._pieces: Iterator[bytes] = iter(())
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if at < 0:
            raise ValueError("A file has nothing before its beginning.")
        if at != self._at:
            self._hang_up()
            self._at = at
        return at

    def readinto(self, buffer: Any, /) -> int:
        if self._at >= self._size:
            return 0
        try:
            if self._response is None:
                self._fetch()
            if not self._left:
                self._left = memoryview(next(self._pieces, b""))
        except httpx.HTTPError as error:
            self._hang_up()
            raise OSError(f"the content could not be fetched: {error}") from error
        if not self._left:
            self._hang_up()
            raise OSError("the content ended too soon")
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        self._at += count
        return count

    def close(self) -> None:
        self._hang_up()
        super().close()

    def _fetch(self) -> None:
        headers = {"Accept-Encoding": "identity"}
        if self._at:
            headers["Range"] = f"bytes={self._at}-"
        response = _CDN.send(_CDN.build_request("GET", self._address(), headers=headers), stream=True)
        if response.status_code != (206 if self._at else 200):
            response.close()
            raise OSError(f"the content could not be fetched: status {response.status_code}")
        self._response, self._pieces = response, response.iter_raw()

    def _hang_up(self) -> None:
        if self._response is not None:
            self._response.close()
        self._response, self._pieces, self._left = None, iter(()), memoryview(b"")
