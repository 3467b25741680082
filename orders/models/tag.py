from django.db import models

from orders.models.base import Resource


class Tag(Resource):
    """A label that a merchant puts on resources."""

    name = models.CharField(max_length=25)

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "name"], name="one_tag_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
