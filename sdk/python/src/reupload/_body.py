"""What can be uploaded, read in pieces: one class for each kind of body, and ``Content`` for a whole request body.

To take one more kind: a ``Source`` and its line in ``source``. Reading happens in pieces of 256 KiB; in the async
client files are read
in a thread, so that a slow disk does not stop the event loop.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reupload.types import Progress, UploadBody

PIECE = 256 * 1024


class Source:
    """A body.

    ``size`` is in bytes, None if only its end will tell; ``name`` and ``kind`` are what it says of itself.
    """

    size: int | None = None
    name: str | None = None
    kind: str | None = None

    def can_begin(self) -> bool:
        """Whether it can be read from its beginning (once more)."""
        return True

    def pieces(self) -> Iterator[bytes]:
        raise TypeError("An asynchronous upload body needs AsyncReupload.")

    async def apieces(self) -> AsyncIterator[bytes]:
        pieces = self.pieces()
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece


class _Memory(Source):
    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._view = memoryview(data).cast("B")
        self.size = len(self._view)

    def pieces(self) -> Iterator[bytes]:
        for at in range(0, len(self._view), PIECE):
            yield bytes(self._view[at : at + PIECE])

    async def apieces(self) -> AsyncIterator[bytes]:
        for piece in self.pieces():
            yield piece


class _Path(Source):
    def __init__(self, path: os.PathLike[str]) -> None:
        self._path = Path(path)
        self.size = self._path.stat().st_size
        self.name = self._path.name

    def pieces(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            yield from _read(file, self.size)


class _File(Source):
    def __init__(self, file: Any) -> None:
        self._file = file
        self._start, self.size = _extent(file)
        self._taken = False
        self.name, self.kind = _names(file)

    def can_begin(self) -> bool:
        return not self._taken or self._start is not None

    def pieces(self) -> Iterator[bytes]:
        if self._taken:
            self._file.seek(self._start)
        self._taken = True
        yield from _read(self._file, self.size)


class _AsyncFile(Source):
    """A file whose ``read`` is awaited. Starlette's has the real file in ``file``, which the sync client reads."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._real: Any = getattr(file, "file", None)
        self._start, self.size = (None, None) if self._real is None else _extent(self._real)
        self._taken = False
        self.name, self.kind = _names(file)

    def can_begin(self) -> bool:
        return not self._taken or self._start is not None

    def pieces(self) -> Iterator[bytes]:
        if self._real is None:
            return super().pieces()
        return self._sync_pieces()

    def _sync_pieces(self) -> Iterator[bytes]:
        if self._taken:
            self._real.seek(self._start)
        self._taken = True
        yield from _read(self._real, self.size)

    async def apieces(self) -> AsyncIterator[bytes]:
        if self._taken:
            await self._file.seek(self._start)
        elif self._start is None and hasattr(self._file, "tell") and hasattr(self._file, "seek"):
            self._start = await self._file.tell()
        self._taken = True
        while piece := await self._file.read(PIECE):
            yield _checked(piece)


class _Parts(Source):
    """Any iterable of bytes. A list can begin again, an iterator cannot."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts
        self._once = iter(parts) is parts
        self._taken = False

    def can_begin(self) -> bool:
        return not (self._once and self._taken)

    def pieces(self) -> Iterator[bytes]:
        self._taken = True
        for piece in self._parts:
            yield _checked(piece)


class _AsyncParts(Source):
    def __init__(self, parts: AsyncIterable[bytes]) -> None:
        self._parts = parts
        self._once = parts.__aiter__() is parts
        self._taken = False

    def can_begin(self) -> bool:
        return not (self._once and self._taken)

    async def apieces(self) -> AsyncIterator[bytes]:
        self._taken = True
        async for piece in self._parts:
            yield _checked(piece)


def source(body: UploadBody) -> Source:
    """Raises ``TypeError`` for what cannot be uploaded, ``OSError`` for a path without a file."""
    if isinstance(body, (bytes, bytearray, memoryview)):
        return _Memory(body)
    if isinstance(body, os.PathLike):
        return _Path(body)
    read = getattr(body, "read", None)
    if read is not None:
        return _AsyncFile(body) if inspect.iscoroutinefunction(read) else _File(body)
    if isinstance(body, AsyncIterable):
        return _AsyncParts(body)
    if isinstance(body, Iterable) and not isinstance(body, (str, Mapping)):
        return _Parts(body)
    raise TypeError("Upload body must be bytes, a path, a binary file-like object or an iterable of bytes.")


class Content:
    """The body of a request: bytes and sources in order. ``length`` is None if a source does not know its size."""

    def __init__(self, parts: Sequence[bytes | Source], kind: str, on_progress: Progress | None = None) -> None:
        self.kind = kind
        self._parts = parts
        self._on_progress = on_progress
        sizes = [part.size for part in parts if isinstance(part, Source)]
        known = [size for size in sizes if size is not None]
        self._total = sum(known) if len(known) == len(sizes) else None
        framing = sum(len(part) for part in parts if isinstance(part, bytes))
        self.length = None if self._total is None else framing + self._total

    def headers(self) -> dict[str, str]:
        headers = {"Content-Type": self.kind}
        if self.length is not None:
            headers["Content-Length"] = str(self.length)
        return headers

    def can_begin(self) -> bool:
        return all(part.can_begin() for part in self._parts if isinstance(part, Source))

    def pieces(self) -> Iterator[bytes]:
        sent = 0
        for part in self._parts:
            if isinstance(part, bytes):
                yield part
                continue
            for piece in part.pieces():
                yield piece
                sent = self._report(sent + len(piece))

    async def apieces(self) -> AsyncIterator[bytes]:
        sent = 0
        for part in self._parts:
            if isinstance(part, bytes):
                yield part
                continue
            async for piece in part.apieces():
                yield piece
                sent = self._report(sent + len(piece))

    def _report(self, sent: int) -> int:
        if self._on_progress is not None:
            self._on_progress(sent, self._total)
        return sent


def _read(file: Any, size: int | None) -> Iterator[bytes]:
    """No further than ``size``: a file that grows meanwhile must not outgrow the length that the request has told."""
    left = size
    while left is None or left > 0:
        piece = _checked(file.read(PIECE if left is None else min(PIECE, left)))
        if not piece:
            return
        yield piece
        if left is not None:
            left -= len(piece)


def _checked(piece: object) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, (bytearray, memoryview)):
        return bytes(piece)
    hint = ": open the file in binary mode" if isinstance(piece, str) else ""
    raise TypeError(f"Upload body must give bytes, not {type(piece).__name__}{hint}.")


def _extent(file: Any) -> tuple[int | None, int | None]:
    """Where a file stands and how much is left of it; None for what cannot be sought, such as a pipe."""
    try:
        start = file.tell()
        file.seek(0, os.SEEK_END)
        end = file.tell()
        file.seek(start)
    except (AttributeError, OSError, TypeError, ValueError):
        return None, None
    return start, max(end - start, 0)


def _names(file: Any) -> tuple[str | None, str | None]:
    """The name and the type that an uploaded file of Django or Starlette has; a plain file has its path."""
    name = getattr(file, "filename", None) or getattr(file, "name", None)
    kind = getattr(file, "content_type", None)
    return (
        Path(name).name if isinstance(name, str) and not name.startswith("<") else None,
        kind if isinstance(kind, str) and kind else None,
    )
