"""What drf-spectacular shows of the file routes, if the project has it; without it nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T", bound=Callable[..., Any])


def describe(*, request: Any = None, status: int, answer: dict[str, str], parameters: Any = ()) -> Callable[[T], T]:
    """Describe a view's method: a serializer, or a JSON schema, of its body, and its answer's fields by their types.

    A type that ends with `?` may be null.
    """
    try:
        from drf_spectacular.utils import extend_schema
    except ImportError:
        return lambda method: method
    fields = {
        name: {"type": kind.rstrip("?"), **({"nullable": True} if kind.endswith("?") else {})}
        for name, kind in answer.items()
    }
    shown: Callable[[T], T] = extend_schema(
        request=request,
        responses={(status, "application/json"): {"type": "object", "properties": fields}},
        parameters=list(parameters),
        tags=["files"],
    )
    return shown
