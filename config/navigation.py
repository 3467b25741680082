"""The way through the admin, in the merchant's words: groups of links, each with who may follow it.

A new page is one line here. Who lacks the permission does not see the link (and is refused by the
page itself).
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Link:
    """One line of the sidebar; ``page`` is an address's name inside the admin."""

    title: str | Promise
    icon: str
    page: str
    permission: str | None = None

    def may_be_followed(self, request: HttpRequest) -> bool:
        return self.permission is None or request.user.has_perm(self.permission)

    def for_reader(self, request: HttpRequest) -> dict[str, Any]:
        """Say it as unfold wants it, marking the page that is open."""
        address = reverse(f"admin:{self.page}")
        home = self.page == "index"
        return {
            "title": self.title,
            "icon": self.icon,
            "link": address,
            "active": request.path == address if home else request.path.startswith(address),
        }


NAVIGATION: list[tuple[str | Promise | None, list[Link]]] = [
    (None, [Link(_("Home"), "home", "index")]),
    (
        _("Orders"),
        [
            Link(_("Orders"), "shopping_cart", "orders_order_changelist", "orders.view_order"),
            Link(
                _("Order copies"),
                "content_copy",
                "ordercopy_ordercopy_changelist",
                "ordercopy.view_ordercopy",
            ),
            Link(_("Errors"), "error", "ordercopy_errors", "ordercopy.view_ordercopy"),
            Link(
                _("Order factories"),
                "precision_manufacturing",
                "ordercopy_orderfactory_changelist",
                "ordercopy.view_orderfactory",
            ),
            Link(
                _("Batches"),
                "stacks",
                "ordercopy_ordercopybatch_changelist",
                "ordercopy.view_ordercopybatch",
            ),
        ],
    ),
    (
        _("Catalogue"),
        [
            Link(_("SKUs"), "inventory_2", "orders_sku_changelist", "orders.view_sku"),
            Link(_("Prices"), "sell", "orders_price_changelist", "orders.view_price"),
            Link(_("Stock"), "warehouse", "orders_stockitem_changelist", "orders.view_stockitem"),
            Link(_("Options"), "tune", "orders_skuoption_changelist", "orders.view_skuoption"),
            Link(_("Import"), "upload_file", "import_products", "orders.import_products"),
        ],
    ),
    (
        _("Customers"),
        [
            Link(_("Customers"), "group", "orders_customer_changelist", "orders.view_customer"),
            Link(
                _("Promotions"), "campaign", "orders_promotion_changelist", "orders.view_promotion"
            ),
            Link(
                _("Coupons"),
                "confirmation_number",
                "orders_coupon_changelist",
                "orders.view_coupon",
            ),
        ],
    ),
    (
        _("Markets & methods"),
        [
            Link(_("Markets"), "public", "orders_market_changelist", "orders.view_market"),
            Link(
                _("Price lists"), "list_alt", "orders_pricelist_changelist", "orders.view_pricelist"
            ),
            Link(
                _("Stock locations"),
                "location_on",
                "orders_stocklocation_changelist",
                "orders.view_stocklocation",
            ),
            Link(
                _("Shipping methods"),
                "local_shipping",
                "orders_shippingmethod_changelist",
                "orders.view_shippingmethod",
            ),
            Link(
                _("Payment methods"),
                "credit_card",
                "orders_paymentmethod_changelist",
                "orders.view_paymentmethod",
            ),
        ],
    ),
    (
        _("Settings"),
        [
            Link(
                _("Shop"),
                "storefront",
                "orders_organization_changelist",
                "orders.view_organization",
            ),
            Link(_("People"), "badge", "auth_user_changelist", "auth.view_user"),
            Link(_("API clients"), "key", "orders_apiclient_changelist", "orders.view_apiclient"),
        ],
    ),
]


def link_to_list(app_label: str, model: str) -> Link | None:
    """Answer the line that leads to the list of a model, None where there is none."""
    page = f"{app_label}_{model}_changelist"
    links = (link for _title, links in NAVIGATION for link in links)
    return next((link for link in links if link.page == page), None)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Answer the groups and links that this user may follow, groups without any left out."""
    groups = (
        {
            "title": title,
            "items": [link.for_reader(request) for link in links if link.may_be_followed(request)],
        }
        for title, links in NAVIGATION
    )
    return [group for group in groups if group["items"]]
