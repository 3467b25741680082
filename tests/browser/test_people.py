"""People and programs: a colleague with read-only access, an API client made and revoked."""

import re
from collections.abc import Callable

from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from config.roles import VIEWER, role_of
from orders.models import ApiClient, EventStore
from tests.browser.accessibility import assert_accessible

Open = Callable[..., Page]


def test_a_colleague_is_given_read_only_access(visit: Open) -> None:
    page = visit("manager")
    page.goto("/admin/")
    page.get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")

    page.locator("a[href^='/admin/auth/user/add/']").first.click()
    page.get_by_role("textbox", name="Name to log in with").fill("ann")
    page.get_by_role("radio", name="Viewer: sees everything, changes nothing").check()
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()

    said = page.get_by_text(re.compile("ann logs in with the password"))
    password = re.search(r"password (\S+) once", said.inner_text())
    ann = get_user_model()._default_manager.get(username="ann")
    assert password
    assert ann.check_password(password[1])
    assert (role_of(ann), ann.is_superuser) == (VIEWER, False)
    assert_accessible(page)
    page.reload()
    expect(page.get_by_text(password[1])).to_have_count(0)


def test_an_api_client_is_made_shown_once_and_revoked(visit: Open) -> None:
    page = visit("manager", dark=True)
    page.goto("/admin/orders/apiclient/add/")
    page.get_by_role("textbox", name="Name").fill("Till in Rome")
    page.get_by_role("radio", name="Integration").check()
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", name="Till in Rome can use the API now")).to_be_visible()
    secret = page.get_by_role("textbox", name="Client secret").input_value()
    client = ApiClient.objects.get()
    assert client.has_secret(secret)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for name, value in (("Copy the ID", client.client_id), ("Copy the secret", secret)):
        page.get_by_role("button", name=name).press("Enter")
        expect(page.get_by_role("status").filter(has_text="is copied.").last).to_be_visible()
        page.wait_for_function(
            "wanted => navigator.clipboard.readText().then(text => text === wanted)", arg=value
        )
    assert_accessible(page)
    page.get_by_role("link", name="I have copied both").click()
    assert secret not in page.content()
    page.go_back()
    expect(page.get_by_text("cannot be shown again")).to_be_visible()
    assert secret not in page.content()
    assert ApiClient.objects.count() == 1

    page.goto("/admin/orders/apiclient/")
    page.get_by_role("link", name="Till in Rome").first.click()
    assert secret not in page.content()
    page.get_by_role("link", name="Revoke…").first.click()
    expect(page.get_by_role("heading", name="Revoke the API client Till in Rome?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("textbox", name="Reason").fill("laptop lost")
    page.get_by_role("button", name="Revoke").click()

    expect(page.get_by_text("Till in Rome is revoked")).to_be_visible()
    page.get_by_role("link", name="Show").click()
    expect(page.get_by_text("laptop lost")).to_be_visible()
    client.refresh_from_db()
    assert client.is_revoked
    assert EventStore.objects.filter(payload__reason__to="laptop lost").exists()
