"""Each TypedDict against the schema that the server publishes: names, what is required, what may be null, the
words of enums.
"""

from __future__ import annotations

import json
import types as builtin
import typing
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from reupload import types

OPENAPI = json.loads((Path(__file__).resolve().parents[3] / "api/openapi.json").read_text())
SCHEMAS = OPENAPI["components"]["schemas"]

RESULTS = {
    types.WhoamiResponse: "Whoami",
    types.ProjectSummary: "ProjectSummary",
    types.UploadSession: "Session",
    types.CreateUploadSessionResult: "SessionCreated",
    types.CompleteUploadSessionResult: "SessionCompleted",
    types.DirectUploadResult: "AcceptedUpload",
    types.GetUploadSessionResult: "SessionState",
    types.CancelUploadSessionResult: "Success",
    types.DeleteFileResult: "Success",
    types.FileUploadedData: "FileSummary",
    types.FileUpdatedData: "FileUpdated",
    types.FileDeletedData: "FileDeleted",
    types.FileFailedData: "FileFailed",
    types.FileUploadedEvent: "Envelope",
    types.FileUpdatedEvent: "Envelope",
    types.FileDeletedEvent: "Envelope",
    types.FileFailedEvent: "Envelope",
    types.EventPage: "EventList",
    types.FilePublic: "FilePublic",
    types.FilePage: "FileList",
    types.FileAccess: "FileAccess",
    types.GetFileResult: "FileAnswer",
    types.GetFileAccessResult: "AccessAnswer",
    types.DeleteFilesResult: "FilesDeleted",
    types.DeleteFolderResult: "FolderDeleted",
    types.TimelineEntry: "TimelineEntry",
    types.FileTimeline: "Timeline",
    types.UsageFigures: "Figures",
    types.ProjectUsage: "ProjectUsage",
    types.UsageReport: "UsageReport",
}
INPUTS = {
    types.CreateUploadSessionInput: "CreateSession",
    types.CompleteUploadSessionInput: "CompleteSession",
    types.UpdateFileInput: "PatchFile",
}
ENUMS = {
    types.ApiKeyPermission: "Permission",
    types.UploadSessionStatus: "Status",
    types.FailureReason: "FailureReason",
    types.FileCategory: "Category",
    types.FileAccessVariant: "Variant",
    types.EventType: "EventType",
    types.TimelineStep: "Step",
}


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    return resolve(SCHEMAS[schema["$ref"].rsplit("/", 1)[1]]) if "$ref" in schema else schema


def fields(schema: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    schema = resolve(schema)
    properties, required = dict(schema.get("properties", {})), set(schema.get("required", []))
    for part in schema.get("allOf", []):
        inner, needed = fields(part)
        properties |= inner
        required |= needed
    return properties, required


def nullable(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", [])
    return "null" in kinds or any(nullable(part) for part in schema.get("oneOf", []))


def kind(schema: dict[str, Any]) -> set[str]:
    schema = resolve(schema)
    if "oneOf" in schema:
        return set().union(*(kind(part) for part in schema["oneOf"])) - {"null"}
    if "allOf" in schema or "anyOf" in schema:
        return {"object"}
    kinds = schema["type"]
    return {kinds} if isinstance(kinds, str) else set(kinds) - {"null"}


def words(hint: Any) -> set[Any]:
    return set(get_args(hint)) if get_origin(hint) is Literal else set()


def unwrap(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, builtin.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return (rest[0] if len(rest) == 1 else Union[tuple(rest)]), len(rest) < len(get_args(hint))  # noqa: UP007
    return hint, False


def python_kind(hint: Any) -> set[str]:
    if get_origin(hint) in (Union, builtin.UnionType):
        return set().union(*(python_kind(part) for part in get_args(hint)))
    if get_origin(hint) is Literal:
        return {{str: "string", bool: "boolean"}[type(word)] for word in get_args(hint)}
    if typing.is_typeddict(hint):
        return {"object"}
    plain = get_origin(hint) or hint
    return {{str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}[plain]}


@pytest.mark.parametrize(("result", "name"), RESULTS.items(), ids=lambda value: getattr(value, "__name__", value))
def test_a_result_has_the_fields_of_its_schema(result: Any, name: str) -> None:
    properties, required = fields({"$ref": f"#/components/schemas/{name}"})
    hints = get_type_hints(result)
    assert hints.keys() == properties.keys()
    assert result.__required_keys__ == required
    for field, hint in hints.items():
        inner, may_be_null = unwrap(hint)
        assert may_be_null == nullable(properties[field]), field
        assert python_kind(inner) == kind(properties[field]), field
        assert not resolve(properties[field]).get("enum") or words(inner) <= set(resolve(properties[field])["enum"]), (
            field
        )


@pytest.mark.parametrize(("given", "name"), INPUTS.items(), ids=lambda value: getattr(value, "__name__", value))
def test_an_input_takes_the_fields_of_its_schema(given: Any, name: str) -> None:
    properties, required = fields({"$ref": f"#/components/schemas/{name}"})
    assert get_type_hints(given).keys() == properties.keys()
    # A client may have a default project.
    assert given.__required_keys__ == required - {"projectId"}


@pytest.mark.parametrize(("literal", "name"), [(words(key), value) for key, value in ENUMS.items()], ids=str)
def test_an_enum_has_the_words_of_its_schema(literal: set[str], name: str) -> None:
    assert literal == set(SCHEMAS[name]["enum"])


def test_the_form_of_a_direct_upload_can_be_filled_in() -> None:
    assert get_type_hints(types.DirectUploadInput).keys() == SCHEMAS["DirectForm"]["properties"].keys()


def test_every_operation_of_the_api_has_a_method() -> None:
    """If this fails, the API has grown: add the call in `_calls.py`, its methods, and its line here."""
    known = {
        "list_events", "list_files", "delete_folder", "delete_files", "get_file", "delete_file", "patch_file",
        "file_access", "timeline", "whoami", "complete_session", "upload_direct", "create_session", "get_session",
        "cancel_session", "usage",
    }  # fmt: skip
    operations = {
        operation["operationId"]
        for path, methods in OPENAPI["paths"].items()
        if path.startswith("/api/v1/")
        for operation in methods.values()
    }
    assert operations == known
