"""Narrowing the list of orders, by what an index serves."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from config.modes import mode_of
from orders.admin.days import DayFilter, midnight
from orders.admin.wording import AXES, STATES
from orders.lifecycle.moves import FULFILLMENT, PAYMENT, STATUS
from orders.models import Market, Order

Choices = list[tuple[str, str | Promise]]


class _StateFilter(DropdownFilter):
    """One state of an axis; the words are those of the labels."""

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [(value, word) for value, (word, _colour) in STATES[self.parameter_name].items()]

    def queryset(self, _request: HttpRequest, orders: QuerySet[Order]) -> QuerySet[Order]:
        value = self.value()
        return orders if not value else orders.filter(**{self.parameter_name: value})


class StatusFilter(_StateFilter):
    title, parameter_name = AXES[STATUS], STATUS


class PaymentFilter(_StateFilter):
    title, parameter_name = AXES[PAYMENT], PAYMENT


class FulfillmentFilter(_StateFilter):
    title, parameter_name = AXES[FULFILLMENT], FULFILLMENT


class MarketFilter(DropdownFilter):
    title, parameter_name = _("Market"), "market"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> Choices:
        markets = Market.objects.filter(mode=mode_of(request)).order_by("name")
        return [(market.pk, market.name) for market in markets]

    def queryset(self, _request: HttpRequest, orders: QuerySet[Order]) -> QuerySet[Order]:
        return orders if not self.value() else orders.filter(market=self.value())


class PlacedFilter(DropdownFilter):
    """The spans of time that merchants ask for, in the reader's time zone."""

    title, parameter_name = _("Placed"), "placed"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [
            ("today", _("Today")),
            ("week", _("Last 7 days")),
            ("month", _("This month")),
            ("last_month", _("Last month")),
            ("year", _("This year")),
        ]

    def queryset(self, _request: HttpRequest, orders: QuerySet[Order]) -> QuerySet[Order]:
        today = timezone.localdate()
        month = today.replace(day=1)
        spans = {
            "today": (today, None),
            "week": (today - timedelta(days=6), None),
            "month": (month, None),
            "last_month": ((month - timedelta(days=1)).replace(day=1), month),
            "year": (today.replace(month=1, day=1), None),
        }
        if not self.value():
            return orders
        if self.value() not in spans:
            return orders.none()
        since, until = spans[self.value()]
        orders = orders.filter(placed_at__gte=midnight(since))
        return orders if until is None else orders.filter(placed_at__lt=midnight(until))


class PlacedBetweenFilter(DayFilter):
    name = _("Placed between")


FILTERS: list[Any] = [
    StatusFilter,
    PaymentFilter,
    FulfillmentFilter,
    MarketFilter,
    PlacedFilter,
    ("placed_at", PlacedBetweenFilter),
]
