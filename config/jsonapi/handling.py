"""What becomes of exceptions: always a JSON:API document, never a page, never silence."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.jsonapi.errors import MEDIA_TYPE, ApiError, Problem, error_document
from config.jsonapi.request_ids import current_request_id
from config.postgres.errors import BACK_SOON_SECONDS, is_out_of_reach

logger = logging.getLogger(__name__)

# What a status means where nobody said more.
BY_STATUS = {
    400: ("Bad request", "The request cannot be understood.", "BAD_REQUEST"),
    401: ("Unauthorized", "This needs a valid access token.", "UNAUTHORIZED"),
    403: ("Forbidden", "This is not allowed.", "FORBIDDEN"),
    404: ("Record not found", "The requested resource was not found.", "RECORD_NOT_FOUND"),
    405: ("Method not allowed", "This address does not take that method.", "METHOD_NOT_ALLOWED"),
    406: ("Not acceptable", f"Answers are {MEDIA_TYPE}.", "NOT_ACCEPTABLE"),
    409: ("Conflict", "The request contradicts where it was sent.", "CONFLICT"),
    413: ("Payload too large", "The body is too large.", "PAYLOAD_TOO_LARGE"),
    414: ("Address too long", "The address is too long.", "URI_TOO_LONG"),
    412: (
        "Precondition failed",
        "It is not as the headers of the request want it.",
        "PRECONDITION_FAILED",
    ),
    415: (
        "Unsupported media type",
        f"Bodies are {MEDIA_TYPE}, and not compressed.",
        "UNSUPPORTED_MEDIA_TYPE",
    ),
    422: ("Validation error", "What is asked for cannot be.", "VALIDATION_ERROR"),
    423: ("Locked", "Somebody else holds it at this moment: try again later.", "LOCKED"),
    429: ("Too many requests", "Too many requests: try again later.", "THROTTLED"),
    431: ("Headers too large", "The headers are too many or too long.", "HEADERS_TOO_LARGE"),
    500: ("Internal server error", "Something went wrong on our side.", "INTERNAL_SERVER_ERROR"),
    503: (
        "Service unavailable",
        "The service is not available: try again in a moment.",
        "SERVICE_UNAVAILABLE",
    ),
}

# Whose own words are for the client: they say which token, method or media type was meant.
SPEAKING = (
    exceptions.AuthenticationFailed,
    exceptions.MethodNotAllowed,
    exceptions.ParseError,
    exceptions.Throttled,
)


def handle_exception(error: Exception, _context: dict[str, Any]) -> Response:
    """Answer an exception that a view raised (Django REST Framework's exception handler)."""
    set_rollback()
    if isinstance(error, ApiError):
        return Response(
            error_document(error.problems, error.status_code),
            status=error.status_code,
            content_type=MEDIA_TYPE,
        )
    status = _status_of(error)
    if status == 500:
        logger.error("unexpected error", exc_info=error, extra={"action": "api_crashed"})
    elif status == 503:
        logger.error(
            "the database is out of reach", exc_info=error, extra={"action": "database_gone"}
        )
    response = Response(
        error_document([_problem(status, error)], status), status=status, content_type=MEDIA_TYPE
    )
    for name, value in _headers(error).items():
        response[name] = value
    return response


def plain_error(status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The document of an error that happened outside all views."""
    return JsonResponse(
        error_document([_problem(status)], status),
        status=status,
        content_type=MEDIA_TYPE,
        headers=headers,
    )


def kept_headers(response: HttpResponseBase) -> dict[str, str]:
    """What an error says beside its document, to be said by the document that takes its place."""
    return {
        name: response.headers[name]
        for name in ("Allow", "Retry-After")
        if name in response.headers
    }


def is_api(request: HttpRequest) -> bool:
    return request.path_info == "/api" or request.path_info.startswith("/api/")


# The first that fits; whatever is in none of these rows is our own mistake.
STATUSES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], int], ...] = (
    (Http404, 404),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), 401),
    ((exceptions.PermissionDenied, PermissionDenied), 401),
    (RequestDataTooBig, 413),
    ((SuspiciousOperation, UnreadablePostError), 400),
)


def _status_of(error: Exception) -> int:
    if found := next((status for kind, status in STATUSES if isinstance(error, kind)), None):
        return found
    if is_out_of_reach(error):
        return 503
    return error.status_code if isinstance(error, exceptions.APIException) else 500


def _problem(status: int, error: Exception | None = None) -> Problem:
    title, detail, code = BY_STATUS.get(status, BY_STATUS[400 if status < 500 else 500])
    if isinstance(error, exceptions.AuthenticationFailed):
        title, code = "Invalid token", "INVALID_TOKEN"
    if isinstance(error, SPEAKING):
        detail = str(error.detail)
    meta = {"request_id": current_request_id()} if status >= 500 else {}
    return Problem(title, detail, code, meta=meta)


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    wait = BACK_SOON_SECONDS if is_out_of_reach(error) else getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers
