"""Access tokens: signed statements of who somebody is, in the claims that the SDK reads."""

import secrets
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, RSAKey

from orders.models import ApiClient, Mode, Organization, RevokedToken
from orders.oauth.keys import ALGORITHM, TOKEN_LIFETIME, signing_key, verifying_key

Claims = dict[str, Any]

# Who issued a token is not compared: our keys sign nothing else, and tokens are to outlive a shop's
# move to another domain.
EXPECTED = jwt.JWTClaimsRegistry(exp={"essential": True}, jti={"essential": True})


class TokenRefused(Exception):
    """Not a token of ours, or one that has expired."""


def issue(client: ApiClient, *, scope: str, at: datetime) -> str:
    """Make a token for a client."""
    key = signing_key()
    header = {"alg": ALGORITHM, "kid": key.kid}
    return jwt.encode(header, _claims(client, scope, at), key, algorithms=[ALGORITHM])


def read(token: str) -> Claims:
    """The claims of a token, once its signature and its time have been checked."""
    try:
        claims = jwt.decode(token, _key_of, algorithms=[ALGORITHM]).claims
        EXPECTED.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused from error
    return claims


def revoke(claims: Claims) -> None:
    """End a token before its time; those that have expired since need not be remembered."""
    RevokedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    RevokedToken.objects.get_or_create(
        jti=claims["jti"], defaults={"expires_at": datetime.fromtimestamp(claims["exp"], UTC)}
    )


def _claims(client: ApiClient, scope: str, at: datetime) -> Claims:
    organization = Organization.here()
    market = {"market": {"id": [client.market_id]}} if client.market_id else {}
    return {
        "organization": {"id": organization.pk, "slug": organization.slug},
        "application": {
            "id": client.pk,
            "client_id": client.client_id,
            "kind": client.kind,
            "public": client.is_public,
        },
        "test": client.mode == Mode.TEST,
        **market,
        "scope": scope,
        "iss": f"https://auth.{_domain(organization)}",
        "iat": int(at.timestamp()),
        "exp": int((at + TOKEN_LIFETIME).timestamp()),
        "jti": secrets.token_hex(16),
    }


def _domain(organization: Organization) -> str:
    """What stands after the organization's name in the address of its API."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return organization.domain or host.removeprefix(f"{organization.slug}.")


def _key_of(token: GuestProtocol) -> RSAKey:
    kid = token.headers().get("kid")
    key = verifying_key(kid) if isinstance(kid, str) else None
    if key is None:
        raise TokenRefused
    return key
