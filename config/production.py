"""What production must not start with, each answered by a sentence that says what to do."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

DEFAULT_PASSWORDS = {"", "admin", "changeme", "ordercopy", "password", "postgres", "secret"}
SHORTEST_SECRET_KEY = 50


def reasons_to_refuse(
    *,
    secret_key: str,
    debug: bool,
    allowed_hosts: list[str],
    database: dict[str, Any] | None,
) -> Iterator[str]:
    """Answer everything that is wrong at once, so that an operator mends it in one go."""
    if not secret_key:
        yield "SECRET_KEY is missing: set it to a long random text and keep it to yourself."
    elif len(secret_key) < SHORTEST_SECRET_KEY:
        yield f"SECRET_KEY is too short: use at least {SHORTEST_SECRET_KEY} random characters."
    if debug:
        yield "DEBUG is on, which shows the program's insides to strangers: remove it."
    if not allowed_hosts:
        yield "ALLOWED_HOSTS is empty: name the hosts that this shop answers to, with commas."
    if "*" in allowed_hosts:
        yield "ALLOWED_HOSTS is '*', which trusts any Host header: name the hosts instead."
    if database is not None and _has_default_password(database):
        yield (
            f"DATABASE_URL goes to {database['HOST']} with an empty or a well-known password: "
            "give its user a password of its own."
        )


def _has_default_password(database: dict[str, Any]) -> bool:
    """Tell whether a stranger on the network could guess the way in.

    A socket or a loopback address is left alone: there the operating system keeps strangers out.
    """
    host = database["HOST"]
    is_local = not host or host.startswith(("/", "@")) or _is_loopback(host)
    return not is_local and (database["PASSWORD"] or "").lower() in DEFAULT_PASSWORDS


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
