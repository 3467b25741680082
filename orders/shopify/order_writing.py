"""A batch of orders into the database: one transaction, a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from config.jsonapi.values import write_datetime
from orders.models import Market, Sku
from orders.shopify.batches import ReadOn
from orders.shopify.halving import write_in_halves
from orders.shopify.known_orders import sift
from orders.shopify.order_tables import Links, OrderTables
from orders.shopify.problems import RowRefused, said
from orders.shopify.report import Creation
from orders.shopify.seen import Seen
from orders.shopify.shopify_order import ShopifyOrder
from orders.shopify.surroundings import Into, Surroundings, from_nothing, take_turns


@dataclass
class Outcome:
    """What became of a batch; it counts once the batch's transaction is done."""

    imported: list[ShopifyOrder] = field(default_factory=list)
    already_there: int = 0
    lines_without_sku: int = 0
    problems: list[RowRefused] = field(default_factory=list)
    creations: list[Creation] = field(default_factory=list)


def write_orders(
    orders: Sequence[ShopifyOrder], into: Into, seen: Seen, read_on: ReadOn
) -> list[Outcome]:
    """Write all that the database takes."""
    return write_in_halves(
        orders,
        lambda part: write_batch(part, into, seen, read_on),
        lambda refused: Outcome(problems=[refused]),
    )


def write_batch(orders: Sequence[ShopifyOrder], into: Into, seen: Seen, read_on: ReadOn) -> Outcome:
    """Write a batch, all or nothing."""
    with transaction.atomic():
        take_turns(into.mode)
        sifted = sift(orders, seen, mode=into.mode)
        outcome = Outcome(already_there=sifted.already_there, problems=sifted.problems)
        surroundings = Surroundings(into)
        tables = OrderTables.for_orders(len(sifted.fresh), mode=into.mode)
        for market, group in by_market(sifted.fresh, surroundings, outcome):
            sku_ids = find_skus(group, into.mode)
            for order, links in with_links(group, market, sku_ids, surroundings):
                note_order(order, tables.add(order, links), surroundings)
            outcome.imported += group
            outcome.lines_without_sku += sum(
                item.sku_code not in sku_ids for order in group for item in order.items
            )
        read_on()
        tables.write()
        surroundings.write_audit()
        # The database checks references at the end; here, a refusal can still be told apart.
        connection.check_constraints()
    outcome.creations = surroundings.creations
    return outcome


def by_market(
    orders: Iterable[ShopifyOrder], surroundings: Surroundings, outcome: Outcome
) -> list[tuple[Market, list[ShopifyOrder]]]:
    """Gather the orders of each market, in the order of the file."""
    groups: dict[str, list[ShopifyOrder]] = defaultdict(list)
    for order in orders:
        groups[order.currency].append(order)
    found = []
    for currency, group in groups.items():
        market = surroundings.market_for(currency)
        if market is not None:
            found.append((market, group))
            continue
        message = said(
            "%(currency)s is not the currency of the market “%(market)s”",
            currency=currency,
            market=surroundings.into.market_name,
        )
        outcome.problems += [
            RowRefused(message, line=order.line, column="Currency") for order in group
        ]
    return found


def find_skus(orders: Iterable[ShopifyOrder], mode: str) -> Mapping[str | None, str]:
    """The ids of the SKUs that the lines name, as far as the shop has them."""
    codes = {item.sku_code for order in orders for item in order.items if item.sku_code}
    return dict(Sku.objects.filter(mode=mode, code__in=codes).values_list("code", "id"))


def with_links(
    orders: Sequence[ShopifyOrder],
    market: Market,
    sku_ids: Mapping[str | None, str],
    surroundings: Surroundings,
) -> Iterable[tuple[ShopifyOrder, Links]]:
    """Each order with the ids of what it belongs to, looked up for all orders at once."""
    customers = surroundings.customers(distinct(order.email for order in orders))
    shipping = surroundings.shipping_methods(
        market, distinct(order.shipping_method for order in orders)
    )
    payment = surroundings.payment_methods(
        market, list(dict.fromkeys((order.payment.method, order.payment.type) for order in orders))
    )
    tag_ids = surroundings.tags(distinct(tag for order in orders for tag in order.tags))
    for order in orders:
        yield (
            order,
            Links(
                market_id=market.id,
                customer_id=customers[order.email] if order.email else None,
                payment_method_id=payment[order.payment.method, order.payment.type],
                shipping_method_id=shipping.get(order.shipping_method or ""),
                sku_ids=sku_ids,
                tag_ids=tag_ids,
            ),
        )


def distinct(names: Iterable[str | None]) -> list[str]:
    """Each name once, in the order of the file; nothing is no name."""
    return list(dict.fromkeys(name for name in names if name))


def note_order(order: ShopifyOrder, order_id: str, surroundings: Surroundings) -> None:
    standing = order.standing
    values = {
        "number": order.number,
        "reference": order.reference,
        "status": standing.status.value,
        "payment_status": standing.payment_status.value,
        "fulfillment_status": standing.fulfillment_status.value,
        "placed_at": write_datetime(standing.placed_at),
        "customer_email": order.email,
        "currency_code": order.currency,
        "total_amount_cents": order.amounts.total,
    }
    surroundings.note_audit("orders", order_id, from_nothing(values))
