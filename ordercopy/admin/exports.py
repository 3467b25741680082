"""Lists of copies as files for a spreadsheet: however long, read once and never kept whole."""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from io import StringIO
from tempfile import TemporaryFile
from typing import Any

from defusedcsv import csv
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from xlsxwriter import Workbook

from ordercopy.admin.columns import ERROR_COLUMNS, ended_at
from ordercopy.admin.wording import OPTIONS, STATUSES, error_in_words
from ordercopy.models import CopyError, OrderCopy
from orders.admin.wording import who_in_words

Row = list[Any]

AT_A_TIME = 500
# So many characters are sent at a time.
PIECE = 50_000
# What one sheet holds, by the format; the next rows go to the next sheet.
ROWS_OF_A_SHEET = 1_048_576
TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"

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


def export(copies: QuerySet[OrderCopy], kind: str) -> HttpResponseBase:
    """Answer copies as a file: ``csv`` or ``xlsx``. Raises ``Http404`` for another kind.

    A cell that a spreadsheet would take for a formula is made harmless.
    """
    if kind not in KINDS:
        raise Http404
    rows = _Rows(copies.annotate(all_errors=ALL_ERRORS).only(*READ, *OPTIONS))
    name = f"{gettext('order copies')} {timezone.localdate().isoformat()}.{kind}"
    return KINDS[kind](rows, name)


class _Rows:
    """The rows of the file, in the language and the time zone of whoever asked for it.

    They are made while the file is sent, when the request with its language is over.
    """

    def __init__(self, copies: QuerySet[OrderCopy]) -> None:
        self.copies = copies
        self.language = get_language()
        self.zone: tzinfo = timezone.get_current_timezone()
        self.statuses = {status: str(words) for status, words in STATUSES.items()}
        self.answers = {True: gettext("yes"), False: gettext("no"), None: gettext("no")}

    def __iter__(self) -> Iterator[Row]:
        with override(self.language):
            head = _head(str(self.zone))
        yield head
        for copy in self.copies.iterator(chunk_size=AT_A_TIME):
            with override(self.language):
                row = self._row(copy)
            yield row

    def _row(self, copy: Any) -> Row:
        end = ended_at(copy)
        took = end - copy.started_at if copy.started_at and end else None
        return [
            copy.source_order.number,
            copy.target_order.number if copy.target_order else "",
            self.statuses[copy.status],
            copy.source_order.customer_email or "",
            copy.errors_count if copy.errors_count is not None else "",
            "; ".join(error_in_words(error) for error in copy.all_errors),
            who_in_words(copy.who),
            self._local(copy.created_at),
            self._local(copy.started_at),
            self._local(end),
            round(took.total_seconds(), 3) if took else "",
            copy.attempt,
            *(self.answers[getattr(copy, name)] for name in OPTIONS),
            copy.pk,
        ]

    def _local(self, at: datetime | None) -> datetime | str:
        """A time as the reader's clock showed it; cells know no zones."""
        return "" if at is None else at.astimezone(self.zone).replace(tzinfo=None, microsecond=0)


def _head(zone: str) -> Row:
    return [
        gettext("Source order"),
        gettext("Target order"),
        gettext("Status"),
        gettext("Customer"),
        gettext("Errors"),
        gettext("What was in the way"),
        gettext("Started by"),
        *(
            f"{words} ({zone})"
            for words in (gettext("Created"), gettext("Started"), gettext("Ended"))
        ),
        gettext("Seconds"),
        gettext("Attempt"),
        *(str(words) for words in OPTIONS.values()),
        gettext("ID"),
    ]


def _csv(rows: _Rows, name: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(_csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv_lines(rows: _Rows) -> Iterator[str]:
    # By this mark spreadsheets know that the rest is UTF-8.
    yield "\ufeff"
    line = StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow(row)
        if line.tell() > PIECE:
            yield line.getvalue()
            line.seek(0)
            line.truncate()
    yield line.getvalue()


def _xlsx(rows: _Rows, name: str) -> HttpResponseBase:
    file = TemporaryFile()  # noqa: SIM115 (the answer closes it, once it is sent)
    book = Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": TIME_FORMAT,
        },
    )
    bold = book.add_format({"bold": True})
    every = iter(rows)
    head = next(every)
    sheet, place = None, ROWS_OF_A_SHEET
    for row in every:
        if sheet is None or place == ROWS_OF_A_SHEET:
            sheet, place = _new_sheet(book, head, bold), 1
        sheet.write_row(place, 0, row)
        place += 1
    if sheet is None:
        _new_sheet(book, head, bold)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


def _new_sheet(book: Workbook, head: Row, bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.set_column(0, len(head) - 1, 18)
    sheet.write_row(0, 0, head, bold)
    sheet.freeze_panes(1, 0)
    return sheet


KINDS: dict[str, Callable[[_Rows, str], HttpResponseBase]] = {"csv": _csv, "xlsx": _xlsx}
