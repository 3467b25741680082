"""Refusals of the token endpoints: OAuth's own words, whatever went wrong and wherever."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from config.jsonapi.errors import Problem, error_document
from config.jsonapi.handling import BY_STATUS, kept_headers

# Everything below these belongs to tokens, whether there is something or not.
PLACES = ("/oauth", "/.well-known")
WORDS = {503: "temporarily_unavailable"}
NOT_KEPT = {"Cache-Control": "no-store"}


class OAuthError(Exception):
    """A refusal in OAuth's own words (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


def refusal(error: OAuthError, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The error of the RFC, and beside it the one that the official companion library looks for."""
    problem = Problem(error.error, str(error), error.error.upper())
    document = {"error": error.error, "error_description": str(error)}
    document |= error_document([problem], error.status)
    answer = JsonResponse(document, status=error.status, headers={**NOT_KEPT, **(headers or {})})
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="oauth"'
    if error.status == 405:
        answer.headers.setdefault("Allow", "POST")
    return answer


class OAuthErrorsMiddleware:
    """Answers in OAuth's words what went wrong before or behind the endpoints, or beside them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        status = response.status_code
        if status < 400 or not _is_about_tokens(request) or _is_json(response):
            return response
        error = WORDS.get(status, "server_error" if status >= 500 else "invalid_request")
        _, description, _ = BY_STATUS.get(status, BY_STATUS[400 if status < 500 else 500])
        return refusal(OAuthError(error, description, status), kept_headers(response))


def _is_about_tokens(request: HttpRequest) -> bool:
    return any(
        request.path_info == place or request.path_info.startswith(f"{place}/") for place in PLACES
    )


def _is_json(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("application/json")
