"""Lists as files for a spreadsheet, read once and never kept whole.

A CSV is sent while it is read, however long the list. A workbook is complete only once its last row
is written, so it is made of lists that take a few seconds, and of no others.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from io import StringIO
from tempfile import TemporaryFile
from typing import Any

from defusedcsv import csv
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from xlsxwriter import Workbook

from orders.admin.paging import COUNTED

Row = list[Any]

AT_A_TIME = 500
# So many characters are sent at a time.
PIECE = 50_000
# So many rows a workbook holds: as many as a list is counted, so that its page can say so.
MOST_IN_A_WORKBOOK = COUNTED
TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"


class Rows(ABC):
    """The rows of a file, in the language and the time zone of whoever asked for it.

    They are made while the file is sent, when the request with its language is over.
    """

    def __init__(self, found: QuerySet[Any]) -> None:
        self.found = found
        self.language = get_language()
        self.zone: tzinfo = timezone.get_current_timezone()

    def __iter__(self) -> Iterator[Row]:
        with override(self.language):
            head = self.head()
        yield head
        for each in self.found.iterator(chunk_size=AT_A_TIME):
            with override(self.language):
                row = self.row(each)
            yield row

    @property
    def are_too_many(self) -> bool:
        """Whether a workbook would not hold them; they are counted no further."""
        found = self.found.order_by().values("pk")[: MOST_IN_A_WORKBOOK + 1]
        return found.count() > MOST_IN_A_WORKBOOK

    @abstractmethod
    def head(self) -> Row:
        """What each column is called."""

    @abstractmethod
    def row(self, each: Any) -> Row:
        """What the columns hold."""

    def local(self, at: datetime | None) -> datetime | str:
        """A time as the reader's clock showed it; cells know no zones."""
        return "" if at is None else at.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def with_zone(self, words: str) -> str:
        """What a column of such times is called."""
        return f"{words} ({self.zone})"


class TooMany(Exception):
    """There are more rows than a workbook is made of."""


def export(rows: Rows, words: str, kind: str) -> HttpResponseBase:
    """Answer rows as a file: ``csv`` or ``xlsx``.

    ``words`` is what the file is called. A cell that a spreadsheet would take for a formula is made
    harmless. Raises ``Http404`` for another kind, and ``TooMany`` where only a CSV would do.
    """
    if kind not in KINDS:
        raise Http404
    if kind == "xlsx" and rows.are_too_many:
        raise TooMany
    return KINDS[kind](rows, f"{words} {timezone.localdate().isoformat()}.{kind}")


def _csv(rows: Rows, name: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(_csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv_lines(rows: Rows) -> Iterator[str]:
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


def _xlsx(rows: Rows, name: str) -> HttpResponseBase:
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
    sheet = book.add_worksheet()
    every = iter(rows)
    head = next(every)
    sheet.set_column(0, len(head) - 1, 18)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, head, bold)
    for place, row in enumerate(every, start=1):
        sheet.write_row(place, 0, row)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


KINDS: dict[str, Callable[[Rows, str], HttpResponseBase]] = {"csv": _csv, "xlsx": _xlsx}
