"""What the web processes have to agree on about requests: how many, and which were repeated."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from orders.models.api_client import ApiClient


class RequestCount(models.Model):
    """How many requests a client has made in the present interval.

    The table is not logged: losing it in a crash costs nothing, and a count is then no write to
    the disk.
    """

    client = models.OneToOneField(ApiClient, models.CASCADE, primary_key=True, related_name="+")
    interval_started_at = models.DateTimeField()
    requests = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.client_id}: {self.requests}"


class IdempotentRequest(models.Model):
    """A request that carried an ``Idempotency-Key``, with the answer that it got.

    A client belongs to one mode, so that a key of a client is a key of that mode.
    """

    KEPT: ClassVar[timedelta] = timedelta(hours=24)

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255, db_collation="C")
    fingerprint = models.CharField(max_length=64, help_text="what was asked: SHA-256")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="one_answer_per_key_and_client")
        ]

    def __str__(self) -> str:
        return self.key
