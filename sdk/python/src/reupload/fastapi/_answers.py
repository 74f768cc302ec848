"""How an error becomes FastAPI's answer: always `{"error", "message"}`, as Reupload's own API answers."""

from __future__ import annotations

import logging

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from reupload.forms import route_answer
from reupload.grants import STATUS_CODES

_log = logging.getLogger("reupload.fastapi")


def error_response(error: Exception) -> JSONResponse:
    """Answer an error. One that nobody foresaw is logged, and its text stays here."""
    if isinstance(error, RequestValidationError):
        return JSONResponse(status_code=400, content={"error": "VALIDATION_ERROR", "message": _first_fault(error)})
    if isinstance(error, HTTPException):
        content = {"error": STATUS_CODES.get(error.status_code, "REQUEST_REFUSED"), "message": str(error.detail)}
        return JSONResponse(status_code=error.status_code, content=content, headers=error.headers)
    status, body = route_answer(error, _log)
    return JSONResponse(status_code=status, content=body)


def _first_fault(error: RequestValidationError) -> str:
    faults = error.errors()
    if not faults:
        return "The request is not valid."
    where = ".".join(str(part) for part in faults[0]["loc"][1:])
    return f"{where}: {faults[0]['msg']}." if where else f"{faults[0]['msg']}."
