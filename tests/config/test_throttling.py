"""Guessing passwords: who fails too often waits, and nobody else does."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from config.throttling import client_address

PROXY = "10.0.0.1"


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def fail(name: str = "ann", **headers: str) -> Any:
    given = {"username": name, "password": "a guess"}
    return Client().post("/admin/login/", given, REMOTE_ADDR=PROXY, headers=headers)


@pytest.mark.django_db
def test_whoever_guesses_waits_and_others_at_other_addresses_do_not(settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    guesser = {"X-Forwarded-For": "192.0.2.7:51034"}

    assert [fail(**guesser).status_code for _ in range(4)] == [200] * 4
    assert fail(**guesser).status_code == settings.AXES_HTTP_RESPONSE_CODE
    assert fail(**{"X-Forwarded-For": "192.0.2.7"}).status_code == settings.AXES_HTTP_RESPONSE_CODE
    assert fail(**{"X-Forwarded-For": "192.0.2.8"}).status_code == 200
    assert fail("bob", **guesser).status_code == 200


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:51034", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:51034", "2001:db8::7"),
        ("unknown", PROXY),
        ("192.0.2.7, ", PROXY),
        ("", PROXY),
    ],
)
def test_what_the_proxy_says_is_believed_as_far_as_it_is_an_address(
    settings: Settings, forwarded: str, address: str
) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": forwarded})

    settings.BEHIND_PROXY = True
    assert client_address(request) == address
    settings.BEHIND_PROXY = False
    assert client_address(request) == PROXY
