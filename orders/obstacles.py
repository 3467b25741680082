"""What stands in the way of copying or placing an order, in codes and in words.

An obstacle is a value, never an exception: a step over a set of orders answers all obstacles of
all orders at once. Codes, keys and messages are those of the API's ``errors_log``.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way.

    ``key`` is the order's attribute or relationship; ``requested`` and ``available`` are pieces.
    """

    code: str
    key: str
    message: str
    sku_code: str | None = None
    line_item_id: str | None = None
    requested: int | None = None
    available: int | None = None


class Obstructed(Exception):
    """Something asked of one resource cannot be done, and nothing was: the obstacles say why."""

    def __init__(self, *obstacles: Obstacle) -> None:
        super().__init__("; ".join(f"{each.key}: {each.message}" for each in obstacles))
        self.obstacles = obstacles


def sku_missing(name: str, *, sku_code: str | None, line_item_id: str | None = None) -> Obstacle:
    """``name`` is the SKU's code, or the line's name where it never had one."""
    return Obstacle(
        "sku_missing",
        "line_items",
        f"{name} no longer exists",
        sku_code=sku_code,
        line_item_id=line_item_id,
    )


def sku_disabled(sku_code: str, *, line_item_id: str | None = None) -> Obstacle:
    return Obstacle(
        "sku_disabled",
        "line_items",
        f"{sku_code} is disabled",
        sku_code=sku_code,
        line_item_id=line_item_id,
    )


def out_of_stock(
    sku_code: str, *, requested: int, available: int, line_item_id: str | None = None
) -> Obstacle:
    return Obstacle(
        "out_of_stock",
        "line_items",
        f"{sku_code} is out of stock ({requested} requested, {available} available)",
        sku_code=sku_code,
        line_item_id=line_item_id,
        requested=requested,
        available=available,
    )


def nothing_to_copy(*, left: bool = False) -> Obstacle:
    """``left``: there were lines, but skipping left none of them."""
    words = "nothing left to copy" if left else "nothing to copy"
    return Obstacle("nothing_to_copy", "line_items", words)


def invalid_coupon(code: str, reason: str) -> Obstacle:
    """``reason`` is one of: expired, unknown, used up, not for this customer."""
    return Obstacle("invalid_coupon", "coupon_code", f"{code} is not valid: {reason}")


def payment_source_gone() -> Obstacle:
    return Obstacle(
        "payment_source_gone", "payment_source", "is no longer in the customer's wallet"
    )


def payment_method_disabled(name: str) -> Obstacle:
    return Obstacle("payment_method_disabled", "payment_method", f"{name} is disabled")


def country_locked(country_code: str, *, only: str) -> Obstacle:
    """``only``: the country that the order's shipping address is locked to."""
    return Obstacle(
        "country_locked",
        "shipping_address",
        f"the address is in {country_code or 'an unknown country'} and has to be in {only}: "
        "choose another, or change shipping_country_code_lock",
    )


def currency_mismatch(currency_code: str, market_currency_code: str) -> Obstacle:
    return Obstacle(
        "currency_mismatch",
        "currency_code",
        f"{currency_code} does not match the market's {market_currency_code}",
    )


def invalid_transition(old: str, new: str) -> Obstacle:
    return Obstacle("invalid_transition", "status", f"cannot transition from {old} to {new}")


def missing(key: str) -> Obstacle:
    """``key``: the attribute or relationship that has to be there."""
    return Obstacle("missing", key, "can't be blank")


def internal(reference: str) -> Obstacle:
    """``reference`` leads from the merchant's message to the traceback in the log."""
    return Obstacle("internal", "base", f"unexpected error {reference}")
