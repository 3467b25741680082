"""What the models of copies and their fields are called wherever a page names them."""

from collections.abc import Iterable, Mapping

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from ordercopy.admin.wording import OPTIONS
from orders.admin.names import give_names
from orders.admin.words import LABELS as OF_THE_SHOP
from orders.admin.words import Word

MODELS: Mapping[str, tuple[Word, Word]] = {
    "ordercopy": (_("order copy"), _("order copies")),
    "ordercopybatch": (_("order copy batch"), _("order copy batches")),
    "orderfactory": (_("order factory"), _("order factories")),
}

LABELS: Mapping[str, Word] = {
    **OPTIONS,
    "aborted_at": _("Aborted"),
    "again_of": _("Made again from"),
    "batch": _("Batch"),
    "claimed_at": _("Taken up"),
    "claimed_pid": _("Taken up by connection"),
    "completed_at": _("Completed"),
    "errors_count": _("Errors"),
    "failed_at": _("Failed"),
    "orderfactory_ptr": _("Order factory"),
    "request_key": _("Key of the form"),
    "sequence": _("Place in the queue"),
    "source_order": _("Source order"),
    "started_at": _("Started"),
    "takeups": _("Times taken up"),
    "target_order": _("Target order"),
    "total_count": _("Copies"),
    "undo_report": _("What undoing did"),
    "undone_at": _("Undone"),
    "who": _("Asked for by"),
    "worker": _("Worker"),
}


def name_models(models: Iterable[type[Model]]) -> None:
    """Call the models of copies and their fields as their pages do."""
    give_names(models, MODELS, {**OF_THE_SHOP, **LABELS})
