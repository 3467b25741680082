"""API clients in the admin: made, shown once, revoked."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import ApiClient, EventStore
from tests.factories import shop
from tests.orders.api.credentials import ask_for_token, credentials

pytestmark = pytest.mark.django_db

LIST = "admin:orders_apiclient_changelist"


def add(admin: Client, **fields: str) -> Any:
    return admin.post(reverse("admin:orders_apiclient_add"), fields, follow=True)


def test_a_new_client_is_shown_with_its_secret_this_once(admin_client: Client) -> None:
    page = add(admin_client, name="ERP", kind="integration").content.decode()
    client = ApiClient.objects.get()

    found = re.search(r'value="([\w-]{43})" aria-labelledby="client-secret"', page)

    assert found
    assert client.has_secret(found[1])
    assert client.client_id in page
    for address in (reverse(LIST), reverse("admin:orders_apiclient_change", args=[client.pk])):
        later = admin_client.get(address).content.decode()
        assert found[1] not in later
        assert client.secret_digest not in later
    assert EventStore.objects.get().who["owner"]["name"] == "admin"


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


def test_a_form_sent_twice_makes_one_client(admin_client: Client) -> None:
    key = str(uuid.uuid4())

    for _twice in range(2):
        page = add(admin_client, name="ERP", kind="integration", form_key=key)

    assert ApiClient.objects.count() == 1
    assert "This form has made its API client already" in page.content.decode()


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
