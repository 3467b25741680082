"""What happened: events for the outside, audit entries (event stores) for the merchant."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.base import Resource, newest_first


class Event(Resource):
    """Something that happened to a resource, such as ``order_copies.complete``."""

    name = models.CharField(max_length=64)
    resource_type = models.CharField(max_length=64)
    resource_id = models.CharField(max_length=10, db_collation="C")

    class Meta(Resource.Meta):
        indexes = [
            newest_first("events_newest"),
            # the events of one resource
            models.Index(fields=["resource_id", "created_at"], name="events_of_a_resource"),
            # pruning by age
            BrinIndex(fields=["created_at"], name="events_by_age"),
        ]

    def __str__(self) -> str:
        return self.name


class EventStore(Resource):
    """An audit entry: who created, changed or destroyed a resource, and what changed."""

    class What(models.TextChoices):
        CREATE = "create", _("Created")
        UPDATE = "update", _("Updated")
        DESTROY = "destroy", _("Destroyed")

    resource_type = models.CharField(max_length=64)
    resource_id = models.CharField(max_length=10, db_collation="C")
    event = models.CharField(max_length=8, choices=What.choices)
    payload = models.JSONField(help_text="{attribute: {from, to}}")
    who = models.JSONField()

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                name="an_audit_entry_has_a_known_event",
                condition=Q(event__in=["create", "update", "destroy"]),
            ),
        ]
        indexes = [
            # the history of one resource
            models.Index(fields=["resource_id", "created_at"], name="event_stores_of_a_resource"),
            # pruning by age
            BrinIndex(fields=["created_at"], name="event_stores_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.resource_type} {self.resource_id}"
