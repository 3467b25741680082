"""What each page tells the browser to refuse, and how its cookies travel."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.config.conftest import Command
from tests.staff import StaffClient

ASK = """
from django.conf import settings as s
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)
"""


@pytest.mark.django_db
def test_scripts_come_from_our_own_origin_alone(client: Client) -> None:
    policy = client.get(reverse("admin:login")).headers["Content-Security-Policy"]

    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self' 'unsafe-eval'"
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
def test_no_page_may_be_framed_or_tell_others_where_one_came_from(
    admin_client: StaffClient,
) -> None:
    told = admin_client.get(reverse("admin:index")).headers

    assert told["X-Frame-Options"] == "DENY"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_no_script_reads_the_cookie_of_a_session(client: Client, admin_user: object) -> None:
    form = {"username": "admin", "password": "password"}
    cookie = client.post(reverse("admin:login"), form).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 12 * 60 * 60


@pytest.mark.parametrize(
    ("address", "says"),
    [("https://shop.example", "True True 3600"), ("http://shop.example", "False False 0")],
)
def test_behind_https_cookies_never_travel_in_the_clear(
    manage: Command, address: str, says: str
) -> None:
    answer = manage("shell", "-v0", "-c", ASK, PUBLIC_URL=address, HSTS_SECONDS="3600")

    assert answer.stdout.strip() == says
