"""How an operator says which orders, and which copies."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from config.cli.output import clean
from ordercopy.choosing import CopyFilter
from ordercopy.cli.options import point_in_time
from ordercopy.models import CopyError, FactoryStatus, OrderCopyBatch
from ordercopy.sources import NoSuchOrders, SourceFilter, find_order
from orders.models import FulfillmentStatus, Order, OrderStatus, PaymentStatus

STANDARD_INPUT = "-"

# What narrows a choice of orders: each may be given several times, and means any of its values.
ORDER_FILTERS = {
    "--market": {"metavar": "NAME", "help": "of this market, by code, name or id"},
    "--status": {"choices": OrderStatus.values, "help": "that stand here"},
    "--payment-status": {"choices": PaymentStatus.values, "help": "paid like this"},
    "--fulfillment-status": {"choices": FulfillmentStatus.values, "help": "sent like this"},
    "--sku": {"metavar": "CODE", "help": "with a line of this SKU"},
    "--customer": {"metavar": "EMAIL", "help": "of this customer, by e-mail address or id"},
    "--tag": {"metavar": "NAME", "help": "with this tag"},
}


def add_order_selection(parser: ArgumentParser) -> None:
    """Add the options that choose orders."""
    group = parser.add_argument_group(
        "which orders (filters may be combined; one given several times means any of its values)"
    )
    for option, form in ORDER_FILTERS.items():
        group.add_argument(option, action="append", default=[], **form)  # type: ignore[arg-type]
    group.add_argument(
        "--placed-after",
        type=point_in_time,
        metavar="TIME",
        help="placed at this time or later: 2026-01-31 (midnight in UTC) or 2026-01-31T18:30",
    )
    group.add_argument(
        "--placed-before",
        type=point_in_time,
        metavar="TIME",
        help="placed before this time, in UTC unless it says otherwise",
    )
    group.add_argument(
        "--file",
        metavar="FILE",
        help="the orders named in this file (- is standard input), one number or id a line",
    )
    group.add_argument(
        "--all",
        action="store_true",
        help="every order of the mode, whatever its status, that was not made by a copy",
    )
    group.add_argument(
        "--include-copies",
        action="store_true",
        help="with --all or filters: take orders that were made by a copy, too",
    )


def order_filter(options: dict[str, Any]) -> SourceFilter:
    """What the chosen orders have in common, as the options say it."""
    return SourceFilter(
        markets=tuple(options["market"]),
        statuses=tuple(options["status"]),
        payment_statuses=tuple(options["payment_status"]),
        fulfillment_statuses=tuple(options["fulfillment_status"]),
        placed_after=options["placed_after"],
        placed_before=options["placed_before"],
        skus=tuple(options["sku"]),
        customers=tuple(options["customer"]),
        tags=tuple(options["tag"]),
        include_copies=options["include_copies"],
    )


def narrows_orders(options: dict[str, Any]) -> bool:
    """Whether at least one filter was given."""
    return order_filter(options) != SourceFilter(include_copies=options["include_copies"])


def read_names(file: str) -> list[str]:
    """The numbers and ids in a file or in standard input. Raises ``CommandError``."""
    try:
        content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        names = list(names_in(content.decode("utf-8-sig").splitlines()))
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8 text. Save it as plain text in UTF-8.") from error
    if not names:
        raise CommandError(f"{file} names no orders. Put one number or id on each line.")
    return names


def names_in(lines: Iterable[str]) -> Iterator[str]:
    """What the lines name. «#1001» is a number, «# » and a text a remark."""
    for line in lines:
        name = line.strip().strip("\ufeff")
        if name and name != "#" and not name.startswith("# "):
            yield name


def unknown_orders(error: NoSuchOrders) -> CommandError:
    """Name the orders that there are not, with a hint where they are in the other mode."""
    hint = ""
    if error.elsewhere:
        verb = "is" if len(error.elsewhere) == 1 else "are"
        hint = f" ({', '.join(error.elsewhere)} {verb} in the other mode, see --mode.)"
    return CommandError(f"{clean(error)}{clean(hint)} Nothing was started.")


def add_copy_filters(parser: ArgumentParser, *, statuses: Iterable[FactoryStatus]) -> None:
    """Add the options that choose copies by what they have in common."""
    codes = ", ".join(CopyError.Code.values)
    parser.add_argument(
        "--status",
        action="append",
        default=[],
        choices=[status.value for status in statuses],
        help="copies that stand here; may be given several times",
    )
    parser.add_argument(
        "--error",
        metavar="TEXT_OR_CODE",
        help=f"copies that met an error with this text in it, or with this code: {codes}",
    )
    parser.add_argument("--batch", metavar="ID", help="copies of this batch")


def copy_filter(
    options: dict[str, Any],
    *,
    statuses: Iterable[FactoryStatus] = (),
    source: str | None = None,
    skips_made_again: bool = False,
) -> CopyFilter:
    """What the chosen copies have in common; ``statuses`` where none were given."""
    mode, batch_id = options["mode"], options["batch"]
    if batch_id is not None:
        find_batch(batch_id, mode=mode)
    return CopyFilter(
        statuses=[FactoryStatus(status) for status in options["status"]] or list(statuses),
        error=options["error"],
        batch_id=batch_id,
        source_id=None if source is None else find_source(source, mode=mode).pk,
        skips_made_again=skips_made_again,
    )


def find_source(name: str, *, mode: str) -> Order:
    """The order with this number or id. Raises ``CommandError``."""
    try:
        return find_order(name, mode=mode)
    except NoSuchOrders as error:
        raise unknown_orders(error) from error


def find_batch(batch_id: str, *, mode: str) -> OrderCopyBatch:
    """The batch with this id. Raises ``CommandError``."""
    batch = OrderCopyBatch.objects.filter(pk=batch_id, mode=mode).first()
    if batch is None:
        raise CommandError(f"There is no batch {batch_id} in {mode}.")
    return batch
