"""The client of a process, made from the environment when it is first used."""

from __future__ import annotations

from functools import lru_cache

from reupload.client import Reupload
from reupload.env import create_reupload_from_env


@lru_cache(maxsize=1)
def default_client() -> Reupload:
    """Return the one client of this process, for all of its threads.

    It reads `REUPLOAD_API_KEY`, `REUPLOAD_PROJECT_ID` and `REUPLOAD_API_BASE_URL` at the first call, not at import:
    so a server that forks its workers does not share connections between them, and commands such as `migrate` need no
    key.

    Raises:
        ValueError: the key or the project is missing.

    """
    return create_reupload_from_env()
