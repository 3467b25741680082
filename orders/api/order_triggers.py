"""The verbs of orders: each is a function of the order, the value that was sent and the change."""

from collections.abc import Callable
from typing import Any, cast

from config.jsonapi import registry
from config.jsonapi.errors import Invalid, invalid
from config.jsonapi.resource import Change, Trigger
from config.jsonapi.rows import rows_of
from orders import addresses, lifecycle, wallets
from orders.api.resource import ShopResource, add_tags, refuse, remove_tags
from orders.audit import Happening, record_events
from orders.lifecycle import Outcome
from orders.models import Address, Order
from orders.pricing import refresh_prices as price_anew
from orders.totals import refresh_totals


def move(action: Callable[..., Outcome]) -> Trigger:
    """A step of the lifecycle; one that is not allowed says from where to where."""

    def trigger(order: Order, _value: Any, change: Change) -> None:
        outcome = action([order.pk], who=change.caller.who)
        refuse(outcome.refused.get(order.pk, []), _orders())

    return trigger


def validate(order: Order, _value: Any, _change: Change) -> None:
    """Answer what placing would say."""
    refuse(lifecycle.validate([order.pk]).get(order.pk, []), _orders())


def refresh(order: Order, _value: Any, _change: Change) -> None:
    refresh_totals([order.pk])


def refresh_prices(order: Order, _value: Any, _change: Change) -> None:
    price_anew([order.pk])
    refresh_totals([order.pk])


def clone_address(name: str) -> Trigger:
    """Give the order an address of its own that is like the one with this id."""

    def trigger(order: Order, value: Any, change: Change) -> None:
        addresses.set_clone(order, name, _address(value, change, f"_{name}_clone_id"))

    return trigger


def same_address(here: str, there: str) -> Trigger:
    def trigger(order: Order, _value: Any, _change: Change) -> None:
        source = getattr(order, f"{here}_address")
        if source is None:
            name = f"{here}_address"
            raise Invalid(invalid(name, "can't be blank", error="blank", where="relationships"))
        addresses.set_clone(order, f"{there}_address", source)

    return trigger


def nullify_payment_source(order: Order, _value: Any, _change: Change) -> None:
    order.payment_source = None
    order.save(update_fields=["payment_source", "updated_at"])


def pay_from_wallet(order: Order, value: Any, _change: Change) -> None:
    entry = wallets.entry_of(order, value)
    if entry is None:
        name = "_customer_payment_source_id"
        raise Invalid(invalid(name, "must exist", error="not_found"))
    wallets.pay_with(order, entry)


def save_payment_source(order: Order, _value: Any, _change: Change) -> None:
    _need(order, "customer", "payment_source")
    wallets.keep(order)


def save_address(name: str) -> Trigger:
    def trigger(order: Order, _value: Any, _change: Change) -> None:
        _need(order, "customer", name)
        addresses.keep_in_book(order, name)

    return trigger


def tag(order: Order, value: str, change: Change) -> None:
    add_tags(order, value, change)
    record_events([Happening(order.mode, "orders.tagged", "orders", order.pk)])


untag = remove_tags


def _address(pk: str, change: Change, name: str) -> Address:
    found = rows_of(registry.get("addresses"), change.caller).filter(pk=pk).first()
    if found is None:
        raise Invalid(invalid(name, "must exist", error="not_found"))
    return cast(Address, found)


def _need(order: Order, *names: str) -> None:
    problems = [
        invalid(name, "can't be blank", error="blank", where="relationships")
        for name in names
        if getattr(order, f"{name}_id") is None
    ]
    if problems:
        raise Invalid(*problems)


def _orders() -> ShopResource:
    return cast(ShopResource, registry.get("orders"))
