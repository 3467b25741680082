"""A batch from claim to commit, and what happens when it meets the unexpected."""

import logging
from collections.abc import Callable, Sequence

from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from ordercopy.engine.building import build
from ordercopy.engine.checking import Claims, check
from ordercopy.engine.claiming import hold
from ordercopy.engine.competition import settle
from ordercopy.engine.finishing import finish
from ordercopy.engine.mending import catch_up, mend_kept_targets
from ordercopy.engine.placing import (
    RunOneByOne,
    cancel_sources,
    cannot_be_placed,
    check_sources_can_be_cancelled,
    has_limited_promotions,
    place_targets,
)
from ordercopy.engine.plan import CopyInHand
from orders import obstacles
from orders.audit import Who
from orders.ids import new_id
from orders.promotions import apply_promotions

logger = logging.getLogger(__name__)

# A copy that was claimed so often and never came to an end kills whoever takes it up.
MOST_TAKEUPS = 4
MOST_TRIES = 3


def run_claimed(copy_ids: Sequence[str], *, worker: str) -> list[CopyInHand]:
    """Bring claimed copies to their end; returns those that this call has ended.

    When something unexpected happens to the batch, its copies run again one by one, in order, so
    that only the culprit fails. Raises only when the database itself is gone: then nothing is
    lost, the copies are taken up by the next worker; or when a preview would have to wait long.
    """
    try:
        return _run_together(copy_ids, worker=worker)
    except RunOneByOne:
        pass
    except Exception as error:
        _give_up_if_need_be(error)
        if len(copy_ids) > 1:
            logger.warning(
                "a batch of %s copies goes on one by one: %s", len(copy_ids), error, exc_info=error
            )
    ended = []
    for copy_id in copy_ids:
        ended += _run_alone(copy_id, worker=worker)
    return ended


def _run_together(
    copy_ids: Sequence[str], *, worker: str, last_try: bool = False
) -> list[CopyInHand]:
    """Steps 2 to 7 of the engine, in one transaction."""
    who = Who.worker(worker)
    with transaction.atomic():
        copies = hold(copy_ids)
        if not copies:
            return []
        for copy in copies:
            if copy.takeups > MOST_TAKEUPS:
                copy.stop(obstacles.internal(_reference_of_a_killer(copy)))
        make([copy for copy in copies if copy.goes_on], who=who, last_try=last_try)
        finish(copies, who=who)
    return copies


def _run_alone(copy_id: str, *, worker: str) -> list[CopyInHand]:
    for nth in range(1, MOST_TRIES + 1):
        try:
            return _run_together([copy_id], worker=worker, last_try=nth == MOST_TRIES)
        except RunOneByOne:
            continue
        except (OperationalError, IntegrityError) as error:
            # A deadlock, say, or a number that somebody has taken meanwhile: worth another try.
            _give_up_if_need_be(error)
            if nth == MOST_TRIES:
                return _fail(copy_id, error, worker=worker)
        except Exception as error:  # noqa: BLE001  (whatever it is, only this copy fails)
            _give_up_if_need_be(error)
            return _fail(copy_id, error, worker=worker)
    return []


def _fail(copy_id: str, error: Exception, *, worker: str) -> list[CopyInHand]:
    """Fail a copy with a reference that leads from the merchant's message to the traceback."""
    reference = new_id()
    logger.error(
        "copy %s failed unexpectedly, reference %s",
        copy_id,
        reference,
        exc_info=error,
        extra={"action": "copy_failed", "copy": copy_id, "reference": reference},
    )
    with transaction.atomic():
        copies = hold([copy_id])
        for copy in copies:
            copy.stop(obstacles.internal(reference))
        if copies:
            finish(copies, who=Who.worker(worker))
    return copies


def _reference_of_a_killer(copy: CopyInHand) -> str:
    reference = new_id()
    logger.error(
        "copy %s was taken up %s times and its worker died each time, reference %s",
        copy.id,
        copy.takeups - 1,
        reference,
        extra={"action": "copy_failed", "copy": copy.id, "reference": reference},
    )
    return reference


def _give_up_if_need_be(error: Exception) -> None:
    """Raise what no copy is to blame for: the database is gone, or a preview waited too long.

    Workers wait for locks as long as it takes.
    """
    if isinstance(error.__cause__, LockNotAvailable):
        raise error
    if isinstance(error, (DatabaseError, InterfaceError)) and not connection.is_usable():
        raise error


def make(copies: Sequence[CopyInHand], *, who: Who, last_try: bool = True) -> None:
    """Steps 2 to 6: check the copies, build, place and cancel what goes on.

    Raises ``RunOneByOne`` when what the copies decided together does not hold, because another
    worker took stock between our look and our lock, say. On the last try such a copy fails instead,
    with its target kept.
    """
    check_sources_can_be_cancelled([copy for copy in copies if copy.cancel_source])
    to_check = [copy for copy in copies if copy.goes_on and not copy.target_is_placed]
    if to_check:
        claims = check(to_check)
        _refuse_entangled(to_check, claims)
        settle(
            to_check,
            stock=claims.stock,
            coupons=claims.coupons,
            takes=_takers(to_check, claims, who=who),
        )
        mend_kept_targets([copy for copy in to_check if copy.goes_on and not copy.builds])
        _make_targets([copy for copy in to_check if copy.goes_on and copy.builds], who=who)
        place_targets(
            [copy for copy in to_check if copy.goes_on and copy.place],
            who=who,
            last_try=last_try,
        )
    cancel_sources([copy for copy in copies if copy.completes and copy.cancel_source], who=who)


def _make_targets(copies: Sequence[CopyInHand], *, who: Who) -> None:
    if not copies:
        return
    build(copies, who=who)
    catch_up(copies, made_of=[copy.source_id for copy in copies])
    with_promotions = [copy.made_target for copy in copies if copy.apply_promotions]
    if with_promotions:
        apply_promotions(with_promotions, at=timezone.now())


def _refuse_entangled(copies: Sequence[CopyInHand], claims: Claims) -> None:
    """Raise ``RunOneByOne`` where one copy changes what the next one finds in ways not foreseen.

    Cancelling a source gives stock back that others compete for; markets may share some of their
    stock locations and not all; placing with promotions may use up a promotion with a limit.
    """
    if len(copies) < 2:
        return
    placed = [copy for copy in copies if copy.place and copy.goes_on]
    if claims.stock and any(copy.cancel_source for copy in placed):
        raise RunOneByOne
    if placed and claims.pools_overlap_partly():
        raise RunOneByOne
    promoted = [copy for copy in placed if copy.apply_promotions]
    if len(promoted) > 1 and has_limited_promotions({copy.mode for copy in promoted}):
        raise RunOneByOne


def _takers(
    copies: Sequence[CopyInHand], claims: Claims, *, who: Who
) -> Callable[[CopyInHand], bool]:
    """Which of the copies really take what they compete for.

    One that cannot be placed for another reason takes nothing. That shows only on its target, so
    the competing ones are made for a trial, and rolled back.
    """
    competing = [
        copy
        for copy in copies
        if copy.place and copy.goes_on and (copy.id in claims.stock or copy.id in claims.coupons)
    ]
    if not competing or len(copies) == 1:
        return lambda copy: copy.place
    unplaceable = cannot_be_placed(competing, make=lambda: _make_targets(competing, who=who))
    return lambda copy: copy.place and copy.id not in unplaceable
