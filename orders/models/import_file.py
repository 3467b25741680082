"""A file on its way into the shop: kept between its preview and its import."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.ids import IdField
from orders.models.base import Mode
from orders.models.market import Market


class ImportFile(models.Model):
    """An export that somebody uploaded, with what would come of it and what came of it.

    It holds customers' data, so it is kept no longer than the work takes (``KEPT``).
    """

    KEPT = timedelta(days=1)

    class Kind(models.TextChoices):
        PRODUCTS = "products", _("Products")
        ORDERS = "orders", _("Orders")

    id = IdField()
    mode = models.CharField(max_length=4, choices=Mode.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    market = models.ForeignKey(Market, models.CASCADE, null=True, blank=True, related_name="+")
    currency = models.CharField(max_length=3, blank=True, default="")
    preview = models.JSONField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_import_has_a_result_after_it_began",
                condition=Q(result=None) | Q(started_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
