"""`ReuploadStorage` as a `FileField` uses it, against the real server."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import models
from django.db.migrations.writer import MigrationWriter

from reupload import Reupload, UploadFailedError
from reupload.django import ReuploadStorage

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(17)


@pytest.fixture
def storage(site: Any) -> ReuploadStorage:
    return storages["default"]


def test_the_stored_name_finds_the_file_again(storage: ReuploadStorage, client: Reupload) -> None:
    name = storage.save("docs/2026/plan.txt", ContentFile(b"hello"))
    folder, file_id, filename = name.rsplit("/", 2)
    stored = client.files.get(file_id)["file"]
    assert (folder, filename) == ("docs/2026", "plan.txt")
    assert (stored["folder"], stored["name"], stored["mimeType"], stored["isPublic"]) == (
        "docs/2026",
        "plan.txt",
        "text/plain",
        False,
    )
    assert (storage.exists(name), storage.size(name)) == (True, 5)
    assert abs(storage.get_created_time(name).timestamp() - time.time()) < 60
    assert httpx.get(storage.url(name)).content == b"hello"
    with storage.open(name) as opened:
        assert opened.read() == b"hello"
    storage.delete(name)
    assert not storage.exists(name)
    storage.delete(name)
    for ask in (storage.size, storage.url, storage.open, storage.get_modified_time):
        with pytest.raises(FileNotFoundError):
            ask(name)


def test_two_files_may_have_one_name(storage: ReuploadStorage) -> None:
    one, two = (storage.save("same.txt", ContentFile(content)) for content in (b"one", b"second"))
    assert one != two
    assert (storage.size(one), storage.size(two)) == (3, 6)


def test_a_name_that_was_not_stored_here_is_no_file(storage: ReuploadStorage) -> None:
    for name in ("", "a.txt", "folder/a.txt", "00000000-0000-4000-8000-000000000000/a.txt"):
        assert not storage.exists(name)
        with pytest.raises(FileNotFoundError):
            storage.open(name)


def test_a_public_file_has_a_permanent_address(site: Any) -> None:
    storage = storages["public"]
    url = storage.url(storage.save("logo.txt", ContentFile(b"hello")))
    assert "?" not in url
    assert httpx.get(url).content == b"hello"


def test_an_address_ends_when_the_options_say(site: Any) -> None:
    storage = ReuploadStorage(expires_in=61)
    name = storage.save("a.txt", ContentFile(b"hello"))
    assert storage.client.files.access(name.split("/")[0])["access"]["expiresIn"] == 300
    with pytest.raises(Exception, match="expiresIn"):
        ReuploadStorage(expires_in=5).url(name)


def test_text_is_stored_as_utf8_and_a_file_from_its_beginning(storage: ReuploadStorage, tmp_path: Path) -> None:
    with storage.open(storage.save("é.txt", ContentFile("naïve"))) as opened:
        assert opened.read() == "naïve".encode()
    path = tmp_path / "a.bin"
    path.write_bytes(b"0123456789")
    with path.open("rb") as source:
        source.read(4)
        assert storage.size(storage.save("a.bin", File(source))) == 10


def test_an_opened_file_is_read_and_sought_in_pieces(storage: ReuploadStorage) -> None:
    content = b"".join(b"%07d\n" % line for line in range(200_000))
    name = storage.save("lines.txt", ContentFile(content))
    with storage.open(name) as opened:
        assert (opened.size, opened.seekable(), opened.readline()) == (len(content), True, b"0000000\n")
        assert opened.seek(8 * 150_000) == 8 * 150_000
        assert opened.read(16) == b"0150000\n0150001\n"
        assert opened.seek(-8, io.SEEK_END) == len(content) - 8
        assert opened.read() == b"0199999\n"
        assert opened.read() == b""
        opened.seek(0)
        assert b"".join(opened.chunks()) == content
    with pytest.raises(ValueError, match="rb"):
        storage.open(name, "wb")


@pytest.mark.parametrize("wait", [True, False])
def test_a_save_waits_for_the_checks_of_its_project_unless_told_otherwise(site: Any, server: Any, wait: bool) -> None:
    words = ["project", "create", "--name", f"strict {wait}", "--on-type-mismatch", "refuse", "--json"]
    project = UUID(json.loads(server.admin(*words))["id"])
    storage = ReuploadStorage(project_id=project, wait=wait)
    if wait:
        with pytest.raises(UploadFailedError, match="CONTENT_TYPE_NOT_ALLOWED"):
            storage.save("picture.txt", ContentFile(PNG))
    else:
        assert storage.save("picture.txt", ContentFile(PNG)).endswith("/picture.txt")


def test_a_long_name_is_cut_so_that_the_id_has_room(storage: ReuploadStorage) -> None:
    name = storage.save(f"docs/{'x' * 200}.txt", ContentFile(b"hello"), max_length=100)
    assert (len(name), name[:5], name[-5:]) == (100, "docs/", "x.txt")
    assert storage.size(name) == 5
    with pytest.raises(SuspiciousFileOperation):
        storage.save(f"{'d' * 70}/a.txt", ContentFile(b"hello"), max_length=100)


def test_a_file_field_stores_reads_and_deletes(storage: ReuploadStorage) -> None:
    class Document(models.Model):
        file = models.FileField(upload_to="docs/%Y/")

        class Meta:
            app_label = "reupload"

    document = Document()
    document.file.save("plan.txt", ContentFile(b"hello"), save=False)
    again = Document(file=document.file.name)
    assert (again.file.read(), again.file.size) == (b"hello", 5)
    assert httpx.get(again.file.url).content == b"hello"
    again.file.delete(save=False)
    assert not storage.exists(document.file.name)


def test_it_can_be_written_into_a_migration(site: Any) -> None:
    written, imports = MigrationWriter.serialize(ReuploadStorage(is_public=True))
    assert (written, imports) == ("reupload.django.ReuploadStorage(is_public=True)", {"import reupload.django"})
