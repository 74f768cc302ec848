"""Every command of the binary with its own help."""

import os
import re
import subprocess
from pathlib import Path


def sections(root: Path) -> str:
    target = root / os.environ.get("CARGO_TARGET_DIR", "target")
    binary = os.environ.get("REUPLOAD_BIN") or str(target / "debug/reupload")

    def help_of(*words: str) -> list[str]:
        answer = subprocess.run(  # noqa: S603 (the server as it was built)
            [binary, *words, "--help"], capture_output=True, text=True, check=True, env={"COLUMNS": "100"}
        )
        text = re.sub(r"[ \t]+$", "", answer.stdout, flags=re.M).strip()
        below = re.search(r"^Commands:\n((?:  .*\n)+)", text, flags=re.M)
        names = re.findall(r"^  ([a-z-]+) ", below[1], flags=re.M) if below else []
        one = f"## `{' '.join(['reupload', *words])}`\n\n```text\n{text}\n```\n" if words else ""
        return [one, *(part for name in names for part in help_of(*words, name))]

    return "\n".join(part for part in help_of() if part).rstrip()
