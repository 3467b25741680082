"""Pages of long lists, without counting or reading a whole table for each of them."""

from functools import cached_property
from typing import Any

from django.contrib.admin.views.main import ORDER_VAR
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from config.jsonapi.sorting import is_indexed_with_key

# Whoever leafs that far is better served by a filter.
COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts no further than ``COUNTED`` rows: a list of 200,000 opens as fast as one of 1,000."""

    object_list: QuerySet[Any]
    # Says how many there are, or that there are more than are counted.
    template_name = "admin/pages.html"

    @cached_property
    def count(self) -> int:
        """How many rows there are to leaf through: ``COUNTED`` at most."""
        return min(self._counted, COUNTED)

    @cached_property
    def _counted(self) -> int:
        return int(self.object_list.order_by().values("pk")[: COUNTED + 1].count())

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self._counted > COUNTED


class PagedList(ChangeList):
    """Chooses the rows of a page by their keys, then reads what it shows of these rows alone.

    So whatever is skipped on the way to a late page costs an entry of an index each, and neither
    joins nor subqueries. The keys may be those of another table, where an admin says so
    (``key_rows``).
    """

    model_admin: Any
    root_queryset: QuerySet[Any]
    queryset: QuerySet[Any]
    result_list: QuerySet[Any]
    keys: QuerySet[Any]

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str] | None = None
    ) -> QuerySet[Any]:
        """All rows that the list shows on its pages."""
        rows = self.root_queryset
        self.root_queryset = self.model_admin.key_rows(request)
        try:
            self.keys = super().get_queryset(request, exclude_parameters)
        finally:
            self.root_queryset = rows
        if self.keys.model is rows.model:
            return self.keys
        return self._shown(rows.filter(pk__in=self.keys.order_by().values("pk")), request)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """The order of rows; those that are alike by their keys, where an index has them so.

        Elsewhere they keep the usual order of the list.
        """
        ordering = super().get_ordering(request, queryset)
        column = ordering[0]
        if ORDER_VAR not in self.params or len(self.get_ordering_field_columns()) != 1:
            return ordering
        if not (
            isinstance(column, str)
            and is_indexed_with_key(column.removeprefix("-"), queryset.model)
        ):
            return ordering
        return [column, "-pk" if column.startswith("-") else "pk"]

    def get_results(self, request: HttpRequest) -> None:
        rows, self.queryset = self.queryset, self.keys
        try:
            super().get_results(request)
        finally:
            self.queryset = rows
        page = list(self.result_list.values_list("pk", flat=True))
        self.result_list = self._shown(self.root_queryset.filter(pk__in=page), request)

    def _shown(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Rows in the order of the list, with what its columns need."""
        if not rows.query.select_related:
            rows = self.apply_select_related(rows)
        return rows.order_by(*self.get_ordering(request, self.root_queryset))
