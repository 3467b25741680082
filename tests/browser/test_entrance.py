"""Coming in, and what is at the top of every page."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible

Open = Callable[..., Page]


def log_in(page: Page, name: str, password: str) -> None:
    page.get_by_role("textbox", name="Username").fill(name)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_manager_logs_in_and_is_home(visit: Open, newcomer: tuple[str, str]) -> None:
    page = visit()
    page.goto("/")

    log_in(page, *newcomer)

    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="People")).to_be_visible()


def test_guessing_a_password_ends_after_a_few_tries(visit: Open, newcomer: tuple[str, str]) -> None:
    name, password = newcomer
    page = visit()
    page.goto("/admin/")

    for _try in range(settings.AXES_FAILURE_LIMIT):
        log_in(page, name, "a wrong guess")
    log_in(page, name, password)

    expect(page.get_by_text("Too many failed logins. Try again in 15 minutes.")).to_be_visible()
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/admin/login/"))


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_home_and_a_list_can_be_used_by_everybody(visit: Open, width: int, dark: bool) -> None:
    page = visit("manager", width=width, dark=dark)

    for address in ("/admin/", "/admin/orders/order/", "/admin/orders/sku/add/"):
        page.goto(address)
        expect(page.get_by_role("form", name="Test or live data")).to_be_in_viewport()
        assert_accessible(page)
