"""An export as a stream of rows, each with the line of the file that it begins on.

Damage is kept where it is: a broken row is handed on with its fault, and reading goes on with the
next line, so that a quote which is never closed spoils one order and not the rest of the file.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Self

from orders.shopify.layouts import Layout, known_columns
from orders.shopify.problems import FileRefused, RowRefused, Sentence, said

# A longer "line" is no text with line breaks; reading it whole could fill the memory.
LONGEST_LINE = 1 << 20
# After a flaw, reading begins anew with the next line. A file in which all lines have one would
# be read to its end once for each of them: seconds are enough.
MOST_READ_AGAIN = 128 << 20
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
CONVERT = ", or convert it: iconv -f WINDOWS-1252 -t UTF-8 old.csv > new.csv"

# How a cell begins that would be a formula to a spreadsheet, once defusedcsv has marked it.
MARKED = ("'@", "'+", "'-", "'=", "'%", r"'\|")

# A whole cell: in quotes, in which a quote is written twice, or without any.
CELL = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^",\r\n][^,\r\n]*)?')


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file; ``fault`` says what makes it unusable."""

    line: int
    cells: Sequence[str]
    columns: Mapping[str, int]
    fault: RowRefused | None = None

    def __getitem__(self, column: str) -> str:
        """The cell without space around it; blank when the file has no such column."""
        at = self.columns.get(column)
        if at is None:
            return ""
        return unmarked(self.cells[at].strip())

    def has(self, column: str) -> bool:
        """Whether the file has this column at all."""
        return column in self.columns


class Lines:
    """The physical lines of a file, which can be taken back and read once more."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.number = 0
        self.bytes_read = 0
        self.read_again = 0
        self.taken: list[str] = []
        self._again: deque[str] = deque()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if self.read_again > MOST_READ_AGAIN:
            message = said("quotes are not closed properly in too many places")
            raise FileRefused(message, line=self.number + 1)
        line = self._again.popleft() if self._again else self._read()
        self.number += 1
        self.taken.append(line)
        return line

    def keep_only_first(self) -> str:
        """Take back what was read of the present record, except for its first line."""
        first, *others = self.taken
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        self.read_again += sum(map(len, others))
        return first

    def _read(self) -> str:
        raw = self.file.readline(LONGEST_LINE)
        if not raw:
            raise StopIteration
        if len(raw) == LONGEST_LINE:
            raise FileRefused(
                said(
                    "longer than %(longest)s bytes: this is no CSV file with line breaks",
                    longest=f"{LONGEST_LINE:,}",
                ),
                line=self.number + 1,
            )
        if self.bytes_read == 0:
            raw = raw.removeprefix(UTF8_MARK)
        self.bytes_read += len(raw)
        # Bytes that are not UTF-8 become lone surrogates, which `_text_fault` finds again.
        return raw.decode("utf-8", "surrogateescape")


class Export:
    """An export that is open for reading."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path = path
        self.layout = layout
        self.size = 0
        # Why the end of the file was not reached, once that is known.
        self.broken_off: RowRefused | None = None

    def __enter__(self) -> Self:
        if self.path.is_dir():
            raise FileRefused(said("is a folder; name the CSV file in it"))
        try:
            self._file = self.path.open("rb")
        except FileNotFoundError as error:
            raise FileRefused(said("there is no such file")) from error
        except OSError as error:
            raise FileRefused(said("cannot be read: %(reason)s", reason=error.strerror)) from error
        self.size = self.path.stat().st_size
        self._lines = Lines(self._file)
        try:
            self._reader = csv.reader(self._lines, strict=True)
            self._header = self._read_header()
            self.columns = known_columns(self._header, self.layout)
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def header(self) -> list[str]:
        """The names of the columns as the file writes them."""
        return self._header

    @property
    def bytes_read(self) -> int:
        return self._lines.bytes_read

    def rows(self) -> Iterator[Row]:
        """All records after the header; blank ones are passed over."""
        while True:
            self._lines.taken.clear()
            line = self._lines.number + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._broken_row(line, str(error))
                continue
            except FileRefused as refused:
                message = said("%(what)s; nothing more was read", what=refused.plain)
                row = self._faulty_row(line, [], None, message)
                self.broken_off = row.fault
                yield row
                return
            if not any(cells):
                continue
            if len(cells) != len(self._header):
                yield self._ragged_row(line, len(cells))
                continue
            yield Row(line, cells, self.columns, self._text_fault(line, cells))

    def _read_header(self) -> list[str]:
        start = self._file.peek(4)[:4]
        if start.startswith(UTF16_MARKS) or b"\0" in start:
            message = said("is not UTF-8 but looks like UTF-16; save it as “CSV UTF-8”")
            raise FileRefused(message, at_a_terminal=CONVERT)
        try:
            header = next(self._reader)
        except StopIteration as error:
            raise FileRefused(said("is empty")) from error
        except csv.Error as error:
            spans_lines = len(self._lines.taken) > 1
            message = explain(str(error), spans_lines=spans_lines)
            raise FileRefused(
                said("the header cannot be read: %(reason)s", reason=message), line=1
            ) from error
        header = [name.strip() for name in header]
        if fault := self._text_fault(1, header):
            terminal = fault.message.removeprefix(fault.plain)
            message = said("the header is %(fault)s", fault=fault.plain)
            raise FileRefused(message, line=1, at_a_terminal=terminal)
        if not any(header):
            raise FileRefused(said("is empty: the first line must name the columns"))
        return header

    def _ragged_row(self, line: int, width: int) -> Row:
        first = self._resume_after_first_line()
        return self._faulty_row(
            line,
            sound_cells(first),
            None,
            said(
                "has %(cells)d cells, but the header names %(columns)d columns",
                cells=width,
                columns=len(self._header),
            ),
        )

    def _broken_row(self, line: int, reason: str) -> Row:
        spans_lines = len(self._lines.taken) > 1
        message = explain(reason, spans_lines=spans_lines)
        cells = sound_cells(self._resume_after_first_line())
        return self._faulty_row(line, cells, len(cells) - 1 if cells else None, message)

    def _resume_after_first_line(self) -> str:
        first = self._lines.keep_only_first()
        self._reader = csv.reader(self._lines, strict=True)
        return first

    def _faulty_row(self, line: int, cells: list[str], at: int | None, message: Sentence) -> Row:
        """A row with blanks for what it lacks, so that it can still be told whose it is."""
        column = self._header[at] if at is not None and at < len(self._header) else None
        missing = len(self._header) - len(cells)
        return Row(
            line,
            [*cells, *[""] * missing],
            self.columns,
            RowRefused(message, line=line, column=column),
        )

    def _text_fault(self, line: int, cells: Sequence[str]) -> RowRefused | None:
        """What is wrong with the characters of a row, if anything."""
        if is_clean("".join(cells)):
            return None
        at, cell = next((at, cell) for at, cell in enumerate(cells) if not is_clean(cell))
        column = self._header[at] if line > 1 else None
        if "\0" in cell:
            return RowRefused(said("holds a NUL character"), line=line, column=column)
        message = said("not UTF-8; save it as “CSV UTF-8”")
        return RowRefused(message, line=line, column=column, at_a_terminal=CONVERT)


def sound_cells(line: str) -> list[str]:
    """The cells of one line up to the first that is damaged, and that one.

    >>> sound_cells('tea,"black, or "green",10')
    ['tea', 'black, or ']
    """
    cells, at = [], 0
    while (match := CELL.match(line, at)) is not None:
        cell = match["quoted"] or match["plain"] or ""
        cells.append(cell)
        at = match.end()
        too_long = len(cell) > csv.field_size_limit()
        if too_long or line[at : at + 1] != ",":
            break
        at += 1
    return cells


def unmarked(cell: str) -> str:
    r"""A cell without the mark that keeps spreadsheets from taking it for a formula.

    Files that are written here for spreadsheets have it, and so have phone numbers in exports.
    Another apostrophe belongs to the text.

    >>> unmarked(r"'=Tea\|Coffee"), unmarked("'t Hooft")
    ('=Tea|Coffee', "'t Hooft")
    """
    return cell[1:].replace(r"\|", "|") if cell.startswith(MARKED) else cell


def is_clean(text: str) -> bool:
    """Whether the database can hold this text: real UTF-8 without NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def explain(reason: str, *, spans_lines: bool) -> Sentence:
    """The reader's complaint in our own words."""
    if "field larger" in reason:
        return said(
            "holds more than %(longest)s characters, or a quote is not closed",
            longest=f"{csv.field_size_limit():,}",
        )
    if "new-line" in reason:
        return said("a bare carriage return stands outside quotes; end lines with a line feed")
    if spans_lines or "unexpected end" in reason:
        return said("a quote opens here that is not closed properly")
    return said("text follows a closing quote; a quote inside quotes is written twice")
