"""What stands in the way of failed copies, by cause, and what of it is mended by now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from ordercopy.admin.mending import Place, copies_held_up, sku_place, stock_places
from ordercopy.admin.wording import KINDS, cause_in_words
from ordercopy.blocking import Blockade
from ordercopy.models import CopyError
from ordercopy.present import Present, present_state
from ordercopy.supplying import Supply, supply_for
from orders.lifecycle.stock import pools_of
from orders.models import Sku, StockItem


@dataclass(frozen=True)
class Group:
    """One cause, and all that can be done about it."""

    cause: Blockade
    words: str
    kind: str | Promise
    copies: str
    sku: Sku | None = None
    # Where the markets of the copies sell from, and what there is.
    items: Sequence[StockItem] = ()
    supply: Supply | None = None
    places: Sequence[Place] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where it is mended, beside what else is of its kind."""
        asked = {"code": self.cause.code}
        if self.cause.sku_code:
            asked["sku"] = self.cause.sku_code
        return f"{reverse('admin:ordercopy_errors')}?{urlencode(asked)}"

    @property
    def heading(self) -> str:
        """What is in the way, or what is in order by now."""
        if not self.mended:
            return self.words
        sku = {"sku": self.cause.sku_code}
        if self.is_stock:
            return gettext("There is enough of %(sku)s now") % sku
        return gettext("%(sku)s can be sold again") % sku

    @property
    def advice(self) -> str:
        """What can be done once it is mended, as far as nothing else held the copies up."""
        alone, others = self.cause.alone, self.others
        if not others:
            return gettext("This is not in the way any more: retry them.")
        if not alone:
            return gettext(
                "This is not in the way any more, but all of them met something else as well: "
                "each copy's page says what remains."
            )
        said = ngettext(
            "This is not in the way any more, and %(count)s copy met nothing else: retry it. "
            "The page of each of the others says what remains.",
            "This is not in the way any more, and %(count)s copies met nothing else: retry them. "
            "The page of each of the others says what remains.",
            alone,
        )
        return said % {"count": alone}

    @property
    def others(self) -> int:
        """How many of the copies met something else as well."""
        return self.cause.copies - self.cause.alone

    @property
    def is_stock(self) -> bool:
        return self.cause.code == CopyError.Code.OUT_OF_STOCK

    @property
    def mended(self) -> bool:
        """Whether nothing of it is in the way any more."""
        sku = self.sku
        if sku is None or sku.disabled_at is not None:
            return False
        return self.supply is None or sku.do_not_track or not self.supply.lacking


def groups_of(causes: Sequence[Blockade], mode: str) -> list[Group]:
    """The causes beside what there is now, in a fixed number of queries."""
    present = present_state(mode=mode, sku_codes=[cause.sku_code or "" for cause in causes])
    pools = pools_of({each.market_id for cause in causes for each in cause.wanted})
    return [_group(cause, present, pools) for cause in causes]


def _group(cause: Blockade, present: Present, pools: Mapping[str, Sequence[str]]) -> Group:
    sku = present.sku(cause.sku_code)
    items: list[StockItem] = []
    supply: Supply | None = None
    places: list[Place] = []
    if sku is not None:
        places = [sku_place(sku)]
        if cause.code == CopyError.Code.OUT_OF_STOCK:
            sold_from = dict.fromkeys(
                place for each in cause.wanted for place in pools.get(each.market_id, ())
            )
            items = present.places(cause.sku_code, locations=sold_from)
            pieces = {item.stock_location_id: item.quantity for item in items}
            supply = supply_for(cause.wanted, pools=pools, pieces=pieces)
            places += [] if items else stock_places(sku, items, sold_from)
    return Group(
        cause,
        cause_in_words(cause),
        KINDS[cause.code],
        copies_held_up(cause),
        sku,
        items,
        supply,
        places,
    )
