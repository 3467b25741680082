"""Why the database cannot be used, in one line for the operator; the cause stays chained."""

from django.db import OperationalError

# After so many seconds a server that was out of reach is worth being asked again.
BACK_SOON_SECONDS = 5
# Connections that broke, a server without room, one that is shutting down or not up yet. What has
# no state never got as far as the server.
OUT_OF_REACH = ("08", "53", "57P")


class DatabaseUnusable(OperationalError):
    """Nothing can be done until someone mends the server or its address."""


class DatabaseUnreachable(DatabaseUnusable):
    """No connection came about: nobody listens there, or the server turned us away."""


class DatabaseTooOld(DatabaseUnusable):
    """The server lacks what our statements are written in."""


class EmbeddedServerFailed(DatabaseUnusable):
    """Our own server could not be made or started."""


def is_out_of_reach(error: BaseException | None) -> bool:
    """Whether the server is gone, going or full, so that the same may work in a moment.

    Statements that are too large or too slow for it are our mistakes, and no such case.
    """
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(OUT_OF_REACH)
