"""Ordinary records in the admin: quick to edit, in plain words, and nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from orders.models import Coupon, EventStore, Market, Price, Promotion, Sku, StockItem, Tag
from tests.factories import Line, order_with, placed_order, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
STOCK = "/admin/orders/stockitem/"


def audit(row: Any) -> list[tuple[str, Any]]:
    entries = EventStore.objects.filter(resource_id=row.pk).order_by("id")
    return [(entry.event, entry.payload) for entry in entries]


def form_of(page: Any, name: str = "adminform") -> dict[str, Any]:
    """All that a browser would send back of a page's forms."""
    forms = [page.context[name].form] if name in page.context else []
    for formset in page.context.get("inline_admin_formsets", []):
        forms += [formset.formset.management_form, *formset.formset.forms]
    if (cl := page.context.get("cl")) is not None:
        forms += [cl.formset.management_form, *cl.formset.forms]
    sent = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or value == []:
                continue
            sent[bound.html_name] = value
            if bound.field.show_hidden_initial:
                opened_with = form.data.get(bound.html_initial_name, value)
                sent[bound.html_initial_name] = opened_with
    return sent


def test_quantities_are_typed_in_the_list_and_told_in_the_audit_trail(staff: Staff) -> None:
    here = shop()
    mug, cup = (here.sku(code, stock=3).stock_items.get() for code in ("MUG", "CUP"))
    client = staff("operator")
    sent = form_of(client.get(STOCK))
    changed = next(key for key, value in sent.items() if value == mug.pk).replace("-id", "")

    client.post(STOCK, {**sent, f"{changed}-quantity": "12", "_save": "Save"})

    mug.refresh_from_db()
    assert mug.quantity == 12
    assert audit(mug) == [("update", {"quantity": {"from": 3, "to": 12}})]
    assert EventStore.objects.get(resource_id=mug.pk).who["owner"]["name"] == "operator"
    assert audit(cup) == []


def test_a_quantity_that_is_none_is_refused_beside_its_field(staff: Staff) -> None:
    shop().sku("MUG", stock=3)
    client = staff("operator")
    sent = form_of(client.get(STOCK))

    refused = client.post(STOCK, {**sent, "form-0-quantity": "-1", "_save": "Save"})

    cell = refused.content.decode().partition("field-quantity")[2].partition("</td>")[0]
    assert 'value="-1"' in cell
    assert "There cannot be fewer than none." in cell
    assert StockItem.objects.get().quantity == 3


def test_an_order_that_took_stock_meanwhile_is_not_overwritten(staff: Staff) -> None:
    here = shop()
    item = here.sku("MUG", stock=10).stock_items.get()
    client = staff("operator")
    sent = form_of(client.get(STOCK))
    StockItem.objects.filter(pk=item.pk).update(quantity=7)

    refused = client.post(STOCK, {**sent, "form-0-quantity": "11", "_save": "Save"})

    item.refresh_from_db()
    assert item.quantity == 7
    assert "Meanwhile the stock went from 10 to 7" in refused.content.decode()
    client.post(STOCK, {**form_of(refused), "form-0-quantity": "8", "_save": "Save"})
    item.refresh_from_db()
    assert item.quantity == 8


def test_a_sku_saved_from_an_old_page_leaves_the_stock_as_orders_left_it(staff: Staff) -> None:
    sku = shop().sku("MUG", stock=10)
    client = staff("operator")
    page = reverse("admin:orders_sku_change", args=[sku.pk])
    sent = form_of(client.get(page))
    StockItem.objects.filter(sku=sku).update(quantity=7)

    client.post(page, {**sent, "name": "Mug, blue"})

    sku.refresh_from_db()
    assert (sku.name, sku.stock_items.get().quantity) == ("Mug, blue", 7)
    assert audit(sku) == [("update", {"name": {"from": "MUG", "to": "Mug, blue"}})]


@pytest.mark.parametrize(
    ("currency", "typed", "cents"),
    [("EUR", "12.50", 1250), ("EUR", "12,5", 1250), ("JPY", "1250", 1250), ("KWD", "1.25", 1250)],
)
def test_prices_are_typed_as_people_write_them(
    staff: Staff, currency: str, typed: str, cents: int
) -> None:
    sku = shop(currency=currency).sku("MUG")
    client = staff("operator")
    page = reverse("admin:orders_sku_change", args=[sku.pk])

    client.post(page, {**form_of(client.get(page)), "prices-0-amount_cents": typed})

    price = Price.objects.get()
    assert price.amount_cents == cents
    assert audit(price) == [("update", {"amount_cents": {"from": 1000, "to": cents}})]


@pytest.mark.parametrize(
    ("currency", "typed", "said"),
    [
        ("EUR", "1,250.00", "without thousands separators"),
        ("EUR", "12.505", "EUR has 2 decimals, no more."),
        ("JPY", "12.5", "JPY has no decimals."),
        ("EUR", "-1", "An amount is not below zero."),
        ("EUR", "", "This field is required."),
    ],
)
def test_an_amount_that_is_none_is_refused_beside_its_field(
    staff: Staff, currency: str, typed: str, said: str
) -> None:
    sku = shop(currency=currency).sku("MUG")
    client = staff("operator")
    page = reverse("admin:orders_sku_change", args=[sku.pk])

    answer = client.post(page, {**form_of(client.get(page)), "prices-0-amount_cents": typed})

    errors = answer.context["inline_admin_formsets"][0].formset.errors[0]["amount_cents"]
    assert said in errors[0]
    assert Price.objects.get().amount_cents == 1000


def test_a_code_that_is_taken_is_said_beside_the_code(staff: Staff) -> None:
    shop().sku("MUG")
    client = staff("operator")
    page = reverse("admin:orders_sku_add")

    answer = client.post(page, {**form_of(client.get(page)), "code": "MUG", "name": "Mug"})

    assert answer.context["adminform"].form.errors == {
        "code": ["There is a SKU with this code already."]
    }


def test_a_new_record_is_told_with_what_was_said_of_it(staff: Staff) -> None:
    client = staff("operator")
    page = reverse("admin:orders_sku_add")

    client.post(page, {**form_of(client.get(page)), "code": "MUG", "name": "Mug"})

    [(event, told)] = audit(Sku.objects.get())
    assert event == "create"
    assert told["code"] == {"from": None, "to": "MUG"}


def test_a_country_typed_in_small_letters_is_kept_in_capitals(staff: Staff) -> None:
    address = shop().address()
    client = staff("operator")
    page = reverse("admin:orders_address_change", args=[address.pk])

    client.post(page, {**form_of(client.get(page)), "country_code": "de"})

    address.refresh_from_db()
    assert address.country_code == "DE"


def test_skus_are_disabled_after_a_question_that_says_how_many(staff: Staff) -> None:
    here = shop()
    skus = [here.sku(), here.sku()]
    client = staff("operator")
    address = reverse("admin:orders_sku_changelist")
    chosen = {"action": "disable_selected", "_selected_action": [sku.pk for sku in skus]}

    question = client.post(address, chosen)["Location"]
    assert "Disable 2 SKUs?" in client.get(question).content.decode()
    assert Sku.objects.filter(disabled_at=None).count() == 2
    for _twice in range(2):
        client.post(question, {"confirmed": "1"})

    assert not Sku.objects.filter(disabled_at=None).exists()
    assert [event for event, _payload in audit(skus[0])] == ["update"]


def test_records_are_deleted_after_a_question_that_can_be_reloaded(staff: Staff) -> None:
    here = shop()
    here.sku("KEPT")
    chosen = [here.sku("OLD", stock=None), here.sku("OLDER", stock=None)]
    client = staff("manager")
    address = f"{reverse('admin:orders_sku_changelist')}?q=OLD"
    form = {"action": "delete_selected", "_selected_action": chosen[0].pk, "select_across": "1"}

    question = client.post(address, form)["Location"]
    for _reload in range(2):
        asked = client.get(question).content.decode()
        assert all(f">{sku}</a>" in asked for sku in chosen)
        # However many there are, the form stays short.
        assert "_selected_action" not in asked
    done = client.post(question, {"post": "yes"}, follow=True)

    assert [sku.code for sku in Sku.objects.all()] == ["KEPT"]
    assert done.redirect_chain[0][0] == address
    assert "Successfully deleted 2 SKUs." in done.content.decode()
    assert [event for event, _payload in audit(chosen[0])] == ["destroy"]


def test_who_may_only_look_disables_nothing(staff: Staff) -> None:
    sku = shop().sku()
    page = reverse("admin:orders_sku_disable_this", args=[sku.pk])

    assert staff("viewer").post(page, {"confirmed": "1"}).status_code == 403
    assert Sku.objects.filter(disabled_at=None).exists()


def promise(kind: str, **fields: str) -> dict[str, str]:
    return {
        "name": "Spring",
        "type": kind,
        "priority": "0",
        "starts_at_0": "2030-01-01",
        "starts_at_1": "00:00",
        "expires_at_0": "2030-02-01",
        "expires_at_1": "00:00",
        "coupons-TOTAL_FORMS": "0",
        "coupons-INITIAL_FORMS": "0",
        **fields,
    }


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        (promise("fixed_amount_promotions"), "fixed_amount_cents", "Say how much it takes off."),
        (promise("percentage_discount_promotions"), "percentage", "Say how much it takes off."),
        (
            promise("fixed_amount_promotions", fixed_amount_cents="5.00"),
            "currency_code",
            "Say in which currency the amount is, or choose a market.",
        ),
        (
            promise("percentage_discount_promotions", percentage="5", expires_at_0="2029-01-01"),
            "expires_at",
            "It has to end after it begins.",
        ),
    ],
)
def test_a_promotion_that_cannot_be_is_explained_beside_the_field(
    staff: Staff, sent: dict[str, str], field: str, said: str
) -> None:
    answer = staff("operator").post(reverse("admin:orders_promotion_add"), sent)

    assert answer.context["adminform"].form.errors == {field: [said]}


def test_a_fixed_amount_takes_the_currency_of_its_market(staff: Staff) -> None:
    market = shop(currency="USD").market
    sent = promise("fixed_amount_promotions", fixed_amount_cents="5.00", market=market.pk)

    staff("operator").post(reverse("admin:orders_promotion_add"), sent)

    promotion = Promotion.objects.get()
    assert (promotion.fixed_amount_cents, promotion.currency_code) == (500, "USD")


def test_what_orders_were_placed_with_is_not_deleted(staff: Staff) -> None:
    here = shop()
    coupon = here.coupon("SPRING")
    placed_order(here, Line(here.sku()), coupon_code="SPRING", customer=here.alice)
    Coupon.objects.update(usage_count=1)
    client = staff("manager")

    for row in (coupon, coupon.promotion, here.alice, here.market):
        page = reverse(f"admin:orders_{row._meta.model_name}_delete", args=[row.pk])
        assert "cannot be deleted" in client.get(page).content.decode()
        client.post(page, {"post": "yes"})
        assert type(row).objects.filter(pk=row.pk).exists()


def test_what_nothing_needs_is_deleted_and_told(staff: Staff) -> None:
    coupon = shop().coupon("SPRING")

    staff("operator").post(reverse("admin:orders_coupon_delete", args=[coupon.pk]), {"post": "yes"})

    assert not Coupon.objects.exists()
    assert audit(coupon) == [("destroy", {})]


def test_a_market_has_no_method_of_another_market_for_its_usual_one(staff: Staff) -> None:
    here, there = shop(), shop()
    there.courier.market = there.market
    there.courier.save()
    client = staff("manager")
    page = reverse("admin:orders_market_change", args=[here.market.pk])
    sent = {**form_of(client.get(page)), "default_shipping_method": there.courier.pk}

    answer = client.post(page, sent)

    assert "default_shipping_method" in answer.context["adminform"].form.errors
    assert Market.objects.get(pk=here.market.pk).default_shipping_method is None


@pytest.mark.parametrize("name", ["sku", "stockitem", "price", "customer", "promotion", "coupon"])
def test_lists_take_a_fixed_number_of_statements(
    staff: Staff, name: str, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    for number in range(25):
        here.sku()
        here.customer(f"{number}@example.com")
        here.coupon(f"C{number}")
    client = staff("operator")

    with django_assert_max_num_queries(25):
        client.get(reverse(f"admin:orders_{name}_changelist"))


def test_a_tag_goes_and_what_had_it_stays(staff: Staff) -> None:
    order, tag = order_with(shop()), Tag.objects.create(mode="test", name="gift")
    order.tags.add(tag)
    page, client = reverse("admin:orders_tag_delete", args=[tag.pk]), staff("operator")

    asked = client.get(page)
    client.post(page, {"post": "yes"})

    assert asked.context["deleted_objects"] == ["gift"]
    assert dict(asked.context["model_count"]) == {"tags": 1}
    assert list(order.tags.all()) == []
