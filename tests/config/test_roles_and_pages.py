"""Roles × pages: every address of the admin, asked for and posted to by everybody.

The addresses come from the resolver, so a new page is walked without being named here. Pages are
not drawn: what is asked is who is let in.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.template.response import SimpleTemplateResponse
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse

from config.roles import MANAGER, OPERATOR, ROLES, permissions_of
from orders.admin.base import ReadOnlyAdmin
from orders.admin.promotions import WithObstacles
from orders.admin.steps import KINDS
from orders.models import ApiClient, Order
from tests.copying import batch_of, copied
from tests.factories import Line, order_with, placed_order, shop
from tests.staff import StaffClient, colleague

pytestmark = pytest.mark.django_db

ANONYMOUS, NO_ROLE = "anonymous", "staff without a role"
EVERYBODY = (ANONYMOUS, NO_ROLE, *ROLES)
# Pages that are about whoever opens them, and the search, which finds what they may see.
FOR_ALL_STAFF = {
    "index",
    "app_list",
    "search",
    "mode",
    "unsent",
    "password_change",
    "password_change_done",
}
# Before one has logged in; choices of fields are asked for below; what leads nowhere.
NOT_PAGES = {"login", "logout", "jsi18n", "autocomplete", "view_on_site", None}
MODEL_PAGES = ("changelist", "add", "change", "delete", "history")
COPY, RETRY, STOP = "ordercopy.copy_order", "ordercopy.retry_ordercopy", "ordercopy.abort_ordercopy"
SEE, SEE_BATCH = "ordercopy.view_ordercopy", "ordercopy.view_ordercopybatch"
UNDO, REVOKE = "ordercopy.undo_ordercopybatch", "orders.change_apiclient"
SWITCHED = ("market", "paymentmethod", "promotion", "shippingmethod", "sku")
PLACE, PROCESS = "orders.place_order", "orders.process_order"
STEPS = {
    "make_pending": PLACE,
    "place": PLACE,
    "authorize": PROCESS,
    "approve": PROCESS,
    "capture": PROCESS,
    "approve_and_capture": PROCESS,
    "fulfill": PROCESS,
    "cancel": "orders.cancel_order",
    "refund": PROCESS,
    "archive": "orders.archive_order",
    "unarchive": "orders.archive_order",
}
# Pages beyond those of models: what opening them takes, and what posting to them takes.
OWN_PAGES = {
    "batch_progress": (SEE_BATCH, SEE_BATCH),
    "batch_stop": (STOP, STOP),
    "batch_retry": (RETRY, RETRY),
    "batch_undo": (UNDO, UNDO),
    "ordercopy_compare": ("orders.view_order", "orders.view_order"),
    "ordercopy_copy_orders": (COPY, COPY),
    "ordercopy_copy_preview": (COPY, COPY),
    "ordercopy_errors": (SEE, SEE),
    "ordercopy_errors_stock": ("orders.change_stockitem", "orders.change_stockitem"),
    "ordercopy_errors_enable": ("orders.change_sku", "orders.change_sku"),
    "ordercopy_ordercopy_export": (SEE, SEE),
    "orders_order_export": ("orders.view_order", "orders.view_order"),
    "orders_apiclient_revoke": (REVOKE, REVOKE),
    "orders_apiclient_revoke_this": (REVOKE, REVOKE),
    "orders_apiclient_secret": ("orders.add_apiclient", "orders.add_apiclient"),
    **{
        f"import_{kind}{page}": (f"orders.import_{kind}", f"orders.import_{kind}")
        for kind in ("orders", "products")
        for page in ("", "_file", "_refused")
    },
    **{
        f"orders_{model}_{deed}_this": (f"orders.change_{model}", f"orders.change_{model}")
        for model in SWITCHED
        for deed in ("disable", "enable")
    },
    **{f"step {step}": (permission, permission) for step, permission in STEPS.items()},
}
ACTIONS = {
    ("order", "copy_orders"): COPY,
    ("ordercopy", "retry"): RETRY,
    ("ordercopy", "make_again"): RETRY,
    ("ordercopy", "abort"): STOP,
    ("ordercopy", "delete"): "ordercopy.delete_ordercopy",
    ("apiclient", "revoke"): REVOKE,
    ("user", "new_password"): "auth.change_user",
    **{
        (model, f"{deed}_selected"): f"orders.change_{model}"
        for model in SWITCHED
        for deed in ("disable", "enable")
    },
}
WRITES = re.compile(r'(?<!FOR )(?<!KEY )\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
# What a request writes of itself: sessions and who was locked out.
OF_REQUESTS = ("django_session", "axes_")


class Address(NamedTuple):
    """One address of the admin, with whatever its model is."""

    name: str | None
    path: str
    model: Any


@pytest.fixture(autouse=True)
def _pages_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")


@pytest.fixture
def world() -> dict[Any, Any]:
    """Rows for the addresses to be about: a shop with copies that went well, failed and wait."""
    here = shop()
    order = placed_order(here, Line(here.sku(stock=9)))
    copied(order)
    copied(order_with(here, Line(here.sku("GONE", stock=0))))
    pending = order_with(here, Line(here.sku(stock=9)))
    batch = batch_of(pending)
    return {
        "order_id": order.pk,
        "batch_id": batch.pk,
        "kind": "csv",
        "app_label": "orders",
        "key": "none",
        # A placed order is not edited, whatever somebody's role.
        Order: pending,
    }


def patterns(found: list[Any], route: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route + str(each.pattern))
        else:
            yield route, each


def addresses(world: dict[Any, Any]) -> list[Address]:
    """All that the resolver knows, about a row where there is one; KeyError for a new kind."""
    by_route = {f"{m._meta.app_label}/{m._meta.model_name}/": m for m in admin.site._registry}
    seen = []
    for route, pattern in patterns(admin.site.get_urls()):
        if pattern.name in NOT_PAGES:
            continue
        model = by_route.get(route)
        row = world.get(model) or model._default_manager.first() if model else None
        names = set(pattern.pattern.regex.groupindex)
        if "object_id" in names and row is None:
            continue
        known = {**world, "object_id": row and row.pk}
        # Each step of an order has an address, and each question before an action of a list.
        kind = "step" if pattern.name == "orders_order_step" else "ask"
        each_of = STEPS if kind == "step" else questions_of(model) if "asked" in names else [None]
        for one in each_of:
            arguments = {name: {**known, "name": one, "asked": one}[name] for name in names}
            path = reverse(f"admin:{pattern.name}", kwargs=arguments)
            seen.append(Address(f"{kind} {one}" if one else pattern.name, path, model))
    return seen


def questions_of(model: Any) -> tuple[str, ...]:
    return getattr(admin.site._registry[model], "asks_first", ())


def needed(address: Address, method: str) -> str | None:
    """Answer what the table asks of whoever does this, None where all staff may."""
    if address.name in FOR_ALL_STAFF:
        return None
    if address.name in OWN_PAGES:
        return OWN_PAGES[address.name][method == "post"]
    meta = address.model._meta
    if str(address.name).startswith("ask "):
        action = str(address.name).removeprefix("ask ")
        return ACTIONS.get((meta.model_name, action), f"{meta.app_label}.delete_{meta.model_name}")
    page = str(address.name).removeprefix(f"{meta.app_label}_{meta.model_name}_")
    verb = {"add": "add", "delete": "delete", "change": "change"}.get(page, "view")
    if page == "change" and method == "get":
        verb = "view"
    return f"{meta.app_label}.{verb}_{meta.model_name}"


def is_known(address: Address) -> bool:
    if address.name in OWN_PAGES or address.name in FOR_ALL_STAFF:
        return True
    meta = address.model and address.model._meta
    if address.model and address.name in {f"ask {name}" for name in questions_of(address.model)}:
        return True
    return bool(meta) and address.name in {
        f"{meta.app_label}_{meta.model_name}_{page}" for page in MODEL_PAGES
    }


def methods(address: Address) -> tuple[str, ...]:
    """Ask only to see what can only be seen; the actions of lists have a test of their own."""
    only_seen = str(address.name).endswith(("_changelist", "_history"))
    return ("get",) if only_seen or address.name in FOR_ALL_STAFF else ("get", "post")


def window(role: str) -> StaffClient:
    if role == ANONYMOUS:
        return StaffClient()
    return StaffClient(colleague(role if role in ROLES else None))


def ask(client: StaffClient, method: str, path: str, data: Any = None) -> tuple[bool, set[str]]:
    """Answer whether somebody is let in, and the tables written meanwhile; all is taken back."""
    with transaction.atomic(), CaptureQueriesContext(connection) as sent:
        answer = getattr(client, method)(path, data)
        transaction.set_rollback(True)
    written = {table for query in sent for table in WRITES.findall(query["sql"])}
    away = answer.status_code == 302 and "/login/" in answer["Location"]
    own = {table for table in written if not table.startswith(OF_REQUESTS)}
    return answer.status_code != 403 and not away, own


def changed_elsewhere(address: Address, method: str) -> bool:
    """Whether a model's page is for looking only, whatever somebody may."""
    if address.name == "ask delete_selected":
        return isinstance(admin.site._registry[address.model], ReadOnlyAdmin | WithObstacles)
    if not isinstance(admin.site._registry.get(address.model), ReadOnlyAdmin):
        return False
    meta = address.model._meta
    page = str(address.name).removeprefix(f"{meta.app_label}_{meta.model_name}_")
    if page == "add":
        return address.model is not ApiClient
    if page == "change":
        return method == "post" and address.model is not Order
    return page == "delete"


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_address_lets_in_whom_the_table_lets_in_and_looking_changes_nothing(
    role: str, world: dict[Any, Any]
) -> None:
    client = window(role)
    allowed = permissions_of(role) if role in ROLES else set()
    holes = []

    for address in addresses(world):
        for method in methods(address):
            permission = needed(address, method)
            may = role != ANONYMOUS and (permission is None or permission in allowed)
            may = may and not changed_elsewhere(address, method)
            came_in, written = ask(client, method, address.path)
            if came_in != may or (written and (method == "get" or not may)):
                holes.append((address.name, method, permission, came_in, written))

    assert holes == []


def test_every_address_is_in_the_table_and_every_step_of_an_order(world: dict[Any, Any]) -> None:
    assert [address for address in addresses(world) if not is_known(address)] == []
    assert {kind.name for kind in KINDS} == set(STEPS)


@pytest.mark.parametrize("role", [NO_ROLE, *ROLES])
def test_actions_of_lists_are_offered_to_and_done_for_whom_the_table_says(
    role: str, world: dict[Any, Any]
) -> None:
    client = window(role)
    allowed = permissions_of(role) if role in ROLES else set()
    request = client.get(reverse("admin:index")).wsgi_request

    for model, model_admin in admin.site._registry.items():
        meta = model._meta
        offered = model_admin.get_actions(request)
        row = model._default_manager.first()
        mine = {name: need for (of, name), need in ACTIONS.items() if of == meta.model_name}
        for name, permission in mine.items():
            assert (name in offered) == (permission in allowed), (meta.label, name)
        # An action that the table does not know is not for viewers; without a permission to see a
        # list, none of its actions is reached.
        sees = f"{meta.app_label}.view_{meta.model_name}" in allowed
        assert not sees or role in {OPERATOR, MANAGER} or not set(offered) - mine.keys(), meta.label
        for name in {*mine, "delete_selected"} - offered.keys():
            form = {"action": name, "_selected_action": [row.pk if row else "nowhere"]}
            path = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
            _came_in, written = ask(client, "post", path, {**form, "confirmed": "yes"})
            assert not written, (meta.label, name)


@pytest.mark.parametrize("role", EVERYBODY)
def test_choices_of_fields_are_told_to_whom_the_table_lets_see_them(role: str) -> None:
    client = window(role)
    allowed = permissions_of(role) if role in ROLES else set()

    for model, model_admin in admin.site._registry.items():
        for name in model_admin.autocomplete_fields:
            field = model._meta.get_field(name)
            other = field.related_model._meta
            asked = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": name,
            }
            came_in, _written = ask(client, "get", reverse("admin:autocomplete"), asked)
            assert came_in == (f"{other.app_label}.view_{other.model_name}" in allowed), field
