"""Order copies and the batches that many of them are asked for in."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ordercopy.models.factory import OrderFactory
from orders.models.base import Resource, flag, nullable_text


class OrderCopyBatch(Resource):
    """Many copies that were asked for together, with the same options.

    How far it has come is counted from its copies, so that the counts cannot disagree with them.
    """

    place_target_order = models.BooleanField(null=True, blank=True)
    cancel_source_order = models.BooleanField(null=True, blank=True)
    reuse_wallet = flag(default=True)
    apply_promotions = flag()
    skip_errors = flag()
    ignore_invalid_coupon = flag()
    total_count = models.PositiveIntegerField(default=0, db_default=0)
    aborted_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_report = models.JSONField(
        null=True,
        blank=True,
        help_text=_("What undoing it did the last time, and what it could not."),
    )
    # While it is being undone: since when, for whom, and behind which copy it goes on.
    undo_requested_at = models.DateTimeField(null=True, blank=True)
    undo_asked_by = models.JSONField(null=True, blank=True)
    undo_reached = models.BigIntegerField(null=True, blank=True)
    who = models.JSONField()
    # What a form was sent with, so that sent twice it makes one batch.
    request_key = nullable_text(64)

    class Meta(Resource.Meta):
        verbose_name_plural = "order copy batches"
        permissions = [("undo_ordercopybatch", "Can undo batches of copies")]
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["request_key"], name="one_batch_per_request"),
            models.CheckConstraint(
                name="an_undo_says_for_whom_and_how_far",
                condition=Q(
                    undo_requested_at__isnull=True,
                    undo_asked_by__isnull=True,
                    undo_reached__isnull=True,
                )
                | Q(
                    undo_requested_at__isnull=False,
                    undo_asked_by__isnull=False,
                    undo_reached__isnull=False,
                ),
            ),
        ]
        indexes = [
            # the lists of API and admin, newest first
            models.Index(fields=["mode", "-created_at", "-id"], name="batches_newest"),
            # whoever types the beginning of a reference
            models.Index(
                "mode",
                OpClass(Lower("reference"), "text_pattern_ops"),
                name="batches_by_reference",
                condition=Q(reference__isnull=False),
            ),
            # the workers' look for what is to be undone
            models.Index(
                fields=["undo_requested_at"],
                name="batches_to_be_undone",
                condition=Q(undo_requested_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def order_copies(self) -> "models.QuerySet[OrderCopy]":
        """What was asked for together."""
        return OrderCopy.objects.filter(batch=self)


class OrderCopy(OrderFactory):
    """A whole order made again.

    The options are write-once. ``place_target_order`` and ``cancel_source_order`` are null unless
    somebody said yes or no; null means no.
    """

    cancel_source_order = models.BooleanField(null=True, blank=True)
    apply_promotions = flag()
    skip_errors = flag()
    ignore_invalid_coupon = flag()
    again_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="made_again",
        db_index=False,
        help_text=_("The failed copy that this one makes again, leaving out what failed."),
    )

    class Meta:
        verbose_name_plural = "order copies"
        permissions = [
            ("copy_order", "Can copy orders"),
            ("retry_ordercopy", "Can retry copies, also leaving out what fails"),
            ("abort_ordercopy", "Can abort copies"),
        ]
        indexes = [
            models.Index(
                fields=["again_of"],
                name="copies_made_again",
                condition=Q(again_of__isnull=False),
            )
        ]
