"""The verbs of orders: each is a function of the order, the value that was sent and the change."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from config.jsonapi import registry
from config.jsonapi.errors import Invalid, invalid
from config.jsonapi.resource import Change, Trigger
from config.jsonapi.rows import rows_of
from orders import addresses, lifecycle, open_orders, payments, wallets
from orders.api.resource import ShopResource, add_tags, refuse, refusing, remove_tags
from orders.audit import Happening, record_events
from orders.lifecycle import Outcome
from orders.line_items import refresh_prices as price_anew
from orders.models import Address, Order
from orders.obstacles import Obstacle


def move(action: Callable[..., Outcome], words: str) -> Trigger:
    """A step of the lifecycle; one that is not allowed says from where to where.

    ``words`` are for the API's documentation.
    """

    def trigger(order: Order, _value: Any, change: Change) -> None:
        outcome = action([order.pk], who=change.caller.who)
        refuse(outcome.refused.get(order.pk, []), _orders())

    trigger.__doc__ = words
    return trigger


def place(order: Order, _value: Any, change: Change) -> None:
    """Place the order: takes its stock and books the promise of its payment."""
    open_orders.catch_up(order, who=change.caller.who)
    _answer(order, lifecycle.place([order.pk], who=change.caller.who).refused)


def validate(order: Order, _value: Any, change: Change) -> None:
    """Answer what placing would say."""
    open_orders.catch_up(order, who=change.caller.who)
    _answer(order, lifecycle.validate([order.pk]))


def _answer(order: Order, refused: dict[str, list[Obstacle]]) -> None:
    """Refuse what stands in the way of placing; the order keeps it as its ``resource_errors``."""
    try:
        refuse(refused.get(order.pk, []), _orders())
    except Invalid as error:
        error.afterwards = partial(lifecycle.keep_errors, [order.pk], refused)
        raise


def refresh(order: Order, _value: Any, change: Change) -> None:
    """Compute the totals anew."""
    open_orders.refresh(order.pk, who=change.caller.who)


def refresh_prices(order: Order, _value: Any, change: Change) -> None:
    """Take today's prices, and compute the totals anew."""
    changed = price_anew(order)
    open_orders.refresh(order.pk, who=change.caller.who, changed=changed)


def clone_address(name: str) -> Trigger:
    def trigger(order: Order, value: Any, change: Change) -> None:
        """Give the order an address of its own that is like the one with this id."""
        address = _address(value, change, f"_{name}_clone_id")
        with refusing(_orders()):
            addresses.set_clone(order, name, address)

    return trigger


def same_address(here: str, there: str) -> Trigger:
    def trigger(order: Order, _value: Any, _change: Change) -> None:
        """Give the order a second address of its own that is like the other one."""
        source = getattr(order, f"{here}_address")
        if source is None:
            name = f"{here}_address"
            raise Invalid(invalid(name, "can't be blank", error="blank", where="relationships"))
        with refusing(_orders()):
            addresses.set_clone(order, f"{there}_address", source)

    return trigger


def nullify_payment_source(order: Order, _value: Any, change: Change) -> None:
    """Take the payment source off the order."""
    with refusing(_orders()):
        payments.pay(order, None, who=change.caller.who)


def pay_from_wallet(order: Order, value: Any, change: Change) -> None:
    """Pay with this entry (its id) of the customer's wallet."""
    entry = wallets.entry_of(order, value)
    if entry is None:
        name = "_customer_payment_source_id"
        raise Invalid(invalid(name, "must exist", error="not_found"))
    with refusing(_orders()):
        wallets.pay_with(order, entry, who=change.caller.who)


def save_payment_source(order: Order, _value: Any, change: Change) -> None:
    """Put the order's payment source into the customer's wallet."""
    _need(order, "customer", "payment_source")
    with refusing(_orders()):
        wallets.keep(order, who=change.caller.who)


def save_address(name: str) -> Trigger:
    def trigger(order: Order, _value: Any, _change: Change) -> None:
        """Put the order's address into the customer's address book."""
        _need(order, "customer", name)
        addresses.keep_in_book(order, name)

    return trigger


def tag(order: Order, value: str, change: Change) -> None:
    """Add tags: names with commas between them; one that is new is made."""
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
