"""Let the planner know how many SKUs begin alike, whatever their capitals.

Without statistics it takes few to, and looks up the price of each of very many one by one.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0025_lock_of_country")]

    operations = [
        migrations.RunSQL(
            "CREATE STATISTICS skus_by_beginning ON (lower(code)) FROM orders_sku",
            "DROP STATISTICS skus_by_beginning",
        ),
    ]
