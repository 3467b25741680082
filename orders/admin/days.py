"""Choosing rows by day, as days are where the reader is."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import DateField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter

# Reads a day as the reader's language writes it, and as links do.
DAY = DateField(required=False)


class DayFilter(RangeDateFilter):
    """From one day to another, both included, in the reader's own time zone."""

    name: str | Promise = _("day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = self.name

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            first, last = (
                DAY.clean(self.used_parameters.get(f"{self.parameter_name}_{end}"))
                for end in ("from", "to")
            )
        except ValidationError:
            # Rather nothing than the rows of days that nobody asked for.
            return queryset.none()
        if first is not None:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": midnight(first)})
        if last is not None and last < date.max:
            after = midnight(last + timedelta(days=1))
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": after})
        return queryset


def midnight(day: date) -> datetime:
    """The beginning of a day; at the ends of the calendar there is only one clock."""
    try:
        return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)
