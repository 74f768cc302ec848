"""`manage.py reupload_check`: it finds what is wrong and says it in words."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

SECRET = "whsec_bm90IGEgc2VjcmV0IGF0IGFsbCE="


def check() -> tuple[bool, str]:
    out = io.StringIO()
    try:
        call_command("reupload_check", stdout=out)
    except CommandError as error:
        assert error.returncode == 1
        return False, out.getvalue()
    return True, out.getvalue()


def test_all_is_well(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    good, said = check()
    assert good, said
    assert "REUPLOAD_WEBHOOK_SECRET is not set" in said
    monkeypatch.setenv("REUPLOAD_WEBHOOK_SECRET", f"{SECRET}, {SECRET}")
    good, said = check()
    assert good, said
    assert "2 webhook secret(s)" in said


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("REUPLOAD_API_KEY", None, "Missing Reupload API key"),
        ("REUPLOAD_API_KEY", "sk_1", "does not begin with ru_"),
        ("REUPLOAD_API_KEY", "ru_1", "does not know the API key"),
        ("REUPLOAD_PROJECT_ID", "", "Missing Reupload project ID"),
        ("REUPLOAD_PROJECT_ID", "00000000-0000-4000-8000-000000000000", "no project that the key reaches"),
        ("REUPLOAD_API_BASE_URL", "http://127.0.0.1:9/api/v1", "is REUPLOAD_API_BASE_URL right?"),
        ("REUPLOAD_WEBHOOK_SECRET", f"{SECRET},secret", "Secret 2 of REUPLOAD_WEBHOOK_SECRET"),
        ("REUPLOAD_WEBHOOK_SECRET", "whsec_?", "Secret 1 of REUPLOAD_WEBHOOK_SECRET"),
    ],
)
def test_what_is_wrong_is_said(
    site: Any, monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None, words: str
) -> None:
    if value is None:
        monkeypatch.delenv(variable)
    else:
        monkeypatch.setenv(variable, value)
    good, said = check()
    assert not good
    assert words in said
    assert said.count("wrong: ") == 1


def test_what_the_key_may_not_do_is_said(site: Any, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = json.loads(server.admin("key", "create", "--name", "reader", "--permission", "files.read", "--json"))
    monkeypatch.setenv("REUPLOAD_API_KEY", made["key"])
    good, said = check()
    assert not good
    assert "files.write" in said
    assert "files.delete" in said
    assert made["key"] not in said
