"""The events of `domain/event.rs`, their fields as `api/openapi.json` has them, and a sample of each."""

import json
import re
from pathlib import Path
from typing import Any

from rust import cell, variants

FILE = "01a20520-d021-790c-ae3f-2f4d5b0c9d11"
PROJECT = "01a2051f-9c40-7c11-8d1b-6f0f8c1e2a77"
SAMPLES: dict[str, Any] = {
    "id": "evt_01a20520d0247f7d8c1a5e3b9f204d66",
    "type": "file.uploaded",
    "createdAt": "2026-11-22T21:19:26.244281Z",
    "workspaceId": "01a2051f-9c3e-7e02-a1c5-0d7b2f6e4c58",
    "projectId": PROJECT,
    "fileId": FILE,
    "uploadId": "01a20520-d021-7249-bb57-9a5c1d3e8f02",
    "path": "trips/beach.jpg",
    "name": "beach.jpg",
    "mimeType": "image/jpeg",
    "sizeBytes": 48213,
    "url": f"https://files.example.com/v1/files/{FILE}/beach.jpg?exp=1795385966&kid=4a95a667&sig=…",
    "urlExpiresAt": "2026-11-22T22:19:26Z",
    "isPublic": False,
    "changes": ["name", "folder"],
    "deletedAt": "2026-11-22T21:19:26.244281Z",
    "reason": "MALWARE_DETECTED",
}
# Of fields that the document does not describe, as their names say it.
PLAIN = {
    "uploadId": "The upload's id.",
    "deletedAt": "When it was deleted.",
    "reason": "As `failureReason` of the upload: [errors](errors.md).",
}
# The schema of each event's data, where it is not named as the event.
DATA = {"FileUploaded": "FileSummary"}


def fields(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of a schema, those of the schemas that it refers to first."""
    if "$ref" in schema:
        return fields(schemas, schemas[schema["$ref"].rpartition("/")[2]])
    found: dict[str, dict[str, Any]] = {}
    for part in schema.get("allOf", []):
        found |= fields(schemas, part)
    properties: dict[str, dict[str, Any]] = schema.get("properties", {})
    return found | properties


def rows(known: dict[str, dict[str, Any]], described: dict[str, dict[str, Any]]) -> str:
    lines = ["| field | what it is |", "|---|---|"]
    order = list(SAMPLES)
    for name in sorted(known, key=lambda name: order.index(name) if name in order else len(order)):
        text = PLAIN.get(name) or known[name].get("description") or described[name]["description"]
        lines.append(f"| `{name}` | {cell(text)} |")
    return "\n".join(lines)


def envelope(root: Path) -> str:
    schemas = json.loads((root / "api/openapi.json").read_text())["components"]["schemas"]
    known = fields(schemas, schemas["Envelope"])
    return rows(known, known)


def sections(root: Path) -> str:
    schemas = json.loads((root / "api/openapi.json").read_text())["components"]["schemas"]
    kinds = variants((root / "server/src/domain/event.rs").read_text(), "pub enum EventType {")
    words = {kind.name: re.sub(r"(?<!^)(?=[A-Z])", ".", kind.name).lower() for kind in kinds}
    if sorted(words.values()) != sorted(schemas["EventType"]["enum"]):
        raise SystemExit("scripts/reference: the events of event.rs and of api/openapi.json differ")
    described = fields(schemas, schemas["FileSummary"])
    out = []
    for kind in kinds:
        data = fields(schemas, schemas[DATA.get(kind.name, kind.name)])
        body = {name: SAMPLES[name] for name in ("id", "type", "createdAt", "workspaceId", "projectId")}
        body |= {"type": words[kind.name], "data": {name: SAMPLES[name] for name in SAMPLES if name in data}}
        sample = json.dumps(body, indent=2, ensure_ascii=False)
        text = " ".join(kind.paragraphs)
        out.append(f"## `{words[kind.name]}`\n\n{text}\n\n{rows(data, described)}\n\n```json\n{sample}\n```\n")
    return "\n".join(out).rstrip()
