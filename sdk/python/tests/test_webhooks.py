"""`reupload.webhooks`: what is Reupload's, what is not, and that no header can do more than be refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks

from reupload.webhooks import WebhookVerificationError, secrets_or_env, verify

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[3] / "api/webhook-vectors.json").read_text(encoding="utf-8")
)["vectors"]
NOW = 1_700_000_000
SECRET = "whsec_test"
BODY = b'{"type":"file.uploaded"}'
CONTRACT = "de0b4e6e471ae1f14799a581aa27356a816e4644ac3e5cc1a20ce2e475557ae8"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    def stand_at(seconds: float) -> None:
        monkeypatch.setattr("time.time", lambda: seconds)

    stand_at(NOW)
    return stand_at


def sign(body: bytes, secret: str = SECRET, at: int = NOW) -> str:
    return hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()


def named(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def accepts(vector: dict[str, Any], header: Any) -> bool:
    """Whether the signature is taken; a body that is signed but no event is refused for that alone, afterwards."""
    try:
        verify(vector["body"].encode(), header, vector["secrets"], vector["tolerance"])
    except WebhookVerificationError as error:
        return "is not an event" in str(error)
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=named)
def test_each_vector_of_the_contract_is_judged_as_it_says(vector: dict[str, Any], clock: Any) -> None:
    clock(vector["now"])
    headers = vector["headers"]
    standard = {name: value for name, value in headers.items() if name != "reupload-signature"}
    assert accepts(vector, headers["reupload-signature"]) is vector["valid"]["reupload"]
    assert accepts(vector, standard) is vector["valid"]["standard"]


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if v["valid"]["standard"] and v["now"] == v["timestamp"]], ids=named
)
def test_what_we_take_the_standard_webhooks_package_takes_too(vector: dict[str, Any], clock: Any) -> None:
    # The package reads the clock through datetime, so the time is what has to move: sign anew, at its now.
    moment = datetime.now(tz=timezone.utc)
    clock(moment.timestamp())
    for secret in vector["secrets"]:
        hook = standardwebhooks.Webhook(secret)
        body = vector["body"] if vector["body"].startswith("{") else "{}"
        headers = {
            "webhook-id": vector["id"],
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": hook.sign(vector["id"], moment, body),
        }
        hook.verify(body, headers)
        assert accepts({**vector, "body": body, "secrets": [secret]}, headers)
        assert not accepts({**vector, "body": body + " ", "secrets": [secret]}, headers)


def test_the_event_comes_back_for_text_and_bytes() -> None:
    for payload in (BODY, BODY.decode(), bytearray(BODY), memoryview(BODY)):
        assert verify(payload, f"t={NOW},v1={CONTRACT}", SECRET)["type"] == "file.uploaded"


def test_all_headers_may_be_given_with_names_in_any_case() -> None:
    assert verify(BODY, {"Content-Type": "application/json", "REUPLOAD-SIGNATURE": f"t={NOW},v1={CONTRACT}"}, SECRET)


def test_a_bad_reupload_signature_is_not_made_good_by_the_standard_headers() -> None:
    headers = {name: value for name, value in VECTORS[0]["headers"].items() if value}
    assert verify(BODY, headers, SECRET)
    with pytest.raises(WebhookVerificationError):
        verify(BODY, {**headers, "reupload-signature": f"t={NOW},v1={'0' * 64}"}, SECRET)


def test_during_a_rotation_either_secret_and_either_v1_will_do() -> None:
    old, new = "whsec_b2xk", "whsec_bmV3"
    both = f"t={NOW},v1={sign(BODY, new)},v1={sign(BODY, old)}"
    for secret in (old, new, [old, new], [new, old], ("whsec_other", old)):
        assert verify(BODY, both, secret)
    assert verify(BODY, f"t={NOW},v1={sign(BODY, new)}", [old, new])
    with pytest.raises(WebhookVerificationError, match="does not match"):
        verify(BODY, both, ["whsec_other", "whsec_another"])


@pytest.mark.parametrize(("away", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_a_signature_is_good_for_300_seconds_before_and_after(away: int, good: bool) -> None:
    at = NOW + away
    header = f"t={at},v1={sign(BODY, at=at)}"
    if good:
        assert verify(BODY, header, SECRET)
    else:
        with pytest.raises(WebhookVerificationError, match="300 seconds"):
            verify(BODY, header, SECRET)


def test_the_tolerance_can_be_set() -> None:
    header = f"t={NOW - 400},v1={sign(BODY, at=NOW - 400)}"
    assert verify(BODY, header, SECRET, tolerance=400)
    with pytest.raises(WebhookVerificationError):
        verify(BODY, header, SECRET, tolerance=399)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "  ",
        ",",
        "t=",
        f"t={NOW}",
        f"v1={CONTRACT}",
        f"t={NOW},t={NOW},v1={CONTRACT}",
        f"t={NOW}.5,v1={CONTRACT}",
        f"t=-{NOW},v1={CONTRACT}",
        f"t=+{NOW},v1={CONTRACT}",
        f"t={'9' * 5000},v1={CONTRACT}",
        "t=" + "١٧٠٠٠٠٠٠٠٠" + f",v1={CONTRACT}",
        f"t={NOW},v1=é{CONTRACT}",
        f"t={NOW},v1=\ud800",
        f"t={NOW},v1={CONTRACT.upper()}",
        f"t={NOW},v1={CONTRACT}0",
        f"t={NOW},V1={CONTRACT}",
        {},
        {"webhook-id": "é\ud800", "webhook-timestamp": str(NOW), "webhook-signature": "v1,\ud800"},
        {"webhook-id": "evt_1", "webhook-timestamp": "soon", "webhook-signature": "v1,AAAA"},
    ],
)
def test_a_malformed_header_is_refused_and_nothing_worse(header: Any) -> None:
    with pytest.raises(WebhookVerificationError):
        verify(BODY, header, SECRET)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'"text"', b"\xff", b"[" * 100_000, b'{"type":1}'])
def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(WebhookVerificationError, match="is not an event"):
        verify(body, f"t={NOW},v1={sign(body)}", SECRET)


@pytest.mark.parametrize("secret", ["", [], [""], ["whsec_test", ""]])
def test_an_empty_secret_is_a_mistake_of_the_programmer_and_lets_nobody_in(secret: Any) -> None:
    with pytest.raises(ValueError, match="signing secret") as caught:
        verify(BODY, f"t={NOW},v1={sign(BODY, '')}", secret)
    assert not isinstance(caught.value, WebhookVerificationError)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_not base64!"])
def test_a_secret_without_a_base64_part_has_no_standard_key(secret: str) -> None:
    mac = "v1," + __import__("base64").b64encode(hmac.digest(b"", b"evt_1.%d." % NOW + BODY, "sha256")).decode()
    headers = {"webhook-id": "evt_1", "webhook-timestamp": str(NOW), "webhook-signature": mac}
    with pytest.raises(WebhookVerificationError):
        verify(BODY, headers, secret)


def test_secrets_come_from_the_environment_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REUPLOAD_WEBHOOK_SECRET", " whsec_a , whsec_b,")
    assert secrets_or_env(None) == ["whsec_a", "whsec_b"]
    assert secrets_or_env("whsec_c") == ["whsec_c"]
    monkeypatch.setenv("REUPLOAD_WEBHOOK_SECRET", " , ")
    with pytest.raises(ValueError, match="REUPLOAD_WEBHOOK_SECRET"):
        secrets_or_env(None)
