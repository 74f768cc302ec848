"""A decorator that lets only Reupload's own webhooks through to a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reupload.webhooks import WebhookVerificationError, secrets_or_env, verify

_LIMIT = 1024 * 1024
"""Bytes of a body that are read before it is refused; Reupload's are a few KiB."""


def webhook(
    secret: str | Sequence[str] | None = None, tolerance: int = 300
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Make a decorator for a view `view(request, event, ...)`, which is then called with verified events only.

    Without `secret` it reads `REUPLOAD_WEBHOOK_SECRET` (several secrets behind commas) at each request; if that is
    missing the request fails with 500, and Reupload tries again later. `tolerance` is in seconds, as in
    `reupload.webhooks.verify`.

    Others hear 400 (not Reupload's), 405 (no POST) or 413 (more than 1 MiB) with `{"error", "message"}`. The view needs
    no token against CSRF, and cannot read `request.body`: the event is all there is. Answer 2xx soon and work
    afterwards; the same event may come again.
    """

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            secrets = secrets_or_env(secret)
            # Not `request.body`: without a Content-Length that would take any number of bytes.
            body = request.read(_LIMIT + 1)
            if len(body) > _LIMIT:
                return _refused(413, "BODY_TOO_LARGE", "The body is larger than any webhook.")
            try:
                event = verify(body, request.headers, secrets, tolerance)
            except WebhookVerificationError as error:
                return _refused(400, "INVALID_SIGNATURE", str(error))
            return view(request, event, *args, **kwargs)

        exempt: Callable[..., HttpResponse] = csrf_exempt(require_POST(checked))
        return exempt

    return decorator


def _refused(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"error": code, "message": message}, status=status)
