"""Importing what Shopify exports: upload, see what would happen, go, see what happened."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from config.admin_site import shop_site
from config.modes import OtherMode, mode_of
from orders.audit import Who
from orders.models import ImportFile, Market
from orders.shopify.problems import FileRefused
from orders.shopify.product_import import CURRENCY_OF_A_NEW_SHOP
from orders.shopify.uploads import (
    LARGEST,
    carry_out,
    expired,
    look_at,
    refuse_what_is_no_export,
    refused_rows,
)

Kind = ImportFile.Kind
MEGABYTE = 1024 * 1024
PROBLEMS_SHOWN = 100
LISTS = {
    "customers": "orders_customer_changelist",
    "markets": "orders_market_changelist",
    "payment_methods": "orders_paymentmethod_changelist",
    "price_lists": "orders_pricelist_changelist",
    "shipping_methods": "orders_shippingmethod_changelist",
    "stock_locations": "orders_stocklocation_changelist",
    "tags": "orders_tag_changelist",
}
MADE = {
    "customers": _("Customers"),
    "markets": _("Markets"),
    "payment_methods": _("Payment methods"),
    "price_lists": _("Price lists"),
    "shipping_methods": _("Shipping methods"),
    "stock_locations": _("Stock locations"),
    "tags": _("Tags"),
}


@dataclass(frozen=True)
class Words:
    """How the pages of one kind of import speak."""

    title: str | Promise
    where_from: str | Promise
    what_happens: str | Promise
    other: str
    result: str
    result_words: str | Promise


WORDS = {
    Kind.PRODUCTS: Words(
        _("Import products"),
        _("In Shopify: Products → Export → CSV for Excel, Numbers or other programs."),
        _(
            "Each variant becomes a SKU with its price and its stock. A SKU that is there already "
            "is brought up to date. A variant without a SKU code is left out."
        ),
        Kind.ORDERS.value,
        "orders_sku_changelist",
        _("Show the SKUs"),
    ),
    Kind.ORDERS: Words(
        _("Import orders"),
        _("In Shopify: Orders → Export → CSV for Excel, Numbers or other programs."),
        _(
            "Import products first: lines find their SKUs by code. Orders that are there already "
            "stay as they are. Stock is not touched, and nobody is sent anything."
        ),
        Kind.PRODUCTS.value,
        "orders_order_changelist",
        _("Show the orders"),
    ),
}


class UploadForm(forms.Form):
    """A file, and where it belongs if that is not plain."""

    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "class": "import-file"}),
    )
    market = forms.ModelChoiceField(
        label=_("Market"),
        queryset=Market.objects.none(),
        required=False,
        empty_label=_("The one with the right currency"),
        widget=UnfoldAdminSelectWidget,
    )
    currency = forms.ChoiceField(
        label=_("Currency of the prices"), required=False, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, kind: Kind, mode: str, *args: Any) -> None:
        super().__init__(*args)
        self.kind = kind
        markets = Market.objects.filter(mode=mode).select_related("price_list").order_by("name")
        self.fields["market"].queryset = markets  # type: ignore[attr-defined]
        if kind is Kind.ORDERS:
            # An order says its currency itself.
            del self.fields["currency"]
            return
        known = sorted({market.price_list.currency_code for market in markets})
        choices = [(code, code) for code in known or [CURRENCY_OF_A_NEW_SHOP]]
        if len(choices) > 1:
            choices.insert(0, ("", gettext("That of the market")))
        self.fields["currency"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is no export before anybody waits for a preview."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                gettext(
                    "The file is larger than %(limit)d MB. Export fewer at a time, or let whoever "
                    "runs the server import it with a command."
                )
                % {"limit": LARGEST // MEGABYTE}
            )
        content = file.read()
        try:
            refuse_what_is_no_export(content, self.kind)
        except FileRefused as refused:
            raise forms.ValidationError(
                gettext("This file cannot be imported here: %(reason)s.")
                % {"reason": in_words(refused.plain.as_json())}
            ) from refused
        self.content = content
        return file

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.kind is Kind.PRODUCTS and "currency" not in self.errors:
            market, currency = given.get("market"), given.get("currency")
            if not market and not currency:
                self.add_error(
                    "currency", gettext("Say in which currency the prices are, or choose a market.")
                )
            elif market and currency and market.price_list.currency_code != currency:
                self.add_error("currency", gettext("The market sells in another currency."))
        return given


def upload(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Take a file and look at it; the answer is the page of its preview."""
    mode = mode_of(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(kind, mode, *posted)
    if form.is_valid():
        expired(now=timezone.now()).delete()
        file = ImportFile.objects.create(
            mode=mode,
            kind=kind,
            name=form.cleaned_data["file"].name[:255],
            content=form.content,
            market=form.cleaned_data["market"],
            currency=form.cleaned_data.get("currency", ""),
        )
        look_at(file, who=Who.user(request.user))
        return HttpResponseRedirect(address(file))
    words = WORDS[kind]
    return shop_site.show(
        request,
        "orders/import.html",
        title=words.title,
        words=words,
        form=form,
        kind=kind,
        limit=LARGEST // MEGABYTE,
        other_title=WORDS[Kind(words.other)].title,
        other=reverse(f"admin:import_{words.other}")
        if request.user.has_perm(f"orders.import_{words.other}")
        else None,
    )


def one_file(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """Show what would come of a file; on POST import it, then show what came of it."""
    file = find(request, kind, key)
    if request.method == "POST":
        if carry_out(file, who=Who.user(request.user), at=timezone.now()):
            messages.success(request, gettext("The file was imported."))
        else:
            messages.info(request, gettext("This file was imported already: nothing was done."))
        return HttpResponseRedirect(address(file))
    words = WORDS[kind]
    told = file.result or file.preview or {}
    errors = told.get("errors", [])
    shown = [{**each, "why": in_words(each["said"])} for each in errors[:PROBLEMS_SHOWN]]
    return shop_site.show(
        request,
        "orders/import_file.html",
        title=words.title,
        words=words,
        file=file,
        told=told,
        figures=figures(kind, told),
        changes=changes(kind, told),
        go=go(kind, changes(kind, told)),
        made=made(told),
        problems=shown,
        more_problems=max(0, told.get("errors_count", 0) - PROBLEMS_SHOWN),
        has_rows=any(each["line"] for each in errors),
        again=reverse(f"admin:import_{kind.value}"),
        refused=reverse(f"admin:import_{kind.value}_refused", args=[file.pk]),
        result=reverse(f"admin:{words.result}"),
    )


def refused(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """The rows that do not come in, to be mended and uploaded."""
    file = find(request, kind, key)
    name = slugify(file.name.removesuffix(".csv")) or kind.value
    titles = [gettext("Line"), gettext("Column"), gettext("What is wrong")]
    return HttpResponse(
        refused_rows(file, titles, in_words).encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-refused.csv"'},
    )


def find(request: HttpRequest, kind: Kind, key: str) -> ImportFile:
    """The file, if it is kept still and of the mode that is worked on."""
    file = get_object_or_404(ImportFile.objects.select_related("market"), pk=key, kind=kind)
    if file.mode != mode_of(request):
        raise OtherMode(gettext("import"), file.mode)
    return file


def in_words(sentence: dict[str, Any]) -> str:
    """A reason in the reader's language, from what ``Sentence.as_json`` made of it."""
    names = {
        name: in_words(value) if isinstance(value, dict) else value
        for name, value in sentence["names"].items()
    }
    template = sentence["template"]
    words = gettext(template)
    return words % names if names else words


def address(file: ImportFile) -> str:
    return reverse(f"admin:import_{file.kind}_file", args=[file.pk])


def figures(kind: Kind, told: dict[str, Any]) -> list[tuple[str, int, str]]:
    """What is counted: the word, the number, and how it is coloured."""
    if kind is Kind.PRODUCTS:
        skus = told.get("skus", {})
        found = [
            (gettext("New SKUs"), skus.get("created", 0), "success"),
            (gettext("Updated"), skus.get("updated", 0), "info"),
            (gettext("Unchanged"), skus.get("unchanged", 0), ""),
            (gettext("Left out: no SKU code"), skus.get("without_code", 0), "warning"),
            (gettext("Refused"), skus.get("refused", 0), "danger"),
        ]
    else:
        orders, lines = told.get("orders", {}), told.get("lines", {})
        found = [
            (gettext("New orders"), orders.get("imported", 0), "success"),
            (gettext("There already"), orders.get("already_there", 0), ""),
            (gettext("Lines"), lines.get("imported", 0), "info"),
            (gettext("Lines without a SKU"), lines.get("without_sku", 0), "warning"),
            (gettext("Refused"), orders.get("refused", 0), "danger"),
        ]
    return [(words, number, colour if number else "") for words, number, colour in found]


def changes(kind: Kind, told: dict[str, Any]) -> int:
    """How many SKUs or orders are written."""
    if kind is Kind.PRODUCTS:
        skus = told.get("skus", {})
        return int(skus.get("created", 0) + skus.get("updated", 0))
    return int(told.get("orders", {}).get("imported", 0))


def go(kind: Kind, count: int) -> str:
    """What the button says."""
    words = (
        ngettext("Import %(count)d SKU", "Import %(count)d SKUs", count)
        if kind is Kind.PRODUCTS
        else ngettext("Import %(count)d order", "Import %(count)d orders", count)
    )
    return words % {"count": count}


def made(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What else the file needs and brings along, with the list where it is found."""
    names = told.get("names", {})
    return [
        {
            "words": MADE.get(kind, kind),
            "count": count,
            "names": names.get(kind, [])[:3],
            "address": reverse(f"admin:{LISTS[kind]}") if kind in LISTS else None,
        }
        for kind, count in told.get("created", {}).items()
    ]


def _put_on_the_site(kind: Kind) -> None:
    permission = f"orders.import_{kind.value}"
    views = {
        ("", f"import_{kind.value}"): upload,
        ("<str:key>/", f"import_{kind.value}_file"): one_file,
        ("<str:key>/refused.csv", f"import_{kind.value}_refused"): refused,
    }
    for (rest, name), view in views.items():

        def page(request: HttpRequest, view: Any = view, **found: str) -> HttpResponse:
            answer: HttpResponse = view(request, kind, **found)
            return answer

        shop_site.page(f"imports/{kind.value}/{rest}", name=name, permission=permission)(page)


for _kind in Kind:
    _put_on_the_site(_kind)
