"""Copies in the merchant's words: statuses, options, errors, who did it and how long it took."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ordercopy.blocking import Blockade
from ordercopy.causes import Cause
from ordercopy.deeds import Deed, Reason
from ordercopy.models import CopyError, FactoryStatus, OrderFactory
from orders.admin.wording import (
    coupon_in_words,
    disabled_method_in_words,
    locked_country_in_words,
    mismatch_in_words,
    transition_in_words,
)
from orders.obstacles import nothing_to_copy, sku_missing

Text = str | Promise
Code = CopyError.Code

STATUSES: Mapping[str, Text] = {
    FactoryStatus.PENDING: _("Waiting"),
    FactoryStatus.IN_PROGRESS: _("In progress"),
    FactoryStatus.COMPLETED: _("Completed"),
    FactoryStatus.FAILED: _("Failed"),
    FactoryStatus.ABORTED: _("Aborted"),
}
# The colour of each label, beside the word that says the same.
STATUS_LABELS = {
    FactoryStatus.PENDING: "warning",
    FactoryStatus.IN_PROGRESS: "info",
    FactoryStatus.COMPLETED: "success",
    FactoryStatus.FAILED: "danger",
    FactoryStatus.ABORTED: "",
}
TYPES: Mapping[str, Text] = {
    OrderFactory.Type.ORDER_COPY: _("Order copy"),
    OrderFactory.Type.RECURRING: _("Recurring order copy"),
}
# The same words where they are chosen, on the pages of batches and copies, and in exports.
OPTIONS: Mapping[str, Text] = {
    "place_target_order": _("Place the new orders at once"),
    "cancel_source_order": _("Cancel the originals"),
    "reuse_wallet": _("Pay with the card or account saved by the customer"),
    "apply_promotions": _("Use the promotions that are valid today"),
    "skip_errors": _("Leave out products that cannot be copied"),
    "ignore_invalid_coupon": _("Leave off coupons that are no longer valid"),
}
KINDS: Mapping[str, Text] = {
    Code.SKU_MISSING: _("Product no longer exists"),
    Code.SKU_DISABLED: _("Product is disabled"),
    Code.OUT_OF_STOCK: _("Not enough stock"),
    Code.NOTHING_TO_COPY: _("Nothing to copy"),
    Code.INVALID_COUPON: _("Coupon is not valid"),
    Code.PAYMENT_SOURCE_GONE: _("Payment source is gone"),
    Code.PAYMENT_METHOD_DISABLED: _("Payment method is disabled"),
    Code.COUNTRY_LOCKED: _("Address is in another country"),
    Code.CURRENCY_MISMATCH: _("Currency does not match the market"),
    Code.INVALID_TRANSITION: _("Order cannot change its status"),
    Code.MISSING: _("Something is missing"),
    Code.INTERNAL: _("Unexpected error"),
}
PARTS: Mapping[str, Text] = {
    "line_items": _("products"),
    "customer_email": _("the customer's e-mail address"),
    "customer": _("the customer"),
    "billing_address": _("the billing address"),
    "shipping_address": _("the shipping address"),
    "payment_method": _("the payment method"),
    "payment_source": _("the payment source"),
    "shipments": _("the shipment"),
    "shipping_method": _("the shipping method"),
    "market": _("the market"),
}
SENTENCES: Mapping[str, Text] = {
    Code.PAYMENT_SOURCE_GONE: _("The payment source is no longer in the customer's wallet"),
    Code.NOTHING_TO_COPY: _("The order has no product that could be copied"),
    Code.INTERNAL: _("Unexpected error: tell whoever runs the shop's server"),
}
# What stands in a message (a coupon's reason, two currencies) is said in other words.
RETOLD: Mapping[str, Callable[[str], str]] = {
    Code.INVALID_COUPON: coupon_in_words,
    Code.PAYMENT_METHOD_DISABLED: disabled_method_in_words,
    Code.COUNTRY_LOCKED: locked_country_in_words,
    Code.CURRENCY_MISMATCH: mismatch_in_words,
    Code.INVALID_TRANSITION: transition_in_words,
}
DEEDS: Mapping[Deed, Text] = {
    Deed.RETRY: _("Retry"),
    Deed.MAKE_AGAIN: _("Again, leaving out what fails"),
    Deed.ABORT: _("Abort"),
    Deed.DELETE: _("Delete"),
}
REASONS: Mapping[Reason, Text] = {
    Reason.PENDING: _("still waiting"),
    Reason.IN_PROGRESS: _("being made at this moment"),
    Reason.COMPLETED: _("completed already"),
    Reason.FAILED: _("failed already"),
    Reason.ABORTED: _("aborted already"),
    Reason.MADE_AGAIN: _("made again already, as another copy"),
    Reason.MENDED_BY_HAND: _("its order was placed by hand; retrying completes it"),
}


def error_in_words(error: Mapping[str, Any]) -> str:
    """One error as a sentence; ``error`` has the columns of ``CopyError``."""
    code, sku, message = error["code"], error["sku_code"], error["message"]
    if code == Code.OUT_OF_STOCK and error["requested"] is not None:
        return gettext("Not enough of %(sku)s: %(wanted)s wanted, %(there)s in stock") % {
            "sku": sku,
            "wanted": error["requested"],
            "there": error["available"],
        }
    return _sentence(code, error["key"], sku, message)


def cause_in_words(cause: Cause | Blockade) -> str:
    """What many copies met, as a sentence that holds for all of them."""
    return _sentence(cause.code, cause.key or "", cause.sku_code, cause.message or "")


def _sentence(code: str, key: str, sku: str | None, message: str) -> str:
    if code == Code.SKU_MISSING and sku is None:
        # A line that never had a SKU is told by its name, which the message begins with.
        sku = message.removesuffix(sku_missing("", sku_code=None).message)
    if sku is not None:
        return _about_sku(code) % {"sku": sku}
    if code == Code.MISSING:
        return gettext("Missing: %(part)s") % {"part": PARTS.get(key, key.replace("_", " "))}
    if message == nothing_to_copy(left=True).message:
        return gettext("Nothing is left to copy once what fails is left out")
    if message and code in RETOLD:
        return RETOLD[Code(code)](message).removesuffix(".")
    return str(SENTENCES.get(code, KINDS[code]))


def _about_sku(code: str) -> str:
    if code == Code.SKU_DISABLED:
        return gettext("%(sku)s is disabled")
    if code == Code.SKU_MISSING:
        return gettext("%(sku)s no longer exists")
    return gettext("Not enough of %(sku)s in stock")


def summary_in_words(first: Mapping[str, Any] | None, count: int | None) -> str:
    """The first error, and how many more there are; empty without any."""
    if first is None or not count:
        return ""
    sentence = error_in_words(first)
    more = count - 1
    if not more:
        return sentence
    and_more = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    return f"{sentence}, {and_more}"


def duration_in_words(took: timedelta | None) -> str:
    """How long something took, as short as it can be said."""
    if took is None:
        return ""
    seconds = took.total_seconds()
    if seconds < 60:
        return gettext("%(seconds)s s") % {
            "seconds": number_format(float(f"{seconds:.2g}") if seconds < 10 else int(seconds))
        }
    minutes, seconds = divmod(int(seconds), 60)
    if minutes < 60:
        return gettext("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
    hours, minutes = divmod(minutes, 60)
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def options_in_words(row: Any) -> list[tuple[Text, bool]]:
    """Every option of a copy with whether it was chosen; those of its kind of factory alone."""
    return [
        (words, bool(getattr(row, name))) for name, words in OPTIONS.items() if hasattr(row, name)
    ]
