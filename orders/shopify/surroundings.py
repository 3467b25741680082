"""What orders and products need around them: found in the shop, or made and reported."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from orders.audit import AuditEntry, Who, record_audit
from orders.models import (
    Market,
    MarketStockLocation,
    PaymentMethod,
    PaymentSourceType,
    PriceList,
    ShippingMethod,
    StockLocation,
    Tag,
)
from orders.shopify.problems import FileRefused, said
from orders.shopify.report import Creation
from orders.statements import execute

SHOPIFY = "Shopify"

FIND_CUSTOMERS = """
SELECT wanted.email, customer.id
  FROM unnest(%s::varchar[]) AS wanted (email)
  JOIN orders_customer customer
    ON customer.mode = %s AND lower(customer.email) = lower(wanted.email)
"""
# Somebody may have registered the same address a moment ago: then theirs is the one.
MAKE_CUSTOMERS = """
INSERT INTO orders_customer (mode, email)
SELECT DISTINCT ON (lower(wanted.email)) %s, wanted.email
  FROM unnest(%s::varchar[]) WITH ORDINALITY AS wanted (email, place)
 ORDER BY lower(wanted.email), wanted.place
ON CONFLICT DO NOTHING
RETURNING id, email
"""
# Two imports take turns, batch by batch: neither makes what the other is about to make.
ONE_BATCH_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('orders.shopify'), hashtext(%s))"


def take_turns(mode: str) -> None:
    """Wait until no other import writes in this mode; holds to the end of the transaction."""
    execute(ONE_BATCH_AT_A_TIME, [mode])


def named_market(mode: str, name: str) -> Market:
    """The market with this code or name; refuses the import when there is none."""
    markets = Market.objects.select_related("price_list").filter(mode=mode)
    market = markets.filter(code=name).first() or markets.filter(name=name).first()
    if market is None:
        known = ", ".join(f"“{market.name}”" for market in markets.order_by("name")[:10])
        raise FileRefused(
            said(
                "no market “%(name)s” in %(mode)s mode; there is %(known)s",
                name=name,
                mode=mode,
                known=known or said("none yet"),
            )
        )
    return market


@dataclass(frozen=True)
class Into:
    """Where an import goes, and in whose name; ``market_name`` where the operator named one."""

    mode: str
    who: Who
    market_name: str | None = None


class Surroundings:
    """The shop around one batch; what had to be made is in ``creations``."""

    def __init__(self, into: Into) -> None:
        self.into = into
        self.mode = into.mode
        self.creations: list[Creation] = []
        self._audit: list[AuditEntry] = []

    def market_for(self, currency: str) -> Market | None:
        """The market that takes this currency; None when one was named that does not."""
        if self.into.market_name is not None:
            market = named_market(self.mode, self.into.market_name)
            return market if market.price_list.currency_code == currency else None
        markets = Market.objects.select_related("price_list").filter(
            mode=self.mode, price_list__currency_code=currency, disabled_at=None
        )
        own = markets.filter(name=f"{SHOPIFY} {currency}").first()
        return own or markets.order_by("created_at", "id").first() or self._make_market(currency)

    def stock_location_of(self, market: Market) -> StockLocation:
        """Where a market's stock lies: its first location."""
        link = (
            MarketStockLocation.objects.select_related("stock_location")
            .filter(market=market)
            .order_by("priority", "id")
            .first()
        )
        return link.stock_location if link else self._give_stock_location(market)

    def shipping_methods(self, market: Market, names: Collection[str]) -> dict[str, str]:
        """The ids of shipping methods by name."""
        found = dict(
            ShippingMethod.objects.filter(of_market(market), mode=self.mode, name__in=names)
            .order_by(F("market").asc(nulls_first=True), "-created_at")
            .values_list("name", "id")
        )
        for name in missing(names, found):
            method = ShippingMethod.objects.create(
                mode=self.mode,
                market=market,
                name=name,
                currency_code=market.price_list.currency_code,
            )
            found[name] = method.id
            self.note("shipping_methods", method.id, name=name)
        return found

    def payment_methods(
        self, market: Market, methods: Collection[tuple[str, PaymentSourceType]]
    ) -> dict[tuple[str, str], str]:
        """The ids of payment methods by name and kind of source."""
        found = {
            (name, kind): method_id
            for name, kind, method_id in PaymentMethod.objects.filter(
                of_market(market), mode=self.mode, name__in={name for name, _ in methods}
            )
            .order_by(F("market").asc(nulls_first=True), "-created_at")
            .values_list("name", "payment_source_type", "id")
        }
        for name, kind in methods:
            if (name, kind.value) in found:
                continue
            method = PaymentMethod.objects.create(
                mode=self.mode,
                market=market,
                name=name,
                payment_source_type=kind,
                currency_code=market.price_list.currency_code,
            )
            found[name, kind.value] = method.id
            self.note("payment_methods", method.id, name=name)
        return found

    def customers(self, emails: Collection[str]) -> dict[str, str]:
        """The ids of customers by e-mail address, whatever its capitals."""
        found = dict(execute(FIND_CUSTOMERS, [list(emails), self.mode]))
        strangers = missing(emails, found)
        if strangers:
            for customer_id, email in execute(MAKE_CUSTOMERS, [self.mode, strangers]):
                self.note("customers", customer_id, email=email)
            found |= dict(execute(FIND_CUSTOMERS, [strangers, self.mode]))
        return found

    def tags(self, names: Collection[str]) -> dict[str, str]:
        """The ids of tags by name."""
        tags = Tag.objects.filter(mode=self.mode, name__in=names)
        found = dict(tags.values_list("name", "id"))
        for name in missing(names, found):
            tag = Tag.objects.create(mode=self.mode, name=name)
            found[name] = tag.id
            self.note("tags", tag.id, name=name)
        return found

    def note(self, resource_type: str, resource_id: str, **values: Any) -> None:
        """Remember for report and audit that something was made."""
        name = values.get("name") or values["email"]
        self.creations.append(Creation(resource_type, name))
        self.note_audit(resource_type, resource_id, from_nothing(values))

    def note_audit(
        self,
        resource_type: str,
        resource_id: str,
        changes: Mapping[str, tuple[Any, Any]],
        *,
        event: str = "create",
    ) -> None:
        """Remember for the audit alone; values are of JSON's own types."""
        self._audit.append(AuditEntry(self.mode, resource_type, resource_id, event, changes))

    def write_audit(self) -> None:
        record_audit(self._audit, who=self.into.who)

    def _make_market(self, currency: str) -> Market:
        name = f"{SHOPIFY} {currency}"
        price_list, is_new = PriceList.objects.get_or_create(
            mode=self.mode, name=name, defaults={"currency_code": currency}
        )
        if price_list.currency_code != currency:
            raise FileRefused(
                said(
                    "the price list “%(name)s” is in %(currency)s; rename it",
                    name=name,
                    currency=price_list.currency_code,
                )
            )
        if is_new:
            self.note("price_lists", price_list.id, name=name, currency_code=currency)
        if Market.objects.filter(mode=self.mode, name=name).exists():
            message = said("the market “%(name)s” is disabled or in another currency", name=name)
            raise FileRefused(message)
        market = Market.objects.create(mode=self.mode, name=name, price_list=price_list)
        self.note("markets", market.id, name=name)
        self._give_stock_location(market)
        return market

    def _give_stock_location(self, market: Market) -> StockLocation:
        location, is_new = StockLocation.objects.get_or_create(mode=self.mode, name=SHOPIFY)
        if is_new:
            self.note("stock_locations", location.id, name=SHOPIFY)
        MarketStockLocation.objects.create(market=market, stock_location=location)
        return location


def missing(names: Collection[str], found: Mapping[str, str]) -> list[str]:
    return [name for name in names if name not in found]


def of_market(market: Market) -> Q:
    """What a market offers: what is its own, and what every market has."""
    return Q(market=market) | Q(market=None)


def from_nothing(values: Mapping[str, Any]) -> dict[str, tuple[None, Any]]:
    """What changed for the audit when something was made with these values."""
    return {name: (None, value) for name, value in values.items()}
