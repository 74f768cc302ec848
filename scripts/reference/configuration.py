"""The settings of `server/config.default.toml`, each with the comment above it."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import tomllib


def settings(root: Path) -> str:
    """A section of the page for each section of the file, with an entry for each setting."""
    text = (root / "server/config.default.toml").read_text()
    values = tomllib.loads(text)
    sections = list(values)
    out: list[str] = []
    comment: list[str] = []
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            out.append(f"## {section}\n")
        elif line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        elif match := re.match(r"([a-z_]+) = ", line):
            name = match[1]
            default = json.dumps(values[section].pop(name))
            variable = f"REUPLOAD_{section}__{name}".upper()
            if not comment:
                raise SystemExit(f"scripts/reference: {section}.{name} has no comment")
            what = marked(" ".join(comment), sections)
            out.append(f"### `{section}.{name}`\n\n{what}\n\nDefault `{default}` · variable `{variable}`\n")
        if not line.startswith("#"):
            comment = []
    if left := {section: rest for section, rest in values.items() if rest}:
        raise SystemExit(f"scripts/reference: settings that were not found by line: {left}")
    return "\n".join(out).rstrip()


def marked(comment: str, sections: Iterable[str]) -> str:
    """A comment as Markdown: what is quoted or in brackets and other settings are code, pages of this folder links."""
    setting = rf"\b(?:{'|'.join(sections)})\.[a-z_]+\b"
    code = re.compile(rf'(\["[^\]]*\]|"[^"]*"|{setting}|kid:hex|\bpostgres://)')
    pieces = re.split(r"(docs/reference/[a-z-]+\.md|`[^`]*`)", comment)
    for n, piece in enumerate(pieces):
        if piece.startswith("docs/"):
            pieces[n] = f"[{Path(piece).stem}]({Path(piece).name})"
        elif not piece.startswith("`"):
            pieces[n] = code.sub(r"`\1`", piece)
    return "".join(pieces)
