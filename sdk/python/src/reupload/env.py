"""Clients from ``REUPLOAD_API_KEY``, ``REUPLOAD_PROJECT_ID`` and ``REUPLOAD_API_BASE_URL``; an argument goes
before its variable.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import httpx

from reupload.client import DEFAULT_BASE_URL as DEFAULT_BASE_URL
from reupload.client import AsyncReupload, Reupload


class _Settings(NamedTuple):
    api_key: str
    base_url: str
    project_id: str


def create_reupload_from_env(
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    default_project_id: str | None = None,
    httpx_client: httpx.Client | None = None,
    timeout: float | httpx.Timeout | None = None,
    max_retries: int = 3,
) -> Reupload:
    """Raises ``ValueError`` if the key or the project is nowhere."""
    settings = _settings(api_key, base_url, default_project_id)
    return Reupload(
        api_key=settings.api_key,
        base_url=settings.base_url,
        default_project_id=settings.project_id,
        httpx_client=httpx_client,
        timeout=60.0 if timeout is None else timeout,
        max_retries=max_retries,
    )


def create_async_reupload_from_env(
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    default_project_id: str | None = None,
    httpx_client: httpx.AsyncClient | None = None,
    timeout: float | httpx.Timeout | None = None,
    max_retries: int = 3,
) -> AsyncReupload:
    """Raises ``ValueError`` if the key or the project is nowhere."""
    settings = _settings(api_key, base_url, default_project_id)
    return AsyncReupload(
        api_key=settings.api_key,
        base_url=settings.base_url,
        default_project_id=settings.project_id,
        httpx_client=httpx_client,
        timeout=60.0 if timeout is None else timeout,
        max_retries=max_retries,
    )


def _settings(api_key: str | None, base_url: str | None, project_id: str | None) -> _Settings:
    key = api_key or _read("REUPLOAD_API_KEY")
    if not key:
        raise ValueError("Missing Reupload API key. Set REUPLOAD_API_KEY or pass api_key.")
    project = project_id or _read("REUPLOAD_PROJECT_ID")
    if not project:
        raise ValueError("Missing Reupload project ID. Set REUPLOAD_PROJECT_ID or pass default_project_id.")
    return _Settings(key, base_url or _read("REUPLOAD_API_BASE_URL") or DEFAULT_BASE_URL, project)


def _read(name: str) -> str | None:
    return os.environ.get(name, "").strip() or None
