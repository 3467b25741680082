"""What the tests of batches share: asking for one, and looking at it."""

from typing import Any

from orders.models import Order
from tests.api_client import ApiClient

BATCHES = "order_copy_batches"


def asked(api: ApiClient, *sources: Order, **attributes: Any) -> str:
    """Ask for a batch of these orders; answers its id."""
    if sources:
        attributes["source_order_ids"] = [source.pk for source in sources]
    answer = api.create(BATCHES, attributes)
    assert answer.status_code == 201, answer.content
    pk = answer.json()["data"]["id"]
    assert answer["Location"].endswith(f"/api/{BATCHES}/{pk}")
    return str(pk)


def batch_now(api: ApiClient, pk: str) -> dict[str, Any]:
    """The attributes of a batch as they are now."""
    found: dict[str, Any] = api.document(f"/api/{BATCHES}/{pk}")["data"]["attributes"]
    return found


def counts(attributes: dict[str, Any]) -> dict[str, int]:
    """How many copies of a batch stand where, without the figures that are 0."""
    return {
        name.removesuffix("_count"): number
        for name, number in attributes.items()
        if name.endswith("_count") and name != "total_count" and number
    }
