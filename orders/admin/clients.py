"""API clients: made here with a secret that is shown once, and revoked; never edited."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import action

from orders.admin.base import OneModeForm, ReadOnlyAdmin
from orders.audit import Who
from orders.models import ApiClient, SigningKey
from orders.oauth.clients import ClientRefused, create_client, refuse_wrong_market, revoke_client


class NewClientForm(OneModeForm):
    """What has to be said of a new client; its id and its secret are drawn."""

    class Meta:
        model = ApiClient
        fields = ["name", "kind", "market"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            refuse_wrong_market(
                kind=given.get("kind", ""), mode=self.mode, market=given.get("market")
            )
        except ClientRefused as error:
            raise ValidationError({"market": str(error)}) from error
        return given


@admin.register(ApiClient)
class ApiClientAdmin(ReadOnlyAdmin):
    form = NewClientForm
    fields = ["name", "kind", "market", "client_id", "last_used_at", "revoked_at"]
    list_display = ["name", "kind", "market", "last_used_at", "revoked_at"]
    list_select_related = ["market"]
    list_filter = ["kind", ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["=id", "=client_id", "^name"]
    autocomplete_fields = ["market"]
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("orders.add_apiclient")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_apiclient")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else NewClientForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else []

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: Any) -> None:
        """Make the client by its one door, and show what nobody will see again."""
        new = create_client(
            name=obj.name,
            kind=obj.kind,
            mode=obj.mode,
            market=obj.market,
            who=Who.user(request.user),
        )
        obj.__dict__.update(new.client.__dict__)
        messages.warning(
            request,
            f"client_id {new.client.client_id} · client_secret {new.secret} · "
            "The secret is shown this once; only a digest of it is kept.",
        )

    @action(description="Revoke the selected API clients", permissions=["revoke"])
    def revoke(self, request: HttpRequest, clients: QuerySet[ApiClient]) -> None:
        now, who = timezone.now(), Who.user(request.user)
        revoked = sum(revoke_client(client, who=who, at=now) for client in clients)
        messages.success(request, f"Revoked: {revoked}. Their tokens stopped working at once.")


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    """Which keys there are; they are changed by ``rotate_signing_key``."""

    mode_lookup = None

    fields = ["kid", "public_pem", "created_at", "retired_at"]
    readonly_fields = fields
    list_display = ["kid", "created_at", "retired_at"]
    ordering = ["-created_at"]
    search_fields = ["=kid"]
