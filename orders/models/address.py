from django.contrib.postgres.indexes import OpClass
from django.core.validators import validate_email
from django.db import models
from django.db.models.functions import Lower, Upper

from orders.models.base import CountryField, Resource, flag, newest_first, nullable_text
from orders.models.copy_plan import RESOURCE_CARRIED, RESOURCE_RESET, CopyPlan
from orders.models.tag import Tag


class Address(Resource):
    """A postal address; every order has its own, so that correcting one changes no other."""

    business = flag()
    first_name = nullable_text()
    last_name = nullable_text()
    company = nullable_text()
    line_1 = models.CharField(max_length=255)
    line_2 = nullable_text()
    city = models.CharField(max_length=255)
    zip_code = nullable_text()
    state_code = nullable_text()
    country_code = CountryField()
    phone = nullable_text()
    email = models.CharField(max_length=255, null=True, blank=True, validators=[validate_email])
    notes = models.TextField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    billing_info = nullable_text()
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    copy_plan = CopyPlan(
        carry=RESOURCE_CARRIED
        | {
            "tags",
            "business",
            "first_name",
            "last_name",
            "company",
            "line_1",
            "line_2",
            "city",
            "zip_code",
            "state_code",
            "country_code",
            "phone",
            "email",
            "notes",
            "lat",
            "lng",
            "billing_info",
        },
        reset=RESOURCE_RESET,
    )

    class Meta(Resource.Meta):
        verbose_name_plural = "addresses"
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                name="a_country_is_in_capitals",
                condition=models.Q(country_code=Upper("country_code")),
            ),
        ]
        # The addresses of a country are found by the key that orders refer to: migration 0018.
        indexes = [
            newest_first("addresses_newest"),
            # whoever types the beginning of a name
            models.Index(
                "mode", OpClass(Lower("last_name"), "text_pattern_ops"), name="addresses_by_name"
            ),
        ]

    def __str__(self) -> str:
        return self.full_address

    @property
    def name(self) -> str:
        """Who lives where."""
        return f"{self.full_name}, {self.full_address}"

    @property
    def full_name(self) -> str:
        """The person, or the company where the address is a business."""
        if self.business and self.company:
            return self.company
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def full_address(self) -> str:
        """The address in one line, as ``line, zip city state (country) phone``."""
        street = ", ".join(part for part in (self.line_1, self.line_2) if part)
        place = " ".join(part for part in (self.zip_code, self.city, self.state_code) if part)
        line = ", ".join(part for part in (street, place) if part)
        return " ".join(part for part in (line, f"({self.country_code})", self.phone) if part)
