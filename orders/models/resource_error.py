from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.base import Resource
from orders.models.order import Order


class ResourceError(Resource):
    """What stood in the way when an order was last to be placed, or was asked whether it could be.

    The order has these errors until it is tried again or placed; see ``orders.lifecycle.errors``.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="resource_errors")
    code = models.CharField(max_length=32, help_text=_("That of the obstacle."))
    name = models.CharField(max_length=64, help_text=_("The order's attribute or relationship."))
    message = models.TextField()

    class Meta(Resource.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"
