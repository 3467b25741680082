"""What belongs to a SKU, and may be sent with the SKU's code in place of the SKU."""

from typing import Any

from config.jsonapi import registry
from config.jsonapi.errors import Invalid, invalid
from config.jsonapi.resource import Change, Computed
from config.jsonapi.rows import rows_of
from orders.api.resource import ShopResource

SKU_CODE = Computed(lambda row: row.sku.code, joins=("sku",))


class OfSku(ShopResource):
    """Has a ``sku`` and shows its ``sku_code``."""

    computed = {"sku_code": SKU_CODE}
    write_only = frozenset({"sku_code"})
    named_by = {"sku": "sku_code"}

    def create(self, change: Change) -> str:
        _find_sku(change)
        if "sku" not in change.references:
            raise Invalid(invalid("sku", "can't be blank", error="blank", where="relationships"))
        return super().create(change)

    def update(self, row: Any, change: Change) -> None:
        _find_sku(change)
        super().update(row, change)


def _find_sku(change: Change) -> None:
    """Let the code stand for the SKU; where both are sent they have to agree."""
    code = change.attributes.get("sku_code")
    if code is None:
        return
    sku = rows_of(registry.get("skus"), change.caller).filter(code=code).first()
    if sku is None:
        raise Invalid(invalid("sku_code", "must exist", error="not_found"))
    if change.references.setdefault("sku", sku) != sku:
        raise Invalid(invalid("sku_code", "is not the code of the SKU", error="invalid"))
