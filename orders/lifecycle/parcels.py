"""Shipments that follow their orders, as a part of the statements that move these.

They are expected once they are bought, and on their way once everything was handed over. Those of
an order that is called off rest on hold: as cancelled they would no longer count in its total.
"""

from collections.abc import Iterable

from orders.models import Shipment

DRAFT, UPCOMING, ON_HOLD, PICKING, PACKING, READY_TO_SHIP, SHIPPED = (
    Shipment.Status.DRAFT,
    Shipment.Status.UPCOMING,
    Shipment.Status.ON_HOLD,
    Shipment.Status.PICKING,
    Shipment.Status.PACKING,
    Shipment.Status.READY_TO_SHIP,
    Shipment.Status.SHIPPED,
)


def _following(goal: Shipment.Status, *, starts: Iterable[Shipment.Status], timed: bool) -> str:
    """CTEs that move the shipments of ``orders`` from ``starts`` on, with their audit entries.

    ``timed``: the shipment tells when, by the column of that name.
    """
    statuses = ", ".join(f"'{start}'" for start in starts)
    time = f", {goal}_at = %(at)s" if timed else ""
    return f"""
parcel AS MATERIALIZED (
  SELECT shipment.id, shipment.mode, shipment.status
    FROM orders_shipment shipment
   WHERE shipment.order_id = ANY(%(orders)s::varchar[]) AND shipment.status IN ({statuses})),
moved_parcels AS (
  UPDATE orders_shipment
     SET status = '{goal}'{time}, updated_at = statement_timestamp()
    FROM parcel
   WHERE orders_shipment.id = parcel.id),
told_parcels AS (
  INSERT INTO orders_eventstore (mode, resource_type, resource_id, event, payload, who)
  SELECT mode, 'shipments', id, 'update',
         jsonb_build_object('status', jsonb_build_object('from', status, 'to', '{goal}')),
         %(who)s::jsonb
    FROM parcel)
"""  # noqa: S608


EXPECTED = _following(UPCOMING, starts=[DRAFT], timed=False)
HANDED_OVER = _following(
    SHIPPED, starts=[DRAFT, UPCOMING, ON_HOLD, PICKING, PACKING, READY_TO_SHIP], timed=True
)
CALLED_OFF = _following(ON_HOLD, starts=[UPCOMING, PICKING, PACKING, READY_TO_SHIP], timed=True)
