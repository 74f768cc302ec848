"""A small Django project in memory, for the tests of `reupload.django`: importing this configures Django."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["reupload.django", "rest_framework", "drf_spectacular"],
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "UNAUTHENTICATED_USER": None,
            "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        },
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for tests",
        STORAGES={
            "default": {"BACKEND": "reupload.django.ReuploadStorage"},
            "public": {"BACKEND": "reupload.django.ReuploadStorage", "OPTIONS": {"is_public": True}},
        },
        USE_TZ=True,
    )
    django.setup()

from drf_spectacular.views import SpectacularAPIView

from reupload.django import FileRequest, UploadGrant, file_routes, webhook


class Guard:
    """The hooks of the tests: remember what was asked and told, and answer as they are told."""

    def __init__(self) -> None:
        self.asked: list[FileRequest] = []
        self.heard: list[tuple[str, str]] = []
        self.answer: Any = UploadGrant()

    def authorize(self, _request: Any, asked: FileRequest) -> UploadGrant:
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def on_upload(self, _request: Any, upload_id: str, file_id: str) -> None:
        self.heard.append((upload_id, file_id))


guard = Guard()


class Closed:
    """A permission that nobody has."""

    def has_permission(self, _request: Any, _view: Any) -> bool:
        return False


@webhook("whsec_test")
def given(_request: HttpRequest, event: Any) -> JsonResponse:
    return JsonResponse({"id": event["id"]})


@webhook()
def environment(_request: HttpRequest, event: Any, word: str) -> JsonResponse:
    return JsonResponse({"id": event["id"], "word": word})


urlpatterns = [
    path("api/", include(file_routes(authorize=guard.authorize, on_upload=guard.on_upload))),
    path("closed/", include(file_routes(authorize=guard.authorize, permission_classes=[Closed]))),
    path("given", given),
    path("environment/<str:word>", environment),
    path("schema", SpectacularAPIView.as_view()),
]
