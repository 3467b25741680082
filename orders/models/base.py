"""What every resource of the shop has in common."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from orders.ids import IdField
from orders.money import validate_currency


class Mode(models.TextChoices):
    """Two separate worlds of data in one installation."""

    TEST = "test", _("Test")
    LIVE = "live", _("Live")


class CodeField(models.CharField):
    """A short text that is looked up as a whole, stored as ``character varying``.

    As with ``IdField``, spelling the type out keeps Django from making a second index for LIKE.
    """

    def db_type(self, connection: object) -> str:
        return f"character varying({self.max_length})"


class WebAddressField(models.URLField):
    """A URL; one typed without a scheme means https."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})


class CountryField(models.CharField):
    """The two letters of a country (ISO 3166-1), stored in capitals however they were typed."""

    default_validators = [RegexValidator(r"\A[A-Za-z]{2}\Z", "is not two letters", code="country")]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 2, **options})

    def to_python(self, value: Any) -> Any:
        """In capitals; other alphabets are left to be refused (ß would become two letters)."""
        text = super().to_python(value)
        return text.upper() if isinstance(text, str) and text.isascii() else text

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))


class CurrencyField(models.CharField):
    """The three-letter code of a currency."""

    default_validators = [validate_currency]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 3, **options})


def nullable_text(max_length: int = 255) -> models.CharField:
    """A string of the contract that may be null, and is null (never "") when it is absent."""
    return models.CharField(max_length=max_length, null=True, blank=True)


def cents() -> models.BigIntegerField:
    """An amount of money in the smallest unit of its currency."""
    return models.BigIntegerField(default=0, db_default=0)


def flag(*, default: bool = False) -> models.BooleanField:
    return models.BooleanField(default=default, db_default=default)


def is_object(column: str) -> Exact:
    """The condition that a JSON column holds an object, not a list or a bare value."""
    return Exact(
        Func(F(column), function="jsonb_typeof", output_field=models.CharField()),
        Value("object"),
    )


def newest_first(name: str, *columns: str) -> models.Index:
    """An index for the list of a large table, newest first.

    Rows that were made together share an entry in it and new ones come at its end, so it costs a
    write next to nothing. ``columns`` tell apart resources that share the table.
    """
    return models.Index(fields=["mode", *columns, "created_at"], name=name)


class Record(models.Model):
    """A row with an id, times and the merchant's own references."""

    id = IdField()
    reference = nullable_text()
    reference_origin = nullable_text()
    metadata = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_metadata_is_an_object",
                condition=is_object("metadata"),
            )
        ]


class Resource(Record):
    """A record that belongs to one mode.

    The mode is part of every unique key and of every query: test data never meets live data.
    """

    mode = models.CharField(max_length=4, choices=Mode.choices)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_mode_is_test_or_live",
                condition=Q(mode__in=Mode.values),
            ),
        ]


class Disableable(models.Model):
    """Something that can be switched off without being deleted (``_disable``, ``_enable``)."""

    disabled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
