"""All that stands in the way of failed copies, by cause, to be mended and retried at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from config.admin_site import shop_site
from config.modes import mode_of
from ordercopy.admin.mending import Place, copies_with, sku_place, stock_places
from ordercopy.admin.wording import KINDS, cause_in_words
from ordercopy.blocking import Blockade, blockades
from ordercopy.models import CopyError
from ordercopy.present import Present, present_state
from orders.audit import Who
from orders.mending import QuantityChanged, enable_sku, set_quantity
from orders.models import Sku, StockItem

CAUSES_ON_A_PAGE = 25
# As many as a file that is imported may give.
MOST_PIECES = 999_999_999


@dataclass(frozen=True)
class Group:
    """One cause with all that can be done about it here."""

    cause: Blockade
    words: str
    kind: str | Promise
    copies: str
    sku: Sku | None = None
    items: Sequence[StockItem] = ()
    places: Sequence[Place] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """What is in the way, or what is in order by now."""
        if not self.mended:
            return self.words
        sku = {"sku": self.cause.sku_code}
        if self.is_stock:
            return gettext("There is enough of %(sku)s now") % sku
        return gettext("%(sku)s can be sold again") % sku

    @property
    def advice(self) -> str:
        """What can be done once it is mended, as far as nothing else held the copies up."""
        alone, others = self.cause.alone, self.others
        if not others:
            return gettext("This is not in the way any more: retry them.")
        if not alone:
            return gettext(
                "This is not in the way any more, but all of them met something else as well: "
                "each copy's page says what remains."
            )
        said = ngettext(
            "This is not in the way any more, and %(count)s copy met nothing else: retry it. "
            "The page of each of the others says what remains.",
            "This is not in the way any more, and %(count)s copies met nothing else: retry them. "
            "The page of each of the others says what remains.",
            alone,
        )
        return said % {"count": alone}

    @property
    def in_stock(self) -> int:
        return sum(item.quantity for item in self.items)

    @property
    def lacking(self) -> int:
        """How many pieces there are too few for all copies together."""
        return max(0, (self.cause.requested or 0) - self.in_stock)

    @property
    def frees_some(self) -> bool:
        """Whether what there is suffices for the copy at least that wants fewest."""
        return self.in_stock >= (self.cause.least or 0)

    @property
    def others(self) -> int:
        """How many of the copies met something else as well."""
        return self.cause.copies - self.cause.alone

    @property
    def is_stock(self) -> bool:
        return self.cause.code == CopyError.Code.OUT_OF_STOCK

    @property
    def mended(self) -> bool:
        """Whether nothing of it is in the way any more."""
        sku = self.sku
        if sku is None or sku.disabled_at is not None:
            return False
        if not self.is_stock:
            return True
        return sku.do_not_track or self.in_stock >= (self.cause.requested or 0)


@shop_site.page("errors/", name="ordercopy_errors", permission="ordercopy.view_ordercopy")
def errors(request: HttpRequest) -> HttpResponse:
    """The causes, those that block most copies first; ``?code=`` shows those of one kind."""
    found = blockades(mode=mode_of(request))
    code = request.GET.get("code", "")
    sku = request.GET.get("sku", "").strip()
    causes = [
        cause
        for cause in found
        if (not code or cause.code == code)
        and (cause.sku_code or "").casefold().startswith(sku.casefold())
    ]
    counts = Counter(cause.code for cause in found)
    page = Paginator(causes, CAUSES_ON_A_PAGE).get_page(request.GET.get("page"))
    return shop_site.show(
        request,
        "ordercopy/errors.html",
        title=_("Errors"),
        kinds=[(KINDS[kind], kind, number) for kind, number in counts.most_common()],
        code=code,
        sku=sku,
        page=page,
        groups=_groups(list(page), mode_of(request)),
        copies=reverse("admin:ordercopy_ordercopy_changelist"),
        here=request.get_full_path(),
        most_pieces=MOST_PIECES,
    )


def _groups(causes: Sequence[Blockade], mode: str) -> list[Group]:
    present = present_state(mode=mode, sku_codes=[cause.sku_code or "" for cause in causes])
    return [_group(cause, present) for cause in causes]


def _group(cause: Blockade, present: Present) -> Group:
    sku = present.sku(cause.sku_code)
    items: list[StockItem] = []
    places: list[Place] = []
    if sku is not None:
        places = [sku_place(sku)]
        if cause.code == CopyError.Code.OUT_OF_STOCK:
            items = present.places(cause.sku_code)
            places += [] if items else stock_places(sku, items, [])
    return Group(
        cause,
        cause_in_words(cause),
        KINDS[cause.code],
        copies_with(cause),
        sku,
        items,
        places,
    )


class StockForm(forms.Form):
    """So many pieces in a place, where so many were seen."""

    stock_item = forms.CharField(max_length=10)
    seen = forms.IntegerField(min_value=0)
    quantity = forms.IntegerField(
        min_value=0,
        max_value=MOST_PIECES,
        error_messages={
            "max_value": _("So many pieces cannot lie in one place: give at most %(limit_value)s.")
        },
    )


@shop_site.page(
    "errors/stock/", name="ordercopy_errors_stock", permission="orders.change_stockitem"
)
@require_POST
def stock(request: HttpRequest) -> HttpResponse:
    """Set how many pieces lie in a place, and go on with the errors."""
    form = StockForm(request.POST)
    if not form.is_valid():
        too_many = form.has_error("quantity", "max_value")
        said = gettext("Give a whole number of pieces, 0 or more.")
        messages.error(request, str(form.errors["quantity"][0]) if too_many else said)
        return _back(request)
    given: dict[str, Any] = form.cleaned_data
    try:
        item = set_quantity(
            given["stock_item"],
            given["quantity"],
            seen=given["seen"],
            mode=mode_of(request),
            who=Who.user(request.user),
        )
    except StockItem.DoesNotExist:
        messages.error(request, gettext("This place has no stock of it any more."))
    except QuantityChanged as error:
        said = gettext("The stock changed meanwhile: it is %(count)s now. Nothing was changed.")
        messages.warning(request, said % {"count": error.quantity})
    else:
        _tell_stock(request, item)
    return _back(request)


def _tell_stock(request: HttpRequest, item: StockItem) -> None:
    """Say how many pieces there are now, and for how many of the copies that is enough."""
    mode = mode_of(request)
    short = [
        cause
        for cause in blockades(mode=mode)
        if (cause.code, cause.sku_code) == (CopyError.Code.OUT_OF_STOCK, item.sku.code)
    ]
    said = gettext("%(sku)s: %(count)s in %(place)s now.") % {
        "sku": item.sku.code,
        "count": f"{item.quantity:,}",
        "place": item.stock_location.name,
    }
    tell = messages.success
    for group in _groups(short, mode):
        said = f"{said} {_enough_for(group)}"
        tell = messages.success if group.mended else messages.warning
    tell(request, said)


def _enough_for(group: Group) -> str:
    if group.mended:
        return gettext("The copies can be retried.")
    if group.frees_some:
        said = gettext(
            "That is enough for some of the copies, and still %(count)s short of all that is "
            "wanted."
        )
    else:
        said = gettext(
            "That is not enough for any of the copies: still %(count)s short of all that is wanted."
        )
    return said % {"count": f"{group.lacking:,}"}


@shop_site.page("errors/enable/", name="ordercopy_errors_enable", permission="orders.change_sku")
@require_POST
def enable(request: HttpRequest) -> HttpResponse:
    """Let a disabled product be sold again, and go on with the errors."""
    try:
        sku = enable_sku(
            request.POST.get("sku", ""), mode=mode_of(request), who=Who.user(request.user)
        )
    except Sku.DoesNotExist:
        messages.error(request, gettext("There is no such product any more."))
    else:
        said = gettext("%(sku)s can be sold again. The copies can be retried.")
        messages.success(request, said % {"sku": sku.code})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    query = request.POST.get("query", "")
    address = reverse("admin:ordercopy_errors")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
