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

from orders.models import ApiClient
from orders.oauth import keys, tokens
from orders.oauth.clients import authenticated
from orders.oauth.errors import NOT_KEPT, OAuthError, refusal
from orders.oauth.requests import TooLarge, Unreadable, parameters_of
from orders.oauth.scopes import ScopeRefused, granted

logger = logging.getLogger(__name__)

Parameters = dict[str, str]
Endpoint = Callable[[Parameters], dict[str, Any]]


def endpoint(act: Endpoint) -> Callable[[HttpRequest], HttpResponse]:
    """Make a view of a function from parameters to an answer."""

    @csrf_exempt
    @wraps(act)
    def view(request: HttpRequest) -> HttpResponse:
        try:
            if request.method != "POST":
                raise OAuthError("invalid_request", "This must be a POST request.", 405)
            return JsonResponse(act(parameters_of(request)), headers=NOT_KEPT)
        except Unreadable as error:
            return refusal(OAuthError("invalid_request", str(error)))
        except TooLarge as error:
            return refusal(OAuthError("invalid_request", str(error), 413))
        except keys.SecretKeyChanged as error:
            logger.exception("tokens cannot be signed")
            return refusal(OAuthError("server_error", str(error), 500))
        except OAuthError as error:
            return refusal(error)

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
