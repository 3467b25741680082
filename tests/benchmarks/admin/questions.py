"""Everything that the admin's lists may be asked, read from the lists themselves.

A new list, filter, column or search is measured without being named here.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.filters import (
    BooleanFieldListFilter,
    ChoicesFieldListFilter,
    EmptyFieldListFilter,
)
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter

from ordercopy.admin.mending import copies_held_up
from ordercopy.blocking import blockades
from ordercopy.models import OrderCopyBatch
from tests.staff import StaffClient

MODE = "test"
# Of a filter with very many values the first ones stand for all.
MOST_VALUES = 12
BEGINNING = 3
UNKNOWN = "nothing-like-it"
# Lists of what a library keeps, which no link of the shop's own pages leads to.
NOT_OURS = {"procrastinate"}


def addresses(client: StaffClient) -> dict[str, str]:
    """What is asked of the shop behind Django's default connection, by a name for it.

    The names are the same in every shop, the values are found in the shop that is asked.
    """
    found = dict(_own_pages())
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label not in NOT_OURS:
            found |= _list(client, model, model_admin)
            found |= _choices_of_fields(model, model_admin)
    return found


def _own_pages() -> Iterator[tuple[str, str]]:
    yield "home", reverse("admin:index")
    yield "errors", reverse("admin:ordercopy_errors")
    batch = OrderCopyBatch.objects.order_by("-total_count").first()
    assert batch is not None
    yield "batch", reverse("admin:ordercopy_ordercopybatch_change", args=[batch.pk])
    yield "batch_progress", reverse("admin:batch_progress", args=[batch.pk])
    for nth, cause in enumerate(blockades(mode=MODE)[:2]):
        yield f"copies of cause {nth}", copies_held_up(cause)
    for words in ("bench", "customer-7", "BENCH7", UNKNOWN):
        yield f"search {words}", f"{reverse('admin:search')}?{urlencode({'s': words})}"
        extended = urlencode({"s": words, "extended": 1})
        yield f"search everywhere {words}", f"{reverse('admin:search')}?{extended}"


def _list(client: StaffClient, model: Any, model_admin: Any) -> dict[str, str]:
    """A list as it opens, its last page, and with every filter, order and search."""
    meta = model._meta
    path = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    request = client.get(path).wsgi_request
    shown = model_admin.get_changelist_instance(request)
    asked = {
        "": {},
        "last page": {"p": shown.paginator.num_pages},
        **dict(_filters(shown)),
        **dict(_orders(shown)),
        **dict(_searches(shown, request)),
    }
    return {
        f"{meta.model_name} {words}".strip(): f"{path}?{urlencode(parameters)}"
        for words, parameters in asked.items()
    }


def _filters(shown: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for spec in shown.filter_specs:
        for nth, parameters in enumerate(_values(spec)):
            # What a value is called may differ from shop to shop, its place does not.
            yield f"filter {next(iter(parameters))} {nth}", parameters


def _values(spec: Any) -> list[dict[str, Any]]:
    if isinstance(spec, RangeDateFilter):
        today = timezone.localdate()
        name = spec.parameter_name
        return [{f"{name}_from": today - timedelta(days=30), f"{name}_to": today}]
    if isinstance(spec, BooleanFieldListFilter | EmptyFieldListFilter):
        name = spec.lookup_kwarg
        return [{name: value} for value in ("0", "1")]
    if isinstance(spec, ChoicesFieldListFilter):
        return [{spec.lookup_kwarg: value} for value, _words in spec.field.flatchoices]
    name = getattr(spec, "lookup_kwarg", None) or spec.parameter_name
    choices = [value for value, _words in spec.lookup_choices] or ["BENCH7"]
    return [{name: value} for value in choices[:MOST_VALUES]]


def _orders(shown: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for nth, column in enumerate(shown.list_display):
        is_offered = shown.sortable_by is None or column in shown.sortable_by
        if is_offered and shown.get_ordering_field(column):
            yield f"sort {nth}", {"o": str(nth)}
            yield f"sort -{nth}", {"o": f"-{nth}"}


def _searches(shown: Any, request: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for field in shown.search_fields:
        path = field.lstrip("=^@").removesuffix("__istartswith")
        value = _middle(shown.model_admin.get_queryset(request), path)
        yield f"search {path}", {"q": value}
        if path != field.lstrip("=@") or path.endswith("email"):
            yield f"search {path} begins", {"q": value[:BEGINNING]}
    if shown.search_fields:
        yield f"search {UNKNOWN}", {"q": UNKNOWN}


def _middle(rows: Any, path: str) -> str:
    """A value as a row in the middle of the list has it: neither the first nor the last."""
    ordered = rows.order_by("pk").values_list(path, flat=True)
    values = ordered[len(ordered[:500]) // 2 :][:50]
    return str(next((value for value in values if value not in (None, "")), UNKNOWN))


def _choices_of_fields(model: Any, model_admin: Any) -> dict[str, str]:
    """What fields with very many choices offer while somebody types."""
    meta = model._meta
    found = {}
    for name in model_admin.autocomplete_fields:
        for words in ("", "b", "bench", UNKNOWN):
            asked = {"app_label": meta.app_label, "model_name": meta.model_name}
            query = urlencode({**asked, "field_name": name, "term": words})
            key = f"choices {meta.model_name}.{name} {words}".strip()
            found[key] = f"{reverse('admin:autocomplete')}?{query}"
    return found
