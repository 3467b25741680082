"""Doing something to many copies: choosing them, asking, and telling what became of it."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.management.base import CommandError

from config.cli.output import MOST_ROWS, number_of
from ordercopy.choosing import NoSuchCopies, choose_copies, copies_by_id
from ordercopy.cli.command import Failed, OperatorCommand
from ordercopy.cli.progress import progress_bar
from ordercopy.cli.selection import add_copy_filters, copy_filter
from ordercopy.copies import Answer
from ordercopy.models import FactoryStatus


class ActingCommand(OperatorCommand):
    """A command that moves copies out of some statuses.

    ``everything`` is its word for all of those in ``usual``, the statuses that are meant when none
    is given; ``verb`` is for the question, ``done`` for the answer.
    """

    verb: str
    done: str
    everything: str
    movable: Sequence[FactoryStatus]
    usual: Sequence[FactoryStatus]
    skips_made_again = False

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", metavar="ID", help="copies by their ids")
        add_copy_filters(parser, statuses=self.movable)
        usual = " or ".join(status.label.lower() for status in self.usual)
        parser.add_argument(
            self.everything,
            dest="everything",
            action="store_true",
            help=f"every copy of the mode that is {usual}",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def choose(self, options: dict[str, Any]) -> list[str]:
        """The ids of the copies that are meant, in the order in which they were asked for."""
        filters = [options["status"], options["error"], options["batch"], options["everything"]]
        if options["ids"] and any(filters):
            raise CommandError("Give ids or filters, not both.")
        if options["ids"]:
            try:
                return copies_by_id(options["ids"], mode=options["mode"])
            except NoSuchCopies as error:
                raise CommandError(f"{error} Nothing was done.") from error
        if not any(filters):
            raise CommandError(
                f"Say which copies: ids, --status, --error, --batch or {self.everything}."
            )
        wanted = copy_filter(options, statuses=self.usual, skips_made_again=self.skips_made_again)
        copies = choose_copies(wanted, mode=options["mode"])
        return list(copies.order_by("sequence").values_list("pk", flat=True))

    def ask(self, count: int, options: dict[str, Any]) -> None:
        copies = number_of(count, "copy", "copies")
        self.confirm(f"{self.verb} {copies} in {options['mode']}?", yes=options["yes"])

    def act(self, steps: Iterable[tuple[int, Answer]], *, total: int) -> Answer:
        """Go through the steps with a bar; answers what came of them."""
        answer = Answer()
        with progress_bar(self.done.lower(), total=total) as advance:
            for turn, so_far in steps:
                answer = so_far
                advance(turn)
        return answer

    def answer_document(self, answer: Answer, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "mode": options["mode"],
            self.done.lower(): len(answer.done),
            "done": answer.done,
            "locked": answer.locked,
            "unknown": answer.unknown,
            "refused": answer.refused,
        }

    def answer_lines(self, answer: Answer, options: dict[str, Any]) -> Iterator[str]:
        copies = number_of(len(answer.done), "copy", "copies")
        yield f"{self.done} in {options['mode']}: {copies}."
        if answer.locked:
            yield f"Held by somebody at this moment, so left alone: {_some(answer.locked)}."
        if answer.unknown:
            yield f"Deleted meanwhile: {_some(answer.unknown)}."
        if answer.refused:
            refused = [f"{copy_id} ({why})" for copy_id, why in answer.refused.items()]
            yield f"Not possible where they stand: {_some(refused)}."

    def fail_unless_all_done(self, answer: Answer) -> None:
        left = len(answer.locked) + len(answer.unknown) + len(answer.refused)
        if left:
            raise Failed(f"{number_of(left, 'copy', 'copies')} could not be {self.done.lower()}.")


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_ROWS
    return ", ".join(names[:MOST_ROWS]) + (
        f" and {more:,} more (--json has all)" if more > 0 else ""
    )
