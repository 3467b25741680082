"""What the database says when a write breaks one of its promises, in the API's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import ProtectedError, RestrictedError
from psycopg import errors as database

from config.jsonapi.errors import Invalid, invalid, locked
from config.jsonapi.resource import Resource

IN_USE = "is still in use"
TOO_LARGE = "an amount would be too large"


@contextmanager
def writing(resource: Resource) -> Iterator[None]:
    """One transaction; a broken promise is the client's error, not ours.

    Some promises are asked at the commit. Where that is not ours but of a transaction around this
    one, they are asked here: who commits could not say what a broken one means.
    """
    is_inner = connection.in_atomic_block
    try:
        with _translated(resource), transaction.atomic():
            yield
            if is_inner:
                connection.check_constraints()
    except Invalid as refusal:
        if refusal.afterwards:
            refusal.afterwards()
        raise


@contextmanager
def _translated(resource: Resource) -> Iterator[None]:
    try:
        yield
    except (ProtectedError, RestrictedError):
        raise Invalid(invalid("base", IN_USE, error="in_use", where="base")) from None
    except IntegrityError as error:
        raise _invalid(error, resource) from error
    except DataError as error:
        if isinstance(error.__cause__, database.NumericValueOutOfRange):
            raise Invalid(invalid("base", TOO_LARGE, error="too_large", where="base")) from error
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, database.LockNotAvailable | database.DeadlockDetected):
            raise locked("Somebody else is writing it at this moment.") from error
        raise


def _invalid(error: IntegrityError, resource: Resource) -> Invalid:
    cause = error.__cause__
    promise = (cause.diag.constraint_name if isinstance(cause, database.Error) else None) or ""
    if promise in resource.promises:
        name, message = resource.promises[promise]
        taken = isinstance(cause, database.UniqueViolation)
        where = "relationships" if name in resource.relationships else "attributes"
        return Invalid(invalid(name, message, error="taken" if taken else "invalid", where=where))
    if isinstance(cause, database.ForeignKeyViolation):
        return Invalid(invalid("base", IN_USE, error="in_use", where="base"))
    words = promise.replace("_", " ") if isinstance(cause, database.CheckViolation) else ""
    message = f"must hold: {words}" if words else "is not valid"
    return Invalid(invalid("base", message, error="invalid", where="base"))
