"""`manage.py prune`: history that nobody needs any more is thrown away."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from config.cli.output import moment, number_of
from ordercopy.cli.command import OperatorCommand
from ordercopy.cli.options import days
from ordercopy.cli.progress import progress_bar
from ordercopy.pruning import (
    delete_jobs,
    delete_rows,
    expired_tokens,
    finished_jobs,
    old_answers,
    old_audit_entries,
    old_events,
    old_import_files,
)


@dataclass(frozen=True)
class Heap:
    """A kind of rows to be thrown away, and how."""

    name: str
    rows: QuerySet[Any]
    delete: Callable[[QuerySet[Any]], Iterator[int]]


class Command(OperatorCommand):
    name = "prune"
    help = "Delete old events and audit entries, and what API and queue need no more."
    examples = """\
  manage.py prune --dry-run                                 what would go
  manage.py prune --mode live                               good for a nightly cron job
  manage.py prune --events-older-than 30 --audit-older-than 730 --mode live

Finished jobs go a day after they have ended, answers to requests with an Idempotency-Key and files
uploaded for an import a day after they came, revoked tokens once they have expired; jobs and tokens
belong to no mode. Orders and copies are never touched. It deletes in short steps, beside running
workers, and may be interrupted.
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--events-older-than",
            type=days,
            default=settings.KEEP_EVENTS_DAYS,
            metavar="DAYS",
            help="events of this age go (without it: KEEP_EVENTS_DAYS, %(default)s)",
        )
        parser.add_argument(
            "--audit-older-than",
            type=days,
            default=settings.KEEP_AUDIT_DAYS,
            metavar="DAYS",
            help="audit entries of this age go (without it: KEEP_AUDIT_DAYS, %(default)s)",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would go and delete nothing"
        )

    def run(self, **options: Any) -> None:
        mode, now, dry = options["mode"], timezone.now(), options["dry_run"]
        events_before = now - timedelta(days=options["events_older_than"])
        audit_before = now - timedelta(days=options["audit_older_than"])
        pruned = {
            heap.name: heap.rows.count() if dry else self._prune(heap)
            for heap in _heaps(mode, events_before, audit_before, now)
        }
        self.answer(
            {
                "mode": mode,
                "dry_run": dry,
                "events_before": events_before,
                "audit_before": audit_before,
                **pruned,
            }
        )
        verb = "Would delete" if dry else "Deleted"
        self.say(
            f"{verb} in {mode}: {number_of(pruned['events'], 'event')} from before "
            f"{moment(events_before)}, "
            f"{number_of(pruned['audit'], 'audit entry', 'audit entries')} from before "
            f"{moment(audit_before)}; and {number_of(pruned['answers'], 'kept answer')}, "
            f"{number_of(pruned['imports'], 'uploaded file')}, "
            f"{number_of(pruned['tokens'], 'expired token')}, "
            f"{number_of(pruned['jobs'], 'finished job')}."
        )

    def _prune(self, heap: Heap) -> int:
        gone = 0
        with progress_bar(f"deleting {heap.name}", total=heap.rows.count()) as advance:
            for gone in heap.delete(heap.rows):
                advance(gone)
        return gone


def _heaps(
    mode: str, events_before: datetime, audit_before: datetime, now: datetime
) -> Iterator[Heap]:
    yield Heap("events", old_events(mode=mode, before=events_before), delete_rows)
    yield Heap("audit", old_audit_entries(mode=mode, before=audit_before), delete_rows)
    yield Heap("answers", old_answers(mode=mode, now=now), delete_rows)
    yield Heap("imports", old_import_files(mode=mode, now=now), delete_rows)
    yield Heap("tokens", expired_tokens(now=now), delete_rows)
    yield Heap("jobs", finished_jobs(now=now), delete_jobs)
