"""Writes the pages of docs/reference/ that are made of the sources, from the templates in pages/.

    python3 scripts/reference           writes them
    python3 scripts/reference --check   fails and names those that are stale

The command line's page is made of the help of REUPLOAD_BIN, or else of the debug build.
"""

import sys
from pathlib import Path

import commands
import configuration
import errors
import events
import metrics

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = Path(__file__).parent / "pages"

# What a template may name, as a line `{{ name }}` of its own.
PARTS = {
    "codes": errors.codes,
    "failure reasons": errors.failure_reasons,
    "settings": configuration.settings,
    "metrics": metrics.table,
    "envelope": events.envelope,
    "events": events.sections,
    "commands": commands.sections,
}


def page(template: Path) -> str:
    """The page that a template stands for. Fails if a part has no entry, or an entry no text."""
    lines = []
    for line in template.read_text().splitlines():
        name = line.removeprefix("{{ ").removesuffix(" }}")
        lines.append(PARTS[name](ROOT) if line.startswith("{{ ") else line)
    return "\n".join(lines) + "\n"


def main() -> int:
    pages = {ROOT / "docs/reference" / template.name: page(template) for template in sorted(TEMPLATES.glob("*.md"))}
    if "--check" not in sys.argv[1:]:
        for path, text in pages.items():
            path.write_text(text)
        return 0
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        print(
            f"{path.relative_to(ROOT)} is not what the sources say: run `make reference`, and commit what it writes",
            file=sys.stderr,
        )
    return 1 if stale else 0


sys.exit(main())
