"""The programs that speak to the API, and what those of them made that may see nothing else."""

import hashlib
import hmac

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.base import CodeField, Resource
from orders.models.market import Market


def digest_of(secret: str) -> str:
    """What is stored of a secret.

    A secret has 256 random bits, so there is nothing to guess that a slow hash would have to slow
    down; and a slow one would cost every token most of a second.
    """
    return hashlib.sha256(secret.encode(errors="backslashreplace")).hexdigest()


class ApiClient(Resource):
    """A program with an identity of its own; it works in one mode and never sees the other."""

    class Kind(models.TextChoices):
        INTEGRATION = "integration", _("Integration")  # a back office: everything in its mode
        SALES_CHANNEL = "sales_channel", _("Sales channel")  # a storefront of one market
        WEBAPP = "webapp", _("Web app")  # a tool of the staff: all but what governs the shop

    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    market = models.ForeignKey(
        Market,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="api_clients",
        help_text=_("Where a sales channel sells; nobody else has one."),
    )
    client_id = CodeField(max_length=64, unique=True, editable=False)
    secret_digest = models.CharField(max_length=64, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text=_("to the hour"))

    class Meta(Resource.Meta):
        verbose_name = "API client"
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                name="an_api_client_has_a_known_kind",
                condition=Q(kind__in=["integration", "sales_channel", "webapp"]),
            ),
            models.CheckConstraint(
                name="a_sales_channel_and_nobody_else_has_a_market",
                condition=Q(kind="sales_channel", market__isnull=False)
                | (~Q(kind="sales_channel") & Q(market__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def is_public(self) -> bool:
        """Whether it runs where everybody can look into it, such as a browser."""
        return self.kind == self.Kind.SALES_CHANNEL

    def has_secret(self, secret: str) -> bool:
        """Whether this is its secret; how long the answer takes tells nothing about the secret."""
        return hmac.compare_digest(digest_of(secret), self.secret_digest)


class ClientRecord(models.Model):
    """A resource that a sales channel made, and may therefore go on working on.

    Kept beside the resources: next to none of them come from a sales channel, and a copy of an
    order, which the shop makes, belongs to none.
    """

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="records", db_index=False)
    resource_type = models.CharField(max_length=64)
    resource_id = models.CharField(max_length=10, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "resource_type", "resource_id"],
                name="each_record_once_per_client",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource_type} {self.resource_id}"
