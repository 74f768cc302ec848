"""A proxy in front of the real server that plays faults: lost answers, refusals with `Retry-After`, one for each
request.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx

PASS = "pass"
LOSE = "lose the answer"
REFUSE = "do not take the request"


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Proxy:
    """`faults` are taken one a request: PASS, LOSE, REFUSE, or (status, headers) to answer instead of the server."""

    url: str
    faults: list[object]
    seen: list[Seen] = field(default_factory=list)


@contextmanager
def proxy(target: str, *faults: object) -> Iterator[Proxy]:
    state = Proxy("", list(faults))
    upstream = httpx.Client(base_url=f"{urlsplit(target).scheme}://{urlsplit(target).netloc}", timeout=60)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            fault = state.faults.pop(0) if state.faults else PASS
            if fault == REFUSE:
                return self.hang_up()
            body = self.body()
            state.seen.append(Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if isinstance(fault, tuple):
                status, headers = fault
                return self.answer(status, headers, b'{"error":"PLAYED","message":"A played fault."}')
            dropped = ("host", "transfer-encoding", "content-length", "connection", "accept-encoding")
            headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
            response = upstream.request(self.command, self.path, headers=headers, content=body)
            if fault == LOSE:
                return self.hang_up()
            kept = ("content-type", "x-request-id")
            self.answer(
                response.status_code, {k: response.headers[k] for k in kept if k in response.headers}, response.content
            )

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_one

        def body(self) -> bytes:
            if "chunked" not in self.headers.get("transfer-encoding", ""):
                return self.rfile.read(int(self.headers.get("content-length", 0)))
            whole = b""
            while size := int(self.rfile.readline(), 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return whole

        def hang_up(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.daemon_threads = True
    threading.Thread(target=service.serve_forever, args=(0.05,), daemon=True).start()
    state.url = f"http://127.0.0.1:{service.server_port}{urlsplit(target).path}"
    try:
        yield state
    finally:
        service.shutdown()
        service.server_close()
        upstream.close()
