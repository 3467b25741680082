"""`manage.py copy_orders`: many orders made again, as one batch."""

from argparse import ArgumentParser
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import CommandError

from config.cli.output import clean, number_of
from ordercopy.batches import create_batch
from ordercopy.cli.command import Interrupted, OperatorCommand
from ordercopy.cli.options import add_copy_options, copy_options, references, whole_number
from ordercopy.cli.progress import spinner
from ordercopy.cli.reports import results_document
from ordercopy.cli.running import report_run, run_and_show
from ordercopy.cli.selection import (
    STANDARD_INPUT,
    add_order_selection,
    find_batch,
    narrows_orders,
    order_filter,
    read_names,
    unknown_orders,
)
from ordercopy.following import run_batch
from ordercopy.models import OrderCopyBatch
from ordercopy.names import NoSuchName
from ordercopy.results import Results, progress_in
from ordercopy.scope import CopyScope
from ordercopy.sources import NoSuchOrders, choose_orders, find_orders
from ordercopy.waking import wake_workers


@dataclass(frozen=True)
class Chosen:
    """The orders to be copied; ``repeated`` names were given more than once."""

    ids: list[str]
    repeated: list[str] = field(default_factory=list)


class Command(OperatorCommand):
    name = "copy_orders"
    help = "Copy many orders, in the order in which they were placed, and print what came out."
    examples = """\
  manage.py copy_orders --all                              every order that is not itself a copy
  manage.py copy_orders --status placed --market EU        filters narrow the choice together
  manage.py copy_orders --placed-after 2026-01-01 --placed-before 2026-02-01 --yes
  manage.py copy_orders --sku NW021 --customer ann@example.com --skip-errors
  manage.py copy_orders --file numbers.txt                 one number or id a line
  grep -v test numbers.txt | manage.py copy_orders --file - --yes
  manage.py copy_orders --all --enqueue                    leave them to the workers
  manage.py copy_orders --resume aB3dE6gH9k                go on after an interruption
  manage.py copy_orders --all --yes --json | jq .completed,.failed,.errors

It says how many orders it would copy and asks, unless --yes is given. The copies are one batch and
run at once, without any worker; workers that are there help. Ctrl-C finishes the copies at hand and
says how to go on: nothing is lost and nothing is made twice.

--all and filters leave out orders that were made by a copy, so that copying everything twice does
not copy the copies; --include-copies takes them too. The orders may have any status.

A file is taken as it is. Blank lines in it and lines that start with «# » are skipped, «#1001» is
number 1001; every order is copied once, however often it is named. If one of the names is unknown,
nothing starts.

The exit code is 0 when every copy completed, 1 when not, 130 after Ctrl-C.
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        add_order_selection(parser)
        parser.add_argument(
            "--limit", type=whole_number, metavar="N", help="of the chosen orders, the first N only"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask, start")
        parser.add_argument(
            "--enqueue", action="store_true", help="leave the copies to the workers"
        )
        parser.add_argument(
            "--resume",
            metavar="BATCH_ID",
            help="run what is left of a batch, and print its results",
        )
        add_copy_options(parser)

    def run(self, **options: Any) -> None:
        self._check_choice(options)
        if options["resume"]:
            batch = find_batch(options["resume"], mode=options["mode"])
            repeated: list[str] = []
        else:
            chosen = self._choose(options)
            repeated = chosen.repeated
            if not chosen.ids:
                self._nothing(options["mode"])
                return
            self._ask(chosen, options)
            batch = self._create(chosen, options)
        if options["enqueue"]:
            self._enqueued(batch)
        else:
            self._run(batch, repeated)

    def _check_choice(self, options: dict[str, Any]) -> None:
        """Refuse what cannot be meant, before anything is looked up."""
        ways = {
            "--resume": bool(options["resume"]),
            "--file": options["file"] is not None,
            "--all": options["all"],
            "filters": narrows_orders(options),
        }
        given = [way for way, is_given in ways.items() if is_given]
        if not given:
            raise CommandError("Say which orders: filters, --file FILE or --all (see --help).")
        if len(given) > 1:
            raise CommandError(f"{' and '.join(given)} do not go together; choose one.")
        if options["file"] == STANDARD_INPUT and not options["yes"]:
            raise CommandError("With --file - there is no input left to answer on: say --yes.")

    def _choose(self, options: dict[str, Any]) -> Chosen:
        mode, limit = options["mode"], options["limit"]
        try:
            if options["file"] is not None:
                named = find_orders(read_names(options["file"]), mode=mode)
                return Chosen(named.ids[:limit], named.repeated)
            with spinner("looking for the orders"):
                ids = choose_orders(order_filter(options), mode=mode)
        except NoSuchOrders as error:
            raise unknown_orders(error) from error
        except NoSuchName as error:
            raise CommandError(str(error)) from error
        return Chosen(ids[:limit])

    def _nothing(self, mode: str) -> None:
        self.say(f"No order in {mode} is like that; nothing was started.")
        self.answer({"mode": mode, "batch_id": None, **results_document(Results()), "seconds": 0})

    def _ask(self, chosen: Chosen, options: dict[str, Any]) -> None:
        if chosen.repeated:
            names = ", ".join(clean(name) for name in dict.fromkeys(chosen.repeated))
            self.say(f"Named more than once, copied once: {names}.")
        count = number_of(len(chosen.ids), "order")
        question = f"Copy {count} in {options['mode']}?"
        self.confirm(question, yes=options["yes"])

    def _create(self, chosen: Chosen, options: dict[str, Any]) -> OrderCopyBatch:
        try:
            with spinner("writing down what is to be copied"):
                return create_batch(
                    chosen.ids,
                    mode=options["mode"],
                    options=copy_options(options),
                    who=self.who,
                    wake=options["enqueue"],
                    **references(options),
                )
        except KeyboardInterrupt as interrupt:
            raise Interrupted("It had not started, nothing was copied.") from interrupt

    def _enqueued(self, batch: OrderCopyBatch) -> None:
        progress = progress_in(CopyScope(batch_id=batch.pk))
        if progress.open:
            wake_workers()
        self.answer(
            {"mode": batch.mode, "batch_id": batch.pk, "enqueued": progress.open, **progress.counts}
        )
        self.say(
            f"Batch {batch.pk} in {batch.mode}: {number_of(progress.open, 'copy', 'copies')} wait "
            f"for the workers.",
            f"See how far it is with `manage.py list_copies --batch {batch.pk} {_mode(batch)}`.",
        )

    def _run(self, batch: OrderCopyBatch, repeated: list[str]) -> None:
        scope = CopyScope(batch_id=batch.pk)
        total = progress_in(scope).total
        self.say(f"Batch {batch.pk} in {batch.mode}: {number_of(total, 'copy', 'copies')}.")
        run = run_and_show(
            run_batch(batch.pk),
            scope=scope,
            total=total,
            go_on=f"manage.py copy_orders --resume {batch.pk} {_mode(batch)}",
        )
        report_run(self, run, mode=batch.mode, batch_id=batch.pk, repeated=repeated)


def _mode(batch: OrderCopyBatch) -> str:
    return f"--mode {batch.mode}"
