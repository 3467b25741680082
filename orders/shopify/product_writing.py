"""A batch of variants into the catalogue: SKUs, their prices and their stock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from orders.audit import as_json
from orders.models import Price, Sku, StockItem
from orders.shopify.batches import ReadOn
from orders.shopify.halving import write_in_halves
from orders.shopify.problems import FileRefused, RowRefused, said
from orders.shopify.product_rows import Variant
from orders.shopify.report import Creation
from orders.shopify.seen import Seen, Sighting
from orders.shopify.shelf import CREATED, UNCHANGED, UPDATED, Placed, Shelf
from orders.shopify.surroundings import Into, Surroundings, take_turns

SKU_FIELDS = (
    "name",
    "description",
    "image_url",
    "weight",
    "unit_of_weight",
    "do_not_ship",
    "do_not_track",
    "disabled_at",
)
PRICE_FIELDS = ("amount_cents", "compare_at_amount_cents")
STOCK_FIELDS = ("quantity",)


@dataclass
class Outcome:
    """What became of a batch; it counts once the batch's transaction is done."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    disabled: int = 0
    problems: list[RowRefused] = field(default_factory=list)
    creations: list[Creation] = field(default_factory=list)


def write_variants(
    variants: Sequence[Variant], into: Into, currency: str, seen: Seen, read_on: ReadOn
) -> list[Outcome]:
    """Write all that the database takes."""
    return write_in_halves(
        variants,
        lambda part: write_batch(part, into, currency, seen, read_on),
        lambda refused: Outcome(problems=[refused]),
    )


def write_batch(
    variants: Sequence[Variant], into: Into, currency: str, seen: Seen, read_on: ReadOn
) -> Outcome:
    """Write a batch, all or nothing."""
    outcome = Outcome()
    with transaction.atomic():
        take_turns(into.mode)
        surroundings = Surroundings(into)
        fresh = sift(variants, seen, outcome)
        shelves = Shelves(surroundings, currency, [variant.code for variant in fresh])
        for variant in fresh:
            event = shelves.place(variant)
            outcome.created += event == CREATED
            outcome.updated += event == UPDATED
            outcome.unchanged += event == UNCHANGED
            outcome.disabled += not variant.is_active
        read_on()
        shelves.write()
        surroundings.write_audit()
        connection.check_constraints()
    outcome.creations = surroundings.creations
    return outcome


def sift(variants: Sequence[Variant], seen: Seen, outcome: Outcome) -> list[Variant]:
    """Leave out the codes that the file has told already, and refuse those it contradicts."""
    sightings = seen.recall(variant.code for variant in variants)
    fresh = []
    for variant in variants:
        earlier = sightings.get(variant.code)
        if earlier is None:
            sightings[variant.code] = Sighting(variant.line, variant.fingerprint)
            fresh.append(variant)
        elif earlier.fingerprint == variant.fingerprint:
            outcome.unchanged += 1
        else:
            message = said(
                "%(value)s stands on line %(line)d already, with other data",
                value=variant.code,
                line=earlier.line,
            )
            outcome.problems.append(RowRefused(message, line=variant.line, column="Variant SKU"))
    seen.remember([(variant.code, sightings[variant.code]) for variant in fresh])
    return fresh


class Shelves:
    """The catalogue rows of one batch of codes, locked so that nobody's change is lost."""

    def __init__(self, surroundings: Surroundings, currency: str, codes: Sequence[str]) -> None:
        market = surroundings.market_for(currency)
        if market is None:
            message = said("the market does not sell in %(currency)s", currency=currency)
            raise FileRefused(message)
        self.surroundings = surroundings
        self.now = timezone.now()
        self.price_list = market.price_list
        self.location = surroundings.stock_location_of(market)
        self.skus = Shelf(
            Sku.objects.filter(mode=surroundings.mode, code__in=codes),
            key="code",
            fields=SKU_FIELDS,
        )
        ids = [sku.id for sku in self.skus.there.values()]
        self.prices = Shelf(
            Price.objects.filter(price_list=self.price_list, sku__in=ids),
            key="sku_id",
            fields=PRICE_FIELDS,
        )
        self.stock = Shelf(
            StockItem.objects.filter(stock_location=self.location, sku__in=ids),
            key="sku_id",
            fields=STOCK_FIELDS,
        )

    def place(self, variant: Variant) -> str:
        """Place a variant with its price and stock; answers what that did to it as a whole."""
        mode = self.surroundings.mode
        sku = self.skus.place(
            variant.code,
            {**variant.values, "disabled_at": self._disabled_at(variant)},
            {"mode": mode, "code": variant.code},
        )
        price = self.prices.place(
            sku.row.id,
            variant.price_values,
            {"mode": mode, "price_list": self.price_list, "sku": sku.row},
        )
        events = [self._note("skus", sku), self._note("prices", price)]
        if variant.quantity is not None:
            stock = self.stock.place(
                sku.row.id,
                {"quantity": variant.quantity},
                {"mode": mode, "stock_location": self.location, "sku": sku.row},
            )
            events.append(self._note("stock_items", stock))
        if sku.event == CREATED:
            return CREATED
        return UPDATED if any(events) else UNCHANGED

    def write(self) -> None:
        for shelf in (self.skus, self.prices, self.stock):
            shelf.write(self.now)

    def _disabled_at(self, variant: Variant) -> datetime | None:
        """When it was taken from sale; what was disabled before stays so from then on."""
        if variant.is_active:
            return None
        before = self.skus.there.get(variant.code)
        return (before.disabled_at if before else None) or self.now

    def _note(self, resource_type: str, placed: Placed[Any]) -> str:
        if placed.event:
            changes = {
                name: (as_json(old), as_json(new)) for name, (old, new) in placed.changes.items()
            }
            self.surroundings.note_audit(resource_type, placed.row.id, changes, event=placed.event)
        return placed.event
