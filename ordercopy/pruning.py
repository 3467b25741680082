"""Throwing away history that nobody needs any more: events, audit entries, finished jobs.

In batches that are short transactions of their own, so that pruning a table of any size stands in
nobody's way, and may be interrupted: what is gone is gone, the next run goes on.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from orders.models import Event, EventStore, IdempotentRequest, ImportFile, RevokedToken
from orders.shopify.uploads import expired
from orders.statements import execute

BATCH = 10_000
# A finished job is of no use to anybody; those of today stay for whoever looks into something.
JOBS_KEPT = timedelta(days=1)
FINISHED = ("succeeded", "failed", "cancelled", "aborted")

DELETE_JOBS = """
DELETE FROM procrastinate_jobs WHERE id = ANY (%s::bigint[])
"""
FORGET_JOBS = """
UPDATE procrastinate_periodic_defers SET job_id = NULL WHERE job_id = ANY (%s::bigint[])
"""


def old_events(*, mode: str, before: datetime) -> QuerySet[Event]:
    """The events of a mode from before a time."""
    return Event.objects.filter(mode=mode, created_at__lt=before)


def old_audit_entries(*, mode: str, before: datetime) -> QuerySet[EventStore]:
    """The audit entries of a mode from before a time."""
    return EventStore.objects.filter(mode=mode, created_at__lt=before)


def old_answers(*, mode: str, now: datetime) -> QuerySet[IdempotentRequest]:
    """The answers that were kept for requests with an ``Idempotency-Key``, once that is over."""
    before = now - IdempotentRequest.KEPT
    return IdempotentRequest.objects.filter(client__mode=mode, created_at__lt=before)


def expired_tokens(*, now: datetime) -> QuerySet[RevokedToken]:
    """The revoked tokens that would be no good any more anyway; they belong to no mode."""
    return RevokedToken.objects.filter(expires_at__lt=now)


def old_import_files(*, mode: str, now: datetime) -> QuerySet[ImportFile]:
    """The files with customers' data that were uploaded to be imported, once that is over."""
    return expired(now=now).filter(mode=mode)


def finished_jobs(*, now: datetime) -> QuerySet[ProcrastinateJob]:
    """The jobs that ended some time ago; a job belongs to no mode."""
    return (
        ProcrastinateJob.objects.filter(status__in=FINISHED)
        .annotate(ended_at=models.Max("procrastinateevent__at"))
        .filter(ended_at__lt=now - JOBS_KEPT)
    )


def delete_rows(rows: QuerySet[Any]) -> Iterator[int]:
    """Delete rows batch by batch; yields how many are gone so far."""
    for gone, ids in _batches(rows):
        rows.model._default_manager.filter(pk__in=ids).delete()
        yield gone


def delete_jobs(jobs: QuerySet[ProcrastinateJob]) -> Iterator[int]:
    """Delete jobs batch by batch; the queue's own tables refer to them."""
    for gone, ids in _batches(jobs):
        with transaction.atomic():
            execute(FORGET_JOBS, [ids])
            execute(DELETE_JOBS, [ids])
        yield gone


def _batches(rows: QuerySet[models.Model]) -> Iterator[tuple[int, list[object]]]:
    """The keys of rows in batches, from one look at the table: deleting does not begin anew."""
    sql, params = rows.order_by().values_list("pk").query.sql_with_params()
    gone = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while found := cursor.fetchmany(BATCH):
            ids = [pk for pk, *_ in found]
            gone += len(ids)
            yield gone, ids
