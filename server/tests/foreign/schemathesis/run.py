"""Tries the OpenAPI document on the real binary: every answer must be in it, and none may be a 5xx.

Starts `reupload dev` on a fresh folder, fills it with things to ask for, and lets schemathesis send requests in its four phases. Ends
with status 1 if a check failed or fewer requests were sent than wanted. How the checks are set is in schemathesis.toml and hooks.py.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import httpx

HERE = pathlib.Path(__file__).parent
# What every session is opened for, and what hooks.py sends to some of them.
DECLARED, BYTES = "application/octet-stream", b"hello"
# For hooks.py, which runs in the process of schemathesis.
PROJECT, SIGNED_URL = os.environ.get("REUPLOAD_PROJECT_ID"), os.environ.get("SIGNED_URL")
# No limit on the requests of one key or address: here all come from one.
SETTINGS = {"REUPLOAD_LIMITS__KEY_PER_SECOND": "0", "REUPLOAD_LIMITS__ADDRESS_PER_SECOND": "0", "REUPLOAD_LOG__FILTER": "warn"}
FILES, SESSIONS = 30, 15


@contextlib.contextmanager
def server(binary, data, settings):
    """`reupload dev` on free ports until the end of the block; gives what it wrote into dev.env."""
    listen = [part for host in ("", "cdn-", "metrics-") for part in (f"--{host}listen", "127.0.0.1:0")]
    log = data / "log"
    with open(log, "w") as out:
        process = subprocess.Popen([binary, "dev", "--data", data / "dev", *listen], env=settings, stdout=out, stderr=out)
    try:
        while process.poll() is None and "webhook create" not in log.read_text():
            time.sleep(0.05)
        if process.poll() is None:
            lines = (data / "dev" / "dev.env").read_text().splitlines()
            yield dict(line.split("=", 1) for line in lines if line.startswith("REUPLOAD_"))
    finally:
        died = process.poll()
        process.terminate()
        process.wait(60)
        if died is not None:
            sys.exit(f"the server ended with status {died}:\n{log.read_text()}")


def upload(api, project, public):
    """Ready files, as {uploadId, fileId}."""
    fields = {"projectId": project, "folder": "a/b", "isPublic": public}
    files = [("file", (f"{number}.txt", BYTES)) for number in range(FILES)]
    uploads = api.post("/uploads/direct", data=fields, files=files).raise_for_status().json()["files"]
    for taken in uploads:
        while api.get(f"/uploads/session/{taken['uploadId']}").raise_for_status().json()["session"]["status"] != "COMPLETED":
            time.sleep(0.05)
    return [taken["fileId"] for taken in uploads]


def open_session(api, project):
    """An open session, as {uploadId, uploadUrl, …}."""
    body = {"projectId": project, "filename": "a.bin", "contentType": DECLARED, "size": len(BYTES)}
    return api.post("/uploads/session", json=body).raise_for_status().json()


def make_world(api, project, second):
    """Files, sessions and events; gives the dictionaries of schemathesis.toml."""
    files, doomed_files = upload(api, project, "true") + upload(api, project, "false"), upload(api, second, "true")
    kept, doomed = ([open_session(api, project) for _ in range(SESSIONS)] for _ in range(2))
    for session in doomed[::2]:
        httpx.put(session["uploadUrl"], content=BYTES, headers={"Content-Type": DECLARED}).raise_for_status()
    events = api.get("/events", params={"limit": 20}).raise_for_status().json()["events"]
    return {
        "projects": [project, second],
        "emptied": [second],
        "files": files,
        "doomed_files": doomed_files,
        "uploads": [session["uploadId"] for session in kept],
        "doomed_uploads": [session["uploadId"] for session in doomed],
        "tokens": [session["uploadUrl"].rsplit("/", 1)[1] for session in kept],
        "events": ["now", *(event["id"] for event in events)],
        "cursors": [api.get("/files", params={"limit": 1}).raise_for_status().json()["nextCursor"]],
    }


def count(report):
    """Requests by phase, from the events that schemathesis wrote."""
    phases = collections.Counter()
    with open(report) as lines:
        for event in map(json.loads, lines):
            ended = event.get("ScenarioFinished", {})
            phases[ended.get("phase")] += len(ended.get("recorder", {}).get("interactions", {}))
    return phases


def run(asked, data):
    """The status of schemathesis, and the requests by phase."""
    settings = os.environ | SETTINGS | ({"REUPLOAD_DATABASE__URL": asked.database} if asked.database else {})

    def admin(*words):
        command = [asked.binary, "admin", "--data", data / "dev", "--json", *words]
        return json.loads(subprocess.run(command, env=settings, check=True, stdout=subprocess.PIPE).stdout)

    with server(asked.binary, data, settings) as env:
        base, project = env["REUPLOAD_API_BASE_URL"], env["REUPLOAD_PROJECT_ID"]
        # Nobody listens there: deliveries fail beside the requests.
        admin("webhook", "create", "--project", project, "--url", "http://127.0.0.1:9/")
        second = admin("project", "create", "--name", "second")["id"]
        with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {env['REUPLOAD_API_KEY']}"}, timeout=60) as api:
            world = make_world(api, project, second)
            access = api.get(f"/files/{world['files'][-1]}/access", params={"expiresIn": 86400}).raise_for_status().json()["access"]
        config, report = data / "schemathesis.toml", data / "events.ndjson"
        dictionaries = "".join(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n" for name, values in world.items())
        config.write_text((HERE / "schemathesis.toml").read_text() + dictionaries)
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", config, "run"]
        command += [base.removesuffix("/api/v1") + "/openapi.json", "--seed", str(asked.seed), "-n", str(asked.examples)]
        command += ["--report", "ndjson", "--report-ndjson-path", report]
        status = subprocess.run(command, env=settings | env | {"PYTHONPATH": str(HERE), "SIGNED_URL": access["url"]}, cwd=data, check=False).returncode
        return status, count(report)


def main():
    """Reads the arguments and judges the run."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary", type=os.path.abspath)
    arguments.add_argument("--requests", type=int, default=10_000, help="fewest requests")
    arguments.add_argument("--examples", type=int, default=420, help="most generated requests of an operation")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--database", help="a postgres:// URL of an empty database; else SQLite")
    asked = arguments.parse_args()

    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        status, phases = run(asked, pathlib.Path(folder))
    listed = ", ".join(f"{number} {phase}" for phase, number in phases.items() if number)
    print(f"{phases.total()} requests in {time.monotonic() - begun:.0f} s: {listed}")
    if phases.total() < asked.requests:
        sys.exit(f"fewer than {asked.requests} requests: raise --examples")
    sys.exit(status)


if __name__ == "__main__":
    main()
