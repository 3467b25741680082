"""Orders in the merchant's words: statuses with their colours, and what stands in the way."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.moves import FULFILLMENT, PAYMENT, STATUS
from orders.models import FulfillmentStatus, OrderStatus, PaymentStatus, Shipment, Transaction
from orders.obstacles import Obstacle

Text = str | Promise

# Of each axis, each state: its word, and the colour of its label.
STATES: Mapping[str, Mapping[str, tuple[Text, str]]] = {
    STATUS: {
        OrderStatus.DRAFT: (_("Draft"), ""),
        OrderStatus.PENDING: (_("Pending"), "warning"),
        OrderStatus.PLACED: (_("Placed"), "info"),
        OrderStatus.APPROVED: (_("Approved"), "success"),
        OrderStatus.CANCELLED: (_("Cancelled"), "danger"),
    },
    PAYMENT: {
        PaymentStatus.UNPAID: (_("Unpaid"), ""),
        PaymentStatus.AUTHORIZED: (_("Authorized"), "info"),
        PaymentStatus.PAID: (_("Paid"), "success"),
        PaymentStatus.VOIDED: (_("Voided"), ""),
        PaymentStatus.REFUNDED: (_("Refunded"), "danger"),
        PaymentStatus.FREE: (_("Free"), "success"),
    },
    FULFILLMENT: {
        FulfillmentStatus.UNFULFILLED: (_("Unfulfilled"), ""),
        FulfillmentStatus.IN_PROGRESS: (_("Being fulfilled"), "info"),
        FulfillmentStatus.FULFILLED: (_("Fulfilled"), "success"),
        FulfillmentStatus.NOT_REQUIRED: (_("Nothing to send"), ""),
    },
}
AXES: Mapping[str, Text] = {
    STATUS: _("Order status"),
    PAYMENT: _("Payment"),
    FULFILLMENT: _("Fulfilment"),
}
SHIPMENT_STATES: Mapping[str, tuple[Text, str]] = {
    Shipment.Status.DRAFT: (_("Draft"), ""),
    Shipment.Status.UPCOMING: (_("Upcoming"), "info"),
    Shipment.Status.CANCELLED: (_("Cancelled"), "danger"),
    Shipment.Status.ON_HOLD: (_("On hold"), "warning"),
    Shipment.Status.PICKING: (_("Picking"), "info"),
    Shipment.Status.PACKING: (_("Packing"), "info"),
    Shipment.Status.READY_TO_SHIP: (_("Ready to ship"), "info"),
    Shipment.Status.SHIPPED: (_("Shipped"), "success"),
    Shipment.Status.DELIVERED: (_("Delivered"), "success"),
}
TRANSACTIONS: Mapping[str, Text] = {
    Transaction.Type.AUTHORIZATION: _("Authorized"),
    Transaction.Type.CAPTURE: _("Captured"),
    Transaction.Type.VOID: _("Voided"),
    Transaction.Type.REFUND: _("Refunded"),
}
MISSING: Mapping[str, Text] = {
    "line_items": _("There is nothing to buy yet: add a product."),
    "customer": _("Nobody buys it yet: enter the customer's e-mail address."),
    "customer_email": _("The customer's e-mail address is missing."),
    "billing_address": _("The billing address is missing."),
    "shipping_address": _("The shipping address is missing."),
    "shipping_method": _("The shipping method is not chosen."),
    "payment_method": _("The payment method is not chosen."),
    "payment_source": _("It is not said what to pay with: choose a payment source."),
    "unit_amount_cents": _("The price is missing."),
    "item": _("Choose a product."),
    "name": _("The name is missing."),
}
# Messages are the API's, in English; these find again what stands in them.
LOCKED = re.compile(r"the address is in .* and has to be in (?P<country>\w+):")
MISMATCH = re.compile(r"(?P<own>\w+) does not match the market's (?P<market>\w+)")
TRANSITION = re.compile(r"cannot transition from (?P<old>\w+) to (?P<new>\w+)")
COUPON = {
    "expired": _("Coupon %(code)s is not valid now: it has expired or not begun."),
    "unknown": _("There is no coupon %(code)s."),
    "used up": _("Coupon %(code)s is used up."),
    "not for this customer": _("Coupon %(code)s is for another customer."),
}


def who_in_words(who: Mapping[str, Any]) -> str:
    """Who did something, from what ``Who.as_json`` made of them, in the middle of a sentence."""
    if owner := who.get("owner"):
        return str(owner["name"])
    if application := who.get("application"):
        return gettext("API client %(name)s") % {"name": application["name"]}
    if "command" in who:
        return gettext("command %(name)s") % {"name": who["command"]}
    if "worker" in who:
        return gettext("worker %(name)s") % {"name": who["worker"]}
    return ", ".join(str(value) for value in who.values())


def doer(who: Mapping[str, Any]) -> str:
    """The same at the beginning of a sentence; a worker acts for the shop."""
    if "worker" in who:
        return gettext("The shop")
    return who_in_words(who) if "owner" in who else capfirst(who_in_words(who))


def state(axis: str, value: str) -> tuple[Text, str]:
    """The word for a state, and its colour."""
    return STATES[axis][value]


def states_in_words(axis: str, values: Sequence[str]) -> str:
    """Several states as a list with «or»."""
    return get_text_list([str(STATES[axis][value][0]).lower() for value in values], gettext("or"))


def obstacle_in_words(obstacle: Obstacle) -> str:
    """An obstacle as a sentence that says what is wrong, and where it helps what to do."""
    code, names = obstacle.code, {"sku": obstacle.sku_code}
    if code == "missing":
        return str(MISSING.get(obstacle.key, obstacle.message))
    if code == "out_of_stock" and obstacle.requested is not None:
        return gettext("Not enough of %(sku)s: %(wanted)s wanted, %(there)s in stock.") % {
            **names,
            "wanted": obstacle.requested,
            "there": obstacle.available,
        }
    retold = {
        "invalid_coupon": coupon_in_words,
        "invalid_transition": transition_in_words,
        "payment_method_disabled": disabled_method_in_words,
        "country_locked": locked_country_in_words,
        "currency_mismatch": mismatch_in_words,
    }
    if code in retold:
        return retold[code](obstacle.message)
    return str(SENTENCES.get(code, obstacle.message))


SENTENCES: Mapping[str, Text] = {
    "sku_disabled": _("This product is disabled."),
    "sku_missing": _("This product no longer exists."),
    "payment_source_gone": _("The payment source is no longer in the customer's wallet."),
    "no_price": _("This product has no price in the order's market."),
    "greater_than": _("At least 1."),
    "not_offered": _("This is not offered for this order."),
    "not_available": _("This shipping method is not offered for this order."),
    "not_at_hand": _("This belongs neither to the order nor to its customer's wallet."),
    "other_kind": _("This does not go with the payment method."),
    "not_open": _("The order is no longer open, so this cannot be changed."),
    "made_by_promotion": _("A promotion keeps this line; it changes by itself."),
    "option_not_applicable": _("An option of this line does not go with the product."),
}


def coupon_in_words(message: str) -> str:
    """Why a coupon is not valid, from the message of ``invalid_coupon``."""
    code, _between, reason = message.partition(" is not valid: ")
    sentence = COUPON.get(reason)
    return str(sentence) % {"code": code} if sentence else message


def disabled_method_in_words(message: str) -> str:
    """Which payment method is switched off, from the message of ``payment_method_disabled``."""
    name = message.removesuffix(" is disabled")
    return gettext("The payment method “%(name)s” is disabled.") % {"name": name}


def locked_country_in_words(message: str) -> str:
    """Where an order may be shipped to, from the message of ``country_locked``."""
    found = LOCKED.match(message)
    if found is None:
        return message
    return gettext("This order ships to %(country)s only.") % found.groupdict()


def mismatch_in_words(message: str) -> str:
    """Which currencies do not go together, from the message of ``currency_mismatch``."""
    found = MISMATCH.fullmatch(message)
    if found is None:
        return message
    return (
        gettext("The order is in %(own)s, and its market sells in %(market)s.") % found.groupdict()
    )


def transition_in_words(message: str) -> str:
    """Which step an order cannot take, from the message of ``invalid_transition``."""
    found = TRANSITION.fullmatch(message)
    if found is None:
        return message
    words = {value: str(word) for states in STATES.values() for value, (word, _c) in states.items()}
    return gettext("The order is «%(old)s» and cannot become «%(new)s».") % {
        name: words.get(value, value) for name, value in found.groupdict().items()
    }
