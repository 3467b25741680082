"""Every error of the API: its status, its code, and the one shape that all of them have.

Code raises these; ``error_document`` writes them. What other libraries raise is translated in
``handling``, so that no client ever sees another shape.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from rest_framework.exceptions import APIException

MEDIA_TYPE = "application/vnd.api+json"


@dataclass(frozen=True)
class Problem:
    """One error object; at most one of ``pointer`` and ``parameter`` says where it lies."""

    title: str
    detail: str
    code: str
    pointer: str | None = None
    parameter: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)

    def as_json(self, status: int) -> dict[str, Any]:
        found: dict[str, Any] = {
            "title": self.title,
            "detail": self.detail,
            "code": self.code,
            "status": str(status),
        }
        if self.pointer is not None:
            found["source"] = {"pointer": self.pointer}
        elif self.parameter is not None:
            found["source"] = {"parameter": self.parameter}
        if self.meta:
            found["meta"] = self.meta
        return found


class ApiError(APIException):
    """Something that ends a request; it may have several causes at once."""

    status_code = 400

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].detail)
        self.problems = problems


class BadRequest(ApiError):
    """The request cannot be understood."""


class Unauthorized(ApiError):
    """Nobody knows the caller, or the caller may not do this."""

    status_code = 401


class NotFound(ApiError):
    """There is no such thing in the caller's world."""

    status_code = 404


class Conflict(ApiError):
    """The request contradicts where it was sent."""

    status_code = 409


class Invalid(ApiError):
    """The request is understood, and what it asks for cannot be.

    ``afterwards`` notes what is to be remembered of that, once all that was written is undone.
    """

    status_code = 422
    afterwards: Callable[[], None] | None = None


class Locked(ApiError):
    """Somebody else holds it at this moment; nothing was changed, and nobody waited."""

    status_code = 423


def not_allowed(
    code: str,
    name: str,
    *,
    pointer: str | None = None,
    parameter: str | None = None,
    detail: str | None = None,
) -> BadRequest:
    """A name in the request that this resource does not have, or not here."""
    title = f"{name} is not allowed."
    return BadRequest(Problem(title, detail or title, code, pointer=pointer, parameter=parameter))


def bad_body(detail: str, *, pointer: str = "") -> BadRequest:
    """A body that is no JSON:API document."""
    return BadRequest(Problem("The body is not valid.", detail, "BAD_REQUEST", pointer=pointer))


def record_not_found(detail: str = "The requested resource was not found.") -> NotFound:
    return NotFound(Problem("Record not found", detail, "RECORD_NOT_FOUND"))


def locked(detail: str) -> Locked:
    return Locked(Problem("Locked", detail, "LOCKED"))


def permission_missing(action: str, resource: str) -> Unauthorized:
    detail = f"This API client may not {action} {resource}."
    return Unauthorized(Problem("Unauthorized", detail, "UNAUTHORIZED"))


def invalid(name: str, message: str, *, error: str, where: str = "attributes") -> Problem:
    """A value that cannot be: ``where`` is attributes, relationships or base (the whole).

    What lies further away than the resource itself has a name, but nowhere to be pointed at.
    """
    return Problem(
        message,
        message if name == "base" else f"{name} - {message}",
        "VALIDATION_ERROR",
        "/data" if where == "base" else f"/data/{where}/{name}",
        meta={"error": error},
    )


def error_document(problems: Iterable[Problem], status: int) -> dict[str, Any]:
    return {"errors": [problem.as_json(status) for problem in problems]}
