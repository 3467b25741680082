from django.db import migrations

# What placing, fulfilling and calling off an order does to its shipments from now on, for those of
# orders that went these ways before.
FOLLOW = """
UPDATE orders_shipment shipment
   SET status = CASE WHEN o.fulfillment_status = 'fulfilled' THEN 'shipped'
                     WHEN o.status = 'cancelled' THEN 'on_hold'
                     ELSE 'upcoming' END,
       shipped_at = CASE WHEN o.fulfillment_status = 'fulfilled'
                         THEN coalesce(shipment.shipped_at, o.fulfillment_updated_at)
                         ELSE shipment.shipped_at END,
       on_hold_at = CASE WHEN o.status = 'cancelled' AND o.fulfillment_status <> 'fulfilled'
                         THEN coalesce(shipment.on_hold_at, o.cancelled_at)
                         ELSE shipment.on_hold_at END,
       updated_at = statement_timestamp()
  FROM orders_order o
 WHERE o.id = shipment.order_id
   AND o.placed_at IS NOT NULL
   AND (shipment.status = 'draft'
        OR o.fulfillment_status = 'fulfilled'
           AND shipment.status IN ('upcoming', 'on_hold', 'picking', 'packing', 'ready_to_ship')
        OR o.status = 'cancelled'
           AND shipment.status IN ('upcoming', 'picking', 'packing', 'ready_to_ship'))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0018_country_of_orders"),
    ]

    operations = [
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
    ]
