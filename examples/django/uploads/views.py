"""What the file routes do not have: several files at once, the CDN from the server, polling, and the webhook."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reupload.django import default_client, uploaded_file_part, webhook
from reupload.forms import (
    parse_direct_upload_batch_from_form,
    parse_optional_boolean_form_field,
    run_direct_upload_batch,
)
from reupload.webhooks import WebhookEvent
from uploads import services

FILE = {"type": "string", "format": "binary"}


def form(**fields: Any) -> dict[str, Any]:
    return {"multipart/form-data": {"type": "object", "required": ["file"], "properties": fields}}


class BatchView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(request=form(file={"type": "array", "items": FILE}), responses={202: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Several files in one request, each read while it is sent on."""
        parts = [uploaded_file_part(one) for one in request.FILES.getlist("file")]
        upload = parse_direct_upload_batch_from_form(client=default_client(), files=parts)
        result = run_direct_upload_batch(default_client(), {**upload, "ownerRef": request.user.name})
        for one in result["files"]:
            services.remember(request, one["uploadId"], one["fileId"])
        return Response(result, status=202)


class CdnView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(request=form(file=FILE, isPublic={"type": "boolean"}), responses={202: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Session, PUT to the CDN and complete from here: what a browser does with the file routes, without one."""
        part = uploaded_file_part(request.FILES.get("file"))
        result = default_client().uploads.upload(
            {
                "file": part.to_upload_file_input(),
                "isPublic": parse_optional_boolean_form_field(request.data.get("isPublic")),
                "ownerRef": request.user.name,
            }
        )
        services.remember(request, result["uploadId"], result["fileId"])
        return Response(result, status=202)


class ReadyView(APIView):
    @extend_schema(responses={(200, "application/json"): {"type": "array", "items": {"type": "object"}}})
    def get(self, request: Request) -> Response:
        """Your files that the webhook has told of."""
        mine = [file for file_id, file in services.ready.items() if services.owners.get(file_id) == request.user.name]
        return Response(mine)


@webhook()
def receive(_request: HttpRequest, event: WebhookEvent) -> JsonResponse:
    """Answer at once, work afterwards."""
    services.events.put_nowait(event)
    return JsonResponse({"received": True}, status=202)
