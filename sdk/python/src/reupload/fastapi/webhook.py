"""A dependency that lets only Reupload's own webhooks through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from fastapi import HTTPException, Request

from reupload.webhooks import WebhookEvent, WebhookVerificationError, secrets_or_env, verify

_LIMIT = 1024 * 1024
"""Bytes of a body that are read before it is refused; Reupload's are a few KiB."""


def webhook_event(
    secret: str | Sequence[str] | None = None, tolerance: int = 300
) -> Callable[[Request], Awaitable[WebhookEvent]]:
    """Make a dependency that verifies a request and gives the route its event.

    Use it as `event: Annotated[WebhookEvent, Depends(webhook_event())]`. Without `secret` it reads
    `REUPLOAD_WEBHOOK_SECRET` (several secrets behind commas) at each request; if that is missing the request fails
    with 500, and Reupload tries again later. `tolerance` is in seconds, as in `reupload.webhooks.verify`.

    The route hears 400 for a request that is not Reupload's and 413 for one of more than 1 MiB. Answer 2xx soon and
    work afterwards; the same event may come again.
    """

    async def dependency(request: Request) -> WebhookEvent:
        secrets = secrets_or_env(secret)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LIMIT:
                raise HTTPException(413, "The body is larger than any webhook.")
        try:
            return verify(bytes(body), request.headers, secrets, tolerance)
        except WebhookVerificationError as error:
            raise HTTPException(400, str(error)) from error

    return dependency
