"""`manage.py abort_copies`: copies that have not ended are called off."""

from typing import Any

from ordercopy.batches import abort_batch
from ordercopy.chunks import in_chunks
from ordercopy.cli.acting import ActingCommand
from ordercopy.cli.selection import find_batch
from ordercopy.copies import abort_copies
from ordercopy.models import FactoryStatus


class Command(ActingCommand):
    name = "abort_copies"
    help = "Call off copies that have not ended."
    examples = """\
  manage.py abort_copies aB3dE6gH9k jK5mN7pQ2r
  manage.py abort_copies --all-open --yes
  manage.py abort_copies --status pending            those that no worker has taken up yet
  manage.py abort_copies --batch aB3dE6gH9k          what is left of a batch
  manage.py abort_copies --error NW021               those that wait for another attempt, and whose
                                                     last one met this error

A copy that a worker holds at this moment is left alone and named; its worker brings it to its end.
An aborted copy can be tried again with retry_copies. The exit code is 1 when one could not be
aborted.
"""
    verb, done, everything = "Abort", "Aborted", "--all-open"
    movable = (FactoryStatus.PENDING, FactoryStatus.IN_PROGRESS)
    usual = movable

    def run(self, **options: Any) -> None:
        chosen = self.choose(options)
        if chosen:
            self.ask(len(chosen), options)
        steps = in_chunks(chosen, lambda ids: abort_copies(ids, who=self.who))
        answer = self.act(steps, total=len(chosen))
        if options["batch"] and not options["status"] and not options["error"]:
            abort_batch(find_batch(options["batch"], mode=options["mode"]), who=self.who)
        self.say(*self.answer_lines(answer, options))
        self.answer(self.answer_document(answer, options))
        self.fail_unless_all_done(answer)
