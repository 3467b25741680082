"""Long lists are counted so far and no further, and say so; their rows know the way back."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from orders.admin import paging
from orders.models import Tag
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "all_of_them", "some_of_them"),
    [("en", "3 tags", "more than 2 tags"), ("it", "3 etichette", "più di 2 etichette")],
)
def test_a_list_says_how_many_there_are_or_that_there_are_more(
    staff: Callable[..., StaffClient],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    all_of_them: str,
    some_of_them: str,
) -> None:
    for name in ("gift", "spring", "vip"):
        Tag.objects.create(mode="test", name=name)
    client = staff("viewer")

    def listed() -> str:
        page = client.get(
            reverse("admin:orders_tag_changelist"), headers={"accept-language": language}
        )
        return " ".join(page.content.decode().split())

    assert all_of_them in listed()
    monkeypatch.setattr(paging, "COUNTED", 2)
    assert some_of_them in listed()


def test_the_rows_of_a_list_lead_back_to_it_as_it_was_searched(
    staff: Callable[..., StaffClient],
) -> None:
    tags = [Tag.objects.create(mode="test", name=f"gift {nth}") for nth in range(2)]

    page = staff("viewer").get(reverse("admin:orders_tag_changelist"), {"q": "gift"})

    for tag in tags:
        address = reverse("admin:orders_tag_change", args=[tag.pk])
        assert f'href="{address}?_changelist_filters=q%3Dgift"' in page.content.decode()
