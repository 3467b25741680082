"""What surrounds the orders of a shop, growing with them: catalogue, customers, staff, history.

``seeding.seed_orders`` and ``api.seeding.replace_copies`` make the rest.
"""

from django.db import connection

# Batches are as large as they may be.
BATCH = 10_000

SURROUNDINGS = (
    """
    INSERT INTO orders_tag (id, mode, name)
    SELECT new_id(), 'test', 'tag-' || n FROM generate_series(1, %(orders)s / 100) n
    """,
    """
    INSERT INTO orders_apiclient (id, mode, name, kind, client_id, secret_digest)
    SELECT new_id(), 'test', 'Client ' || n, 'integration', 'client-' || n, 'none'
      FROM generate_series(1, %(orders)s / 200) n
    """,
    """
    INSERT INTO auth_user
      (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
       date_joined)
    SELECT '!', false, 'person-' || n, 'Ada', 'Lovelace ' || n, 'person-' || n || '@example.com',
           true, true, now()
      FROM generate_series(1, %(orders)s / 200) n
    """,
    """
    INSERT INTO orders_customer (id, mode, email, shopper_reference)
    SELECT new_id(), 'test', 'customer-' || n || '@example.com', 'shopper-' || n
      FROM generate_series(1, %(orders)s / 4) n
    """,
    """
    WITH o AS MATERIALIZED (
      SELECT shipping_address_id, customer_id, payment_method_id
        FROM orders_order LIMIT %(orders)s / 4
    ), book AS (
      INSERT INTO orders_customeraddress (id, mode, address_id, customer_id)
      SELECT new_id(), 'test', shipping_address_id, customer_id FROM o
    )
    INSERT INTO orders_customerpaymentsource
      (id, mode, customer_id, payment_method_id, payment_source_token)
    SELECT new_id(), 'test', customer_id, payment_method_id, new_id() FROM o
    """,
    """
    WITH sku AS (
      INSERT INTO orders_sku (id, mode, code, name, disabled_at)
      SELECT new_id(), 'test', 'MORE' || n, 'Product ' || n, CASE WHEN n %% 20 = 0 THEN now() END
        FROM generate_series(1, %(orders)s / 10) n
      RETURNING id
    ), stock AS (
      INSERT INTO orders_stockitem (id, mode, sku_id, stock_location_id, quantity)
      SELECT new_id(), 'test', sku.id, place.id, 7
        FROM sku CROSS JOIN (SELECT id FROM orders_stocklocation LIMIT 1) place
    )
    INSERT INTO orders_price (id, mode, sku_id, price_list_id, amount_cents)
    SELECT new_id(), 'test', sku.id, list.id, 1000
      FROM sku CROSS JOIN (SELECT id FROM orders_pricelist LIMIT 1) list
    """,
    """
    WITH promotion AS (
      INSERT INTO orders_promotion (id, mode, type, name, starts_at, expires_at, percentage)
      SELECT new_id(), 'test', 'percentage_discount_promotions', 'Promotion ' || n,
             now() - interval '100 days', now() + (n %% 7 - 3) * interval '1 day', 10
        FROM generate_series(1, %(orders)s / 100) n
      RETURNING id
    )
    INSERT INTO orders_coupon (id, mode, code, promotion_id, recipient_email)
    SELECT new_id(), 'test', 'COUPON-' || n || '-' || id, id, 'someone-' || n || '@example.com'
      FROM promotion CROSS JOIN generate_series(1, 10) n
    """,
    """
    INSERT INTO orders_transaction (id, mode, type, order_id, amount_cents, currency_code)
    SELECT new_id(), 'test', 'authorizations', id, total_amount_cents, 'USD' FROM orders_order
    """,
    """
    INSERT INTO orders_eventstore
      (id, mode, resource_type, resource_id, event, payload, who, created_at)
    SELECT new_id(), 'test', 'orders', id, event, '{"status": {"from": "pending", "to": "placed"}}',
           '{"application": {"id": "x", "name": "bench"}}', placed_at
      FROM orders_order CROSS JOIN unnest(ARRAY['create', 'update']) event
    """,
    """
    INSERT INTO orders_stocklineitem (id, order_id, line_item_id, stock_item_id, quantity)
    SELECT new_id(), line.order_id, line.id, item.id, 1
      FROM orders_lineitem line JOIN orders_stockitem item ON item.sku_id = line.sku_id
    """,
    """
    INSERT INTO ordercopy_copyattempt
      (factory_id, number, takeups, status, started_at, ended_at)
    SELECT id, 1, 1, status, started_at, started_at + interval '1 second'
      FROM ordercopy_orderfactory WHERE status IN ('completed', 'failed')
    """,
    """
    WITH copy AS MATERIALIZED (
      SELECT id, (row_number() OVER (ORDER BY sequence) - 1) / %(batch)s AS nth
        FROM ordercopy_orderfactory
    ), batch AS (
      INSERT INTO ordercopy_ordercopybatch (id, mode, who, total_count, created_at, reference)
      SELECT new_id(), 'test', '{"application": {"id": "x", "name": "bench"}}', count(*),
             now() - nth * interval '1 day', nth::text
        FROM copy GROUP BY nth
      RETURNING id, reference
    )
    UPDATE ordercopy_orderfactory f SET batch_id = batch.id
      FROM copy JOIN batch ON batch.reference = copy.nth::text
     WHERE f.id = copy.id
    """,
)


def seed_surroundings() -> None:
    """Fill a shop that has orders and copies with the rest, in proportion to its orders."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_order")
        (orders,) = cursor.fetchone()
        for sql in SURROUNDINGS:
            cursor.execute(sql, {"orders": orders, "batch": BATCH})
