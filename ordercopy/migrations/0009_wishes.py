from django.db import migrations, models
from django.db.models import Q

# Copies that were made again before this was written down. Where one wish has come to several
# orders already, that is history, and its copies stay without a wish.
FIND_WISHES = """
WITH RECURSIVE made AS (
  SELECT c.orderfactory_ptr_id AS id, c.orderfactory_ptr_id AS wish
    FROM ordercopy_ordercopy c
   WHERE c.again_of_id IS NULL
     AND EXISTS (SELECT FROM ordercopy_ordercopy a WHERE a.again_of_id = c.orderfactory_ptr_id)
   UNION ALL
  SELECT a.orderfactory_ptr_id, made.wish
    FROM made JOIN ordercopy_ordercopy a ON a.again_of_id = made.id
), single AS (
  SELECT made.wish
    FROM made JOIN ordercopy_orderfactory f USING (id)
   GROUP BY made.wish
  HAVING count(*) FILTER (WHERE f.status NOT IN ('failed', 'aborted')) < 2
)
UPDATE ordercopy_orderfactory f SET wish = made.wish
  FROM made JOIN single ON single.wish = made.wish
 WHERE f.id = made.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ordercopy", "0008_undo_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderfactory",
            name="wish",
            field=models.CharField(blank=True, editable=False, max_length=10, null=True),
        ),
        migrations.RunSQL(FIND_WISHES, migrations.RunSQL.noop),
        # What the update leaves to be checked at the end has to be checked before the table changes.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="orderfactory",
            constraint=models.UniqueConstraint(
                condition=Q(wish__isnull=False) & ~Q(status__in=["failed", "aborted"]),
                fields=["wish"],
                name="one_copy_at_a_time_per_wish",
            ),
        ),
        migrations.AddIndex(
            model_name="orderfactory",
            index=models.Index(
                condition=Q(wish__isnull=False), fields=["wish"], name="factories_by_wish"
            ),
        ),
    ]
