"""Lists as files for a spreadsheet: of copies, and of orders with how many copies there are."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext

from ordercopy.admin.columns import ERROR_COLUMNS, ended_at
from ordercopy.admin.wording import OPTIONS, STATUSES, error_in_words
from ordercopy.models import CopyError, OrderCopy
from orders.admin.order_export import RowsOfOrders
from orders.admin.spreadsheets import Row, Rows
from orders.admin.wording import who_in_words

# Of three wide tables, what the file tells.
READ = (
    "status",
    "errors_count",
    "who",
    "attempt",
    "created_at",
    "started_at",
    "completed_at",
    "failed_at",
    "aborted_at",
    "source_order__number",
    "source_order__customer_email",
    "target_order__number",
)
ALL_ERRORS = ArraySubquery(
    CopyError.objects.filter(factory=OuterRef("pk"), attempt=OuterRef("attempt"))
    .order_by("id")
    .values(found=JSONObject(**{name: name for name in ERROR_COLUMNS}))
)


class RowsOfCopies(Rows):
    """A row for each copy, with all that was in its way."""

    def __init__(self, copies: QuerySet[OrderCopy]) -> None:
        super().__init__(copies.annotate(all_errors=ALL_ERRORS).only(*READ, *OPTIONS))
        self.statuses = {status: str(words) for status, words in STATUSES.items()}
        self.answers = {True: gettext("yes"), False: gettext("no"), None: gettext("no")}

    def head(self) -> Row:
        return [
            gettext("Source order"),
            gettext("Target order"),
            gettext("Status"),
            gettext("Customer"),
            gettext("Errors"),
            gettext("What was in the way"),
            gettext("Started by"),
            self.with_zone(gettext("Created")),
            self.with_zone(gettext("Started")),
            self.with_zone(gettext("Ended")),
            gettext("Seconds"),
            gettext("Attempt"),
            *(str(words) for words in OPTIONS.values()),
            gettext("ID"),
        ]

    def row(self, each: Any) -> Row:
        end = ended_at(each)
        took = end - each.started_at if each.started_at and end else None
        return [
            each.source_order.number,
            each.target_order.number if each.target_order else "",
            self.statuses[each.status],
            each.source_order.customer_email or "",
            each.errors_count if each.errors_count is not None else "",
            "; ".join(error_in_words(error) for error in each.all_errors),
            who_in_words(each.who),
            self.local(each.created_at),
            self.local(each.started_at),
            self.local(end),
            round(took.total_seconds(), 3) if took else "",
            each.attempt,
            *(self.answers[getattr(each, name)] for name in OPTIONS),
            each.pk,
        ]


class RowsOfOrdersWithCopies(RowsOfOrders):
    """A row for each order, with how many copies of it there are (``copies_made``)."""

    def head(self) -> Row:
        return [*super().head(), gettext("Copies")]

    def row(self, each: Any) -> Row:
        return [*super().row(each), each.copies_made]
