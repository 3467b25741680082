"""Creating, changing and deleting orders: the shop's own rules behind plain attributes."""

from typing import Any, cast

from config.jsonapi.errors import Invalid, invalid
from config.jsonapi.resource import Change
from orders import lifecycle, open_orders
from orders.api.caller import Caller
from orders.api.narrowing import remember
from orders.api.resource import ShopResource, refuse, refusing
from orders.audit import Happening, record_events
from orders.country_locks import require_country
from orders.coupons import require_recipient, require_usable
from orders.customers import find_or_create_customer, set_password
from orders.deletion import delete_orders, deletion_obstacles
from orders.line_items import refresh_prices
from orders.markets import entry_obstacles, move_obstacles
from orders.models import EventStore, Market, Order, PriceList
from orders.obstacles import Obstacle
from orders.open_orders import OPEN
from orders.payments import settle_payment
from orders.totals import refresh_totals

# What was agreed on when the order was placed.
AGREED = {
    "market",
    "customer",
    "customer_email",
    "coupon_code",
    "payment_method",
    "payment_source",
    "billing_address",
    "shipping_address",
    "freight_taxable",
    "payment_method_taxable",
    "adjustment_taxable",
    "shipping_country_code_lock",
}

# What an order's country depends on; the first that was sent is told when it cannot be.
LOCKING = ("shipping_address", "shipping_country_code_lock")
# Verbs that give an order another shipping address.
ADDRESSING = {"_shipping_address_clone_id", "_shipping_address_same_as_billing"}

# What decides which promotions an order gets, beside its lines.
PRICING = {"market", "coupon_code"}


def create_order(resource: ShopResource, change: Change) -> str:
    """Make a draft, which is pending at once if it has what that takes."""
    caller = cast(Caller, change.caller)
    market = change.references.setdefault("market", None) or _usual_market(caller)
    refuse(entry_obstacles(market), resource)
    change.references["market"] = market
    order = Order(
        mode=caller.mode,
        currency_code=market.price_list.currency_code,
        tax_included=market.price_list.tax_included,
    )
    _find_customer(change)
    given = resource.assign(order, change)
    order.save(force_insert=True)
    resource.assign_many(order, change)
    with refusing(resource):
        require_usable(order)
    _require_country(resource, order, change)
    _settle_payment(resource, order, change)
    remember(caller, resource.type, order.pk)
    resource.record(
        order,
        EventStore.What.CREATE,
        {name: (None, value) for name, value in given.items()},
        change,
    )
    record_events([Happening(order.mode, "orders.create", "orders", order.pk)])
    _bring_up_to_date(order, caller)
    return order.pk


def update_order(resource: ShopResource, order: Order, change: Change) -> None:
    """Change an order; what was agreed on at placing stays as it is."""
    sent = change.attributes.keys() | change.references.keys()
    if order.status not in OPEN and (agreed := sorted(sent & AGREED)):
        message = f"cannot be changed in an order that is {order.status}"
        refuse([Obstacle("not_open", name, message) for name in agreed], resource)
    _find_customer(change)
    market: Market = change.references.get("market") or order.market
    moves = market.pk != order.market_id
    if moves:
        refuse(move_obstacles(order, market), resource)
    coupon_code, customer_email = order.coupon_code, order.customer_email
    ShopResource.update(resource, order, change)
    if order.coupon_code != coupon_code:
        with refusing(resource):
            require_usable(order)
    elif order.customer_email != customer_email:
        told = "customer_email" if "customer_email" in sent else "customer"
        with refusing(resource, customer_email=told):
            require_recipient(order)
    _require_country(resource, order, change)
    if moves:
        _charge_as_there(order, market.price_list)
    if order.status not in OPEN or not sent:
        return
    _settle_payment(resource, order, change)
    if sent & PRICING:
        open_orders.bring_up_to_date(open_orders.hold(order.pk), who=change.caller.who)
    else:
        _bring_up_to_date(order, cast(Caller, change.caller))


def delete_order(resource: ShopResource, order: Order, caller: Any) -> None:
    refuse(deletion_obstacles([order.pk]).get(order.pk, []), resource)
    delete_orders([order.pk], who=caller.who)


def _usual_market(caller: Caller) -> Market:
    """The client's own market, or the only one that there is."""
    markets = Market.objects.filter(mode=caller.mode)
    if caller.market_id:
        markets = markets.filter(pk=caller.market_id)
    else:
        markets = markets.filter(disabled_at=None)
    found = list(markets.select_related("price_list").order_by("created_at", "pk")[:2])
    if len(found) != 1:
        raise Invalid(invalid("market", "can't be blank", error="blank", where="relationships"))
    return found[0]


def _charge_as_there(order: Order, prices: PriceList) -> None:
    order.currency_code = prices.currency_code
    order.tax_included = prices.tax_included
    order.save(update_fields=["currency_code", "tax_included"])
    refresh_prices(order)


def _find_customer(change: Change) -> None:
    """The e-mail address finds or makes the customer, and the customer brings the address."""
    email = change.attributes.get("customer_email")
    customer = change.references.get("customer")
    if email and not customer:
        customer = find_or_create_customer(email, mode=change.caller.mode, who=change.caller.who)
        change.references["customer"] = customer
    elif customer and not email:
        change.attributes["customer_email"] = customer.email
    password = change.attributes.get("customer_password")
    if customer and password:
        set_password(customer, password)


def _require_country(resource: ShopResource, order: Order, change: Change) -> None:
    """Ask whether the shipping address is where the order's lock has it, if either was sent.

    A verb that gives the order another address asks for itself.
    """
    sent = change.attributes.keys() | change.references.keys()
    told = next((name for name in LOCKING if name in sent), None)
    if told is None or change.triggers.keys() & ADDRESSING:
        return
    with refusing(resource, shipping_address=told):
        require_country(order)


def _settle_payment(resource: ShopResource, order: Order, change: Change) -> None:
    with refusing(resource):
        settle_payment(order, chosen=change.references.keys(), who=change.caller.who)


def _bring_up_to_date(order: Order, caller: Caller) -> None:
    if order.autorefresh:
        refresh_totals([order.pk])
    lifecycle.settle([order.pk], who=caller.who)
