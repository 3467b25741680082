"""What the page of one copy shows."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from ordercopy.admin.actions import buttons_for
from ordercopy.admin.filters import batch_in_words
from ordercopy.admin.mending import inspect
from ordercopy.admin.timeline import timeline
from ordercopy.admin.wording import STATUS_LABELS, STATUSES, options_in_words
from ordercopy.choosing import MADE_AGAIN, is_mended_by_hand
from ordercopy.copies import current_errors
from ordercopy.models import FactoryStatus, OrderCopy
from orders.admin.wording import who_in_words


def whole_copy(copy_id: str) -> OrderCopy:
    """A copy with all that its page tells of it."""
    return (
        OrderCopy.objects.select_related(
            "source_order__market", "target_order", "batch", "again_of__source_order"
        )
        .prefetch_related("error_rows", "attempts", "made_again__source_order")
        .get(pk=copy_id)
    )


def page_of(request: HttpRequest, copy: OrderCopy) -> dict[str, Any]:
    """The context of the page of a copy."""
    copy = whole_copy(copy.pk)
    again = list(copy.made_again.all())
    made_again = OrderCopy.objects.filter(MADE_AGAIN, pk=copy.pk).exists()
    mended = is_mended_by_hand(copy)
    buttons = buttons_for(request, copy, made_again=made_again, mended_by_hand=mended)
    number = copy.source_order.number
    return {
        "title": gettext("Copy of %(number)s") % {"number": number},
        "copy": copy,
        "state": STATUSES[copy.status],
        "status_label": STATUS_LABELS[FactoryStatus(copy.status)],
        "asked_by": who_in_words(copy.who),
        "options": options_in_words(copy),
        "moments": timeline(copy),
        # What failed was mended in the new order, so nothing of it is in the way any more.
        "inspected": [] if mended else inspect(copy, current_errors(copy)),
        "retry_completes": mended and not made_again,
        "left_out": copy.status == FactoryStatus.COMPLETED,
        "batch": batch_in_words(copy.batch) if copy.batch else None,
        "again": again,
        "buttons": buttons,
        "list": reverse("admin:ordercopy_ordercopy_changelist"),
    }
