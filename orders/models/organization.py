from django.db import models
from django.db.models import Q, Value

from orders.models.base import Record, WebAddressField, nullable_text


class Organization(Record):
    """The merchant whose installation this is; there is exactly one row."""

    singleton = models.BooleanField(default=True, db_default=True, unique=True, editable=False)
    name = models.CharField(max_length=255)
    slug = models.SlugField(max_length=63)
    domain = nullable_text()
    support_phone = nullable_text()
    support_email = models.EmailField(null=True, blank=True)
    logo_url = WebAddressField(null=True, blank=True)
    favicon_url = WebAddressField(null=True, blank=True)
    primary_color = nullable_text(32)
    gtm_id = nullable_text()
    gtm_id_test = nullable_text()
    config = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(name="only_one_organization", condition=Q(singleton=True)),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def here(cls, using: str = "default") -> "Organization":
        """The one row, made when it is first asked for; the merchant renames it in the admin."""
        organization, _ = cls.objects.using(using).get_or_create(
            singleton=True, defaults={"name": "My shop", "slug": "my-shop"}
        )
        return organization
