"""Which rows somebody chose in a list, as the address of the page that goes on with them says it.

Rows that were ticked travel as ids; «all that match» travels as the list's own filters, however
many rows that is, and the rows are found by the same query as the list's.
"""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

IDS, MATCHING, UNTIL = "ids", "matching", "until"
ACROSS_ALL_PAGES = "select_across"
# What of a list's address does not say which rows are in it.
NO_FILTERS = (ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR)


class Unreadable(ValueError):
    """An address that names no rows in a way that the list would understand."""


@dataclass(frozen=True)
class Selection:
    """Rows by id, or all that the filters of the list match (``matching``, a query string).

    Rows that were made after ``until`` are not among those that match: they were not there yet
    when the list was looked at.
    """

    ids: tuple[str, ...] = ()
    matching: str | None = None
    until: datetime | None = None

    @classmethod
    def ticked(cls, ids: list[str]) -> "Selection":
        return cls(ids=tuple(ids))

    @classmethod
    def all_in_list(cls, filters: QueryDict) -> "Selection":
        """All that the list shows now, on all of its pages."""
        kept = filters.copy()
        for name in NO_FILTERS:
            kept.pop(name, None)
        return cls(matching=kept.urlencode(), until=timezone.now())

    @classmethod
    def sent(cls, request: HttpRequest) -> "Selection":
        """What was chosen in the list that sent this form: nothing, when nothing was."""
        if request.POST.get(ACROSS_ALL_PAGES) == "1":
            return cls.all_in_list(request.GET)
        return cls.ticked(request.POST.getlist(ACTION_CHECKBOX_NAME))

    @classmethod
    def read(cls, address: QueryDict) -> "Selection":
        """What an address says; ``Unreadable`` when that is nothing."""
        until = address.get(UNTIL)
        try:
            moment = None if until is None else parse_datetime(until)
        except ValueError as error:
            raise Unreadable from error
        if until is not None and (moment is None or moment.tzinfo is None):
            raise Unreadable
        ids = tuple(filter(None, address.get(IDS, "").split(",")))
        if not ids and MATCHING not in address:
            raise Unreadable
        return cls(ids, None if ids else address.get(MATCHING, ""), moment)

    def __bool__(self) -> bool:
        return bool(self.ids) or self.matching is not None

    def query_string(self) -> str:
        """The same for an address."""
        if self.matching is None:
            return urlencode({IDS: ",".join(self.ids)})
        said = {MATCHING: self.matching}
        if self.until is not None:
            said[UNTIL] = self.until.isoformat()
        return urlencode(said)

    def listing(self, request: HttpRequest) -> HttpRequest:
        """The request as the list would get it, with the filters that were set there."""
        listing = copy(request)
        listing.GET = QueryDict(self.matching or "")
        return listing

    def rows(self, request: HttpRequest, model_admin: Any) -> QuerySet[Any]:
        """The rows, of the mode that the request works on; ``Unreadable`` for no such filters."""
        listed = self._listed(request, model_admin).order_by().values("pk")
        rows = model_admin.model._default_manager.filter(pk__in=listed)
        return rows if self.until is None else rows.filter(created_at__lte=self.until)

    def _listed(self, request: HttpRequest, model_admin: Any) -> QuerySet[Any]:
        if self.matching is None:
            rows: QuerySet[Any] = model_admin.get_queryset(request).filter(pk__in=self.ids)
            return rows
        listing = self.listing(request)
        try:
            found: QuerySet[Any] = model_admin.get_changelist_instance(listing).get_queryset(
                listing
            )
        except (IncorrectLookupParameters, DisallowedModelAdminLookup, ValidationError) as error:
            raise Unreadable from error
        return found
