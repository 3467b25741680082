"""Stopping, trying again and undoing a batch: asked first, with numbers, then done and told."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from config.admin_site import shop_site
from ordercopy.admin.batch_wording import (
    Question,
    counted,
    name_of,
    question_before_retrying,
    question_before_stopping,
    question_before_undoing,
)
from ordercopy.admin.batches import batch_or_404
from ordercopy.batch_progress import progress_of
from ordercopy.batches import abort_batch, retry_failed, worth_retrying
from ordercopy.models import FactoryStatus, OrderCopyBatch
from ordercopy.undo_requests import ask_to_undo
from ordercopy.undoing import undo_prospect
from orders.audit import Who

PAGE = "ordercopy/ordercopybatch/<str:batch_id>/"
METHODS = require_http_methods(["GET", "HEAD", "POST"])


@shop_site.page(f"{PAGE}stop/", name="batch_stop", permission="ordercopy.abort_ordercopy")
@METHODS
def stop(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Stop what waits; workers end what they have at hand."""
    batch = batch_or_404(request, batch_id)
    if request.method == "POST":
        stopped = len(abort_batch(batch, who=Who.user(request.user)).done)
        words = ngettext("%(count)s copy was stopped.", "%(count)s copies were stopped.", stopped)
        return _told(request, batch, words, stopped, gettext("There was nothing left to stop."))
    waiting = progress_of([batch.pk])[batch.pk].count(FactoryStatus.PENDING)
    if not waiting:
        return _told(request, batch, "", 0, gettext("There is nothing left to stop."))
    return _ask(request, batch, question_before_stopping(waiting), danger=True)


@shop_site.page(f"{PAGE}retry/", name="batch_retry", permission="ordercopy.retry_ordercopy")
@METHODS
def retry(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Try again what failed."""
    batch = batch_or_404(request, batch_id)
    nothing = gettext("No copy of this batch has failed; there is nothing to retry.")
    if request.method == "POST":
        tried = len(retry_failed(batch, who=Who.user(request.user)).done)
        words = ngettext(
            "%(count)s copy is tried again.", "%(count)s copies are tried again.", tried
        )
        return _told(request, batch, words, tried, nothing)
    failed = worth_retrying(batch).count()
    if not failed:
        return _told(request, batch, "", 0, nothing)
    return _ask(request, batch, question_before_retrying(failed), danger=False)


@shop_site.page(f"{PAGE}undo/", name="batch_undo", permission="ordercopy.undo_ordercopybatch")
@METHODS
def undo(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Take back what the batch has made."""
    batch = batch_or_404(request, batch_id)
    nothing = gettext("There is nothing left to undo.")
    prospect = undo_prospect(batch)
    # Undoing nothing would leave nothing of the report of what was undone before.
    if request.method == "POST" and (prospect.does_anything or prospect.in_hand):
        ask_to_undo(batch, who=Who.user(request.user))
        # The page says so itself, and no longer than it is true.
        return HttpResponseRedirect(_page_of(batch))
    if request.method == "POST" or not prospect.does_anything:
        return _told(request, batch, "", 0, nothing)
    return _ask(request, batch, question_before_undoing(batch, prospect), danger=True)


def _ask(
    request: HttpRequest, batch: OrderCopyBatch, question: Question, *, danger: bool
) -> HttpResponse:
    return shop_site.show(
        request,
        "ordercopy/batch_question.html",
        title=name_of(batch),
        question=question,
        variant="danger" if danger else "primary",
        back=_page_of(batch),
    )


def _told(
    request: HttpRequest, batch: OrderCopyBatch, words: str, count: int, nothing: Any
) -> HttpResponse:
    """Go back to the batch, with a message that says what was done, or that nothing was."""
    if count:
        messages.success(request, counted(words, count))
    else:
        messages.info(request, nothing)
    return HttpResponseRedirect(_page_of(batch))


def _page_of(batch: OrderCopyBatch) -> str:
    return reverse("admin:ordercopy_ordercopybatch_change", args=[batch.pk])
