"""The API client that asks: it finds itself, and nobody else."""

import pytest

from orders.models import ApiClient as Client
from tests.api_client import ApiClient, errors_of
from tests.factories import shop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["integration", "webapp"])
def test_a_client_is_told_about_itself(kind: str) -> None:
    api = ApiClient(kind=kind)
    client = Client.objects.get()

    data = api.document("/api/application")["data"]

    assert (data["id"], data["type"], data["meta"]["mode"]) == (client.pk, "applications", "test")
    assert (
        data["attributes"]
        | {
            "name": client.name,
            "kind": kind,
            "public_access": False,
            "scopes": "market:all",
        }
        == data["attributes"]
    )
    assert data == api.document(f"/api/applications/{client.pk}")["data"]
    assert client.client_id not in str(data)
    assert client.secret_digest not in str(data)


def test_no_other_client_is_shown() -> None:
    ApiClient()
    ApiClient("live")
    others = [client.pk for client in Client.objects.all()]
    api = ApiClient()
    for pk in others:
        assert errors_of(api.get(f"/api/applications/{pk}")) == [(404, "RECORD_NOT_FOUND", None)]
    storefront = ApiClient(kind="sales_channel", market=shop().market)
    assert errors_of(storefront.get("/api/application")) == [(401, "UNAUTHORIZED", None)]
