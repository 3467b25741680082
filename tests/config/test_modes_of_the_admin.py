"""In the admin, test and live data are two worlds, and nothing slips from one into the other."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.modes import FIELD, SWITCH_BACK
from orders.models import ApiClient, Price, PriceList, Sku, Tag
from tests.copying import asked_for, run
from tests.factories import Line, Shop, order_with, shop
from tests.ordercopy.admin.test_models import PAGES
from tests.staff import StaffClient, colleague

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
NEW_TAG = "admin:orders_tag_add"
OF_ONE_MODE = [model for model in PAGES if admin.site._registry[model].mode_lookup]


@pytest.fixture
def worlds() -> dict[str, Shop]:
    """A shop in each mode, with an order that was copied and one whose copy failed."""
    both = {mode: shop(mode) for mode in ("test", "live")}
    for here in both.values():
        here.coupon("SPRING")
        sources = [order_with(here, Line(here.sku(stock=stock))) for stock in (0, 9)]
        run([asked_for(source, place_target_order=True)[0] for source in sources])
    return both


def switch(client: Client, mode: str, there: str = "/admin/") -> Any:
    return client.post(reverse("admin:mode"), {"mode": mode, "next": there})


def test_every_list_and_page_shows_one_mode(
    worlds: dict[str, Shop], admin_client: StaffClient
) -> None:
    for mode, model in product(("test", "live"), OF_ONE_MODE):
        admin_client.switch_to(mode)
        page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        in_mode = {admin.site._registry[model].mode_lookup: mode}

        shown = admin_client.get(reverse(f"{page}_changelist")).context["cl"].queryset
        assert set(shown) == set(model._default_manager.filter(**in_mode)), model
        if stranger := model._default_manager.exclude(**in_mode).first():
            answer = admin_client.get(reverse(f"{page}_change", args=[stranger.pk]))
            assert answer.status_code == 409, model


def test_work_begins_in_the_mode_of_the_settings(staff: Staff) -> None:
    page = staff("viewer").get(reverse("admin:index")).content.decode()

    assert 'data-mode="test"' in page


def test_the_switch_stays_where_it_was_put(staff: Staff) -> None:
    viewer = staff("viewer")

    answer = switch(viewer, "live", reverse("admin:orders_sku_changelist"))

    assert answer.headers["Location"] == reverse("admin:orders_sku_changelist")
    assert 'data-mode="live"' in viewer.get("/admin/").content.decode()


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_the_switch_leads_to_no_other_site(staff: Staff, there: str) -> None:
    assert switch(staff("viewer"), "live", there).headers["Location"] == "/admin/"


def test_there_is_no_third_mode(staff: Staff) -> None:
    assert switch(staff("viewer"), "both").status_code == 400


def test_what_is_made_belongs_to_the_mode_of_the_page(staff: Staff) -> None:
    operator = staff("operator", mode="live")

    operator.post(reverse(NEW_TAG), {"name": "spring", "metadata": "{}"})

    assert Tag.objects.get().mode == "live"


def test_a_name_that_is_taken_is_refused_in_its_own_mode_only(staff: Staff) -> None:
    Tag.objects.create(mode="test", name="spring")

    for mode, made in (("test", 0), ("live", 1)):
        operator = StaffClient(colleague("operator", f"operator of {mode}"), mode)
        answer = operator.post(reverse(NEW_TAG), {"name": "spring", "metadata": "{}"})
        assert answer.status_code == (302 if made else 200)
        assert Tag.objects.filter(mode="live").count() == made


def test_nothing_of_the_other_mode_can_be_chosen(worlds: dict[str, Shop], staff: Staff) -> None:
    operator = staff("operator")
    live = PriceList.objects.get(mode="live")
    sku = Sku.objects.filter(mode="test").first()
    assert sku

    fields = {"sku": sku.pk, "price_list": live.pk, "amount_cents": 5, "metadata": "{}"}
    answer = operator.post(reverse("admin:orders_price_add"), fields)

    assert "That choice is not one of the available choices" in answer.content.decode()
    assert not Price.objects.filter(price_list=live, sku=sku).exists()


def test_a_form_of_the_other_mode_does_nothing_and_keeps_what_was_typed(staff: Staff) -> None:
    operator = staff("operator")
    switch(operator, "live")

    answer = operator.post(reverse(NEW_TAG), {"name": "<spring>", "metadata": "{}"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This form belongs to test data. Nothing was done." in page
    assert '<input type="hidden" name="name" value="&lt;spring&gt;">' in page
    assert not Tag.objects.exists()


def test_it_can_be_sent_after_all_by_switching_back(staff: Staff) -> None:
    operator = staff("operator")
    switch(operator, "live")

    operator.post(reverse(NEW_TAG), {"name": "spring", "metadata": "{}", SWITCH_BACK: "1"})

    assert Tag.objects.get().mode == "test"
    assert 'data-mode="test"' in operator.get("/admin/").content.decode()


def test_a_form_that_does_not_say_its_mode_does_nothing(staff: Staff) -> None:
    operator = staff("operator")

    answer = operator.post(reverse(NEW_TAG), {"name": "spring", FIELD: ""})

    assert answer.status_code == 409
    assert not Tag.objects.exists()


def test_a_link_to_the_other_mode_says_so_and_offers_to_switch(
    worlds: dict[str, Shop], staff: Staff
) -> None:
    viewer = staff("viewer")
    sku = Sku.objects.filter(mode="live").first()
    assert sku
    address = reverse("admin:orders_sku_change", args=[sku.pk])

    answer = viewer.get(address)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "This SKU belongs to live data." in page
    assert sku.code not in page
    assert f'name="next" value="{address}"' in page


def test_a_link_may_say_its_mode(staff: Staff) -> None:
    viewer = staff("viewer")
    address = reverse("admin:orders_sku_changelist")

    assert viewer.get(address, {FIELD: "test"}).status_code == 200
    assert viewer.get(address, {FIELD: "live"}).status_code == 409


def test_what_one_may_not_see_stays_unknown_in_either_mode(staff: Staff) -> None:
    client = ApiClient.objects.create(mode="live", name="ERP", kind="integration", client_id="x")

    answer = staff("viewer").get(reverse("admin:orders_apiclient_change", args=[client.pk]))

    assert answer.status_code != 409
