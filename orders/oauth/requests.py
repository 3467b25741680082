"""What a request to the token endpoint says, whichever way it is written."""

import base64
import json
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

BROKEN_BODY = (
    *(ValueError, RecursionError, BadRequest, SuspiciousOperation),
    *(MultiPartParserError, UnreadablePostError),
)


class Unreadable(ValueError):
    """The request is not written in any of the ways that are understood."""


class TooLarge(ValueError):
    """Nobody's credentials are that long."""


def parameters_of(request: HttpRequest) -> dict[str, str]:
    """The parameters from a JSON or a form body; credentials may also come as HTTP Basic."""
    try:
        given = _from_json(request) if _is_json(request) else request.POST.dict()
    except RequestDataTooBig as error:
        raise TooLarge("The body is too large.") from error
    except BROKEN_BODY as error:
        raise Unreadable("The body must be a JSON object or a form.") from error
    return {**_from_basic(request), **given}


def _is_json(request: HttpRequest) -> bool:
    return (request.content_type or "").endswith("json")


def _from_json(request: HttpRequest) -> dict[str, str]:
    document: Any = json.loads(request.body)
    if not isinstance(document, dict):
        raise Unreadable
    given = {name: value for name, value in document.items() if value is not None}
    if not all(isinstance(value, str) for value in given.values()):
        raise Unreadable
    return given


def _from_basic(request: HttpRequest) -> dict[str, str]:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError as error:
        raise Unreadable("The Authorization header is not valid.") from error
    return {"client_id": client_id, "client_secret": secret}
