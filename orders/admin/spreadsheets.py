"""Lists as files for a spreadsheet: however long, read once and never kept whole."""

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

Row = list[Any]

AT_A_TIME = 500
# So many characters are sent at a time.
PIECE = 50_000
# What one sheet holds, by the format; the next rows go to the next sheet.
ROWS_OF_A_SHEET = 1_048_576
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


def export(rows: Rows, words: str, kind: str) -> HttpResponseBase:
    """Answer rows as a file: ``csv`` or ``xlsx``. Raises ``Http404`` for another kind.

    ``words`` is what the file is called. A cell that a spreadsheet would take for a formula is made
    harmless.
    """
    if kind not in KINDS:
        raise Http404
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


KINDS: dict[str, Callable[[Rows, str], HttpResponseBase]] = {"csv": _csv, "xlsx": _xlsx}
