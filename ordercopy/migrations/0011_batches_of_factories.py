import django.db.models.deletion
from django.db import migrations, models

TO_THE_FACTORIES = """
UPDATE ordercopy_orderfactory f SET batch_id = c.batch_of_copy_id
  FROM ordercopy_ordercopy c
 WHERE c.orderfactory_ptr_id = f.id AND c.batch_of_copy_id IS NOT NULL
"""
TO_THE_COPIES = """
UPDATE ordercopy_ordercopy c SET batch_of_copy_id = f.batch_id
  FROM ordercopy_orderfactory f
 WHERE c.orderfactory_ptr_id = f.id AND f.batch_id IS NOT NULL
"""


class Migration(migrations.Migration):
    """The batch of a copy moves to the table of factories, where its status and times are."""

    dependencies = [
        ("ordercopy", "0010_disabled_payment_methods"),
    ]

    operations = [
        # A copy must not have two fields of one name, one of them inherited.
        migrations.RenameField("ordercopy", "batch", "batch_of_copy"),
        migrations.AddField(
            model_name="orderfactory",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="factories",
                to="ordercopy.ordercopybatch",
            ),
        ),
        migrations.RunSQL(TO_THE_FACTORIES, TO_THE_COPIES),
        migrations.RemoveField("ordercopy", "batch_of_copy"),
        migrations.AddIndex(
            model_name="orderfactory",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch", "-created_at", "-id"],
                include=("status", "started_at", "completed_at", "failed_at", "aborted_at"),
                name="copies_by_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderfactory",
            constraint=models.CheckConstraint(
                condition=models.Q(("batch", None), ("type", "order_copies"), _connector="OR"),
                name="only_copies_are_in_batches",
            ),
        ),
    ]
