"""Lists in the merchant's words: what they are called, and what to do while they are empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from config.applied_filters import applied_filters
from config.navigation import Link, link_to_list

IMPORT_PRODUCTS = Link(
    _("Import products"), "upload_file", "import_products", "orders.import_products"
)
IMPORT_ORDERS = Link(_("Import orders"), "upload_file", "import_orders", "orders.import_orders")
CHOOSE_ORDERS = Link(
    _("Choose orders"), "shopping_cart", "orders_order_changelist", "ordercopy.copy_order"
)


@dataclass(frozen=True)
class Empty:
    """What is said in place of rows, and where it is mended besides adding a row."""

    words: str | Promise
    ways: tuple[Link, ...] = ()


NOTHING = Empty(_("Nothing is here yet."))
NOTHING_COPIED = Empty(
    _("Nothing was copied yet. Choose orders in their list, and what to do with them: copy."),
    (CHOOSE_ORDERS,),
)
EMPTY: Mapping[str, Empty] = {
    "orders.order": Empty(
        _(
            "No order has come in yet. Bring in those of your Shopify shop, or let your shop send "
            "its orders through the API."
        ),
        (IMPORT_ORDERS,),
    ),
    "ordercopy.ordercopy": NOTHING_COPIED,
    "ordercopy.orderfactory": NOTHING_COPIED,
    "ordercopy.ordercopybatch": Empty(
        _("Here stand copies of several orders that were asked for at once."), (CHOOSE_ORDERS,)
    ),
    "orders.sku": Empty(
        _("There is no product yet. Bring in those of your Shopify shop, or add one."),
        (IMPORT_PRODUCTS,),
    ),
    "orders.price": Empty(
        _("Nothing has a price yet. Prices come with imported products, or one by one."),
        (IMPORT_PRODUCTS,),
    ),
    "orders.stockitem": Empty(
        _("No stock is known yet. It comes with imported products, or one by one."),
        (IMPORT_PRODUCTS,),
    ),
    "orders.skuoption": Empty(
        _("An option is what a customer adds to a product: an engraving, a gift wrapping.")
    ),
    "orders.customer": Empty(
        _("There is no customer yet. They come with imported orders, or one by one."),
        (IMPORT_ORDERS,),
    ),
    "orders.promotion": Empty(
        _("A promotion takes something off: for everybody, or for those who have a coupon.")
    ),
    "orders.coupon": Empty(
        _("A coupon is a code. Whoever types it gets its promotion, which has to be there first."),
        (
            Link(
                _("Promotions"), "campaign", "orders_promotion_changelist", "orders.view_promotion"
            ),
        ),
    ),
    "orders.market": Empty(
        _("A market says what things cost there, and from where they are sent.")
    ),
    "orders.pricelist": Empty(_("A price list holds what things cost in one currency.")),
    "orders.stocklocation": Empty(_("A stock location is a place where products lie.")),
    "orders.shippingmethod": Empty(
        _("A shipping method says how orders are sent, and what that costs.")
    ),
    "orders.paymentmethod": Empty(_("A payment method says how customers pay.")),
    "orders.apiclient": Empty(
        _(
            "A program that reads or writes your orders logs in as an API client. Make one for "
            "each program: then each can be revoked without the others."
        )
    ),
}


class SpokenList:
    """An admin whose list is called as in the sidebar, and says what it shows and what it is for.

    It names the filters that are set, and tells what to do while it is empty.
    """

    opts: Any

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)  # type: ignore[misc]
        link = link_to_list(self.opts.app_label, self.opts.model_name)
        changelist.title = link.title if link else capfirst(self.opts.verbose_name_plural)
        empty = EMPTY.get(self.opts.label_lower, NOTHING)
        changelist.when_empty = empty.words
        changelist.ways_on = [
            way.for_reader(request) for way in empty.ways if way.may_be_followed(request)
        ]
        changelist.applied = applied_filters(changelist)
        # A filter that was sent with nothing chosen hides no row.
        changelist.has_active_filters = bool(changelist.applied)
        return changelist
