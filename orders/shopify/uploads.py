"""Exports that are uploaded: looked at first, then imported once, and soon forgotten."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from defusedcsv import csv
from django.db.models import QuerySet

from orders.audit import Who
from orders.models import ImportFile
from orders.shopify.layouts import ORDERS, PRODUCTS
from orders.shopify.order_import import import_orders
from orders.shopify.problems import FileRefused, said
from orders.shopify.product_import import import_products
from orders.shopify.reading import Export
from orders.shopify.report import Report

# What an import takes while somebody waits for the page; longer files are for the commands.
LARGEST = 10 * 1024 * 1024
LAYOUTS = {ImportFile.Kind.ORDERS: ORDERS, ImportFile.Kind.PRODUCTS: PRODUCTS}
# The column whose rows belong together: an order or a product comes in as a whole.
TOGETHER = {ImportFile.Kind.ORDERS: "Name", ImportFile.Kind.PRODUCTS: "Handle"}
# How other kinds of files begin.
BEGINNINGS = {
    b"PK\x03\x04": said("an Excel or zip file"),
    b"\xd0\xcf\x11\xe0": said("an Excel file"),
    b"%PDF": said("a PDF file"),
    b"\x89PNG": said("a picture"),
    b"\xff\xd8\xff": said("a picture"),
    b"\x1f\x8b": said("a compressed file"),
}


def refuse_what_is_no_export(content: bytes, kind: str) -> None:
    """Raise ``FileRefused`` for what cannot be read as an export of this kind at all."""
    for beginning, what in BEGINNINGS.items():
        if content.startswith(beginning):
            message = said("this is %(what)s, not a CSV file; export it as CSV", what=what)
            raise FileRefused(message)
    with _on_disk(content) as path, Export(path, LAYOUTS[ImportFile.Kind(kind)]):
        pass


def look_at(upload: ImportFile, *, who: Who) -> None:
    """Find out what an import would do, change nothing, and keep the answer."""
    upload.preview = _run(upload, dry_run=True, who=who)
    upload.save(update_fields=["preview"])


def carry_out(upload: ImportFile, *, who: Who, at: datetime) -> bool:
    """Import a file; False where somebody did or does it already."""
    untouched = ImportFile.objects.filter(pk=upload.pk, started_at=None)
    if not untouched.update(started_at=at):
        return False
    upload.started_at = at
    upload.result = _run(upload, dry_run=False, who=who)
    upload.save(update_fields=["result"])
    return True


def expired(*, now: datetime) -> QuerySet[ImportFile]:
    """The files that have been kept long enough."""
    return ImportFile.objects.filter(created_at__lt=now - ImportFile.KEPT)


def refused_rows(
    upload: ImportFile, titles: Sequence[str], say: Callable[[dict[str, Any]], str]
) -> str:
    """The rows that did not come in, as CSV: as they were, with what is wrong in front.

    ``titles`` are those of line, column and reason; ``say`` makes words of a reason.
    Rows of one order (or product) stay together, so that the file can be mended and uploaded. A
    cell that a spreadsheet would take for a formula is made harmless; reading undoes that.
    """
    told = upload.result or upload.preview or {}
    wrong = {each["line"]: each for each in told.get("errors", []) if each["line"] is not None}
    kind = ImportFile.Kind(upload.kind)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    with _on_disk(bytes(upload.content)) as path, Export(path, LAYOUTS[kind]) as export:
        writer.writerow([*titles, *export.header])
        for line, cells in _whole_groups(export, TOGETHER[kind], set(wrong)):
            found = wrong.get(line, {})
            note = [line, found.get("column") or "", say(found["said"]) if found else ""]
            writer.writerow([*note, *(_text(cell) for cell in cells)])
    return out.getvalue()


def _run(upload: ImportFile, *, dry_run: bool, who: Who) -> dict[str, Any]:
    market = upload.market.name if upload.market else None
    report: Report
    with _on_disk(bytes(upload.content)) as path:
        if upload.kind == ImportFile.Kind.ORDERS:
            report = import_orders(
                path, mode=upload.mode, market_name=market, dry_run=dry_run, who=who
            )
        else:
            report = import_products(
                path,
                mode=upload.mode,
                currency=upload.currency,
                market_name=market,
                dry_run=dry_run,
                who=who,
            )
    problems = [{**each.as_json(), "said": each.plain.as_json()} for each in report.by_line]
    return {**report.as_json(), "errors": problems, "names": report.names}


@contextmanager
def _on_disk(content: bytes) -> Iterator[Path]:
    with TemporaryDirectory(prefix="ordercopy-import-") as folder:
        path = Path(folder) / "upload.csv"
        path.write_bytes(content)
        yield path


def _whole_groups(
    export: Export, together: str, wrong: set[int]
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of each order or product of which a row is wrong; they stand one below another."""
    group: list[tuple[int, Sequence[str]]] = []
    name = ""
    for row in export.rows():
        if row[together] and row[together] != name:
            yield from _if_wrong(group, wrong)
            group, name = [], row[together]
        group.append((row.line, row.cells))
    yield from _if_wrong(group, wrong)


def _if_wrong(
    group: list[tuple[int, Sequence[str]]], wrong: set[int]
) -> list[tuple[int, Sequence[str]]]:
    return group if any(line in wrong for line, _cells in group) else []


def _text(cell: str) -> str:
    """Text that can be written, whatever bytes the file had."""
    return cell.encode("utf-8", "replace").decode()
