"""API clients and their tokens, got as everybody gets them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.test import Client
from joserfc.jwk import RSAKey

from orders.models import ApiClient, Market, SigningKey
from orders.oauth.clients import NewClient, create_client
from tests.factories import TESTER, unused

KINDS = ("integration", "sales_channel", "webapp")


@dataclass(frozen=True)
class Credentials:
    """A client with its secret."""

    client: ApiClient
    secret: str

    @property
    def parameters(self) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_id": self.client.client_id,
            "client_secret": self.secret,
        }

    def token(self) -> str:
        """Get a token from the public endpoint."""
        answer = ask_for_token(self.parameters)
        assert answer.status_code == 200, answer.content
        token = answer.json()["access_token"]
        assert isinstance(token, str)
        return token


def credentials(
    kind: str = "integration", mode: str = "test", *, market: Market | None = None
) -> Credentials:
    new: NewClient = create_client(
        name=unused("client"), kind=kind, mode=mode, market=market, who=TESTER
    )
    return Credentials(new.client, new.secret)


def ask_for_token(parameters: Mapping[str, Any], **headers: str) -> Any:
    return Client().post(
        "/oauth/token", parameters, content_type="application/json", headers=headers
    )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def code_of(answer: HttpResponse) -> tuple[int, str]:
    """The status and the error code of an answer of the API."""
    document: Any = answer.json()  # type: ignore[attr-defined]
    return answer.status_code, document["errors"][0]["code"]


@cache
def _drawn_once() -> RSAKey:
    """Drawing a key takes a moment, and the tests need nothing but some key."""
    return RSAKey.generate_key(2048)


def store_signing_key(secret_key: str) -> None:
    key = _drawn_once()
    SigningKey.objects.create(
        kid=key.thumbprint(),
        public_pem=key.as_pem(private=False).decode(),
        private_pem=key.as_pem(private=True, password=secret_key).decode(),
    )
