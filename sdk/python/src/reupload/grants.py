"""What somebody asks of an application's file routes, and the application's yes; for any web framework.

`reupload.fastapi` and `reupload.django` build their routes on this. To add a term of an upload: a field of
`UploadGrant` and its line in `terms`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reupload.errors import DirectUploadHandlerError
from reupload.forms import resolve_project_id

if TYPE_CHECKING:
    from reupload.client import AsyncReupload, Reupload

Action = Literal["prepare", "direct", "complete", "cancel", "status", "access"]

STATUS_CODES = {
    400: "MALFORMED_REQUEST",
    401: "UNAUTHORIZED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "FILE_TOO_LARGE",
    415: "CONTENT_TYPE_NOT_ALLOWED",
    429: "RATE_LIMITED",
}
"""The `error` of an answer whose error is the framework's own, by its HTTP status."""


@dataclass(frozen=True)
class FileRequest:
    """What somebody asks for. All of it is the browser's word, for the application to judge.

    `filename`, `content_type`, `size` (bytes), `project_id` and `is_public` come with `prepare` and `direct`,
    `upload_id` with `complete`, `cancel` and `status`, `file_id` with `access`.
    """

    action: Action
    filename: str | None = None
    content_type: str | None = None
    size: int | None = None
    project_id: str | None = None
    is_public: bool = False
    upload_id: str | None = None
    file_id: str | None = None


@dataclass(frozen=True)
class UploadGrant:
    """The application's yes, and on what terms an upload is made; the terms say nothing for the other actions.

    `project_id` None is the client's default project. `owner_ref` is the application's own id of the user, which
    Reupload's quotas per owner count by. `folder` and `metadata` are stored with the file.
    """

    project_id: str | None = None
    owner_ref: str | None = None
    is_public: bool = False
    folder: str | None = None
    metadata: dict[str, str] | None = None


def checked_grant(answer: object) -> UploadGrant:
    """Return what a hook has answered if it is a grant.

    Raises:
        DirectUploadHandlerError: 403 `PERMISSION_DENIED`: None or False from a hook that forgot to raise must not be
            taken for a yes.

    """
    if not isinstance(answer, UploadGrant):
        raise DirectUploadHandlerError(403, "PERMISSION_DENIED", "This is not allowed.")
    return answer


def terms(client: Reupload | AsyncReupload, grant: UploadGrant) -> dict[str, Any]:
    """Return the fields of an upload that the grant decides."""
    fixed: dict[str, Any] = {
        "projectId": resolve_project_id(client=client, project_id=grant.project_id, form_project_id=None),
        "isPublic": grant.is_public,
    }
    extras = {"ownerRef": grant.owner_ref, "folder": grant.folder, "metadata": grant.metadata}
    return fixed | {name: value for name, value in extras.items() if value is not None}


def form_text(value: object) -> str | None:
    """Return a form's text field without the blanks around it; None if it is absent, blank or a file."""
    return (value.strip() or None) if isinstance(value, str) else None
