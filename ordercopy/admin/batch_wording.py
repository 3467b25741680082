"""Batches in the merchant's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ordercopy.batch_progress import BatchProgress, BatchStatus, status_of
from ordercopy.models import FactoryStatus, OrderCopyBatch
from ordercopy.undoing import UndoProspect
from orders.models import FulfillmentStatus, OrderStatus, PaymentStatus
from orders.obstacles import invalid_transition

Text = str | Promise

# How a batch stands: more is told of one that has ended than that it has.
STANDINGS: Mapping[str, Text] = {
    "waiting": _("Waiting"),
    "going": _("In progress"),
    "all_completed": _("All copied"),
    "some_failed": _("Some failed"),
    "all_failed": _("All failed"),
    "stopped": _("Stopped"),
    "being_undone": _("Being undone"),
    "undone": _("Undone"),
}
# The colour of each label, beside the words that say the same.
STANDING_LABELS = {
    "waiting": "warning",
    "going": "info",
    "all_completed": "success",
    "shortened": "warning",
    "some_failed": "warning",
    "all_failed": "danger",
    "stopped": "",
    "being_undone": "info",
    "undone": "",
}


def standing_of(batch: OrderCopyBatch, progress: BatchProgress) -> str:
    """One of ``STANDING_LABELS``."""
    if batch.undo_requested_at is not None:
        return "being_undone"
    status = status_of(batch, progress)
    if status == BatchStatus.PENDING:
        return "waiting"
    if status == BatchStatus.IN_PROGRESS:
        return "going"
    if batch.undone_at and not progress.count(FactoryStatus.COMPLETED):
        return "undone"
    if status == BatchStatus.ABORTED:
        return "stopped"
    return _outcome(progress)


def _outcome(progress: BatchProgress) -> str:
    if not progress.count(FactoryStatus.FAILED):
        return "shortened" if progress.shortened else "all_completed"
    return "some_failed" if progress.count(FactoryStatus.COMPLETED) else "all_failed"


def standing_in_words(standing: str, progress: BatchProgress) -> Text:
    """How a batch stands, with the number where it matters."""
    if standing != "shortened":
        return STANDINGS[standing]
    words = ngettext(
        "Copied, %(count)s with products left out",
        "Copied, %(count)s with products left out",
        progress.shortened,
    )
    return counted(words, progress.shortened)


# Undoing more orders than this takes longer than one likes to wait without a word.
MANY = 1_000


def _cannot_be_cancelled(state: str) -> str:
    return invalid_transition(state, OrderStatus.CANCELLED).message


# Why an order stays when a batch is undone, by the message of the obstacle.
REASONS_TO_STAY: Mapping[str, Text] = {
    _cannot_be_cancelled(PaymentStatus.PAID): _(
        "paid already. Refund them one by one: that cancels them."
    ),
    _cannot_be_cancelled(FulfillmentStatus.IN_PROGRESS): _("being packed or sent already."),
    _cannot_be_cancelled(FulfillmentStatus.FULFILLED): _("handed over already."),
}
HELD = _("being made at that moment. Undo the batch once more.")
OTHERWISE = _("no longer to be cancelled.")


def reason_to_stay(code: str, message: str) -> Text:
    """Why something of a batch could not be undone, and what to do about it."""
    return HELD if code == "locked" else REASONS_TO_STAY.get(message, OTHERWISE)


def name_of(batch: OrderCopyBatch) -> str:
    """What people call a batch."""
    return counted(
        ngettext("Copy of %(count)s order", "Copies of %(count)s orders", batch.total_count),
        batch.total_count,
    )


def counted(words: str, count: int) -> str:
    """Words for this number, with the number in them."""
    return words % {"count": f"{count:,}"}


@dataclass(frozen=True)
class Question:
    """What somebody has to say yes to: numbers, what follows from it, and the button."""

    question: str
    consequences: list[str]
    button: str


def question_before_stopping(waiting: int) -> Question:
    return Question(
        counted(ngettext("Stop %(count)s copy?", "Stop %(count)s copies?", waiting), waiting),
        [
            gettext("Nothing is made of what still waits. What is made at this moment is ended."),
            gettext("Orders that were made already stay; you can undo the batch afterwards."),
        ],
        counted(ngettext("Stop %(count)s copy", "Stop %(count)s copies", waiting), waiting),
    )


def question_before_retrying(failed: int) -> Question:
    return Question(
        counted(
            ngettext("Retry %(count)s failed copy?", "Retry %(count)s failed copies?", failed),
            failed,
        ),
        [
            gettext("Each is tried again as it was asked for."),
            gettext("Whatever still stands in its way makes it fail again."),
        ],
        counted(ngettext("Retry %(count)s copy", "Retry %(count)s copies", failed), failed),
    )


def question_before_undoing(batch: OrderCopyBatch, prospect: UndoProspect) -> Question:
    made = prospect.deleted + prospect.cancelled
    if made:
        words = ngettext("Undo %(count)s new order?", "Undo %(count)s new orders?", made)
        question, button = counted(words, made), gettext("Undo the whole batch")
    else:
        question = gettext("Undo the whole batch?")
        button = gettext("Undo the whole batch")
    return Question(question, [*_what_undoing_does(batch, prospect)], button)


def _what_undoing_does(batch: OrderCopyBatch, prospect: UndoProspect) -> Iterator[str]:
    for count, words in (
        (
            prospect.deleted,
            ngettext(
                "%(count)s new order that was not placed is deleted.",
                "%(count)s new orders that were not placed are deleted.",
                prospect.deleted,
            ),
        ),
        (
            prospect.cancelled,
            ngettext(
                "%(count)s new order is cancelled; its stock and payment are given back.",
                "%(count)s new orders are cancelled; their stock and payments are given back.",
                prospect.cancelled,
            ),
        ),
        (
            prospect.stopped,
            ngettext(
                "%(count)s copy that waits is stopped.",
                "%(count)s copies that wait are stopped.",
                prospect.stopped,
            ),
        ),
    ):
        if count:
            yield counted(words, count)
    for message, count in prospect.left.items():
        yield staying(count, reason_to_stay("", message))
    if prospect.deleted + prospect.cancelled > MANY:
        yield gettext(
            "That takes a moment, about a second for each thousand orders. It goes on even if you "
            "leave the page."
        )
    if batch.cancel_source_order:
        yield gettext("The originals were cancelled when they were copied, and stay cancelled.")


def staying(count: int, reason: Text) -> str:
    """How many orders of a batch stay, and why."""
    words = ngettext(
        "%(count)s new order stays: it is %(why)s",
        "%(count)s new orders stay: they are %(why)s",
        count,
    )
    return words % {"count": f"{count:,}", "why": reason}
