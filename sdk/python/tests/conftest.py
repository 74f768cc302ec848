"""The real server for all tests: one process of ``reupload dev`` in a temporary folder, on free ports."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reupload import AsyncReupload, Reupload

ROOT = Path(__file__).resolve().parents[3]
BIN = os.environ.get("REUPLOAD_BIN") or str(ROOT / "target/debug/reupload")
VARIABLES = ("REUPLOAD_API_KEY", "REUPLOAD_PROJECT_ID", "REUPLOAD_API_BASE_URL", "REUPLOAD_WEBHOOK_SECRET")


@dataclass(frozen=True)
class Server:
    """``api`` ends with ``/api/v1``; ``inbox`` is where ``reupload dev`` shows webhooks; ``data`` is for
    ``reupload admin --data``.
    """

    api: str
    cdn: str
    key: str
    project: str
    inbox: str
    data: Path
    bin: str = BIN

    def admin(self, *words: str) -> str:
        done = subprocess.run([BIN, "admin", "--data", self.data, *words], check=True, capture_output=True, text=True)
        return done.stdout


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="reupload-sdk-") as folder:
        data = Path(folder, "data")
        listen = [f"--{name}listen=127.0.0.1:0" for name in ("", "cdn-", "metrics-")]
        environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        process = subprocess.Popen(
            [BIN, "dev", f"--data={data}", *listen],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        try:
            yield _ready(process, data)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _ready(process: subprocess.Popen[str], data: Path) -> Server:
    assert process.stdout
    shown = ""
    for line in process.stdout:
        shown += line
        if "Get told when a file is ready" in line:
            break
    # Whatever it says later has to be taken, or it would stop when the pipe is full.
    threading.Thread(target=process.stdout.read, daemon=True).start()
    env = dict(re.findall(r"(REUPLOAD_\w+)=(\S+)", shown))
    return Server(
        api=env["REUPLOAD_API_BASE_URL"],
        cdn=re.search(r"CDN +(\S+)", shown)[1],
        key=env["REUPLOAD_API_KEY"],
        project=env["REUPLOAD_PROJECT_ID"],
        inbox=re.search(r"inbox of webhooks +(\S+)", shown)[1],
        data=data,
    )


@pytest.fixture
def client(server: Server) -> Iterator[Reupload]:
    with Reupload(api_key=server.key, base_url=server.api, default_project_id=server.project) as client:
        yield client


@pytest.fixture
async def aclient(server: Server) -> AsyncIterator[AsyncReupload]:
    async with AsyncReupload(api_key=server.key, base_url=server.api, default_project_id=server.project) as client:
        yield client


@pytest.fixture
def environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The three variables of the guide, as ``DATA/dev.env`` has them."""
    monkeypatch.setenv("REUPLOAD_API_KEY", server.key)
    monkeypatch.setenv("REUPLOAD_PROJECT_ID", server.project)
    monkeypatch.setenv("REUPLOAD_API_BASE_URL", server.api)
