"""The API's routes: Reupload's file routes, which `@reupload/client` and `@reupload/react` call, and our own."""

from django.urls import path

from reupload.django import file_routes
from uploads import services, views

urlpatterns = [
    *file_routes(authorize=services.authorize, on_upload=services.remember),
    path("uploads/batch/", views.BatchView.as_view()),
    path("uploads/cdn/", views.CdnView.as_view()),
    path("files/ready/", views.ReadyView.as_view()),
    path("webhooks/reupload/", views.receive),
]
