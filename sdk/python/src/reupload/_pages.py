"""Lists that go on page after page: ``for file in client.files.list()``, and ``.pages()`` for the pages themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Generic, TypeVar

P = TypeVar("P")
T = TypeVar("T")


class Pages(Generic[P, T]):
    """Nothing is asked before the first step, and no page before it is needed. Going through it again asks again."""

    def __init__(
        self,
        get: Callable[[str | None], P],
        first: str | None,
        after: Callable[[P], str | None],
        items: Callable[[P], list[T]],
    ) -> None:
        self._get, self._first, self._after, self._items = get, first, after, items

    def pages(self) -> Iterator[P]:
        at = self._first
        while True:
            page = self._get(at)
            yield page
            at = self._after(page)
            if at is None:
                return

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from self._items(page)


class AsyncPages(Generic[P, T]):
    """As ``Pages``, with ``async for``."""

    def __init__(
        self,
        get: Callable[[str | None], Awaitable[P]],
        first: str | None,
        after: Callable[[P], str | None],
        items: Callable[[P], list[T]],
    ) -> None:
        self._get, self._first, self._after, self._items = get, first, after, items

    async def pages(self) -> AsyncIterator[P]:
        at = self._first
        while True:
            page = await self._get(at)
            yield page
            at = self._after(page)
            if at is None:
                return

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in self._items(page):
                yield item
