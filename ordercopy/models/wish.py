"""What is left to know of a wish when a copy of it is deleted."""

from django.db import models

from orders.models import Order


class OrderOfWish(models.Model):
    """An order that a deleted copy has made for its wish; the wish's other copies mind it.

    Without it they would not know that there is an order, and one that is tried again would make a
    second one.
    """

    id = models.BigAutoField(primary_key=True)
    # As in ``OrderFactory.wish``.
    wish = models.CharField(max_length=10)
    order = models.OneToOneField(Order, models.PROTECT, related_name="+", db_index=False)
    # Else it is the target that a failed copy kept.
    copy_completed = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["wish"], name="orders_by_wish")]

    def __str__(self) -> str:
        return f"{self.wish}: {self.order_id}"
