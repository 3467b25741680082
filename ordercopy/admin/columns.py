"""What lists of copies and of factories have in common."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.modes import mode_of
from ordercopy.admin.wording import (
    STATUS_LABELS,
    STATUSES,
    duration_in_words,
    summary_in_words,
)
from ordercopy.finding import find_factories
from ordercopy.models import CopyError, OrderFactory
from orders.admin.wording import who_in_words
from orders.models import Order

COLUMNS = ["name", "shown_status", "route", "errors", "took", "asked_by", "created_at"]

ERROR_COLUMNS = ("code", "key", "sku_code", "requested", "available", "message")
# The first error of the latest attempt.
FIRST_ERROR = Subquery(
    CopyError.objects.filter(factory=OuterRef("pk"), attempt=OuterRef("attempt"))
    .order_by("id")
    .values(found=JSONObject(**{name: name for name in ERROR_COLUMNS}))[:1]
)


def ended_at(factory: OrderFactory) -> datetime | None:
    """When it came to an end, however it did."""
    return factory.completed_at or factory.failed_at or factory.aborted_at


def order_link(order: Order | None) -> SafeString | str:
    """An order's number, leading to its page."""
    if order is None:
        return "–"
    return format_html(
        '<a class="text-link" href="{}">{}</a>',
        reverse("admin:orders_order_change", args=[order.pk]),
        order.number,
    )


class FactoryList:
    """What lists of factories have in common: their columns, and how one is found."""

    list_select_related = ["source_order", "target_order"]
    # What is typed goes to ``find_factories``; this only shows the field.
    search_fields = ["source_order__number"]
    search_help_text = _("Order number, beginning of the customer's e-mail address, or SKU")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)  # type: ignore[misc]
        return rows.annotate(first_error=FIRST_ERROR)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = find_factories(search_term, mode=mode_of(request))
        return queryset.filter(pk__in=found), False

    @display(description=_("Copy"), ordering="created_at")
    def name(self, factory: OrderFactory) -> SafeString:
        words = gettext("Copy of %(number)s") % {"number": factory.source_order.number}
        return format_html('<span class="copy-route">{}</span>', words)

    @display(description=_("Status"), label=STATUS_LABELS)
    def shown_status(self, factory: OrderFactory) -> Any:
        return factory.status, STATUSES[factory.status]

    @display(description=_("Source → target"))
    def route(self, factory: OrderFactory) -> SafeString:
        return format_html(
            '<span class="copy-route">{} <span aria-hidden="true">→</span> {}</span>',
            order_link(factory.source_order),
            order_link(factory.target_order),
        )

    @display(description=_("Errors"))
    def errors(self, factory: Any) -> str:
        return summary_in_words(factory.first_error, factory.errors_count) or "–"

    @display(description=_("Took"))
    def took(self, factory: OrderFactory) -> str:
        end = ended_at(factory)
        if factory.started_at is None or end is None:
            return "–"
        return duration_in_words(end - factory.started_at)

    @display(description=_("Started by"))
    def asked_by(self, factory: OrderFactory) -> str:
        return who_in_words(factory.who)
