"""Who may do what in the admin: one table, from which the groups, the tests and the README come.

The groups are written anew by every ``migrate``, as permissions come and go with the models.
Nothing but this table decides: a superuser is for the operator of the installation.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

VIEWER, OPERATOR, MANAGER = "viewer", "operator", "manager"

ROLES = {
    VIEWER: _("Viewer: sees everything, changes nothing"),
    OPERATOR: _("Operator: copies, mends and moves orders, and edits the catalogue"),
    MANAGER: _("Manager: everything, with settings, colleagues and API clients"),
}

SHOP_APPS = ("orders", "ordercopy")
# What no role sees row by row: what the API remembers for itself, and the keys of its tokens.
# A file that is being imported is shown by the page of the import.
KEPT_FROM_ALL = {
    "clientrecord",
    "idempotentrequest",
    "importfile",
    "requestcount",
    "revokedtoken",
    "signingkey",
}
FOR_MANAGERS = {"orders.apiclient"}

CATALOGUE = ("orders.sku", "orders.price", "orders.stockitem", "orders.skuoption", "orders.tag")
CUSTOMERS = (
    "orders.customer",
    "orders.address",
    "orders.customeraddress",
    "orders.customerpaymentsource",
)
MARKETING = ("orders.promotion", "orders.coupon")
SETTINGS = (
    "orders.market",
    "orders.marketstocklocation",
    "orders.pricelist",
    "orders.stocklocation",
    "orders.shippingmethod",
    "orders.paymentmethod",
)


def _every(*actions: str, of: Iterable[str]) -> set[str]:
    return {
        f"{label}.{action}_{model}"
        for label, model in (name.split(".") for name in of)
        for action in actions
    }


# What a role may do beyond the role before it; that all may view comes on top (``permissions_of``).
BEYOND: Mapping[str, set[str]] = {
    VIEWER: set(),
    OPERATOR: {
        "orders.change_order",
        "orders.place_order",
        "orders.cancel_order",
        "orders.process_order",
        "orders.archive_order",
        "orders.import_orders",
        "orders.import_products",
        "ordercopy.copy_order",
        "ordercopy.retry_ordercopy",
        "ordercopy.abort_ordercopy",
        "ordercopy.delete_ordercopy",
        "ordercopy.undo_ordercopybatch",
        *_every("add", "change", "delete", of=("orders.lineitem", "orders.lineitemoption")),
        *_every("add", "change", "delete", of=(*CATALOGUE, *CUSTOMERS, *MARKETING)),
    },
    MANAGER: {
        "orders.change_organization",
        *_every("add", "change", "delete", of=SETTINGS),
        *_every("view", "add", "change", of=("orders.apiclient",)),
        *_every("view", "add", "change", of=("auth.user",)),
    },
}


def permissions_of(role: str) -> set[str]:
    """Answer all that a role may do, as ``app.codename``; KeyError for a role there is not."""
    order = list(ROLES)
    own = (BEYOND[name] for name in order[: order.index(role) + 1])
    return _viewing().union(*own)


def _viewing() -> set[str]:
    names = {
        model._meta.label_lower
        for label in SHOP_APPS
        for model in apps.get_app_config(label).get_models()
        if model._meta.model_name not in KEPT_FROM_ALL
    }
    return _every("view", of=names - FOR_MANAGERS)


def write_roles(using: str = "default", **signal: Any) -> None:
    """Make the groups what the table says, after ``migrate`` has made the permissions.

    LookupError for a permission that no model has. A migration that stops before there are groups
    writes none.
    """
    if "apps" in signal and "auth" not in signal["apps"].app_configs:
        return
    known = {
        f"{label}.{codename}": pk
        for pk, label, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    with transaction.atomic(using=using):
        for role in ROLES:
            wanted = permissions_of(role)
            if missing := wanted - known.keys():
                raise LookupError(f"No model has these permissions: {', '.join(sorted(missing))}")
            group, _made = Group.objects.using(using).get_or_create(name=role)
            group.permissions.set(known[name] for name in wanted)


def role_of(user: Any) -> str | None:
    """Answer the highest role that a person has, or None."""
    names = {group.name for group in user.groups.all()}
    return next((role for role in reversed(ROLES) if role in names), None)


def give_role(user: Any, role: str) -> None:
    """Give a person this role and no other; a role is also what lets them into the admin."""
    user.groups.set([*user.groups.exclude(name__in=ROLES), Group.objects.get(name=role)])
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
