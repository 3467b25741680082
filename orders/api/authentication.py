"""From a bearer token to the client behind it."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from orders.api.caller import Caller
from orders.models import Mode
from orders.oauth import tokens
from orders.statements import execute, first_look

# A revoked client or token is refused from the next request on, by whichever process: that is worth
# one look at two primary keys. How long ago the client was seen last comes along.
FIND_CLIENT = """
SELECT client_id, name, kind, market_id,
       last_used_at IS NULL OR last_used_at < now() - interval '1 hour' AS unseen
  FROM orders_apiclient
 WHERE id = %(client)s AND mode = %(mode)s AND revoked_at IS NULL
   AND NOT EXISTS (SELECT FROM orders_revokedtoken WHERE jti = %(jti)s)
"""
# Written once an hour: a write with every request would cost more than the answer.
NOTE_USE = """
UPDATE orders_apiclient SET last_used_at = now()
 WHERE id = %s AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour')
"""

REMEMBERED = "ordercopy.caller"


class InvalidToken(AuthenticationFailed):
    """The token is forged, expired or revoked: the SDK gets itself another on exactly this code."""

    default_detail = "The access token is invalid, expired or revoked."
    default_code = "INVALID_TOKEN"


class TokenAuthentication(BaseAuthentication):
    """Makes the client of a good token ``request.auth``; there is no user behind it."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Caller] | None:
        caller = caller_of(request._request)
        return (AnonymousUser(), caller) if caller else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def caller_of(request: HttpRequest) -> Caller | None:
    """The caller, or None without a token; raises ``InvalidToken`` for one that is not good.

    Middleware asks as well as the view, so the answer stays with the request.
    """
    if REMEMBERED not in request.META:
        token = _bearer_token(request)
        request.META[REMEMBERED] = None if token is None else _caller_with(token)
    caller: Caller | None = request.META[REMEMBERED]
    return caller


def known_caller(request: HttpRequest) -> Caller | None:
    """The caller if it is a good one, for those who leave refusing to the view."""
    try:
        return caller_of(request)
    except InvalidToken:
        return None


def _bearer_token(request: HttpRequest) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _caller_with(token: str) -> Caller:
    try:
        claims = tokens.read(token)
    except tokens.TokenRefused as error:
        raise InvalidToken from error
    mode = Mode.TEST if claims["test"] else Mode.LIVE
    pk = claims["application"]["id"]
    found = first_look(FIND_CLIENT, {"client": pk, "mode": mode, "jti": claims["jti"]})
    if not found:
        raise InvalidToken
    return _caller(pk, str(mode), claims["organization"]["id"], *found[0])


def _caller(pk: str, mode: str, organization_id: str, *row: Any) -> Caller:
    client_id, name, kind, market_id, unseen = row
    if unseen:
        execute(NOTE_USE, [pk])
    return Caller(
        id=pk,
        client_id=client_id,
        name=name,
        kind=kind,
        mode=mode,
        market_id=market_id,
        organization_id=organization_id,
    )
