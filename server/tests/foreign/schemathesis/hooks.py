"""What schemathesis cannot know of us: which answers are right although no schema can say so, and how to get behind the first check.

A refusal of a request that fits the document is a failure unless its sentence begins as one of REFUSED_IN_WORDS. To forgive one more:
its first words, and why the document cannot say it.
"""

import uuid
import zlib
from urllib.parse import parse_qsl, urlsplit

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree
from schemathesis.transport.serialization import Binary

from run import BYTES, DECLARED, PROJECT, SIGNED_URL

REFUSED_IN_WORDS = (
    # Which characters are direction marks or cannot be seen, and which of several parts counts: too long for a pattern.
    "The filename ",
    "The folder ",
    "folder is missing or blank",
    # Told by its text: a database cannot keep it.
    "metadata has an empty key or a NUL",
    "ownerRef must have 1 to 255 characters and no NUL",
    "search has more than",
    # How many keys the text of a query makes.
    "Send metadata as metadata[key]=value",
    # A size of several fields together.
    "metadata is larger than 2 KiB",
    # One field by another.
    "filename can only be given with a single file",
    "ownerRef needs projectId",
    # A text in a form that must be JSON of a certain kind.
    "metadata is not a JSON object of texts",
    # minLength counts the characters of a text, not the bytes of a file.
    "The file \"",
    # schemathesis writes control characters raw into the names of fields that nobody asked for.
    "The multipart body cannot be read: failed to read headers",
    # Opaque texts that only an earlier answer gives.
    "after is ",
    "cursor is not one",
    # The limit is a setting, or the project's.
    "The file is larger than the",
    # The session's own size and type, which are not in this request.
    "The session was opened for",
    # JSON Schema calls 2.0 an integer; a count of bytes that is written so is refused.
    "size must be a whole number, not a number with a fraction",
)


def _is_uuid(text):
    try:
        return bool(uuid.UUID(text))
    except (ValueError, TypeError, AttributeError):
        return False


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes some requests come further than any generated one would."""
    # The coverage phase knows no dictionaries for a body, and would see the 404 of an unknown project only.
    if case.meta.phase.name == TestPhase.COVERAGE and isinstance(case.body, dict) and _is_uuid(case.body.get("projectId")):
        case.body["projectId"] = PROJECT
    fuzzing = case.meta.phase.name == TestPhase.FUZZING and case.meta.generation.mode.is_positive
    # The same request comes to the same in every run.
    lot = zlib.crc32(repr((case.body, case.path_parameters)).encode()) % 3
    if fuzzing and case.operation.label == "PUT /v1/upload/{token}" and lot:
        case.body = Binary(BYTES)
        case.headers["Content-Type"] = DECLARED
    if fuzzing and case.operation.path == "/v1/files/{fileId}/{name}" and lot == 1:
        case.query = {}
    if fuzzing and case.operation.path == "/v1/files/{fileId}/{name}" and lot == 2:
        url = urlsplit(SIGNED_URL)
        case.path_parameters["fileId"], case.query = url.path.split("/")[3], dict(parse_qsl(url.query))
    # A poll may take 30 seconds; what is answered at its end is the same after one.
    if (case.query or {}).get("wait") in range(2, 31):
        case.query["wait"] = 1


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure is one: forgives what is so by design."""
    if isinstance(failure, RejectedPositiveData):
        return not response.json()["message"].startswith(REFUSED_IN_WORDS)
    if isinstance(failure, AcceptedNegativeData):
        # A header that nobody knows is passed over (RFC 9110, section 5.1).
        if "x-schemathesis-unknown-property" in case.headers:
            return False
        # Any bytes are good behind a signed token; that before_call sent some is a violation to schemathesis.
        if case.operation.label == "PUT /v1/upload/{token}":
            return False
        # A blank parameter is as good as an absent one (docs/reference/choices.md).
        return not any(isinstance(value, str) and not value.strip() for value in (case.query or {}).values())
    # A session can still be looked at when it is cancelled: it says so.
    return not (isinstance(failure, UseAfterFree) and response.json().get("session", {}).get("status") == "CANCELLED")
