"""API clients: made here with a secret that is shown once, and revoked; never edited."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from config.admin_site import shop_site
from config.templatetags.shop import moment
from orders.admin import shown_once
from orders.admin.base import OneModeForm, ReadOnlyAdmin
from orders.audit import Who
from orders.models import ApiClient, SigningKey
from orders.oauth.clients import (
    ClientRefused,
    create_client,
    refuse_wrong_market,
    revocation_of,
    revoke_client,
)

LIST = "admin:orders_apiclient_changelist"
# The forms of this session and the clients they made: one that is sent again makes no second.
MADE_BY_FORMS, REMEMBERED_FORMS = "clients_made_by_forms", 20

KINDS = {
    ApiClient.Kind.INTEGRATION: _("Integration: a back office such as an ERP; everything"),
    ApiClient.Kind.SALES_CHANNEL: _(
        "Sales channel: a storefront; reads what one market sells and makes orders there"
    ),
    ApiClient.Kind.WEBAPP: _("Web app: a tool of your staff; everything but the shop's settings"),
}


class NewClientForm(OneModeForm):
    """What has to be said of a new client; its id and its secret are drawn."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=list(KINDS.items()),
        initial=ApiClient.Kind.INTEGRATION,
        widget=UnfoldAdminRadioSelectWidget,
    )
    form_key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)

    class Meta:
        model = ApiClient
        fields = ["name", "kind", "market"]
        labels = {"name": _("Name"), "market": _("Market")}
        help_texts = {
            "name": _("By which you know it again, such as the program that will use it."),
            "market": _("Only for a sales channel: where it sells."),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            refuse_wrong_market(
                kind=given.get("kind", ""), mode=self.mode, market=given.get("market")
            )
        except ClientRefused as error:
            raise ValidationError({"market": str(error)}) from error
        return given


class RevokeForm(forms.Form):
    """Why; whoever asks later finds it with the client."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )


@admin.register(ApiClient)
class ApiClientAdmin(ReadOnlyAdmin):
    form = NewClientForm
    add_words = _("New API client")
    fields = ["name", "kind", "market", "client_id", "last_used", "revocation"]
    list_display = ["name", "kind", "market", "last_used_at", "standing"]
    list_select_related = ["market"]
    list_filter = ["kind", ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["=id", "=client_id", "^name"]
    search_help_text = _("By the beginning of the name, or the client ID")
    actions = ["revoke"]
    actions_detail = ["revoke_this"]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("orders.add_apiclient")

    def has_revoke_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("orders.change_apiclient")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else [*NewClientForm.Meta.fields, "form_key"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else []

    def get_urls(self) -> list[URLPattern]:
        revoke = self.admin_site.admin_view(self.revoke_view)
        secret = self.admin_site.admin_view(require_GET(self.secret_view))
        return [
            path("revoke/", revoke, name="orders_apiclient_revoke"),
            path("<path:object_id>/secret/", secret, name="orders_apiclient_secret"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make none a second time for a form that has made one: lead to what it made."""
        made = dict(request.session.get(MADE_BY_FORMS, []))
        if client := made.get(request.POST.get("form_key", "")):
            return HttpResponseRedirect(_secret_page(client))
        kwargs["extra_context"] = {
            "title": _("New API client"),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().add_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: Any) -> None:
        """Make the client by its one door."""
        new = create_client(
            name=obj.name,
            kind=obj.kind,
            mode=obj.mode,
            market=obj.market,
            who=Who.user(request.user),
        )
        obj.__dict__.update(new.client.__dict__)
        if key := form.cleaned_data["form_key"]:
            made = [*request.session.get(MADE_BY_FORMS, []), (str(key), obj.pk)]
            request.session[MADE_BY_FORMS] = made[-REMEMBERED_FORMS:]
        shown_once.keep(request, obj.pk, new.secret)

    def response_add(self, request: HttpRequest, obj: ApiClient, *_args: Any) -> HttpResponse:
        """Lead to the page of the secret, which can be reloaded without making another client."""
        return HttpResponseRedirect(_secret_page(obj.pk))

    def secret_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what nobody will see again; asked once more, say what to do without it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        self.refuse_other_mode(request, object_id)
        client = get_object_or_404(self.get_queryset(request), pk=object_id)
        secret = shown_once.take(request, client.pk)
        if secret is None:
            messages.warning(request, _not_again(client))
            return HttpResponseRedirect(reverse("admin:orders_apiclient_change", args=[client.pk]))
        return shop_site.show(
            request,
            "orders/new_client.html",
            title=_("API client %(name)s") % {"name": client.name},
            client=client,
            secret=secret,
            back=reverse(LIST),
        )

    @display(description=_("Status"), label={"working": "success", "revoked": "danger"})
    def standing(self, client: ApiClient) -> tuple[str, Any]:
        return ("revoked", _("Revoked")) if client.is_revoked else ("working", _("Works"))

    @display(description=_("Revoked"))
    def revocation(self, client: ApiClient) -> str:
        if (told := revocation_of(client)) is None:
            return "–"
        who, reason = told
        said = (part for part in (moment(client.revoked_at), who, reason) if part)
        return format_html_join(" · ", "{}", ((part,) for part in said))

    @display(description=_("Last used"))
    def last_used(self, client: ApiClient) -> str:
        return moment(client.last_used_at)

    @action(description=_("Revoke…"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, clients: QuerySet[ApiClient]) -> HttpResponse:
        return _ask_about([client.pk for client in clients])

    @action(description=_("Revoke…"), permissions=["revoke"], url_path="revoke", icon="block")
    def revoke_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self.refuse_other_mode(request, object_id)
        return _ask_about([object_id])

    def revoke_view(self, request: HttpRequest) -> HttpResponse:
        """Ask once more, by name; then end them."""
        if not self.has_revoke_permission(request):
            raise PermissionDenied
        clients = [
            client
            for client in self.get_queryset(request).filter(pk__in=request.GET.getlist("id"))
            if not client.is_revoked
        ]
        form = RevokeForm(request.POST or None)
        if not clients:
            messages.warning(request, _("Nothing was done: these API clients are revoked already."))
            return HttpResponseRedirect(reverse(LIST))
        if request.method != "POST" or not form.is_valid():
            return shop_site.show(
                request,
                "orders/revoke_clients.html",
                title=_("Revoke API clients"),
                question=_question(clients),
                clients=clients,
                form=form,
                back=reverse(LIST),
            )
        now, who = timezone.now(), Who.user(request.user)
        for client in clients:
            if revoke_client(client, who=who, at=now, reason=form.cleaned_data["reason"]):
                messages.success(request, _revoked(client))
        return HttpResponseRedirect(reverse(LIST))


def _secret_page(client: str) -> str:
    return reverse("admin:orders_apiclient_secret", args=[client])


def _not_again(client: ApiClient) -> str:
    said = gettext(
        "The secret of %(name)s was shown once and cannot be shown again. If you have lost it, "
        "revoke this API client and make another."
    )
    return said % {"name": client.name}


def _ask_about(ids: list[str]) -> HttpResponse:
    asked = urlencode({"id": ids}, doseq=True)
    return HttpResponseRedirect(f"{reverse('admin:orders_apiclient_revoke')}?{asked}")


def _question(clients: list[ApiClient]) -> str:
    if len(clients) == 1:
        return gettext("Revoke the API client %(name)s?") % {"name": clients[0].name}
    asked = ngettext("Revoke %(count)d API client?", "Revoke %(count)d API clients?", len(clients))
    return asked % {"count": len(clients)}


def _revoked(client: ApiClient) -> str:
    return format_html(
        '{} <a class="text-link" href="{}">{}</a>',
        gettext("%(name)s is revoked: its tokens stopped working at once.") % {"name": client.name},
        reverse("admin:orders_apiclient_change", args=[client.pk]),
        gettext("Show"),
    )


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    """Which keys there are; they are changed by ``rotate_signing_key``."""

    mode_lookup = None

    fields = ["kid", "public_pem", "created_at", "retired_at"]
    readonly_fields = fields
    list_display = ["kid", "created_at", "retired_at"]
    ordering = ["-created_at"]
    search_fields = ["=kid"]
