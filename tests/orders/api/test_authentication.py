"""Who is let in, as whom, and what the others are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from orders.api.authentication import FIND_CLIENT
from orders.models import ApiClient
from orders.oauth import tokens
from orders.oauth.clients import revoke_client
from orders.oauth.keys import ALGORITHM, signing_key
from tests.factories import TESTER, shop
from tests.orders.api.credentials import KINDS, bearer, code_of, credentials
from tests.races import second_connection

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.orders.api.door")]


def who_am_i(**headers: str) -> Any:
    return Client().get("/api/whoami", headers=headers)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["test", "live"])
def test_a_token_says_who_its_bearer_is(kind: str, mode: str) -> None:
    market = shop(mode).market if kind == "sales_channel" else None
    mine = credentials(kind, mode, market=market)

    answer = who_am_i(**bearer(mine.token()))

    assert answer.status_code == 200
    assert answer.json() == {
        "mode": mode,
        "kind": kind,
        "client_id": mine.client.client_id,
        "market_id": market.pk if market else None,
        "who": {"application": {"id": mine.client.pk, "name": mine.client.name}},
    }


@pytest.mark.parametrize("header", [None, "", "Basic YTpi", "Token abc"])
def test_without_a_token_one_is_unauthorized(header: str | None) -> None:
    answer = who_am_i(**({} if header is None else {"Authorization": header}))

    assert code_of(answer) == (401, "UNAUTHORIZED")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def refused(token: str) -> bool:
    answer = who_am_i(**bearer(token))
    return answer.status_code != 200 and code_of(answer) == (401, "INVALID_TOKEN")


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "é", "\x01", "a" * 20_000, "..", "e30.e30.e30"]
)
def test_what_is_no_token_is_invalid(token: str) -> None:
    assert refused(token)


def test_an_expired_token_is_invalid() -> None:
    client = credentials().client
    ago = timezone.now() - timedelta(hours=2)

    assert refused(tokens.issue(client, scope="", at=ago - timedelta(seconds=1)))
    assert not refused(tokens.issue(client, scope="", at=ago + timedelta(seconds=30)))


def test_a_token_that_was_tampered_with_is_invalid() -> None:
    header, claims, signature = credentials().token().split(".")
    another = credentials("webapp").token().split(".")[1]

    assert refused(f"{header}.{another}.{signature}")
    assert refused(f"{header}.{claims}.")


def test_nobody_else_signs_our_tokens() -> None:
    claims = tokens.read(credentials().token())
    ours, theirs = signing_key(), RSAKey.generate_key(2048)

    def signed(key: RSAKey, algorithm: str = ALGORITHM, **header: str) -> str:
        return jwt.encode({"alg": algorithm, **header}, claims, key, algorithms=[algorithm])

    assert not refused(signed(ours, kid=ours.kid))
    assert refused(signed(theirs, kid=ours.kid))
    assert refused(signed(theirs, kid="theirs"))
    assert refused(signed(ours))
    assert refused(signed(ours, "RS256", kid=ours.kid))


def test_the_public_key_does_not_pass_for_a_shared_secret() -> None:
    key = signing_key()
    shared = OctKey.import_key(key.as_dict(private=False)["n"])
    claims = tokens.read(credentials().token())

    assert refused(jwt.encode({"alg": "HS256", "kid": key.kid}, claims, shared))


def test_a_revoked_token_is_invalid_and_others_of_the_client_are_not() -> None:
    mine = credentials()
    token, other = mine.token(), mine.token()
    Client().post("/oauth/revoke", {**mine.parameters, "token": token})

    assert refused(token)
    assert not refused(other)


def test_the_tokens_of_a_revoked_client_are_invalid() -> None:
    mine = credentials()
    token = mine.token()
    assert not refused(token)

    revoke_client(mine.client, who=TESTER, at=timezone.now())

    assert refused(token)


def test_when_a_client_was_seen_last_is_written_once_an_hour() -> None:
    mine = credentials()
    token = mine.token()
    clients = ApiClient.objects.filter(pk=mine.client.pk)

    who_am_i(**bearer(token))
    first = clients.get().last_used_at
    who_am_i(**bearer(token))

    assert first is not None
    assert clients.get().last_used_at == first
    clients.update(last_used_at=first - timedelta(minutes=61))
    who_am_i(**bearer(token))
    assert clients.get().last_used_at == first  # the time of the test's transaction


def test_the_look_at_the_database_reads_no_table_from_end_to_end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {FIND_CLIENT}", {"client": "abc", "mode": "test", "jti": "f" * 32})
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Seq Scan" not in plan


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_kept_and_is_gone_is_made_anew() -> None:
    token = credentials().token()
    with second_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    assert who_am_i(**bearer(token)).status_code == 200
