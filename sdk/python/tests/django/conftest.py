"""What the tests of Django share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def site(environment: None) -> Iterator[Any]:
    """The project with the real server behind it; hooks that have heard nothing yet."""
    import site_project

    from reupload.django import default_client

    default_client.cache_clear()
    site_project.guard.__init__()
    yield site_project
    default_client.cache_clear()
