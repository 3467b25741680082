"""The options that somebody chose for some orders, for when they come back to the form.

They are kept in the session of whoever chose them, until these orders are copied.
"""

from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from ordercopy.admin.copy_form import CopyForm
from orders.admin.selection import Selection

IN_SESSION = "options_of_copies"
# Of so many selections, the latest.
MOST_KEPT = 10


def keep(session: SessionBase, selection: Selection, form: CopyForm) -> None:
    """Remember what a valid form says for these orders."""
    name, kept = _name(selection), session.get(IN_SESSION, {})
    if kept.get(name) == form.cleaned_data:
        return
    others = {other: kept[other] for other in kept if other != name}
    latest = [*others.items(), (name, form.cleaned_data)][-MOST_KEPT:]
    session[IN_SESSION] = dict(latest)


def of(session: SessionBase, selection: Selection) -> dict[str, Any]:
    """What was chosen for these orders: nothing, for the most part."""
    chosen: dict[str, Any] = session.get(IN_SESSION, {}).get(_name(selection), {})
    return chosen


def forget(session: SessionBase, selection: Selection) -> None:
    """Once they are copied, the next time starts anew."""
    kept = session.get(IN_SESSION, {})
    if kept.pop(_name(selection), None) is not None:
        session[IN_SESSION] = kept


def _name(selection: Selection) -> str:
    return sha256(selection.query_string().encode()).hexdigest()[:16]
