"""``client.files``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reupload import _calls
from reupload._http import AsyncHttpClient, HttpClient
from reupload._pages import AsyncPages, Pages
from reupload.types import (
    DeleteFileResult,
    DeleteFilesResult,
    DeleteFolderResult,
    FileAccessQuery,
    FilePage,
    FilePublic,
    FileTimeline,
    GetFileAccessResult,
    GetFileResult,
    Id,
    Text,
    UpdateFileInput,
)


class FilesResource:
    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def get(self, file_id: Id) -> GetFileResult:
        """404 until its upload is COMPLETED."""
        return self._http.send(_calls.get_file(file_id))

    def access(self, file_id: Id, query: FileAccessQuery | None = None) -> GetFileAccessResult:
        """An address of it: permanent if it is public, else signed for ``expiresIn`` seconds."""
        return self._http.send(_calls.access(file_id, query))

    def delete(self, file_id: Id) -> DeleteFileResult:
        """Its addresses are dead when this returns."""
        return self._http.send(_calls.delete_file(file_id))

    def delete_many(self, file_ids: Iterable[Id], *, idempotency_key: str | None = None) -> DeleteFilesResult:
        """Delete up to 100 in one step; ``notFound`` names those that were not there."""
        return self._http.send(_calls.delete_files(file_ids, idempotency_key))

    def delete_folder(self, folder: Text, project_id: Id | None = None) -> DeleteFolderResult:
        """Delete up to 1,000 files in a folder and below it, of the default project unless one is named."""
        return self._http.send(_calls.delete_folder(folder, project_id, self._http.default_project_id))

    def update(self, file_id: Id, changes: UpdateFileInput) -> GetFileResult:
        return self._http.send(_calls.update_file(file_id, changes))

    def timeline(self, file_id: Id) -> FileTimeline:
        """What happened to it, with reasons; also of files that failed or are deleted."""
        return self._http.send(_calls.timeline(file_id))

    def list(
        self,
        project_id: Id | None = None,
        folder: Text | None = None,
        search: str | None = None,
        *,
        recursive: bool | None = None,
        metadata: Mapping[str, Text] | None = None,
        limit: int = 100,
    ) -> Pages[FilePage, FilePublic]:
        """All files, newest first, of all projects that the key reaches unless one is named.

        ``limit`` is a page's size, 1 to 200.
        """
        filters = _calls.file_filters(project_id, folder, search, recursive, metadata, limit)
        return Pages(lambda at: self._http.send(_calls.list_files(filters, at)), None, _next, _files)


class AsyncFilesResource:
    """As ``FilesResource``."""

    def __init__(self, http: AsyncHttpClient) -> None:
        self._http = http

    async def get(self, file_id: Id) -> GetFileResult:
        return await self._http.send(_calls.get_file(file_id))

    async def access(self, file_id: Id, query: FileAccessQuery | None = None) -> GetFileAccessResult:
        return await self._http.send(_calls.access(file_id, query))

    async def delete(self, file_id: Id) -> DeleteFileResult:
        return await self._http.send(_calls.delete_file(file_id))

    async def delete_many(self, file_ids: Iterable[Id], *, idempotency_key: str | None = None) -> DeleteFilesResult:
        return await self._http.send(_calls.delete_files(file_ids, idempotency_key))

    async def delete_folder(self, folder: Text, project_id: Id | None = None) -> DeleteFolderResult:
        return await self._http.send(_calls.delete_folder(folder, project_id, self._http.default_project_id))

    async def update(self, file_id: Id, changes: UpdateFileInput) -> GetFileResult:
        return await self._http.send(_calls.update_file(file_id, changes))

    async def timeline(self, file_id: Id) -> FileTimeline:
        return await self._http.send(_calls.timeline(file_id))

    def list(
        self,
        project_id: Id | None = None,
        folder: Text | None = None,
        search: str | None = None,
        *,
        recursive: bool | None = None,
        metadata: Mapping[str, Text] | None = None,
        limit: int = 100,
    ) -> AsyncPages[FilePage, FilePublic]:
        filters = _calls.file_filters(project_id, folder, search, recursive, metadata, limit)
        return AsyncPages(lambda at: self._http.send(_calls.list_files(filters, at)), None, _next, _files)


def _next(page: FilePage) -> str | None:
    return page["nextCursor"]


# Within the classes above `list` is their method.
def _files(page: FilePage) -> list[FilePublic]:
    return page["files"]
