"""Order copies on the wire: asked for here, made by a worker."""

from typing import Any

from django.db.models import QuerySet

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.errors import Invalid, invalid, locked
from config.jsonapi.relations import Nothing, to_many
from config.jsonapi.resource import Change, Trigger, trigger_facts
from ordercopy.api.asking import source_exists, split_options
from ordercopy.api.factories import COMPUTED, UNREAD, relations_of_a_factory
from ordercopy.copies import (
    Answer,
    abort_copies,
    create_copies,
    delete_copies,
    retry_copies,
)
from ordercopy.holding import HeldByOthers, HeldByWorker, take_hold
from ordercopy.models import FactoryStatus, OrderCopy, OrderFactory
from orders.api.resource import ShopResource

HELD = "A worker is making this copy at this moment."


def refuse(answer: Answer, copy: OrderCopy, goal: str) -> None:
    """Say why nothing was done with the copy, if nothing was."""
    if copy.pk in answer.locked:
        raise locked(HELD)
    if copy.pk in answer.refused:
        why = answer.refused[copy.pk]
        if why not in FactoryStatus.values:
            raise Invalid(invalid("status", why, error="invalid_transition"))
        message = f"cannot transition from {why} to {goal}"
        if why == goal:
            message = f"is {why} already"
        raise Invalid(invalid("status", message, error="invalid_transition"))


def retry(copy: OrderCopy, _value: Any, change: Change) -> None:
    """``_retry``: a further attempt of the same copy."""
    refuse(retry_copies([copy.pk], who=change.caller.who), copy, "pending")


def abort(copy: OrderCopy, _value: Any, change: Change) -> None:
    """``_abort``: stop a copy that has not ended; one that was stopped already stays so."""
    if copy.status == FactoryStatus.ABORTED:
        return
    refuse(abort_copies([copy.pk], who=change.caller.who), copy, "aborted")


TRIGGERS: dict[str, Trigger] = {"_retry": retry, "_abort": abort}


@registry.register
class OrderCopies(ShopResource):
    """A whole order made again."""

    type = "order_copies"
    model = OrderCopy
    unread = UNREAD
    chosen_in = (OrderFactory, {"type": OrderFactory.Type.ORDER_COPY})
    computed = COMPUTED
    relations = {
        **relations_of_a_factory("order_copies"),
        "order_subscription": Nothing(),
    }
    handed_on = frozenset({"source_order"})
    triggers = TRIGGERS
    ours = {name: trigger_facts(name) for name in TRIGGERS}

    def create(self, change: Change) -> str:
        options, rest = split_options(change.attributes)
        with source_exists():
            (copy_id,) = create_copies(
                [change.references["source_order"]],
                mode=change.caller.mode,
                options=options,
                who=change.caller.who,
                **rest,
            )
        return copy_id

    def lock(self, rows: QuerySet[Any], pk: str) -> Any:
        """Nobody waits for a worker: a copy that one holds is answered as locked, at once."""
        if not rows.filter(pk=pk).exists():
            return None
        try:
            take_hold(pk)
        except HeldByWorker:
            raise locked(HELD) from None
        except HeldByOthers:
            raise locked("Somebody else is changing this copy at this moment.") from None
        return rows.filter(pk=pk).first()

    def delete(self, row: OrderCopy, caller: Caller) -> None:
        refuse(delete_copies([row.pk], who=caller.who), row, "deleted")


registry.add_relations("orders", {"order_copies": to_many("source_order")})
