"""`ReuploadStorage`: what `FileField` and `STORAGES` keep files in, with Reupload behind it.

A file's name in the database is `folder/<file id>/name`: the id finds the file again, the rest is for people.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible
from django.utils.timezone import make_naive

from reupload.client import Reupload
from reupload.django._remote import RemoteFile
from reupload.django.client import default_client
from reupload.errors import ReuploadError
from reupload.types import FilePublic

_ID_LENGTH = 37
"""Characters that an id and its slash take of a name."""


@deconstructible(path="reupload.django.ReuploadStorage")
class ReuploadStorage(Storage):
    """A storage whose files are uploaded directly, in pieces. Its client is `reupload.django.default_client()`.

    Args:
        is_public: give new files an address that is good for ever, for everybody.
        project_id: the project of new files; None is the client's default.
        expires_in: seconds that an address of a private file is good for, 60 to 604,800.
        wait: whether `save` returns only when the file is ready, after its scan. Without it a save is quicker, but
            opening, `size` and `url` fail until the file is ready, and it may still be refused.

    Saving raises `ReuploadError`, with `wait` also its `UploadFailedError` and `UploadTimeoutError`: then the file is
    not stored. Reupload takes no empty files. `url`, `size`, `exists` and the times ask the server each time: keep
    addresses of long lists in Django's cache, for less than `expires_in`.

    """

    def __init__(
        self,
        is_public: bool = False,
        project_id: str | UUID | None = None,
        expires_in: int = 300,
        wait: bool = True,
    ) -> None:
        self.is_public = is_public
        self.project_id = project_id
        self.expires_in = expires_in
        self.wait = wait

    @property
    def client(self) -> Reupload:
        return default_client()

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name, cut if the id would make it longer than the field.

        No name is ever taken: the id makes each one of its own.
        """
        too_long = 0 if max_length is None else len(name) + _ID_LENGTH - max_length
        if too_long <= 0:
            return name
        root, extension = posixpath.splitext(name)
        cut = root[:-too_long]
        if not posixpath.basename(cut) or posixpath.dirname(cut) != posixpath.dirname(name):
            raise SuspiciousFileOperation(f"The field is too short for the id and the name of {name!r}.")
        return cut + extension

    def _save(self, name: str, content: Any) -> str:
        folder, filename = posixpath.split(name)
        upload: Any = {"file": {"data": _body(content), "filename": filename}, "isPublic": self.is_public}
        if folder:
            upload["folder"] = folder
        if self.project_id:
            upload["projectId"] = self.project_id
        made = self.client.uploads.upload_direct(upload)
        if self.wait:
            self.client.uploads.wait_for_completion(made["uploadId"])
        return posixpath.join(folder, made["fileId"], filename)

    def _open(self, name: str, mode: str = "rb") -> Any:
        if mode != "rb":
            raise ValueError("A file of Reupload is opened with rb: a new content is a new file.")
        file_id = _file_id(name)
        size = self._file(name)["sizeBytes"]
        remote = RemoteFile(lambda: self._address(file_id), size)
        opened = File(io.BufferedReader(remote, 256 * 1024), name)
        opened.size = size
        return opened

    def exists(self, name: str) -> bool:
        try:
            self._file(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self._file(name)["sizeBytes"]

    def url(self, name: str | None) -> str:
        """Return the permanent address of a public file, or one signed for `expires_in` seconds."""
        address: str = _found(name, lambda: self._address(_file_id(name)))
        return address

    def delete(self, name: str) -> None:
        """Delete the file. One that is not there is fine, as in Django's own storages."""
        try:
            _found(name, lambda: self.client.files.delete(_file_id(name)))
        except FileNotFoundError:
            return

    def get_created_time(self, name: str) -> datetime:
        return _time(self._file(name)["createdAt"])

    def get_modified_time(self, name: str) -> datetime:
        return _time(self._file(name)["updatedAt"])

    def _file(self, name: str) -> FilePublic:
        file: FilePublic = _found(name, lambda: self.client.files.get(_file_id(name))["file"])
        return file

    def _address(self, file_id: str) -> str:
        return self.client.files.access(file_id, {"expiresIn": self.expires_in})["access"]["url"]


def _file_id(name: str | None) -> str:
    """Raises `FileNotFoundError` for a name without an id: it was not stored here."""
    parts = str(name or "").split("/")
    try:
        return str(UUID(parts[-2]))
    except (IndexError, ValueError):
        raise FileNotFoundError(f"There is no file id in the name {name!r}.") from None


def _found(name: str | None, ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except ReuploadError as error:
        if error.status == 404:
            raise FileNotFoundError(f"There is no file {name!r}, or it is not ready yet.") from error
        raise


def _body(content: Any) -> Any:
    """Django's own storages take a file from its beginning, and text as UTF-8; text is in memory already."""
    if content.seekable():
        content.seek(0)
    if isinstance(content.file, io.TextIOBase):
        return content.read().encode()
    return content


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    naive: datetime = time if settings.USE_TZ else make_naive(time)
    return naive
