"""The codes of `domain/refusal.rs` with their statuses of `http/error.rs`, and the reasons of `domain/upload.rs`."""

import re
from http import HTTPStatus
from pathlib import Path

from rust import block, cell, variants

# Variants that are in the contract and that nothing makes.
NEVER = "In the contract, and not used"
# Statuses that Python calls otherwise than the crate `http`.
OTHERWISE = {"PAYLOAD_TOO_LARGE": 413, "RANGE_NOT_SATISFIABLE": 416}


def statuses(root: Path) -> dict[str, int]:
    """The HTTP status of each variant of `Code`."""
    body = block((root / "server/src/http/error.rs").read_text(), "pub const fn status_of(code: Code) -> StatusCode {")
    arms = re.findall(r"((?:Code::\w+[\s|]*)+)=>\s*StatusCode::(\w+)", body)
    return {
        code: OTHERWISE.get(known) or HTTPStatus[known].value
        for codes, known in arms
        for code in re.findall(r"Code::(\w+)", codes)
    }


def codes(root: Path) -> str:
    status_of = statuses(root)
    lines = ["| code | status | when | what to do |", "|---|---|---|---|"]
    for code in variants((root / "server/src/domain/refusal.rs").read_text(), "codes! {"):
        when, what_to_do = code.paragraphs
        lines.append(f"| `{code.text}` | {status_of.pop(code.name)} | {cell(when)} | {cell(what_to_do)} |")
    if status_of:
        raise SystemExit(f"scripts/reference: statuses without a code: {sorted(status_of)}")
    return "\n".join(lines)


def failure_reasons(root: Path) -> str:
    lines = ["| reason | when |", "|---|---|"]
    for reason in variants((root / "server/src/domain/upload.rs").read_text(), "pub enum FailureReason {"):
        word = re.sub(r"(?<!^)(?=[A-Z])", "_", reason.name).upper()
        when = cell(" ".join(reason.paragraphs)).replace("`docs/reference/scanning.md`", "[scanning](scanning.md)")
        if not when.startswith(NEVER):
            lines.append(f"| `{word}` | {when} |")
    return "\n".join(lines)
