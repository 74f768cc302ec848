"""The decorator `webhook`: Reupload's own requests and no others."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

import pytest
from django.test import Client

SECRET = "whsec_test"
BODY = b'{"type":"file.uploaded","id":"evt_1"}'


def signed(body: bytes) -> dict[str, str]:
    now = int(time.time())
    mac = hmac.new(SECRET.encode(), b"%d." % now + body, hashlib.sha256).hexdigest()
    return {"Reupload-Signature": f"t={now},v1={mac}"}


def send(path: str, body: bytes, headers: dict[str, str]) -> Any:
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("path", ["/given", "/environment/hello"])
def test_a_webhook_of_ours_is_let_through_and_no_other(site: Any, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("REUPLOAD_WEBHOOK_SECRET", f"whsec_old,{SECRET}")
    taken = send(path, BODY, signed(BODY))
    assert (taken.status_code, taken.json()["id"]) == (200, "evt_1")
    assert taken.json().get("word", "hello") == "hello"
    changed = send(path, BODY + b" ", signed(BODY))
    assert (changed.status_code, changed.json()["error"]) == (400, "INVALID_SIGNATURE")
    assert send(path, BODY, {}).status_code == 400
    large = b" " * (1024 * 1024 + 1)
    assert send(path, large, signed(large)).status_code == 413
    assert Client().get(path).status_code == 405


def test_without_any_secret_nobody_is_let_through(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REUPLOAD_WEBHOOK_SECRET", raising=False)
    with pytest.raises(ValueError, match="REUPLOAD_WEBHOOK_SECRET"):
        send("/environment/x", BODY, signed(BODY))
