"""Coming in, and what is at the top of every page."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from orders.models import ApiClient, Tag
from tests.browser.accessibility import assert_accessible
from tests.factories import shop
from tests.orders.api.credentials import credentials

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


def test_what_was_typed_when_the_session_ended_is_sent_after_the_login(
    visit: Open, newcomer: tuple[str, str]
) -> None:
    page = visit(width=390)
    page.goto("/admin/orders/tag/add/")
    log_in(page, *newcomer)
    page.get_by_role("textbox", name="Name").fill("spring")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("What you sent last is kept until then.")).to_be_visible()
    log_in(page, *newcomer)
    expect(page.get_by_role("heading", name="what you typed is still here")).to_be_visible()
    assert_accessible(page)
    page.reload()
    page.get_by_role("button", name="Send it now").click()

    expect(page.get_by_role("link", name="spring").first).to_be_visible()
    assert Tag.objects.get().name == "spring"


def test_what_was_typed_before_logging_in_in_another_window_is_sent_from_the_first(
    visit: Open, newcomer: tuple[str, str]
) -> None:
    page = visit(dark=True)
    page.goto("/admin/orders/tag/add/")
    log_in(page, *newcomer)
    page.get_by_role("textbox", name="Name").fill("spring")
    Session.objects.all().delete()
    other = page.context.new_page()
    other.goto("/admin/")
    log_in(other, *newcomer)
    expect(other.get_by_role("heading", name="Home", level=1)).to_be_visible()

    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("heading", name="what you typed is still here")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()

    expect(page).to_have_url(re.compile("/orders/tag/[^/]+/change/"))
    assert Tag.objects.get().name == "spring"


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


def test_the_switch_changes_colour_and_word_and_what_is_shown(visit: Open) -> None:
    shop("test").sku("MUG-TEST")
    shop("live").sku("MUG-LIVE")
    page = visit("viewer")
    page.goto("/admin/orders/sku/")
    bar = page.get_by_role("form", name="Test or live data")
    expect(bar).to_contain_text("Test data")
    expect(page.get_by_role("link", name="MUG-TEST")).to_be_visible()
    colour = bar.evaluate("bar => getComputedStyle(bar).backgroundColor")

    bar.get_by_role("button", name="Live").click()

    expect(bar).to_contain_text("Live data")
    expect(page.get_by_role("link", name="MUG-LIVE")).to_be_visible()
    expect(page.get_by_text("MUG-TEST")).to_have_count(0)
    assert bar.evaluate("bar => getComputedStyle(bar).backgroundColor") != colour


def test_a_form_from_before_the_switch_is_refused_and_can_be_sent_after_switching_back(
    visit: Open,
) -> None:
    page = visit("operator")
    page.goto("/admin/orders/tag/add/")
    page.get_by_role("textbox", name="Name").fill("spring")
    other_tab = page.context.new_page()
    other_tab.goto("/admin/")
    other_tab.get_by_role("button", name="Live").click()
    expect(other_tab.get_by_role("form", name="Test or live data")).to_contain_text("Live data")

    page.bring_to_front()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("This form belongs to test data. Nothing was done.")).to_be_visible()
    assert not Tag.objects.exists()
    assert_accessible(page)

    page.get_by_role("button", name="Switch to test and send it").click()

    expect(page.get_by_role("form", name="Test or live data")).to_contain_text("Test data")
    expect(page.locator("#result_list").get_by_text("spring")).to_be_visible()
    assert Tag.objects.get().mode == "test"


def test_a_bookmark_of_the_other_mode_offers_to_switch(visit: Open) -> None:
    sku = shop("live").sku("MUG-LIVE")
    page = visit("viewer")

    page.goto(f"/admin/orders/sku/{sku.pk}/change/")
    expect(page.get_by_text("This SKU belongs to live data.")).to_be_visible()
    page.get_by_role("button", name="Switch to live").click()

    expect(page.get_by_role("form", name="Test or live data")).to_contain_text("Live data")
    expect(page.get_by_text("MUG-LIVE").first).to_be_visible()


def test_a_viewer_is_shown_nothing_to_press(visit: Open) -> None:
    sku = shop("test").sku("MUG")
    page = visit("viewer")

    page.goto("/admin/")
    expect(page.get_by_role("link", name="People")).to_have_count(0)
    page.goto(f"/admin/orders/sku/{sku.pk}/change/")
    expect(page.get_by_text("MUG").first).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_times_are_told_by_the_readers_clock(visit: Open) -> None:
    client = credentials().client
    ApiClient.objects.filter(pk=client.pk).update(
        last_used_at=datetime(2026, 1, 15, 23, 30, tzinfo=UTC)
    )
    page = visit("manager", zone="Asia/Tokyo")
    page.goto("/admin/")

    page.goto("/admin/orders/apiclient/")

    told = page.get_by_title("2026-01-15 23:30:00.000 UTC")
    expect(told).to_have_text("16 Jan 2026, 08:30")
