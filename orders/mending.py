"""The small repairs that let orders go on: pieces put into stock, a SKU put to use again."""

from django.db import transaction

from orders.audit import Who
from orders.models import Sku, StockItem
from orders.records import enable, record_updated


class QuantityChanged(Exception):
    """The stock is not what somebody who wanted to change it saw; ``quantity`` is what it is."""

    def __init__(self, quantity: int) -> None:
        super().__init__(f"the quantity is {quantity} now")
        self.quantity = quantity


def set_quantity(stock_item_id: str, quantity: int, *, seen: int, mode: str, who: Who) -> StockItem:
    """Set how many pieces lie in a place, where ``seen`` lay before.

    Doing it twice is harmless. Raises ``StockItem.DoesNotExist``, and ``QuantityChanged`` when
    orders or people have moved pieces meanwhile.
    """
    with transaction.atomic():
        item = (
            StockItem.objects.select_for_update(of=["self"])
            .select_related("sku", "stock_location")
            .get(pk=stock_item_id, mode=mode)
        )
        if item.quantity == quantity:
            return item
        if item.quantity != seen:
            raise QuantityChanged(item.quantity)
        item.quantity = quantity
        item.save(update_fields=["quantity", "updated_at"])
        record_updated(item, {"quantity": (seen, quantity)}, who=who)
    return item


def enable_sku(sku_id: str, *, mode: str, who: Who) -> Sku:
    """Let a disabled SKU be sold again; one that is enabled stays as it is.

    Raises ``Sku.DoesNotExist``.
    """
    sku = Sku.objects.filter(pk=sku_id, mode=mode)
    enable(sku, who=who)
    return sku.get()
