"""The routes that `@reupload/client` calls on a backend, and those of the Django guide, as views of REST Framework.

| route                                | does                                                                    |
|--------------------------------------|-------------------------------------------------------------------------|
| `POST /uploads/prepare`              | makes a session; the browser sends the bytes straight to Reupload       |
| `POST /uploads/complete`             | says that the bytes are there                                           |
| `POST /uploads/cancel`               | ends a session that the browser has given up                            |
| `GET /uploads/{upload_id}/status`    | how far it is                                                           |
| `GET /files/{file_id}/access`        | a signed address, good for 5 minutes                                    |
| `POST /uploads/direct`               | one file as a form, through the application, never as a whole in memory |
| `POST /uploads/session`              | as `prepare`                                                            |
| `POST /uploads/session/complete`     | as `complete`                                                           |
| `GET /uploads/session/{upload_id}`   | the session and its file; `?wait=true` waits for it, at most 30 seconds |

A slash at the end makes no difference.

Safe defaults: nothing is answered before the application's `authorize` has said yes; there is no default for it. What
the browser says of project, owner and publicity counts for nothing: files are private and go to the client's default
project, unless the grant says otherwise. The API key never leaves the server.

To add a route: a view that asks `allow` first, an `Action` of `reupload.grants`, and a line in `file_routes`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any, get_args

from django.urls import URLPattern, re_path
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reupload.client import Reupload
from reupload.django._schema import describe
from reupload.django.answers import error_response
from reupload.django.client import default_client
from reupload.django.files import uploaded_file_part
from reupload.forms import (
    DEFAULT_FILE_FIELD,
    DirectUploadHandlerError,
    file_from_upload_part,
    parse_optional_boolean_form_field,
)
from reupload.grants import FileRequest, UploadGrant, checked_grant, form_text, terms
from reupload.types import FileAccessVariant

Authorize = Callable[[Request, FileRequest], UploadGrant]
OnUpload = Callable[[Request, str, str], None]

_BODY_LIMIT = 64 * 1024
"""Bytes of a body that has no file."""
_PATIENCE_MS = 30_000
"""How long a request may hold one of the application's workers."""


def file_routes(
    client: Reupload | None = None,
    *,
    authorize: Authorize,
    on_upload: OnUpload | None = None,
    authentication_classes: Sequence[type] | None = None,
    permission_classes: Sequence[type] | None = None,
) -> list[URLPattern]:
    """Make the URL patterns. Include them under the path that the browser's `apiUrl` names.

    Args:
        client: the client whose key and default project are used; None is `reupload.django.default_client()`.
        authorize: called before every action, with DRF's request and what is asked. It returns an `UploadGrant`, or
            raises an exception of DRF (or any `DirectUploadHandlerError`) to refuse. For `complete`, `cancel`,
            `status` and `access` it must know whose upload or file the id is.
        on_upload: called with the request, the upload's id and the file's id, before the browser hears of them, so that
            `authorize` can later tell whose they are.
        authentication_classes: DRF's, instead of those of the settings.
        permission_classes: DRF's, instead of those of the settings. They are asked before the body of a request is
            read. Check logins here too: `authorize` needs the name and size of a direct upload's file, and hears of it
            when the form lies on this server's disk.

    """
    options: dict[str, Any] = {"client": client, "authorize": authorize, "on_upload": on_upload}
    if authentication_classes is not None:
        options["authentication_classes"] = list(authentication_classes)
    if permission_classes is not None:
        options["permission_classes"] = list(permission_classes)
    routes: list[tuple[str, type[FileView], str]] = [
        (r"^uploads/prepare/?$", PrepareView, "prepare"),
        (r"^uploads/complete/?$", CompleteView, "complete"),
        (r"^uploads/cancel/?$", CancelView, "cancel"),
        (r"^uploads/direct/?$", DirectView, "direct"),
        (r"^uploads/session/?$", PrepareView, "session"),
        (r"^uploads/session/complete/?$", CompleteView, "session-complete"),
        (r"^uploads/session/(?P<upload_id>[^/]+)/?$", SessionView, "session-detail"),
        (r"^uploads/(?P<upload_id>[^/]+)/status/?$", StatusView, "status"),
        (r"^files/(?P<file_id>[^/]+)/access/?$", AccessView, "access"),
    ]
    return [re_path(route, view.as_view(**options), name=f"reupload-{name}") for route, view, name in routes]


class _Bounded:
    """A parser that reads at most 64 KiB, for those of DRF that read any number of bytes into memory."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(_BODY_LIMIT + 1)
        if len(body) > _BODY_LIMIT:
            raise _TooLarge
        parser: Any = super()
        return parser.parse(io.BytesIO(body), media_type, parser_context)


class BoundedJSONParser(_Bounded, JSONParser):
    """JSON of at most 64 KiB."""


class BoundedFormParser(_Bounded, FormParser):
    """A form without files, of at most 64 KiB."""


class _TooLarge(APIException):
    status_code = 413
    default_detail = "The body is too large."


class FileView(APIView):
    """What the views share; `file_routes` sets the three fields."""

    client: Reupload | None = None
    authorize: Any = None
    on_upload: Any = None
    parser_classes: Sequence[type] = (BoundedJSONParser,)
    # Not the settings': these are for programs, and DRF's pages would answer errors in HTML.
    renderer_classes = (JSONRenderer,)

    def get_exception_handler(self) -> Any:
        """Answer in Reupload's own form, whatever the settings say."""
        return error_response

    def reupload(self) -> Reupload:
        return self.client or default_client()

    def allow(self, request: Request, asked: FileRequest) -> UploadGrant:
        return checked_grant(self.authorize(request, asked))

    def made(self, request: Request, result: Any, status: int) -> Response:
        if self.on_upload is not None:
            self.on_upload(request, result["uploadId"], result["fileId"])
        return Response(result, status=status)


class PrepareSerializer(serializers.Serializer):
    """Body of `POST /uploads/prepare`."""

    filename = serializers.CharField(max_length=512)
    contentType = serializers.CharField(max_length=255)
    size = serializers.IntegerField(min_value=1)
    projectId = serializers.CharField(required=False, allow_null=True)
    isPublic = serializers.BooleanField(required=False, default=False)


class CompleteSerializer(serializers.Serializer):
    """Body of `POST /uploads/complete` and `POST /uploads/cancel`."""

    uploadId = serializers.CharField()


class WaitSerializer(serializers.Serializer):
    """Query of `GET /uploads/session/{upload_id}`."""

    wait = serializers.BooleanField(default=False)


class AccessSerializer(serializers.Serializer):
    """Query of `GET /files/{file_id}/access`."""

    variant = serializers.ChoiceField(choices=get_args(FileAccessVariant), default="original")
    download = serializers.BooleanField(default=False)


_DIRECT_FORM = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "filename": {"type": "string"},
            "projectId": {"type": "string"},
            "isPublic": {"type": "boolean"},
        },
    }
}


class PrepareView(FileView):
    """Make a session; the browser sends the bytes straight to Reupload."""

    @describe(
        request=PrepareSerializer,
        status=201,
        answer={"uploadId": "string", "fileId": "string", "uploadUrl": "string", "expiresIn": "integer"},
    )
    def post(self, request: Request) -> Response:
        body = _checked(PrepareSerializer, request.data)
        asked = FileRequest(
            action="prepare",
            filename=body["filename"],
            content_type=body["contentType"],
            size=body["size"],
            project_id=body.get("projectId"),
            is_public=body["isPublic"],
        )
        grant = self.allow(request, asked)
        session: Any = {name: body[name] for name in ("filename", "contentType", "size")}
        session |= terms(self.reupload(), grant)
        return self.made(request, self.reupload().uploads.create_session(session), 201)


class CompleteView(FileView):
    """Say that the bytes of a session are there."""

    @describe(request=CompleteSerializer, status=202, answer={"fileId": "string", "status": "string"})
    def post(self, request: Request) -> Response:
        upload_id = _checked(CompleteSerializer, request.data)["uploadId"]
        self.allow(request, FileRequest(action="complete", upload_id=upload_id))
        return Response(self.reupload().uploads.complete({"uploadId": upload_id}), status=202)


class CancelView(FileView):
    """End a session that the browser has given up."""

    @describe(request=CompleteSerializer, status=200, answer={"success": "boolean"})
    def post(self, request: Request) -> Response:
        upload_id = _checked(CompleteSerializer, request.data)["uploadId"]
        self.allow(request, FileRequest(action="cancel", upload_id=upload_id))
        return Response(self.reupload().uploads.cancel_session(upload_id))


class DirectView(FileView):
    """Send one file as a form, through this application."""

    # Forms without files are read too, so that they hear what is missing.
    parser_classes = (MultiPartParser, BoundedFormParser)

    @describe(request=_DIRECT_FORM, status=202, answer={"uploadId": "string", "fileId": "string", "status": "string"})
    def post(self, request: Request) -> Response:
        form = request.data
        if sum(len(files) for _, files in request.FILES.lists()) > 1:
            raise DirectUploadHandlerError(400, "MALFORMED_REQUEST", "Send one file.")
        part = uploaded_file_part(request.FILES.get(DEFAULT_FILE_FIELD))
        file = file_from_upload_part(part, form_text(form.get("filename")))
        asked = FileRequest(
            action="direct",
            filename=str(file["filename"]),
            content_type=file["contentType"],
            size=file["size"],
            project_id=form_text(form.get("projectId")),
            is_public=parse_optional_boolean_form_field(form_text(form.get("isPublic"))) or False,
        )
        grant = self.allow(request, asked)
        upload: Any = {"file": file, **terms(self.reupload(), grant)}
        return self.made(request, self.reupload().uploads.upload_direct(upload), 202)


class StatusView(FileView):
    """Ask how far an upload is."""

    @describe(status=200, answer={"status": "string", "fileId": "string", "failureReason": "string?"})
    def get(self, request: Request, upload_id: str) -> Response:
        self.allow(request, FileRequest(action="status", upload_id=upload_id))
        session = self.reupload().uploads.get_session(upload_id)["session"]
        return Response({name: session[name] for name in ("status", "fileId", "failureReason")})


class SessionView(FileView):
    """Get an upload's session, and its file once it is ready; with `wait` not before. A webhook is better than that."""

    @describe(status=200, answer={"session": "object", "file": "object?"}, parameters=[WaitSerializer])
    def get(self, request: Request, upload_id: str) -> Response:
        query = _checked(WaitSerializer, request.query_params)
        self.allow(request, FileRequest(action="status", upload_id=upload_id))
        uploads = self.reupload().uploads
        if query["wait"]:
            return Response(uploads.wait_for_completion(upload_id, timeout_ms=_PATIENCE_MS))
        return Response(uploads.get_session(upload_id))


class AccessView(FileView):
    """Get an address of a file: permanent if it is public, else signed and good for 5 minutes."""

    @describe(status=200, answer={"access": "object"}, parameters=[AccessSerializer])
    def get(self, request: Request, file_id: str) -> Response:
        query: Any = _checked(AccessSerializer, request.query_params)
        self.allow(request, FileRequest(action="access", file_id=file_id))
        return Response(self.reupload().files.access(file_id, query))


def _checked(kind: Any, given: Any) -> dict[str, Any]:
    serializer = kind(data=given)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
