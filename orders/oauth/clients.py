"""Making and revoking API clients: one door for commands, admin and tests."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext

from config.jsonapi.values import write_datetime
from orders.audit import AuditEntry, Who, record_audit
from orders.models import ApiClient, EventStore, Market
from orders.models.api_client import digest_of

# Letters and digits alone, 256 bits of chance: a command must not take an id for an option.
SECRET_LENGTH = 43
RESOURCE = "applications"
CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class ClientRefused(ValueError):
    """A client like this cannot be; the message says why."""


@dataclass(frozen=True)
class NewClient:
    """A client with its secret, of which nothing but a digest is left after this."""

    client: ApiClient
    secret: str = field(repr=False)


@transaction.atomic
def create_client(
    *, name: str, kind: str, mode: str, market: Market | None = None, who: Who
) -> NewClient:
    """Make a client with a fresh id and a fresh secret."""
    refuse_wrong_market(kind=kind, mode=mode, market=market)
    secret = get_random_string(SECRET_LENGTH)
    client = ApiClient.objects.create(
        name=name,
        kind=kind,
        mode=mode,
        market=market,
        client_id=get_random_string(SECRET_LENGTH),
        secret_digest=digest_of(secret),
    )
    _record(client, "create", {"name": (None, name), "kind": (None, kind)}, who=who)
    return NewClient(client, secret)


@transaction.atomic
def revoke_client(client: ApiClient, *, who: Who, at: datetime, reason: str = "") -> bool:
    """End a client and, with it, its tokens; answers whether it was still there to be ended.

    The reason is kept in the audit trail.
    """
    revoked = ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(
        revoked_at=at, updated_at=at
    )
    if revoked:
        changes: dict[str, tuple[object, object]] = {"revoked_at": (None, write_datetime(at))}
        if reason:
            changes["reason"] = (None, reason)
        _record(client, "update", changes, who=who)
    return bool(revoked)


def revocation_of(client: ApiClient) -> tuple[str, str] | None:
    """Who revoked a client and the reason given, from the audit trail; None while it works."""
    if not client.is_revoked:
        return None
    entry = EventStore.objects.filter(
        resource_type=RESOURCE, resource_id=client.pk, payload__has_key="revoked_at"
    ).first()
    # The trail may have been pruned since.
    if entry is None:
        return "", ""
    who = entry.who.get("owner", entry.who.get("application", {})).get("name", "")
    return who or entry.who.get("command", ""), entry.payload.get("reason", {}).get("to", "")


def authenticated(client_id: str, secret: str) -> ApiClient | None:
    """The client that has this id and this secret, unless it was revoked."""
    if not CLIENT_ID.fullmatch(client_id):
        return None
    client = ApiClient.objects.filter(client_id=client_id, revoked_at=None).first()
    return client if client and client.has_secret(secret) else None


def refuse_wrong_market(*, kind: str, mode: str, market: Market | None) -> None:
    """Hold a sales channel to a market of its own mode, and everybody else to none."""
    if kind == ApiClient.Kind.SALES_CHANNEL and market is None:
        raise ClientRefused(gettext("A sales channel needs a market."))
    if kind != ApiClient.Kind.SALES_CHANNEL and market is not None:
        raise ClientRefused(gettext("Only a sales channel has a market."))
    if market is not None and market.mode != mode:
        raise ClientRefused(f"The market {market} is in {market.mode} mode.")


def market_called(name: str, *, mode: str) -> Market:
    """The market with this id, code or name."""
    markets = Market.objects.filter(mode=mode)
    try:
        return markets.get(Q(pk=name) | Q(code=name) | Q(name=name))
    except Market.DoesNotExist:
        raise ClientRefused(f"There is no market {name!r} in {mode} mode.") from None
    except Market.MultipleObjectsReturned:
        raise ClientRefused(f"{name!r} means several markets; give the id of one.") from None


def _record(
    client: ApiClient, event: str, changes: dict[str, tuple[object, object]], *, who: Who
) -> None:
    record_audit([AuditEntry(client.mode, RESOURCE, client.pk, event, changes)], who=who)
