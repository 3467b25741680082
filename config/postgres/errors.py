"""Why the database cannot be used, in one line for the operator; the cause stays chained."""

from django.db import OperationalError


class DatabaseUnusable(OperationalError):
    """Nothing can be done until someone mends the server or its address."""


class DatabaseUnreachable(DatabaseUnusable):
    """No connection came about: nobody listens there, or the server turned us away."""


class DatabaseTooOld(DatabaseUnusable):
    """The server lacks what our statements are written in."""


class EmbeddedServerFailed(DatabaseUnusable):
    """Our own server could not be made or started."""
