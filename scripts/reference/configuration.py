"""The settings of `server/config.default.toml`, each with the comment above it."""

import json
import re
import tomllib
from pathlib import Path


def marked(comment: str) -> str:
    """A comment as Markdown: what is quoted or in brackets, other settings and pages are code or links."""
    code = re.compile(r'(\["[^\]]*\]|"[^"]*"|\[limits\]|\b(?:%s)\.[a-z_]+\b|kid:hex|\bpostgres://)' % "|".join(SECTIONS))
    pieces = re.split(r"(docs/reference/[a-z-]+\.md|`[^`]*`)", comment)
    for n, piece in enumerate(pieces):
        if piece.startswith("docs/"):
            pieces[n] = f"[{Path(piece).stem}]({Path(piece).name})"
        elif not piece.startswith("`"):
            pieces[n] = code.sub(r"`\1`", piece)
    return "".join(pieces)


SECTIONS: list[str] = []


def settings(root: Path) -> str:
    text = (root / "server/config.default.toml").read_text()
    values = tomllib.loads(text)
    SECTIONS[:] = values
    out, section, comment = [], "", []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            out.append(f"## {section}\n")
        elif line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        elif match := re.match(r"([a-z_]+) = ", line):
            name, default = match[1], values[section].pop(match[1])
            if not comment:
                raise SystemExit(f"scripts/reference: {section}.{name} has no comment")
            variable = f"REUPLOAD_{section}__{name}".upper()
            shown = json.dumps(default)
            out.append(f"### `{section}.{name}`\n\n{marked(' '.join(comment))}\n\nDefault `{shown}` · variable `{variable}`\n")
        if not line.startswith("#"):
            comment = []
    if left := {section: rest for section, rest in values.items() if rest}:
        raise SystemExit(f"scripts/reference: settings that were not found by line: {left}")
    return "\n".join(out).rstrip()
