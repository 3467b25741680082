from typing import Any, cast

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from config.jsonapi import registry
from config.jsonapi.caller import Caller as AnyCaller
from config.jsonapi.resource import Computed
from orders.api.caller import Caller
from orders.api.resource import ShopResource
from orders.models import ApiClient
from orders.oauth.scopes import EVERYWHERE, scope_of

SIGNING_IN = "belongs to signing in, and is shown once, when the client is made"


@registry.register
class Applications(ShopResource):
    """The API client that asks; it is told of no other."""

    type = "applications"
    model = ApiClient
    singleton = "application"
    computed = {
        "public_access": Computed(
            lambda client: client.is_public,
            column=Q(kind=ApiClient.Kind.SALES_CHANNEL),
        ),
        "scopes": Computed(
            scope_of,
            column=Case(
                When(market=None, then=Value(EVERYWHERE)),
                default=Concat(Value("market:id:"), F("market_id")),
                output_field=CharField(),
            ),
        ),
    }
    left_out = {
        "redirect_uri": "clients sign in with their own secret, and nobody is sent back to them",
        "uid": SIGNING_IN,
        "secret": SIGNING_IN,
    }

    def visible(self, rows: QuerySet[Any], caller: AnyCaller) -> QuerySet[Any]:
        return super().visible(rows, caller).filter(pk=cast(Caller, caller).id)
