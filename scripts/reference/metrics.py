"""The metrics that `telemetry.rs` describes, which must be those that the rest of the sources count."""

import re
from pathlib import Path

from rust import cell

UNITS = {"Bytes": "bytes", "Seconds": "seconds", "": ""}


def table(root: Path) -> str:
    source = root / "server/src"
    described = re.findall(
        r'\b(counter|gauge|histogram)!\(\s*"(\w+)",\s*(?:Unit::(\w+),\s*)?"([^"]+)"\s*\)',
        (source / "telemetry.rs").read_text(),
    )
    counted = {
        (kind, name)
        for path in source.rglob("*.rs")
        for kind, name in re.findall(r'metrics::(counter|gauge|histogram)!\(\s*"(\w+)"', path.read_text())
    }
    known = {(kind, name) for kind, name, _, _ in described}
    if known != counted:
        raise SystemExit(f"scripts/reference: described or counted, but not both: {sorted(known ^ counted)}")
    rows = [f"| `{name}` | {kind} | {UNITS[unit]} | {cell(text)} |" for kind, name, unit, text in described]
    return "\n".join(["| metric | kind | unit | what it counts |", "|---|---|---|---|", *rows])
