"""Reupload in a Django project: a storage for `FileField`, the file routes, and verified webhooks.

Name it in `INSTALLED_APPS` as `reupload.django` for the command `reupload_check`. The names below are imported when
they are used, since Django reads this package before its own settings and models are ready; only the file routes need
Django REST Framework. To add a name: write it in its module, and name it in `_HOMES` and in the imports for type
checkers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reupload.django.answers import error_response
    from reupload.django.client import default_client
    from reupload.django.files import uploaded_file_part
    from reupload.django.receiver import webhook
    from reupload.django.storage import ReuploadStorage
    from reupload.django.views import file_routes
    from reupload.forms import error_payload
    from reupload.grants import FileRequest, UploadGrant

__all__ = [
    "FileRequest",
    "ReuploadStorage",
    "UploadGrant",
    "default_client",
    "error_payload",
    "error_response",
    "file_routes",
    "uploaded_file_part",
    "webhook",
]

_HOMES = {
    "FileRequest": "reupload.grants",
    "ReuploadStorage": "reupload.django.storage",
    "UploadGrant": "reupload.grants",
    "default_client": "reupload.django.client",
    "error_payload": "reupload.forms",
    "error_response": "reupload.django.answers",
    "file_routes": "reupload.django.views",
    "uploaded_file_part": "reupload.django.files",
    "webhook": "reupload.django.receiver",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
