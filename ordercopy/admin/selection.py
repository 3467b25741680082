"""Which orders somebody chose in the list, as the address of the page that copies them says it.

Orders that were ticked travel as ids; «all that match» travels as the list's own filters, however
many orders that is, and the orders are found by the same query as the list's.
"""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.admin_site import shop_site
from orders.models import Order

IDS, MATCHING, UNTIL = "ids", "matching", "until"
# What of a list's address does not say which orders are in it.
NO_FILTERS = (ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR)


class Unreadable(ValueError):
    """An address that names no orders in a way that the list would understand."""


@dataclass(frozen=True)
class Selection:
    """Orders by id, or all that the filters of the list match (``matching``, a query string).

    Orders that were made after ``until`` are not among those that match: they were not there yet
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

    def query_string(self) -> str:
        """The same for an address."""
        if self.matching is None:
            return urlencode({IDS: ",".join(self.ids)})
        said = {MATCHING: self.matching}
        if self.until is not None:
            said[UNTIL] = self.until.isoformat()
        return urlencode(said)

    def orders(self, request: HttpRequest) -> QuerySet[Order]:
        """The orders, of the mode that the request works on; ``Unreadable`` for no such filters."""
        orders = Order.objects.filter(pk__in=self._listed(request).order_by().values("pk"))
        return orders if self.until is None else orders.filter(created_at__lte=self.until)

    def _listed(self, request: HttpRequest) -> QuerySet[Order]:
        order_admin = shop_site.get_model_admin(Order)
        if self.matching is None:
            return order_admin.get_queryset(request).filter(pk__in=self.ids)
        listing = copy(request)
        listing.GET = QueryDict(self.matching)
        try:
            return order_admin.get_changelist_instance(listing).get_queryset(listing)
        except (IncorrectLookupParameters, DisallowedModelAdminLookup, ValidationError) as error:
            raise Unreadable from error
