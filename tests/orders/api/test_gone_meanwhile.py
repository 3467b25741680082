"""What a write refers to is deleted by somebody else before the write is committed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from orders.models import CustomerAddress
from tests.api_client import ApiClient, refused
from tests.factories import shop

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_last_moment(act: Callable[[], Any]) -> Callable[..., Any]:
    """Before the entry is written: let somebody else act, who commits at once."""

    def act_elsewhere() -> None:
        try:
            act()
        finally:
            connection.close()

    def run(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if sql.startswith('INSERT INTO "orders_customeraddress"'):
            with ThreadPoolExecutor(1) as somebody:
                somebody.submit(act_elsewhere).result()
        return execute(sql, *arguments)

    return run


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "key-1"}], ids=["plain", "with a key"])
def test_the_write_is_refused_with_a_key_as_without(headers: dict[str, str]) -> None:
    here = shop()
    customer, address = here.customer("bob@example.com"), here.address()
    body = {
        "data": {
            "type": "customer_addresses",
            "attributes": {},
            "relationships": {
                "customer": {"data": {"type": "customers", "id": customer.pk}},
                "address": {"data": {"type": "addresses", "id": address.pk}},
            },
        }
    }
    api = ApiClient()

    with connection.execute_wrapper(at_the_last_moment(address.delete)):
        answer = api.send("POST", "/api/customer_addresses", body, **headers)

    assert refused(answer) == ("/data", "is still in use")
    assert not CustomerAddress.objects.exists()
