"""Who is asking: the header `X-User` here, so that the example needs no login. Put your own login in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


@dataclass(frozen=True)
class Named:
    """A user, as far as DRF asks."""

    name: str
    is_authenticated: bool = True


class NameAuthentication(BaseAuthentication):
    """Believes the header, and takes a request without it for `me`."""

    def authenticate(self, request: Request) -> tuple[Named, None]:
        return Named(request.headers.get("X-User", "me")), None


class NameScheme(OpenApiAuthenticationExtension):
    """The field for the name behind the page's button `Authorize`."""

    target_class = NameAuthentication
    name = "user"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "X-User"}
