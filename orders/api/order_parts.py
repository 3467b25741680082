"""What the parts of an order have in common on the wire: they are written under its lock."""

from typing import Any

from django.db.models import F, QuerySet

from config.jsonapi.resource import Computed
from orders.api.amounts import amount
from orders.api.resource import ShopResource
from orders.open_orders import hold


class PartOfOrder(ShopResource):
    """A resource that belongs to an order; ``order_path`` is the way to the order's id."""

    order_path = "order_id"

    def lock(self, rows: QuerySet[Any], pk: str) -> Any:
        """The order first, as everybody does who writes parts of it."""
        order_id = rows.filter(pk=pk).values_list(self.order_path, flat=True).first()
        if order_id is None:
            return None
        hold(order_id)
        return super().lock(rows, pk)


def amount_in_order(stem: str, order: str = "order", **options: Any) -> dict[str, Computed]:
    """An amount as ``amount`` makes it, in the language of the order that the row belongs to."""
    annotations = {"language_": F(f"{order}__language_code"), **options.pop("annotations", {})}
    return amount(stem, language="language_", annotations=annotations, **options)
