"""Whatever makes orders from orders: the parent table of order copies (and of more to come)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.ids import DatabaseFunction
from orders.models import Order
from orders.models.base import Resource, flag, nullable_text


class FactoryStatus(models.TextChoices):
    PENDING = "pending", _("Pending")  # waits for a worker
    IN_PROGRESS = (
        "in_progress",
        _("In progress"),
    )  # a worker holds it, or crashed while it did
    COMPLETED = "completed", _("Completed")  # the target is there
    FAILED = "failed", _("Failed")  # the errors say why; can be retried
    ABORTED = "aborted", _("Aborted")  # a person stopped or undid it; can be retried


OPEN_STATUSES = (FactoryStatus.PENDING, FactoryStatus.IN_PROGRESS)
# What is written together with the status, and so costs an index that has the status nothing more.
OUTCOME = ("errors_count", "started_at", "completed_at", "failed_at", "aborted_at")


class OrderFactory(Resource):
    """One order to be made from another, and how that went.

    Which copies wait, which worker holds one and which were orphaned by a crash is all in this
    table; a job in the queue only tells a worker to look at it.
    """

    class Type(models.TextChoices):
        ORDER_COPY = "order_copies", _("Order copy")
        RECURRING = "recurring_order_copies", _("Recurring order copy")

    type = models.CharField(max_length=32, choices=Type.choices)
    # The order in which factories were asked for; many are made in one statement, at one time.
    sequence = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=DatabaseFunction("next_factory_sequence"),
    )
    status = models.CharField(
        max_length=16,
        choices=FactoryStatus.choices,
        default=FactoryStatus.PENDING,
        db_default=FactoryStatus.PENDING,
    )
    source_order = models.ForeignKey(
        Order, models.PROTECT, related_name="order_factories", db_index=False
    )
    target_order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made_by",
        db_index=False,
    )
    # Only order copies are asked for in batches. Their batch stands here, beside their status and
    # times, because an index cannot reach over two tables, and all that is asked of a batch is
    # where its copies stand.
    batch = models.ForeignKey(
        "ordercopy.OrderCopyBatch",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="factories",
        db_index=False,
    )
    place_target_order = models.BooleanField(null=True, blank=True)
    reuse_wallet = flag(default=True)

    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    aborted_at = models.DateTimeField(null=True, blank=True)
    errors_count = models.PositiveIntegerField(null=True, blank=True)

    attempt = models.PositiveIntegerField(
        default=1,
        db_default=1,
        help_text=_("Counts the times that somebody asked for it."),
    )
    takeups = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text=_("How often workers took up this attempt: more than once only after crashes."),
    )
    # The database connection that holds it; once that connection is gone, it is an orphan.
    claimed_pid = models.IntegerField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Copies that were made again from one another are one wish and come to one order. It is named
    # after the first of them; a bare id, as that copy may be deleted. Null: never made again.
    wish = models.CharField(max_length=10, null=True, blank=True, editable=False)
    worker = nullable_text(128)
    who = models.JSONField(help_text=_("Who asked for it."))

    class Meta(Resource.Meta):
        verbose_name_plural = "order factories"
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                name="a_factory_has_a_known_type",
                condition=Q(type__in=["order_copies", "recurring_order_copies"]),
            ),
            models.CheckConstraint(
                name="a_factory_has_a_known_status",
                condition=Q(status__in=FactoryStatus.values),
            ),
            models.CheckConstraint(
                name="only_copies_are_in_batches",
                condition=Q(batch=None) | Q(type="order_copies"),
            ),
            # What comes along spares those who ask for copies by their targets the table.
            models.UniqueConstraint(
                fields=["target_order"], include=["mode", "type"], name="one_factory_per_target"
            ),
            models.UniqueConstraint(
                fields=["wish"],
                condition=Q(wish__isnull=False) & ~Q(status__in=["failed", "aborted"]),
                name="one_copy_at_a_time_per_wish",
            ),
            models.CheckConstraint(
                name="a_target_is_not_its_own_source",
                condition=Q(target_order=None) | ~Q(target_order=F("source_order")),
            ),
            models.CheckConstraint(
                name="a_completed_factory_has_a_target",
                condition=~Q(status=FactoryStatus.COMPLETED)
                | Q(
                    target_order__isnull=False,
                    completed_at__isnull=False,
                    started_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="a_failed_factory_says_when_and_why",
                condition=~Q(status=FactoryStatus.FAILED)
                | Q(failed_at__isnull=False, errors_count__gt=0),
            ),
            models.CheckConstraint(
                name="a_factory_in_progress_is_held",
                condition=~Q(status=FactoryStatus.IN_PROGRESS)
                | Q(
                    started_at__isnull=False,
                    claimed_pid__isnull=False,
                    claimed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="an_aborted_factory_says_when",
                condition=~Q(status=FactoryStatus.ABORTED) | Q(aborted_at__isnull=False),
            ),
        ]
        indexes = [
            # the claim: what waits or was orphaned, first come first served
            models.Index(
                fields=["sequence"],
                name="open_factories",
                condition=Q(status__in=OPEN_STATUSES),
            ),
            # The lists of API and admin, newest first, all or by status. The type comes along so
            # that they are counted without looking at the table, here and in what follows.
            models.Index(
                fields=["mode", "-created_at", "-id"], include=["type"], name="factories_newest"
            ),
            models.Index(
                fields=["mode", "status", "-created_at", "-id"],
                # which attempts of which copies have failed, at a glance, and when each began and
                # ended: lists by those are sorted without looking at the table
                include=["type", "attempt", "wish", *OUTCOME],
                name="factories_by_status",
            ),
            # clients that ask what has changed since they last asked
            models.Index(
                fields=["mode", "updated_at", "id"], include=["type"], name="factories_by_update"
            ),
            # the lists of the copies of a batch; how far it has come is read from the index alone
            models.Index(
                fields=["batch", "-created_at", "-id"],
                include=["status", *OUTCOME],
                name="copies_by_batch",
                condition=Q(batch__isnull=False),
            ),
            # what the copies of a batch met: mostly few of them met anything
            models.Index(
                fields=["batch"],
                include=["id", "attempt"],
                name="copies_with_errors",
                condition=Q(batch__isnull=False, errors_count__gt=0),
            ),
            # the copies of an order, and of all orders that have something in common
            models.Index(
                fields=["source_order"],
                include=["mode", "status", "type"],
                name="factories_by_source",
            ),
            # what failed, how many and of which orders; nothing is entered until a copy fails
            models.Index(
                fields=["mode", "source_order"],
                include=["type"],
                name="failed_factories",
                condition=Q(status=FactoryStatus.FAILED),
            ),
            # the copies that were made again from one another
            models.Index(
                fields=["wish"], name="factories_by_wish", condition=Q(wish__isnull=False)
            ),
            # a client that knows a factory by a name or by marks of its own
            models.Index(
                fields=["mode", "reference", "id"],
                include=["type", "reference_origin"],
                name="factories_by_reference",
            ),
            GinIndex(
                fields=["metadata"], opclasses=["jsonb_path_ops"], name="factories_by_metadata"
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether it has not ended yet."""
        return self.status in OPEN_STATUSES


class CopyError(models.Model):
    """One thing that stood in the way of a factory, in one of its attempts.

    ``errors_log`` is rendered from these rows; whatever groups, links or translates errors reads
    the rows and never the text.
    """

    class Code(models.TextChoices):
        SKU_MISSING = "sku_missing", _("Product no longer exists")
        SKU_DISABLED = "sku_disabled", _("Product is disabled")
        OUT_OF_STOCK = "out_of_stock", _("Not enough stock")
        NOTHING_TO_COPY = "nothing_to_copy", _("Nothing to copy")
        INVALID_COUPON = "invalid_coupon", _("Coupon is not valid")
        PAYMENT_SOURCE_GONE = "payment_source_gone", _("Payment source is gone")
        PAYMENT_METHOD_DISABLED = "payment_method_disabled", _("Payment method is disabled")
        COUNTRY_LOCKED = "country_locked", _("Address is in another country")
        CURRENCY_MISMATCH = "currency_mismatch", _("Currency does not match the market")
        INVALID_TRANSITION = "invalid_transition", _("Order cannot change its status")
        MISSING = "missing", _("Something is missing")
        INTERNAL = "internal", _("Unexpected error")

    id = models.BigAutoField(primary_key=True)
    factory = models.ForeignKey(OrderFactory, models.CASCADE, related_name="error_rows")
    attempt = models.PositiveIntegerField()
    code = models.CharField(max_length=32, choices=Code.choices)
    key = models.CharField(max_length=64, help_text=_("The order's attribute or relationship."))
    sku_code = nullable_text()
    line_item_id = models.CharField(max_length=10, null=True, blank=True)
    requested = models.BigIntegerField(null=True, blank=True)
    available = models.BigIntegerField(null=True, blank=True)
    message = models.TextField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                name="a_copy_error_has_a_known_code",
                condition=Q(
                    code__in=[
                        "sku_missing",
                        "sku_disabled",
                        "out_of_stock",
                        "nothing_to_copy",
                        "invalid_coupon",
                        "payment_source_gone",
                        "payment_method_disabled",
                        "country_locked",
                        "currency_mismatch",
                        "invalid_transition",
                        "missing",
                        "internal",
                    ]
                ),
            )
        ]
        indexes = [
            # which copies does one SKU block
            models.Index(
                fields=["code", "sku_code"],
                include=["factory", "attempt"],
                name="copy_errors_by_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.message}"


class CopyAttempt(models.Model):
    """One run of a factory that came to an end; retrying adds a further one."""

    id = models.BigAutoField(primary_key=True)
    factory = models.ForeignKey(OrderFactory, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    takeups = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=16, choices=FactoryStatus.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    worker = nullable_text(128)
    errors_count = models.PositiveIntegerField(default=0, db_default=0)
    # Kept as a bare id: undoing a batch deletes targets, the history stays.
    target_order_id = models.CharField(max_length=10, null=True, blank=True)

    class Meta:
        ordering = ("factory", "number")
        constraints = [
            models.UniqueConstraint(fields=["factory", "number"], name="each_attempt_ends_once"),
        ]

    def __str__(self) -> str:
        return f"{self.factory_id} · {self.number}"
