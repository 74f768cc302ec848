"""Webhooks: is this request from Reupload, and what does it tell?

`verify` is all that a receiver needs. It checks the signature over the raw body before it reads the body.
Reupload signs each delivery in two ways: `Reupload-Signature: t=<unix seconds>,v1=<hex>` (contract, section 7), and the
three headers of Standard Webhooks (https://www.standardwebhooks.com), `webhook-id`, `webhook-timestamp` and
`webhook-signature`. During a rotation each carries two signatures, and any of them may match.

The events themselves are in `reupload.types`; a new kind is added there, and needs nothing here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from typing import cast

from reupload.errors import WebhookVerificationError
from reupload.types import FileDeletedEvent, FileFailedEvent, FileUpdatedEvent, FileUploadedEvent, WebhookEvent

__all__ = [
    "ENV_VARIABLE",
    "FileDeletedEvent",
    "FileFailedEvent",
    "FileUpdatedEvent",
    "FileUploadedEvent",
    "WebhookEvent",
    "WebhookVerificationError",
    "secrets_or_env",
    "verify",
]

ENV_VARIABLE = "REUPLOAD_WEBHOOK_SECRET"
"""The environment variable with the signing secret, or with several behind commas."""

_PREFIX = "whsec_"
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def verify(
    payload: bytes | str,
    header: str | Mapping[str, str] | None,
    secret: str | Sequence[str],
    tolerance: int = 300,
) -> WebhookEvent:
    """Check that Reupload has sent `payload`, and return the event in it.

    Compare its `type`, and a type checker knows its `data`. The same event may come more than once, with the same `id`,
    and events may come out of order.

    Args:
        payload: the raw body of the request, not JSON that was read and written again.
        header: the value of `Reupload-Signature`, or all headers of the request (names in any case). Of the headers
            `Reupload-Signature` counts if it is there, else those of Standard Webhooks.
        secret: the endpoint's signing secret (`whsec_…`), or several while one is replaced: one must match.
        tolerance: how many seconds the time of signing may lie before or after now. Keep clocks in step rather than
            raise it: within that time somebody who has seen a request can send it again.

    Raises:
        WebhookVerificationError: the request must not be trusted, or is no event. Answer it with 400.
        ValueError: no secret was given. An empty one would let anybody sign.

    """
    secrets = _checked_secrets(secret)
    body = payload.encode() if isinstance(payload, str) else bytes(payload)
    if isinstance(header, Mapping):
        headers = {name.lower(): value for name, value in header.items()}
        if headers.get("reupload-signature") is None:
            _check_standard(body, headers, secrets, tolerance)
            return _event(body)
        header = headers["reupload-signature"]
    _check_reupload(body, header, secrets, tolerance)
    return _event(body)


def secrets_or_env(secret: str | Sequence[str] | None) -> list[str]:
    """Return the given secrets, or those of `REUPLOAD_WEBHOOK_SECRET` (several behind commas) if none is given.

    Raises:
        ValueError: there is none.

    """
    if secret is None:
        secret = [part.strip() for part in os.environ.get(ENV_VARIABLE, "").split(",") if part.strip()]
        if not secret:
            raise ValueError(f"{ENV_VARIABLE} is missing: set it to the signing secret of the webhook endpoint.")
    return _checked_secrets(secret)


def _checked_secrets(secret: str | Sequence[str]) -> list[str]:
    secrets = [secret] if isinstance(secret, str) else list(secret)
    if not secrets or not all(secrets):
        raise ValueError("A webhook needs a signing secret, and no empty one.")
    return secrets


def _check_reupload(body: bytes, header: str | None, secrets: list[str], tolerance: int) -> None:
    if not header or not header.strip():
        raise WebhookVerificationError("The Reupload-Signature header is missing.")
    timestamps: list[str] = []
    signatures: list[str] = []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            timestamps.append(value)
        elif name == "v1":
            signatures.append(value)
    if len(timestamps) != 1 or not signatures:
        raise WebhookVerificationError("The Reupload-Signature header needs one t and at least one v1.")
    _check_time(timestamps[0], tolerance)
    message = timestamps[0].encode() + b"." + body
    # The key is the whole secret string, prefix and all (contract, section 7).
    expected = [hmac.new(secret.encode(), message, hashlib.sha256).hexdigest() for secret in secrets]
    _check_any(expected, signatures)


def _check_standard(body: bytes, headers: Mapping[str, str], secrets: list[str], tolerance: int) -> None:
    message_id = headers.get("webhook-id")
    timestamp = headers.get("webhook-timestamp")
    signature = headers.get("webhook-signature")
    if not message_id or not timestamp or not signature:
        raise WebhookVerificationError("Neither Reupload-Signature nor the headers of Standard Webhooks are there.")
    _check_time(timestamp, tolerance)
    signatures = [value for version, _, value in (part.partition(",") for part in signature.split()) if version == "v1"]
    message = b".".join([message_id.encode("utf-8", "replace"), timestamp.encode(), body])
    keys = [key for key in map(_standard_key, secrets) if key]
    expected = [base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode() for key in keys]
    _check_any(expected, signatures)


def _standard_key(secret: str) -> bytes | None:
    """Return the key for Standard Webhooks, the decoded base64 part, or None for a secret that has none."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None


def _check_time(timestamp: str, tolerance: int) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise WebhookVerificationError("The time of the signature is not a number of seconds.")
    if abs(int(time.time()) - int(timestamp)) > tolerance:
        raise WebhookVerificationError(f"The signature is more than {tolerance} seconds away from now.")


def _check_any(expected: list[str], given: list[str]) -> None:
    # Bytes, since compare_digest refuses text that is not ASCII; and all pairs, so that time tells nothing.
    matches = [
        hmac.compare_digest(good.encode(), sent.encode("utf-8", "replace")) for good in expected for sent in given
    ]
    if not any(matches):
        raise WebhookVerificationError("The signature does not match the body and the secret.")


def _event(body: bytes) -> WebhookEvent:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise WebhookVerificationError("The body is not an event: a JSON object with a type.")
    return cast(WebhookEvent, event)
