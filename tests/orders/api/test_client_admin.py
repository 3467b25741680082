"""API clients in the admin: made, shown once, revoked."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orders.admin import shown_once
from orders.models import ApiClient, EventStore
from tests.factories import shop
from tests.orders.api.credentials import ask_for_token, credentials
from tests.staff import StaffClient, colleague

pytestmark = pytest.mark.django_db

LIST = "admin:orders_apiclient_changelist"


def add(admin: Client, **fields: str) -> Any:
    return admin.post(reverse("admin:orders_apiclient_add"), fields, follow=True)


def secret_in(page: Any) -> str | None:
    found = re.search(r'value="([\w-]{43})" aria-labelledby="client-secret"', page.content.decode())
    return found[1] if found else None


def test_a_new_client_is_shown_with_its_secret_this_once(admin_client: Client) -> None:
    page = add(admin_client, name="ERP", kind="integration")
    client = ApiClient.objects.get()
    secret = secret_in(page)

    assert secret
    assert client.has_secret(secret)
    assert client.client_id in page.content.decode()
    address = page.redirect_chain[-1][0]
    again = admin_client.get(address, follow=True)
    assert again.redirect_chain[-1][0] == reverse("admin:orders_apiclient_change", args=[client.pk])
    assert "was shown once and cannot be shown again" in again.content.decode()
    for page in (again, admin_client.get(reverse(LIST))):
        later = page.content.decode()
        assert secret not in later
        assert client.secret_digest not in later
    assert EventStore.objects.get().who["owner"]["name"] == "admin"


def test_until_it_is_shown_the_secret_is_nowhere_to_be_read(
    admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    new = {"name": "ERP", "kind": "integration"}
    led = admin_client.post(reverse("admin:orders_apiclient_add"), new)
    session = admin_client.session
    trail = [str(vars(entry)) for entry in EventStore.objects.all()]
    on_the_way = [led["Location"], str(led.headers), str(led.cookies), str(session.items())]
    head = admin_client.head(led["Location"])
    stranger = StaffClient(colleague("manager")).get(led["Location"], follow=True)

    secret = secret_in(admin_client.get(led["Location"]))

    assert (led.status_code, head.status_code) == (302, 405)
    assert secret
    assert secret_in(stranger) is None
    assert not [text for text in [*on_the_way, *trail, caplog.text] if secret in text]
    assert not admin_client.session[shown_once.IN_SESSION]


def test_a_client_that_cannot_be_is_refused_with_the_reason(admin_client: Client) -> None:
    live = shop("live").market

    for fields, reason in (
        ({"kind": "sales_channel"}, "A sales channel needs a market."),
        ({"kind": "webapp", "market": live.pk}, "That choice is not one of the available"),
        ({"kind": "sales_channel", "market": live.pk}, "That choice is not one of the available"),
    ):
        page = add(admin_client, name="X", **fields)
        assert reason in page.content.decode()
    assert not ApiClient.objects.exists()


def test_clients_are_revoked_from_the_list(admin_client: Client) -> None:
    mine, another = credentials(), credentials()
    chosen = {"action": "revoke", "_selected_action": [mine.client.pk]}

    asked = admin_client.post(reverse(LIST), chosen, follow=True)
    assert f"Revoke the API client {mine.client.name}?" in asked.content.decode()
    assert ask_for_token(mine.parameters).status_code == 200
    revoke = asked.redirect_chain[-1][0]
    for _twice in range(2):
        admin_client.post(revoke, {"reason": "laptop lost"}, follow=True)

    assert ask_for_token(mine.parameters).status_code == 401
    assert ask_for_token(another.parameters).status_code == 200
    kept = EventStore.objects.get(resource_id=mine.client.pk, event="update")
    assert kept.payload["reason"]["to"] == "laptop lost"
    page = reverse("admin:orders_apiclient_change", args=[mine.client.pk])
    assert "laptop lost" in admin_client.get(page).content.decode()
    EventStore.objects.all().delete()
    without_history = admin_client.get(page).content.decode()
    assert "Revoked" in without_history
    assert "laptop lost" not in without_history


def test_a_form_sent_twice_makes_one_client_and_still_shows_its_secret(
    admin_client: Client,
) -> None:
    new = {"name": "ERP", "kind": "integration", "form_key": str(uuid.uuid4())}
    admin_client.post(reverse("admin:orders_apiclient_add"), new)

    page, late = add(admin_client, **new), add(admin_client, **new)

    assert ApiClient.objects.get().has_secret(secret_in(page) or "")
    assert secret_in(late) is None
    assert "was shown once and cannot be shown again" in late.content.decode()


def test_a_client_is_neither_edited_nor_deleted(admin_client: Client) -> None:
    client = credentials().client

    changed = admin_client.post(
        reverse("admin:orders_apiclient_change", args=[client.pk]), {"kind": "webapp"}
    )

    assert changed.status_code == 403
    assert ApiClient.objects.get().kind == "integration"


def test_whoever_is_no_manager_makes_and_revokes_none(staff: Any) -> None:
    client = staff("operator")
    mine = credentials()

    assert add(client, name="ERP", kind="integration").status_code == 403
    revoke = f"{reverse('admin:orders_apiclient_revoke')}?id={mine.client.pk}"
    assert client.post(revoke).status_code == 403
    assert ask_for_token(mine.parameters).status_code == 200
