"""Reads what the pages need of Rust sources: the variants of an enum or a table, each with its documentation."""

import re
from typing import NamedTuple


class Variant(NamedTuple):
    name: str
    # What stands in quotes behind `=>`, if anything does.
    text: str
    # Its doc comment, a string a paragraph.
    paragraphs: list[str]


def block(source: str, opening: str) -> str:
    """The lines between the line `opening` and the brace that closes it, which stands at the line's beginning."""
    _, found, rest = source.partition(f"\n{opening}\n")
    if not found:
        raise SystemExit(f"scripts/reference: there is no line {opening!r} any more")
    return rest.partition("\n}\n")[0]


def variants(source: str, opening: str) -> list[Variant]:
    """The variants below `opening`, in order. Fails at a line that is none, so that none is passed over."""
    found, paragraphs = [], [""]
    for line in map(str.strip, block(source, opening).splitlines()):
        if line == "///":
            paragraphs.append("")
        elif line.startswith("/// "):
            paragraphs[-1] = f"{paragraphs[-1]} {line[4:]}".strip()
        elif match := re.fullmatch(r'(\w+)(?: => "(.*)")?,', line):
            if not paragraphs[0]:
                raise SystemExit(f"scripts/reference: {match[1]} has no documentation")
            found.append(Variant(match[1], match[2] or "", paragraphs))
            paragraphs = [""]
        elif not line.startswith(("//", "#[")):
            raise SystemExit(f"scripts/reference: cannot read {line!r} below {opening!r}")
    return found


def cell(text: str) -> str:
    """A text in a cell of a Markdown table."""
    return text.replace("|", "\\|")
