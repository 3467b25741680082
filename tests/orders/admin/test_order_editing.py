"""Editing open orders in the admin where they are shown, asked of the server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from config.roles import OPERATOR
from orders.admin.order_editing import THEN_PLACE, VERSION
from orders.models import (
    Customer,
    FulfillmentStatus,
    Order,
    OrderStatus,
    PaymentStatus,
    Shipment,
)
from tests.factories import (
    Line,
    add_shipment,
    order_with,
    shop,
    totalled,
)
from tests.orders.admin.order_pages import page_of, step_of
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]


def sent_form(client: Client, order: Order) -> dict[str, Any]:
    """What a browser would send if nobody typed anything."""
    edit = client.get(page_of(order)).context["edit"]
    forms = [*edit.all_forms, edit.lines.management_form, edit.new_lines.management_form]
    values = {form[name].html_name: form[name].value() for form in forms for name in form.fields}
    kept = {
        name: value for name, value in values.items() if value is not None and value is not False
    }
    return {**kept, VERSION: edit.version}


def problems_in(answer: Any) -> list[str]:
    """What stands beside the fields of a page that was not saved."""
    assert answer.status_code == 422
    edit = answer.context["edit"]
    return [message for form in edit.all_forms for each in form.errors.values() for message in each]


def test_a_viewer_cannot_edit_by_hand_either(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()))
    form = {**sent_form(staff(OPERATOR), order), "lines-0-quantity": 7}
    viewer = staff("viewer")

    assert viewer.get(page_of(order)).context["edit"] is None
    assert viewer.post(page_of(order), form).status_code == 403
    assert order.line_items.get().quantity == 1


def test_saving_what_nobody_changed_changes_nothing(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku(), 2), shipping_cost=500)
    client = staff(OPERATOR)
    before = Order.objects.filter(pk=order.pk).values().get()

    answer = client.post(page_of(order), sent_form(client, order))

    assert answer.status_code == 302
    assert Order.objects.filter(pk=order.pk).values().get() == before


def test_quantities_lines_and_totals_follow(staff: Staff) -> None:
    here = shop()
    mug, cup, pot = here.sku("MUG"), here.sku("CUP"), here.sku("POT", price=3000)
    order = order_with(here, Line(mug, 2), Line(cup, 1))
    client = staff(OPERATOR)

    answer = client.post(
        page_of(order),
        {
            **sent_form(client, order),
            "lines-0-quantity": 5,
            "lines-1-remove": "on",
            "new-0-sku": pot.pk,
            "new-0-quantity": 2,
        },
    )

    assert answer.status_code == 302
    order.refresh_from_db()
    assert dict(order.line_items.values_list("sku_code", "quantity")) == {"MUG": 5, "POT": 2}
    assert order.subtotal_amount_cents == 5 * 1000 + 2 * 3000
    told = [entry.words for entry in client.get(page_of(order)).context["page"].history]
    assert f"{OPERATOR} removed 1 × CUP" in told


def test_a_form_sent_twice_adds_a_product_once(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku("MUG")))
    client = staff(OPERATOR)
    form = {**sent_form(client, order), "new-0-sku": here.sku("POT").pk, "new-0-quantity": 2}

    assert client.post(page_of(order), form).status_code == 302
    again = client.post(page_of(order), form)

    assert again.status_code == 422
    assert again.context["edit"].is_stale
    assert order.line_items.get(sku_code="POT").quantity == 2


def test_what_somebody_else_changed_is_not_written_over(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku("MUG"), 2))
    mine, theirs = staff(OPERATOR), staff("manager")
    form = sent_form(mine, order)
    theirs.post(page_of(order), {**sent_form(theirs, order), "lines-0-quantity": 3})

    refused = mine.post(page_of(order), {**form, "lines-0-quantity": 9})

    assert order.line_items.get().quantity == 3
    [row] = refused.context["edit"].lines
    assert row["quantity"].value() == "9"
    form[VERSION] = refused.context["edit"].version
    assert mine.post(page_of(order), {**form, "lines-0-quantity": 9}).status_code == 302
    assert order.line_items.get().quantity == 9


def test_what_the_shop_refuses_stands_beside_its_field_and_nothing_is_saved(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku("MUG"), 2))
    unpriced = here.sku("FREE?")
    unpriced.prices.all().delete()
    client = staff(OPERATOR)

    answer = client.post(
        page_of(order),
        {
            **sent_form(client, order),
            "lines-0-quantity": 4,
            "details-customer_email": "new@example.com",
            "new-0-sku": unpriced.pk,
            "new-0-quantity": 1,
        },
    )

    assert problems_in(answer) == ["This product has no price in the order's market."]
    assert order.line_items.get().quantity == 2
    assert not Customer.objects.filter(email="new@example.com").exists()
    edit = answer.context["edit"]
    assert edit.details["customer_email"].value() == "new@example.com"
    assert edit.lines[0]["quantity"].value() == "4"


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("lines-0-quantity", "0", "Ensure this value is greater than or equal to 1."),
        ("lines-0-quantity", "", "This field is required."),
        ("details-customer_email", "nobody", "Enter a valid email address."),
        ("billing_address-country_code", "I1", "Two letters, such as IT or US."),
        ("billing_address-city", "", "Every address has this."),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(
    field: str, value: str, problem: str, staff: Staff
) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()))
    client = staff(OPERATOR)

    answer = client.post(page_of(order), {**sent_form(client, order), field: value})

    assert problems_in(answer) == [problem]


def test_an_address_is_corrected_for_this_order_alone(staff: Staff) -> None:
    here = shop()
    shared = here.address()
    order, other = (
        order_with(here, Line(here.sku()), billing_address=shared) for _each in range(2)
    )
    client = staff(OPERATOR)

    client.post(page_of(order), {**sent_form(client, order), "billing_address-city": "Cambridge"})

    for each in (order, other):
        each.refresh_from_db()
    assert order.billing_address is not None
    assert other.billing_address is not None
    assert (order.billing_address.city, other.billing_address.city) == ("Cambridge", "Oxford")


def test_an_order_keeps_to_the_country_that_it_is_locked_to(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()))
    Order.objects.filter(pk=order.pk).update(shipping_country_code_lock="GB")
    client = staff(OPERATOR)

    page = client.post(
        page_of(order),
        {**sent_form(client, order), "shipping_address-country_code": "FR"},
    )

    assert "This order ships to GB only." in page.content.decode()
    order.refresh_from_db()
    assert order.country_code == "GB"


def test_a_missing_address_is_typed_in(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()), shipping_address=None)
    client = staff(OPERATOR)
    typed = {"line_1": "Via Roma 1", "city": "Torino", "country_code": "it"}

    client.post(
        page_of(order),
        {
            **sent_form(client, order),
            **{f"shipping_address-{name}": value for name, value in typed.items()},
        },
    )

    order.refresh_from_db()
    assert order.shipping_address is not None
    assert order.shipping_address.country_code == "IT"
    assert order.shipping_address.last_name is None


def test_another_customer_does_not_pay_from_the_first_ones_wallet(staff: Staff) -> None:
    here = shop()
    entry = here.wallet(here.alice)
    order = order_with(
        here,
        Line(here.sku()),
        payment_method=here.card,
        payment_source=entry.payment_source,
    )
    client = staff(OPERATOR)

    client.post(
        page_of(order),
        {**sent_form(client, order), "details-customer_email": "Bob@example.com"},
    )

    order.refresh_from_db()
    assert order.customer is not None
    assert (order.customer.email, order.payment_source) == ("Bob@example.com", None)
    assert order.status == OrderStatus.PENDING


def test_an_order_of_nobody_is_a_draft(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()))
    client = staff(OPERATOR)

    client.post(page_of(order), {**sent_form(client, order), "details-customer_email": ""})

    order.refresh_from_db()
    assert (order.customer, order.customer_email, order.status) == (None, None, "draft")


def test_it_is_paid_with_what_lies_in_the_wallet(staff: Staff) -> None:
    here = shop()
    source = here.wallet(here.alice).payment_source
    assert source is not None
    order = order_with(here, Line(here.sku()))
    client = staff(OPERATOR)
    form = sent_form(client, order)

    mixed = client.post(page_of(order), {**form, "payment-source": source.pk})
    assert problems_in(mixed) == ["This does not go with the payment method."]

    client.post(
        page_of(order),
        {**form, "payment-source": source.pk, "payment-method": here.card.pk},
    )
    order.refresh_from_db()
    assert (order.payment_source, order.payment_method) == (source, here.card)


def test_what_is_not_offered_cannot_be_chosen_by_hand(staff: Staff) -> None:
    here, there = shop(), shop()
    stranger = there.wallet(there.alice).payment_source
    assert stranger is not None
    there.card.market = there.market
    there.card.save()
    order = order_with(here, Line(here.sku()))
    client = staff(OPERATOR)

    for field, value in (("source", stranger.pk), ("method", there.card.pk)):
        form = {**sent_form(client, order), f"payment-{field}": value}
        assert len(problems_in(client.post(page_of(order), form))) == 1


def test_the_shipping_method_is_chosen_and_its_cost_counts(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()))
    add_shipment(order, None)
    totalled(order)
    client = staff(OPERATOR)
    parcel = order.shipments.get()

    client.post(
        page_of(order),
        {**sent_form(client, order), f"shipping-{parcel.pk}-method": here.courier.pk},
    )

    order.refresh_from_db()
    assert Shipment.objects.get(order=order).shipping_method == here.courier
    assert order.shipping_amount_cents == 500


def test_an_order_without_a_shipment_gets_one(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()))
    client = staff(OPERATOR)

    client.post(
        page_of(order), {**sent_form(client, order), "shipping-new-method": here.courier.pk}
    )

    assert order.shipments.get().shipping_method == here.courier


def test_a_coupon_is_taken_off_or_exchanged(staff: Staff) -> None:
    here = shop()
    here.coupon("SPRING")
    order = order_with(here, Line(here.sku(price=1000)), coupon_code="NOPE")
    client = staff(OPERATOR)

    client.post(page_of(order), {**sent_form(client, order), "details-coupon_code": "SPRING"})

    order.refresh_from_db()
    assert (order.coupon_code, order.discount_amount_cents) == ("SPRING", -100)


def test_a_coupon_of_one_customer_does_not_go_over_to_another(staff: Staff) -> None:
    here = shop()
    bob = here.customer("bob@example.com")
    here.coupon("BOB", recipient_email=bob.email)
    order = order_with(here, Line(here.sku()), customer=bob, coupon_code="BOB")
    client = staff(OPERATOR)

    page = client.post(
        page_of(order),
        {**sent_form(client, order), "details-customer_email": "al@example.com"},
    )

    assert "Coupon BOB is for another customer." in page.content.decode()
    order.refresh_from_db()
    assert order.customer_email == bob.email


def test_a_coupon_that_nobody_knows_is_refused_beside_its_field(staff: Staff) -> None:
    order = order_with(here := shop(), Line(here.sku(price=1000)))
    client = staff(OPERATOR)

    answer = client.post(page_of(order), {**sent_form(client, order), "details-coupon_code": "NO"})

    assert answer.status_code == 422
    assert answer.context["edit"].details.errors["coupon_code"] == ["There is no coupon NO."]
    order.refresh_from_db()
    assert order.coupon_code is None


def test_saving_goes_on_to_placing(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku()))
    client = staff(OPERATOR)

    answer = client.post(page_of(order), {**sent_form(client, order), THEN_PLACE: "1"})

    assert answer.headers["Location"] == step_of(order, "place")


def test_a_form_of_an_order_that_was_placed_meanwhile_changes_nothing(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku(), 2))
    client = staff(OPERATOR)
    form = {**sent_form(client, order), "lines-0-quantity": 9}
    client.post(step_of(order, "place"))

    answer = client.post(page_of(order), form, follow=True)

    assert "can no longer be changed" in str(list(answer.context["messages"])[-1])
    assert order.line_items.get().quantity == 2


def test_an_order_that_does_not_refresh_by_itself_is_placed_at_what_it_owes(staff: Staff) -> None:
    here = shop()
    order = order_with(here, Line(here.sku("MUG"), 1))
    Order.objects.filter(pk=order.pk).update(autorefresh=False)
    client = staff(OPERATOR)
    client.post(page_of(order), {**sent_form(client, order), "lines-0-quantity": 3})

    client.post(step_of(order, "place"))

    order.refresh_from_db()
    assert (order.status, order.total_amount_cents) == (OrderStatus.PLACED, 3000)
    assert order.payment_status == PaymentStatus.AUTHORIZED
    assert order.fulfillment_status == FulfillmentStatus.UNFULFILLED
