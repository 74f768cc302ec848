"""What the tests of Django share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def site(environment: None) -> Iterator[Any]:
    """The project with the real server behind it; hooks that have heard nothing yet."""
    import django_site

    from reupload.django import default_client

    default_client.cache_clear()
    django_site.guard.__init__()
    yield django_site
    default_client.cache_clear()
