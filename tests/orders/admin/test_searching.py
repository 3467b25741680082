"""What is typed above a list finds whole values and beginnings, in the mode that is worked on."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from config.roles import MANAGER
from orders.models import Address
from tests.factories import shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]


def found(client: StaffClient, model: str, typed: str) -> set[str]:
    page = client.get(reverse(f"admin:orders_{model}_changelist"), {"q": typed})
    return {str(row) for row in page.context["cl"].result_list}


def test_beginnings_are_found_whatever_their_capitals_and_whole_values_as_they_are(
    staff: Staff,
) -> None:
    here = shop("test")
    mug = here.sku("MUG-BLUE", name="Blue mug", reference="erp-1")
    here.sku("TEA")
    shop("live").sku("MUG-RED")
    client = staff(MANAGER, mode="test")

    for typed in ("mug", " MUG-B ", "blue m", "erp-1", mug.pk):
        assert found(client, "sku", typed) == {str(mug)}, typed
    for typed in ("ug", "ERP-1", "erp", "MUG_", "mug%", "MUG-RED"):
        assert found(client, "sku", typed) == set(), typed


def test_rows_are_found_by_what_they_belong_to(staff: Staff) -> None:
    here = shop("test")
    here.sku("MUG-BLUE")
    here.sku("TEA")
    Address.objects.create(mode="test", last_name="Rossi", line_1="Via 1", city="Roma")
    client = staff(MANAGER, mode="test")

    assert len(found(client, "stockitem", "mug")) == 1
    assert len(found(client, "address", "ros")) == 1
    assert found(client, "address", "roma") == set()
