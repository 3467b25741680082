"""All that stands in the way of failed copies, by cause, to be mended and retried at once."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from config.admin_site import shop_site
from config.modes import mode_of
from ordercopy.admin.groups import Group, groups_of
from ordercopy.admin.wording import KINDS
from ordercopy.blocking import blockades
from ordercopy.models import CopyError
from orders.admin.figures import grouped
from orders.audit import Who
from orders.mending import QuantityChanged, enable_sku, set_quantity
from orders.models import Sku, StockItem

CAUSES_ON_A_PAGE = 25
# As many as a file that is imported may give.
MOST_PIECES = 999_999_999


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
        groups=groups_of(list(page), mode_of(request)),
        copies=reverse("admin:ordercopy_ordercopy_changelist"),
        here=request.get_full_path(),
        most_pieces=MOST_PIECES,
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
        messages.warning(request, said % {"count": grouped(error.quantity)})
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
    for group in groups_of(short, mode):
        said = f"{said} {_enough_for(group)}"
        tell = messages.success if group.mended else messages.warning
    tell(request, said)


def _enough_for(group: Group) -> str:
    if group.mended:
        return gettext("The copies can be retried.")
    supply = group.supply
    if supply is not None and supply.frees_some:
        said = gettext(
            "That is enough for some of the copies, and still %(count)s short of all that is "
            "wanted."
        )
    else:
        said = gettext(
            "That is not enough for any of the copies: still %(count)s short of all that is wanted."
        )
    return said % {"count": f"{supply.lacking if supply else 0:,}"}


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
