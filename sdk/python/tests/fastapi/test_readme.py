"""The FastAPI block of the package's README, run as printed."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.usefixtures("environment")
def test_the_readmes_application_takes_a_file_and_refuses_a_forged_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REUPLOAD_WEBHOOK_SECRET", "whsec_test")
    code = next(
        block for block in re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL) if "FastAPI()" in block
    )
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec", dont_inherit=True), names)
    with TestClient(names["app"]) as http:
        made = http.post("/api/uploads/direct", files={"file": ("a.txt", b"hello", "text/plain")})
        assert made.status_code == 202, made.text
        forged = {"Reupload-Signature": f"t={int(time.time())},v1={'0' * 64}"}
        assert http.post("/api/webhooks/reupload", content=b"{}", headers=forged).status_code == 400
