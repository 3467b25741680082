"""Choosing rows by day, as days are where the reader is.

The fields of the form show days as the reader's language writes them, and a browser sends them like
that. 05/11/2026 is another day in another language, so the list is led on to an address with
2026-11-05: that one means the same to everybody, and after the language was switched.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import DateField
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import localize_input
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

    def choices(self, _changelist: Any) -> Iterator[dict[str, Any]]:
        """The form, with the days as the reader's language writes them."""
        names = self.expected_parameters()
        days = {name: _as_written(self.used_parameters.get(name)) for name in names if name}
        yield {
            "request": self.request,
            "parameter_name": self.parameter_name,
            "form": self.form_class(name=self.parameter_name, data=days),
        }

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


def with_plain_days(asked: QueryDict, filters: Iterable[Any]) -> QueryDict | None:
    """What was asked of a list, with the days of its filters as yyyy-mm-dd; None if they are so.

    ``filters`` are those of the list, as an admin names them.
    """
    plain = asked.copy()
    for each in filters:
        if not isinstance(each, tuple) or not issubclass(each[1], DayFilter):
            continue
        for name in (f"{each[0]}_from", f"{each[0]}_to"):
            if day := _read(plain.get(name)):
                plain[name] = day.isoformat()
    return plain if plain != asked else None


def _read(typed: str | None) -> date | None:
    """The day that was typed; None for nothing, and for what is no day in this language."""
    try:
        day: date | None = DAY.clean(typed)
    except ValidationError:
        return None
    return day


def _as_written(typed: str | None) -> str | None:
    day = _read(typed)
    return typed if day is None else localize_input(day)


def midnight(day: date) -> datetime:
    """The beginning of a day; at the ends of the calendar there is only one clock."""
    try:
        return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)
