"""`reupload.forms`: what a form may hold, and what is answered when it does not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import reupload.fastapi.shared
import reupload.forms
from reupload import AsyncReupload, Reupload
from reupload.errors import DirectUploadHandlerError, ReuploadCdnError, ReuploadError
from reupload.forms import (
    UploadedFilePart,
    error_payload,
    file_from_upload_part,
    parse_direct_upload_batch_from_form,
    parse_direct_upload_from_form,
    parse_optional_boolean_form_field,
    resolve_project_id,
    run_async_direct_upload,
    run_async_direct_upload_batch,
    run_direct_upload,
    run_direct_upload_batch,
)

PART = UploadedFilePart(data=b"hello", filename="a.txt", content_type="text/plain", size=5)
WITH_DEFAULT: Any = SimpleNamespace(default_project_id="default")
WITHOUT: Any = SimpleNamespace(default_project_id=None)


def code_of(call: Any) -> tuple[int, str]:
    with pytest.raises(DirectUploadHandlerError) as caught:
        call()
    return caught.value.status, caught.value.code


def test_the_old_place_has_the_very_same_objects() -> None:
    for name in reupload.forms.__all__:
        assert getattr(reupload.fastapi.shared, name) is getattr(reupload.forms, name)


def test_the_servers_choice_of_project_goes_before_the_forms_and_that_before_the_default() -> None:
    choose = resolve_project_id
    assert choose(client=WITH_DEFAULT, project_id="a", form_project_id="b") == "a"
    assert choose(client=WITH_DEFAULT, project_id=None, form_project_id="b") == "b"
    assert choose(client=WITH_DEFAULT, project_id="", form_project_id="") == "default"
    assert code_of(lambda: choose(client=WITHOUT, project_id=None, form_project_id=None)) == (400, "MISSING_PROJECT_ID")


@pytest.mark.parametrize(
    ("text", "value"), [(None, None), ("", None), ("  ", None), ("true", True), (" TRUE ", True), ("False", False)]
)
def test_is_public_is_true_false_or_absent(text: str | None, value: bool | None) -> None:
    assert parse_optional_boolean_form_field(text) is value


@pytest.mark.parametrize("text", ["yes", "1", "0", "on", "truee"])
def test_any_other_is_public_is_refused(text: str) -> None:
    assert code_of(lambda: parse_optional_boolean_form_field(text)) == (400, "VALIDATION_ERROR")


def test_a_part_has_a_name_and_a_type_even_if_the_sender_gave_none() -> None:
    bare = UploadedFilePart(data=b"x", filename="", content_type="", size=1)
    assert file_from_upload_part(bare) == {
        "data": b"x",
        "filename": "upload",
        "contentType": "application/octet-stream",
        "size": 1,
    }
    assert file_from_upload_part(PART, " b.txt ")["filename"] == "b.txt"
    assert file_from_upload_part(PART, "  ")["filename"] == "a.txt"


def test_an_empty_file_is_refused() -> None:
    empty = UploadedFilePart(data=b"", filename="a", content_type="text/plain", size=0)
    assert code_of(lambda: file_from_upload_part(empty)) == (400, "EMPTY_FILE")


def test_one_file_becomes_the_input_of_upload_direct() -> None:
    made = parse_direct_upload_from_form(client=WITH_DEFAULT, file=PART)
    assert made == {"projectId": "default", "file": PART.to_upload_file_input()}
    full = parse_direct_upload_from_form(
        client=WITH_DEFAULT, file=PART, form_project_id="p", filename_field=" n.txt ", is_public_field="true"
    )
    assert (full["projectId"], full["filename"], full["isPublic"]) == ("p", "n.txt", True)
    assert full["file"]["filename"] == "n.txt"


def test_a_form_without_a_file_is_refused() -> None:
    assert code_of(lambda: parse_direct_upload_from_form(client=WITH_DEFAULT, file=None)) == (400, "MISSING_FILE")
    assert code_of(lambda: parse_direct_upload_batch_from_form(client=WITH_DEFAULT, files=[])) == (400, "MISSING_FILE")


def test_a_file_name_is_for_one_file_only() -> None:
    one = parse_direct_upload_batch_from_form(client=WITH_DEFAULT, files=[PART], filename_field="n.txt")
    assert one["files"][0]["filename"] == "n.txt"
    two = parse_direct_upload_batch_from_form(client=WITH_DEFAULT, files=[PART, PART], is_public_field="false")
    assert [file["filename"] for file in two["files"]] == ["a.txt", "a.txt"]
    assert two["isPublic"] is False
    refused = code_of(
        lambda: parse_direct_upload_batch_from_form(client=WITH_DEFAULT, files=[PART, PART], filename_field="n.txt")
    )
    assert refused == (400, "INVALID_FILENAME")


def test_errors_are_answered_with_their_own_status_and_code() -> None:
    assert error_payload(DirectUploadHandlerError(400, "EMPTY_FILE", "m")) == (
        400,
        {"error": "EMPTY_FILE", "message": "m"},
    )
    assert error_payload(ReuploadError(404, "NOT_FOUND", "m")) == (404, {"error": "NOT_FOUND", "message": "m"})
    assert error_payload(ReuploadCdnError(422, "m")) == (502, {"error": "CDN_ERROR", "message": "m"})


def test_an_error_that_nobody_foresaw_says_nothing_of_itself() -> None:
    status, body = error_payload(RuntimeError("password=hunter2"))
    assert (status, body["error"]) == (500, "INTERNAL_ERROR")
    assert "hunter2" not in body["message"]


def test_one_file_and_several_arrive_at_the_server(client: Reupload, tmp_path: Path) -> None:
    one = run_direct_upload(client, parse_direct_upload_from_form(client=client, file=PART))
    assert one["status"] == "processing"
    path = tmp_path / "b.bin"
    path.write_bytes(b"12345678")
    with path.open("rb") as opened:
        streamed = UploadedFilePart(data=opened, filename="b.bin", content_type="application/octet-stream", size=8)
        both = run_direct_upload_batch(
            client, parse_direct_upload_batch_from_form(client=client, files=[PART, streamed])
        )
    sizes = [client.uploads.wait_for_completion(file["uploadId"])["file"]["sizeBytes"] for file in both["files"]]
    assert sizes == [5, 8]


async def test_the_async_twins_do_the_same(aclient: AsyncReupload) -> None:
    one = await run_async_direct_upload(aclient, parse_direct_upload_from_form(client=aclient, file=PART))
    both = await run_async_direct_upload_batch(
        aclient, parse_direct_upload_batch_from_form(client=aclient, files=[PART, PART])
    )
    assert one["status"] == "processing"
    assert len({one["fileId"], *(file["fileId"] for file in both["files"])}) == 3
