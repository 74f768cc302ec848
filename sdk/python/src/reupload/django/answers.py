"""How an error becomes a view's answer: always `{"error", "message"}`, as Reupload's own API answers."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from reupload.forms import route_answer
from reupload.grants import STATUS_CODES

_log = logging.getLogger("reupload.django")


def error_response(error: Exception, context: dict[str, Any]) -> Response:
    """Answer an error, as DRF's `EXCEPTION_HANDLER` does. One that nobody foresaw is logged, and its text stays here.

    For views of your own: `REST_FRAMEWORK = {"EXCEPTION_HANDLER": "reupload.django.error_response"}`.
    """
    if isinstance(error, ValidationError):
        set_rollback()
        return _response(400, "VALIDATION_ERROR", _first_fault(error.detail))
    if isinstance(error, (APIException, Http404, PermissionDenied)):
        # DRF knows the status and the headers, such as Retry-After.
        response = exception_handler(error, context)
        code = STATUS_CODES.get(response.status_code, "REQUEST_REFUSED")
        detail = response.data.get("detail") if isinstance(response.data, dict) else None
        malformed_json = isinstance(error, ParseError) and str(detail).startswith("JSON")
        response.data = {
            "error": "VALIDATION_ERROR" if malformed_json else code,
            "message": str(detail or "This is not allowed."),
        }
        return response
    set_rollback()
    if isinstance(error, RequestDataTooBig):
        return _response(413, STATUS_CODES[413], "The form's text fields are too large.")
    if isinstance(error, (SuspiciousOperation, UnreadablePostError)):
        return _response(400, STATUS_CODES[400], "The request could not be read.")
    status, body = route_answer(error, _log)
    return Response(body, status=status)


def _response(status: int, code: str, message: str) -> Response:
    return Response({"error": code, "message": message}, status=status)


def _first_fault(detail: Any, where: str = "") -> str:
    if isinstance(detail, dict) and detail:
        name, inner = next(iter(detail.items()))
        return _first_fault(inner, where if name == "non_field_errors" else f"{where}.{name}".lstrip("."))
    if isinstance(detail, list) and detail:
        return _first_fault(detail[0], where)
    return f"{where}: {detail}" if where else str(detail or "The request is not valid.")
