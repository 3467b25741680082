"""The endpoints that hand out tokens, take them back, and publish what they are checked with."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from config.jsonapi.errors import Problem, error_document
from orders.models import ApiClient
from orders.oauth import keys, tokens
from orders.oauth.clients import authenticated
from orders.oauth.requests import TooLarge, Unreadable, parameters_of
from orders.oauth.scopes import ScopeRefused, granted

logger = logging.getLogger(__name__)

Parameters = dict[str, str]
Endpoint = Callable[[Parameters], dict[str, Any]]


class OAuthError(Exception):
    """A refusal in OAuth's own words (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


def endpoint(act: Endpoint) -> Callable[[HttpRequest], HttpResponse]:
    """Make a view of a function from parameters to an answer."""

    @csrf_exempt
    @wraps(act)
    def view(request: HttpRequest) -> HttpResponse:
        try:
            if request.method != "POST":
                raise OAuthError("invalid_request", "This must be a POST request.", 405)
            return _answer(act(parameters_of(request)))
        except Unreadable as error:
            return _refusal(OAuthError("invalid_request", str(error)))
        except TooLarge as error:
            return _refusal(OAuthError("invalid_request", str(error), 413))
        except keys.SecretKeyChanged as error:
            logger.exception("tokens cannot be signed")
            return _refusal(OAuthError("server_error", str(error), 500))
        except OAuthError as error:
            return _refusal(error)

    return view


@endpoint
def token(given: Parameters) -> dict[str, Any]:
    """Hand out a token to a client that shows its credentials."""
    if given.get("grant_type") != "client_credentials":
        raise OAuthError("unsupported_grant_type", "grant_type must be client_credentials.")
    client = _client(given)
    try:
        scope = granted(client, given.get("scope", ""))
    except ScopeRefused as error:
        raise OAuthError("invalid_scope", str(error)) from error
    now = timezone.now()
    return {
        "access_token": tokens.issue(client, scope=scope, at=now),
        "token_type": "Bearer",
        "expires_in": int(keys.TOKEN_LIFETIME.total_seconds()),
        "scope": scope,
        "created_at": int(now.timestamp()),
    }


@endpoint
def revoke(given: Parameters) -> dict[str, Any]:
    """Take a token back. One that is not good any more is no error: nothing is left to do."""
    client = _client(given)
    if "token" not in given:
        raise OAuthError("invalid_request", "Say which token is to be revoked.")
    try:
        claims = tokens.read(given["token"])
    except tokens.TokenRefused:
        return {}
    if claims["application"]["id"] != client.pk:
        raise OAuthError("unauthorized_client", "The token belongs to another client.")
    tokens.revoke(claims)
    return {}


@csrf_exempt  # or it would be asked for a secret before it could say 405
@require_safe
@cache_control(public=True, max_age=300)
def jwks(_request: HttpRequest) -> HttpResponse:
    """Publish the keys that tokens are checked with."""
    return JsonResponse({"keys": keys.published_keys()})


def _client(given: Parameters) -> ApiClient:
    client = authenticated(given.get("client_id", ""), given.get("client_secret", ""))
    if client is None:
        raise OAuthError("invalid_client", "The client or its secret is not known.", 401)
    return client


def _refusal(error: OAuthError) -> HttpResponse:
    """The error of the RFC, and beside it the one that the official companion library looks for."""
    problem = Problem(error.error, str(error), error.error.upper())
    document = {"error": error.error, "error_description": str(error)}
    answer = _answer(document | error_document([problem], error.status), error.status)
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="oauth"'
    if error.status == 405:
        answer.headers["Allow"] = "POST"
    return answer


def _answer(document: dict[str, Any], status: int = 200) -> HttpResponse:
    """A JSON answer that nobody on the way may keep."""
    return JsonResponse(document, status=status, headers={"Cache-Control": "no-store"})
