"""The audit trail of an ordinary record as sentences, with the words that its form has."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, DateTimeField, ForeignKey, Model
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from orders.admin.amounts import LIKE_MOST
from orders.admin.history import SHOWN, Entry, Sentence
from orders.admin.wording import doer
from orders.admin.words import words_for
from orders.models import EventStore
from orders.money import as_decimal

ADDED = _("%(who)s added this")
DELETED = _("%(who)s deleted this")
DISABLED = _("%(who)s put this out of use")
ENABLED = _("%(who)s put this to use again")
SWITCHED_ON = _("%(who)s switched «%(field)s» on")
SWITCHED_OFF = _("%(who)s switched «%(field)s» off")
CHOSEN = _("%(who)s changed «%(field)s»")
CHANGED = _("%(who)s changed «%(field)s» from «%(old)s» to «%(new)s»")
SET = _("%(who)s set «%(field)s» to «%(new)s»")
EMPTIED = _("%(who)s emptied «%(field)s», which was «%(old)s»")


def history_of_record(row: Any) -> list[Entry]:
    """What people and programs did with a record, the latest first; empty for what is not told."""
    if not hasattr(row, "mode"):
        return []
    stored = EventStore.objects.filter(resource_id=row.pk, mode=row.mode)
    return [
        Entry(entry.created_at, str(words) % {"who": doer(entry.who), **names})
        for entry in stored.order_by("-created_at", "-pk")[:SHOWN]
        for words, names in _sentences(type(row), entry)
    ]


def _sentences(model: type[Model], entry: EventStore) -> Iterator[Sentence]:
    if entry.event == EventStore.What.CREATE:
        yield ADDED, {}
    elif entry.event == EventStore.What.DESTROY:
        yield DELETED, {}
    else:
        for name, change in entry.payload.items():
            yield _sentence(model, name, change)


def _sentence(model: type[Model], name: str, change: Mapping[str, Any]) -> Sentence:
    old, new = change["from"], change["to"]
    if name == "disabled_at":
        return (DISABLED if new else ENABLED), {}
    field = _field(model, name)
    names = {"field": _label(model, name, field)}
    if isinstance(field, BooleanField):
        return (SWITCHED_ON if new else SWITCHED_OFF), names
    # Ids tell a reader nothing, nor does what only programs read.
    if field is None or isinstance(field, ForeignKey) or isinstance(new or old, dict | list):
        return CHOSEN, names
    names |= {"old": _value(field, old), "new": _value(field, new)}
    if old in (None, ""):
        return SET, names
    return (EMPTIED if new in (None, "") else CHANGED), names


def _field(model: type[Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _label(model: type[Model], name: str, field: Any) -> Any:
    label, _explanation = words_for(model, name)
    return label or (field.verbose_name if field else name.replace("_", " "))


def _value(field: Any, value: Any) -> Any:
    """As the form shows it."""
    if value is None:
        return ""
    if field.name.endswith("_cents"):
        return f"{as_decimal(value, LIKE_MOST):f}"
    if isinstance(field, DateTimeField) and (at := parse_datetime(value)):
        return date_format(localtime(at), "SHORT_DATETIME_FORMAT")
    return dict(field.flatchoices).get(value, value)
