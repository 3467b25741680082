"""Running copies from a command: a bar, a gentle end on Ctrl-C, and the results."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError

from config.cli.output import number_of
from ordercopy.cli.command import Failed, Interrupted, OperatorCommand
from ordercopy.cli.interrupting import stopping_gently
from ordercopy.cli.progress import progress_bar
from ordercopy.cli.reports import results_document, results_lines
from ordercopy.models import FactoryStatus
from ordercopy.results import Results, results_of
from ordercopy.scope import CopyScope


@dataclass(frozen=True)
class Run:
    """A run that came to its end, or was interrupted: then some copies still wait."""

    results: Results
    seconds: float
    go_on: str

    @property
    def interrupted(self) -> bool:
        return self.results.progress.open > 0


def run_and_show(lefts: Iterable[int], *, scope: CopyScope, total: int, go_on: str) -> Run:
    """Run copies, show on a terminal how far it is, and sum up what has come of them.

    ``lefts`` runs them and tells how many are left; ``go_on`` is what an operator types to go on
    after an interruption.
    """
    started = time.monotonic()
    with stopping_gently(), progress_bar("copying", total=total) as advance:
        try:
            for left in lefts:
                advance(total - left)
        except KeyboardInterrupt:
            pass  # the copies at hand went back to those that wait; the results say so
        except (OperationalError, InterfaceError) as error:
            reason = " ".join(str(error).split())
            raise CommandError(
                f"The database does not answer: {reason}. Nothing is lost: go on with `{go_on}`."
            ) from error
    seconds = time.monotonic() - started
    return Run(results_of(scope), seconds, go_on)


def report_run(command: OperatorCommand, run: Run, **facts: Any) -> None:
    """Print the results, after ``facts`` in JSON, and fail where they are not all good."""
    document = {
        **facts,
        **results_document(run.results),
        "seconds": round(run.seconds, 3),
        "interrupted": run.interrupted,
    }
    if run.interrupted:
        document["go_on"] = run.go_on
    command.answer(document)
    command.say(*results_lines(run.results))
    _fail_unless_good(run)


def _fail_unless_good(run: Run) -> None:
    progress = run.results.progress
    if run.interrupted:
        raise Interrupted(
            f"{progress.total - progress.open:,} of "
            f"{number_of(progress.total, 'copy', 'copies')} have ended, nothing is lost. "
            f"Workers take the rest, or go on with `{run.go_on}`."
        )
    lost = progress.count(FactoryStatus.FAILED) + progress.count(FactoryStatus.ABORTED)
    if lost:
        raise Failed(f"{lost:,} of {number_of(progress.total, 'copy', 'copies')} did not complete.")
