"""Tokens: how they are got, what they say, how they end."""

import base64
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet
from pytest_django import Settings

from orders.models import Organization, RevokedToken, SigningKey
from orders.oauth import keys, tokens
from orders.oauth.clients import revoke_client
from tests.factories import TESTER, shop
from tests.orders.api.credentials import ask_for_token, credentials

pytestmark = pytest.mark.django_db

JSON = "application/json"


def published_keys() -> KeySet:
    return KeySet.import_key_set(Client().get("/.well-known/jwks.json").json())


def claims_of(token: str) -> dict[str, Any]:
    """The claims as a stranger reads them, who has nothing but what is published."""
    return jwt.decode(token, published_keys(), algorithms=[keys.ALGORITHM]).claims


@pytest.mark.parametrize("content_type", [JSON, "application/x-www-form-urlencoded"])
def test_a_token_is_had_for_json_and_for_a_form(content_type: str) -> None:
    given = credentials().parameters
    body = json.dumps(given) if content_type == JSON else "&".join(map("=".join, given.items()))

    answer = Client().post("/oauth/token", body, content_type=content_type)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    document = answer.json()
    assert document["token_type"] == "Bearer"
    assert (document["expires_in"], document["scope"]) == (7200, "market:all")
    assert abs(document["created_at"] - timezone.now().timestamp()) < 5
    assert claims_of(document["access_token"])["exp"] == document["created_at"] + 7200


def test_a_token_is_had_for_credentials_in_the_header() -> None:
    mine = credentials()
    basic = base64.b64encode(f"{mine.client.client_id}:{mine.secret}".encode()).decode()

    answer = ask_for_token({"grant_type": "client_credentials"}, Authorization=f"Basic {basic}")

    assert answer.status_code == 200


@pytest.mark.parametrize(("mode", "test"), [("test", True), ("live", False)])
def test_the_claims_are_those_that_the_sdk_reads(mode: str, test: bool) -> None:
    client = credentials("webapp", mode)
    organization = Organization.here()

    claims = claims_of(client.token())

    assert claims["organization"] == {"id": organization.pk, "slug": organization.slug}
    assert claims["application"] == {
        "id": client.client.pk,
        "client_id": client.client.client_id,
        "kind": "webapp",
        "public": False,
    }
    assert claims["test"] is test
    assert claims["iss"] == "https://auth.localhost"
    assert claims["scope"] == "market:all"
    assert claims["iat"] + 7200 == claims["exp"]
    assert "market" not in claims


def test_the_issuer_is_named_after_the_organizations_domain() -> None:
    Organization.here()
    Organization.objects.update(domain="shop.example")

    assert claims_of(credentials().token())["iss"] == "https://auth.shop.example"


@pytest.mark.parametrize(
    "scope", [None, "", "market:id:{id}", "market:{id}", "market:code:EU", "market:all"]
)
def test_a_sales_channel_gets_a_token_for_its_own_market(scope: str | None) -> None:
    market = shop(code="EU").market
    mine = credentials("sales_channel", market=market)
    asked = {} if scope is None else {"scope": scope.format(id=market.pk)}

    answer = ask_for_token({**mine.parameters, **asked}).json()

    assert answer["scope"] == f"market:id:{market.pk}"
    claims = claims_of(answer["access_token"])
    assert claims["market"] == {"id": [market.pk]}
    assert claims["application"]["public"] is True


def test_nobody_gets_a_token_for_another_scope_than_its_own() -> None:
    here, there = shop(), shop(code="US")
    channel = credentials("sales_channel", market=here.market)

    for who, scope in (
        (channel, f"market:id:{there.market.pk}"),
        (channel, "market:code:US"),
        (channel, f"market:id:{here.market.pk} market:id:{there.market.pk}"),
        (credentials(), f"market:id:{here.market.pk}"),
        (credentials(), "admin"),
    ):
        answer = ask_for_token({**who.parameters, "scope": scope})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope"), scope


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_secret": "\ud800"}, 401, "invalid_client"),
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"client_id": "nul\0"}, 401, "invalid_client"),
        ({"client_id": 1}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "unsupported_grant_type"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_oauth(
    change: dict[str, Any], status: int, error: str
) -> None:
    answer = ask_for_token({**credentials().parameters, **change})

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    (problem,) = answer.json()["errors"]
    assert (problem["status"], problem["code"]) == (str(status), error.upper())
    assert "access_token" not in answer.json()
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", JSON),
        (b"[]", JSON),
        (b'"text"', JSON),
        (b"\xff", JSON),
        (b"[" * 100_000, JSON),
        (b"1" * 5_000, JSON),
        (b"a=1", "multipart/form-data"),
        (b"a=1", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"&".join([b"a=1"] * 2_000), "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_neither_json_nor_a_form_is_refused(body: bytes, content_type: str) -> None:
    answer = Client().post("/oauth/token", body, content_type=content_type)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("content_type", [JSON, "application/x-www-form-urlencoded"])
def test_a_body_that_is_too_large_is_refused(content_type: str) -> None:
    answer = Client().post("/oauth/token", b" " * 3_000_000, content_type=content_type)

    assert (answer.status_code, answer.json()["error"]) == (413, "invalid_request")


def test_only_post_gets_a_token() -> None:
    assert Client().get("/oauth/token").status_code == 405


def test_what_never_gets_as_far_as_an_endpoint_is_said_in_the_same_words() -> None:
    client = Client(raise_request_exception=False)

    foreign = client.post("/oauth/token", {}, headers={"Host": "foreign.example"})
    nowhere = client.get("/oauth/nowhere")

    assert [foreign.status_code, nowhere.status_code] == [400, 404]
    for answer in (foreign, nowhere):
        assert answer.json()["error"] == "invalid_request"
        assert answer.json()["errors"][0]["status"] == str(answer.status_code)


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/oauth", 404),
        ("/oauth/", 404),
        ("/oauth/token/", 404),
        ("/oauth/%00", 400),
        ("/oauth/token?%00", 400),
        ("/.well-known/", 404),
        ("/.well-known/openid-configuration", 404),
        ("/.well-known/%00", 400),
    ],
)
def test_beside_the_endpoints_there_is_no_page_either(
    method: str, address: str, status: int
) -> None:
    answer = getattr(Client(), method)(address)

    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_request")


def test_keys_are_only_looked_at() -> None:
    answer = Client().post("/.well-known/jwks.json")

    assert (answer.status_code, answer.json()["error"]) == (405, "invalid_request")
    assert answer.headers["Allow"] == "GET, HEAD"


def test_a_crash_is_told_in_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("insides")

    mine = credentials()
    monkeypatch.setattr(tokens, "issue", crash)

    answer = Client(raise_request_exception=False).post("/oauth/token", mine.parameters)

    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    assert "insides" not in answer.content.decode()


def test_a_revoked_client_gets_no_token() -> None:
    mine = credentials()
    revoke_client(mine.client, who=TESTER, at=timezone.now())

    assert ask_for_token(mine.parameters).status_code == 401


def test_the_secret_is_nowhere_in_the_database() -> None:
    mine = credentials()

    assert mine.secret not in repr(type(mine.client).objects.filter(pk=mine.client.pk).values())
    assert len(mine.secret) >= 43


def test_a_header_for_something_else_is_passed_over() -> None:
    answer = ask_for_token(credentials().parameters, Authorization="Bearer of-a-proxy")

    assert answer.status_code == 200


def revoke(**parameters: str) -> Any:
    return Client().post("/oauth/revoke", parameters, content_type=JSON)


def test_a_token_is_taken_back_and_forgotten_once_it_has_expired() -> None:
    mine = credentials()
    old = tokens.read(mine.token())
    RevokedToken.objects.create(jti=old["jti"], expires_at=timezone.now())

    answer = revoke(**mine.parameters, token=mine.token())

    assert (answer.status_code, answer.json()) == (200, {})
    assert RevokedToken.objects.count() == 1
    assert not RevokedToken.objects.filter(jti=old["jti"]).exists()


def test_taking_back_twice_or_something_that_is_no_token_is_no_error() -> None:
    mine = credentials()
    token = mine.token()

    for text in (token, token, "nonsense", "\ud800"):
        assert revoke(**mine.parameters, token=text).status_code == 200


def test_whoever_takes_a_token_back_says_which() -> None:
    answer = revoke(**credentials().parameters)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_nobody_takes_back_anothers_token() -> None:
    mine, another = credentials(), credentials()

    answer = revoke(**another.parameters, token=mine.token())

    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert not RevokedToken.objects.exists()


def test_after_a_rotation_old_tokens_are_good_and_new_ones_have_the_new_key() -> None:
    mine = credentials()
    old = mine.token()

    new_key = keys.rotate(at=timezone.now())

    assert claims_of(old)["jti"] == tokens.read(old)["jti"]
    new = mine.token()
    assert jwt.decode(new, published_keys(), algorithms=[keys.ALGORITHM]).header["kid"] == new_key
    assert tokens.read(new)
    assert next(iter(published_keys())).kid == new_key
    assert SigningKey.objects.exclude(private_pem=None).get().kid == new_key


def test_a_key_is_published_as_long_as_it_may_have_tokens_about() -> None:
    retired = timezone.now() - keys.VERIFIES_AFTER_RETIRING
    keys.rotate(at=retired)

    assert len(list(published_keys())) == 1
    keys.rotate(at=timezone.now())
    assert SigningKey.objects.count() == 2


def test_published_keys_hold_nothing_secret() -> None:
    (key,) = Client().get("/.well-known/jwks.json").json()["keys"]

    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}


def test_a_shop_without_a_key_draws_one_when_it_is_asked_for() -> None:
    for ask in (published_keys, credentials().token):
        SigningKey.objects.all().delete()
        assert ask()
        assert SigningKey.objects.filter(retired_at=None).count() == 1
    assert claims_of(credentials().token())


def test_with_another_secret_key_nothing_is_signed_until_somebody_rotates(
    settings: Settings,
) -> None:
    mine = credentials()
    old = mine.token()
    settings.SECRET_KEY = "another" * 10

    answer = ask_for_token(mine.parameters)

    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    keys.rotate(at=timezone.now())
    assert tokens.read(mine.token())
    assert tokens.read(old)
