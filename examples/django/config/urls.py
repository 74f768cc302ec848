"""The routes: the API under `/api/`, and its page to try it out."""

from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

urlpatterns = [
    path("", RedirectView.as_view(url="/api/docs/")),
    path("api/", include("uploads.urls")),
    path("api/schema/", SpectacularAPIView.as_view(authentication_classes=[]), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(authentication_classes=[], url_name="schema"), name="docs"),
]
