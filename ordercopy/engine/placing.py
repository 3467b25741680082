"""Placing targets and cancelling sources, by the shop's own lifecycle."""

from collections.abc import Callable, Sequence

from django.db import transaction

from ordercopy.engine.plan import CopyInHand
from orders.audit import Who
from orders.lifecycle import cancel, place, placing_obstacles
from orders.lifecycle.moves import CANCEL, sort_out
from orders.lifecycle.standing import lock_orders
from orders.statements import execute

CONTENDED_CODES = {"out_of_stock", "invalid_coupon"}

LIMITED_PROMOTIONS = """
SELECT EXISTS (SELECT FROM orders_promotion
                WHERE mode = ANY (%s::varchar[]) AND total_usage_limit IS NOT NULL
                  AND disabled_at IS NULL AND starts_at <= now() AND expires_at > now())
"""


class RunOneByOne(Exception):
    """What a batch decided together does not hold; its copies have to run one after another."""


class _TrialIsOver(Exception):
    """Rolls a trial back."""


def has_limited_promotions(modes: set[str]) -> bool:
    """Whether there are promotions that may be used a limited number of times only."""
    ((exist,),) = execute(LIMITED_PROMOTIONS, [sorted(modes)])
    return bool(exist)


def check_sources_can_be_cancelled(copies: Sequence[CopyInHand]) -> None:
    """Lock the sources that are to be cancelled, and stop the copies whose source cannot be.

    Before anything is built, and not to be skipped; a source that is cancelled already is fine.
    """
    if not copies:
        return
    sources = lock_orders([copy.source_id for copy in copies])
    refused = sort_out(CANCEL, sources.values()).refused
    for copy in copies:
        if copy.source_id in refused:
            copy.stop(*refused[copy.source_id])


def cannot_be_placed(copies: Sequence[CopyInHand], *, make: Callable[[], None]) -> set[str]:
    """The ids of the copies whose targets lack something, found out by making them for a trial."""
    kept = {copy.id: copy.target_id for copy in copies}
    unplaceable: set[str] = set()
    try:
        with transaction.atomic():
            make()
            obstacles = placing_obstacles([copy.made_target for copy in copies])
            unplaceable = {copy.id for copy in copies if obstacles.get(copy.made_target)}
            raise _TrialIsOver
    except _TrialIsOver:
        pass
    finally:
        for copy in copies:
            copy.target_id = kept[copy.id]
    return unplaceable


def place_targets(copies: Sequence[CopyInHand], *, who: Who, last_try: bool) -> None:
    """Place the targets, in order. Who cannot be placed keeps its target, pending.

    Raises ``RunOneByOne`` when stock or coupon uses that were there before are gone, because some
    other worker took them meanwhile; on the last try that is an obstacle like any other.
    """
    if not copies:
        return
    outcome = place([copy.made_target for copy in copies], who=who)
    for copy in copies:
        refused = outcome.refused.get(copy.made_target, [])
        if not last_try and any(obstacle.code in CONTENDED_CODES for obstacle in refused):
            raise RunOneByOne
        copy.obstruct(*refused)
        copy.placed = not refused


def cancel_sources(copies: Sequence[CopyInHand], *, who: Who) -> None:
    """Cancel the sources of copies for which everything before succeeded."""
    succeeded = [copy for copy in copies if copy.placed or not copy.place or copy.target_is_placed]
    if not succeeded:
        return
    outcome = cancel([copy.source_id for copy in succeeded], who=who)
    for copy in succeeded:
        if copy.source_id in outcome.refused:
            copy.stop(*outcome.refused[copy.source_id])
