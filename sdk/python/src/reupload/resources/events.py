"""``client.events``: the bodies of webhooks again, in order, for catching up."""

from __future__ import annotations

from typing import Any

from reupload import _calls
from reupload._http import AsyncHttpClient, HttpClient
from reupload._pages import AsyncPages, Pages
from reupload.types import EventPage, Id, WebhookEvent


class EventsResource:
    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def list(
        self, after: str | None = None, *, project_id: Id | None = None, limit: int = 100
    ) -> Pages[EventPage, WebhookEvent]:
        """All events behind the id ``after``, oldest first, until there are no more.

        ``limit`` is a page's size, 1 to 200.
        """
        filters = _filters(project_id, limit)
        return Pages(lambda at: self._http.send(_calls.list_events(filters, at)), after, _next, _events)

    def wait(
        self, after: str | None = None, *, seconds: int = 30, project_id: Id | None = None, limit: int = 100
    ) -> EventPage:
        """One page, as soon as there is an event behind ``after``; empty after ``seconds`` (0 to 30).

        Ask again behind its ``nextCursor``. ``after="now"`` with ``seconds=0`` gives the present end to begin from.
        """
        return self._http.send(_calls.list_events(_filters(project_id, limit), after, seconds))


class AsyncEventsResource:
    """As ``EventsResource``."""

    def __init__(self, http: AsyncHttpClient) -> None:
        self._http = http

    def list(
        self, after: str | None = None, *, project_id: Id | None = None, limit: int = 100
    ) -> AsyncPages[EventPage, WebhookEvent]:
        filters = _filters(project_id, limit)
        return AsyncPages(lambda at: self._http.send(_calls.list_events(filters, at)), after, _next, _events)

    async def wait(
        self, after: str | None = None, *, seconds: int = 30, project_id: Id | None = None, limit: int = 100
    ) -> EventPage:
        return await self._http.send(_calls.list_events(_filters(project_id, limit), after, seconds))


def _filters(project_id: Id | None, limit: int) -> dict[str, Any]:
    return {"projectId": project_id, "limit": limit}


def _next(page: EventPage) -> str | None:
    """`nextCursor` is never over, since more may come; an empty page is the end for now."""
    return page["nextCursor"] if page["events"] else None


def _events(page: EventPage) -> list[WebhookEvent]:
    return page["events"]
