"""The dry run: everything is done, and then undone, so that it cannot tell anything else."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rehearsed(*, dry_run: bool) -> Iterator[None]:
    """Take back at the end all that is done inside, if it is a dry run."""
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
