from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Upper

from config.jsonapi import registry
from config.jsonapi.relations import Relation, about
from config.jsonapi.resource import Computed
from orders.api.resource import CODES, ShopResource
from orders.models import ResourceError


def _code(error: Any) -> str:
    return str(CODES.get(error.code, error.code)).upper()


@registry.register
class ResourceErrors(ShopResource):
    """What stood in the way when an order was last to be placed or validated."""

    type = "resource_errors"
    model = ResourceError
    computed = {
        "code": Computed(
            _code,
            column=Upper(
                Case(
                    *(When(code=ours, then=Value(theirs)) for ours, theirs in CODES.items()),
                    default=F("code"),
                    output_field=CharField(),
                )
            ),
        )
    }
    relations = {
        "resource": Relation("order_id", "pk", to=("orders",)),
        "event_stores": about("resource_errors"),
    }
