"""`manage.py retry_copies`: further attempts of copies that failed or were aborted."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from ordercopy.chunks import in_chunks
from ordercopy.cli.acting import ActingCommand
from ordercopy.cli.running import report_run, run_and_show
from ordercopy.copies import Answer, retry_copies
from ordercopy.following import run_copies
from ordercopy.making_again import make_again
from ordercopy.models import FactoryStatus
from ordercopy.scope import CopyScope
from ordercopy.waking import wake_workers


class Command(ActingCommand):
    name = "retry_copies"
    help = "Try copies again that failed or were aborted."
    examples = """\
  manage.py retry_copies aB3dE6gH9k --run           now, and print what came out
  manage.py retry_copies --all-failed               leaves them to the workers
  manage.py retry_copies --error NW021 --yes        those that NW021 made fail, once it is in stock
  manage.py retry_copies --error out_of_stock --leave-out --run
  manage.py retry_copies --batch aB3dE6gH9k --status failed --status aborted --run

Without --status only failed ones are meant. A copy that is tried again keeps its id and never makes
a second order: a target that was kept is mended and placed. With --leave-out each is made again as
a new copy that leaves out the lines that fail, and a kept pending target is cancelled first.
Filters do not mean copies that were made again before.

The exit code is 1 when a copy could not be tried again, or with --run did not complete.
"""
    verb, done, everything = "Try again", "Retried", "--all-failed"
    movable = (FactoryStatus.FAILED, FactoryStatus.ABORTED)
    usual = (FactoryStatus.FAILED,)
    skips_made_again = True

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        super().add_own_arguments(parser)
        parser.add_argument(
            "--run", action="store_true", help="run them here and now, without any worker"
        )
        parser.add_argument(
            "--leave-out",
            action="store_true",
            help="make failed ones again as new copies that leave out what fails",
        )

    def run(self, **options: Any) -> None:
        chosen = self.choose(options)
        if chosen:
            self.ask(len(chosen), options)
        answer = self.act(self._steps(chosen, options), total=len(chosen))
        self.say(*self.answer_lines(answer, options))
        if options["run"] and answer.done:
            self._run(answer, options)
        else:
            if answer.done:
                wake_workers()
                self.say("They wait for the workers; with --run they run here and now.")
            self.answer(self.answer_document(answer, options))
        self.fail_unless_all_done(answer)

    def _steps(self, chosen: list[str], options: dict[str, Any]) -> Iterator[tuple[int, Answer]]:
        act = make_again if options["leave_out"] else retry_copies
        return in_chunks(chosen, lambda ids: act(ids, who=self.who, wake=False))

    def _run(self, answer: Answer, options: dict[str, Any]) -> None:
        ids = answer.done
        run = run_and_show(
            run_copies(ids),
            scope=CopyScope(copy_ids=ids),
            total=len(ids),
            go_on="manage.py worker",
        )
        report_run(self, run, **self.answer_document(answer, options))
