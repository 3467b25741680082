from django.core.validators import RegexValidator
from django.db import models

from orders.models.base import Resource


class Tag(Resource):
    """A label that a merchant puts on resources."""

    # Tags are put on by their names with commas between them.
    name = models.CharField(
        max_length=25,
        validators=[
            RegexValidator(
                r"\A[^\s,]([^,]*[^\s,])?\Z", "has a comma, or spaces around it", code="tag_name"
            )
        ],
    )

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "name"], name="one_tag_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
