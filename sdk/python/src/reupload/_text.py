"""UUIDs, times and paths as the texts that the API takes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from uuid import UUID


def text(value: Any) -> str:
    """A ``datetime`` is sent in UTC with ``Z``; one without a time zone is local time, as everywhere in Python."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, PurePath):
        return value.as_posix()
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def plain(value: Any) -> Any:
    """The same, in all of a JSON value; what is left out by ``None`` goes."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    return text(value) if isinstance(value, (UUID, datetime, os.PathLike)) else value


def segment(value: Any) -> str:
    """A part of a path: an id that holds a slash must not reach another address."""
    return quote(text(value), safe="")


def omit_none(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if value is not None}
