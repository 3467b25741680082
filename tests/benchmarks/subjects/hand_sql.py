"""Copying an order in SQL written by hand, as fast as we know how: what the engine is held against.

The ids of the new orders come from Python, so that no statement waits for another one's answer and
all of them go to the server at once. Source rows are carried in materialized expressions, and
inserted straight from there.
"""

ORDER_CARRIED = """metadata, mode, market_id, customer_id, customer_email, guest, language_code,
  currency_code, autorefresh, shipping_country_code_lock, country_code, payment_method_id,
  tax_included, tax_rate, freight_taxable, payment_method_taxable, adjustment_taxable,
  subtotal_amount_cents, shipping_amount_cents, payment_method_amount_cents, discount_amount_cents,
  adjustment_amount_cents, subtotal_tax_amount_cents, shipping_tax_amount_cents,
  payment_method_tax_amount_cents, adjustment_tax_amount_cents, total_tax_amount_cents,
  total_amount_cents, cart_url, return_url, terms_url, privacy_url"""

ADDRESS_CARRIED = """metadata, mode, business, first_name, last_name, company, line_1, line_2, city,
  zip_code, state_code, country_code, phone, email, notes, lat, lng, billing_info"""

LINE_CARRIED = """metadata, mode, position, item_type, sku_code, promotion_id, name, image_url,
  quantity, currency_code, external_price, unit_amount_cents, compare_at_amount_cents,
  options_amount_cents, discount_cents, discount_breakdown, total_amount_cents, tax_rate,
  tax_amount_cents, tax_breakdown, frequency, coupon_code"""

OPTION_CARRIED = """metadata, mode, sku_option_id, name, quantity, currency_code, unit_amount_cents,
  delay_hours, options"""

SOURCE_CARRIED = "metadata, mode, type, payment_source_token, options, wallet_id, from_wallet"

# Parameters: sources, targets (and whatever the caller's own parts ask for behind them).
ORDER_ROWS = f"""
WITH o AS MATERIALIZED (
  SELECT s.*, b.target,
         CASE WHEN s.billing_address_id IS NOT NULL THEN new_id() END AS new_billing,
         CASE WHEN s.shipping_address_id <> s.billing_address_id OR s.billing_address_id IS NULL
              THEN new_id() END AS other_address,
         CASE WHEN p.id IS NOT NULL THEN new_id() END AS new_source
    FROM unnest(%s::varchar[], %s::varchar[]) AS b(source, target)
    JOIN orders_order s ON s.id = b.source
    LEFT JOIN orders_paymentsource p
           ON p.id = s.payment_source_id AND p.from_wallet AND p.wallet_id IS NOT NULL
), a AS MATERIALIZED (
  SELECT a.*, o.new_billing AS new
    FROM o JOIN orders_address a ON a.id = o.billing_address_id
   UNION ALL
  SELECT a.*, o.other_address
    FROM o JOIN orders_address a ON a.id = o.shipping_address_id
   WHERE o.other_address IS NOT NULL
), addresses AS (
  INSERT INTO orders_address (id, {ADDRESS_CARRIED}) SELECT new, {ADDRESS_CARRIED} FROM a
), address_tags AS (
  INSERT INTO orders_address_tags (address_id, tag_id)
  SELECT a.new, t.tag_id FROM a JOIN orders_address_tags t ON t.address_id = a.id
), sources AS (
  INSERT INTO orders_paymentsource (id, order_id, {SOURCE_CARRIED})
  SELECT o.new_source, o.target, p.metadata, p.mode, p.type, p.payment_source_token, p.options,
         p.wallet_id, p.from_wallet
    FROM o JOIN orders_paymentsource p ON p.id = o.payment_source_id
   WHERE o.new_source IS NOT NULL
), shipments AS (
  INSERT INTO orders_shipment
    (id, order_id, metadata, mode, shipping_method_id, cost_amount_cents)
  SELECT new_id(), o.target, s.metadata, s.mode, s.shipping_method_id, s.cost_amount_cents
    FROM o JOIN orders_shipment s ON s.order_id = o.id WHERE s.status <> 'cancelled'
), order_tags AS (
  INSERT INTO orders_order_tags (order_id, tag_id)
  SELECT o.target, t.tag_id FROM o JOIN orders_order_tags t ON t.order_id = o.id
){{further_parts}}
INSERT INTO orders_order
  (id, status, coupon_code, billing_address_id, shipping_address_id, payment_source_id,
   copied_from_id, {ORDER_CARRIED})
SELECT target, CASE WHEN customer_id IS NULL THEN 'draft' ELSE 'pending' END, coupon_code,
       new_billing,
       CASE WHEN shipping_address_id = billing_address_id THEN new_billing
            WHEN shipping_address_id IS NOT NULL THEN other_address END,
       new_source, id, {ORDER_CARRIED}
  FROM o
"""

LINE_ROWS = f"""
WITH l AS MATERIALIZED (
  SELECT l.*, new_id() AS new, b.target,
         coalesce(l.sku_id, (SELECT s.id FROM orders_sku s
                              WHERE s.mode = l.mode AND s.code = l.sku_code)) AS found_sku
    FROM unnest(%s::varchar[], %s::varchar[]) AS b(source, target)
    JOIN orders_lineitem l ON l.order_id = b.source
), o AS MATERIALIZED (
  SELECT o.*, new_id() AS new, l.new AS new_line
    FROM l JOIN orders_lineitemoption o ON o.line_item_id = l.id
), options AS (
  INSERT INTO orders_lineitemoption (id, line_item_id, {OPTION_CARRIED})
  SELECT new, new_line, {OPTION_CARRIED} FROM o
), option_tags AS (
  INSERT INTO orders_lineitemoption_tags (lineitemoption_id, tag_id)
  SELECT o.new, t.tag_id FROM o JOIN orders_lineitemoption_tags t ON t.lineitemoption_id = o.id
), line_tags AS (
  INSERT INTO orders_lineitem_tags (lineitem_id, tag_id)
  SELECT l.new, t.tag_id FROM l JOIN orders_lineitem_tags t ON t.lineitem_id = l.id
)
INSERT INTO orders_lineitem (id, order_id, sku_id, {LINE_CARRIED})
SELECT new, target, found_sku, {LINE_CARRIED} FROM l
"""

ORDER_ROWS_ONLY = ORDER_ROWS.format(further_parts="")

CLAIM = """
WITH waiting AS MATERIALIZED (
  SELECT id FROM ordercopy_orderfactory
   WHERE status = 'pending' AND type = 'order_copies'
   ORDER BY sequence LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
), claimed AS (
  UPDATE ordercopy_orderfactory f
     SET status = 'in_progress', takeups = takeups + 1, worker = %s, updated_at = now(),
         started_at = clock_timestamp(), claimed_pid = pg_backend_pid(),
         claimed_at = clock_timestamp()
    FROM waiting WHERE f.id = waiting.id
  RETURNING f.id, f.mode, f.sequence
), started AS (
  INSERT INTO orders_event (mode, name, resource_type, resource_id)
  SELECT mode, 'order_copies.start', 'order_copies', id FROM claimed ORDER BY sequence
)
SELECT id FROM claimed ORDER BY sequence
"""

# The copies that are still ours, locked, and whether anything stands in their way. Where one copy
# is short of stock, all of its market are held up: the floor is not about finding out who it is.
HOLD_AND_CHECK = """
WITH held AS MATERIALIZED (
  SELECT f.id, f.sequence, f.source_order_id, f.reuse_wallet
    FROM ordercopy_orderfactory f
    JOIN ordercopy_ordercopy c ON c.orderfactory_ptr_id = f.id
   WHERE f.id = ANY (%s::varchar[]) AND f.status = 'in_progress'
     AND f.claimed_pid = pg_backend_pid() AND f.place_target_order IS NOT TRUE
     AND c.cancel_source_order IS NOT TRUE AND NOT c.apply_promotions
   ORDER BY f.sequence FOR NO KEY UPDATE OF f
), o AS MATERIALIZED (
  SELECT h.id AS copy, h.reuse_wallet, o.id, o.mode, o.market_id, o.currency_code, o.coupon_code,
         o.customer_id, o.customer_email, o.payment_source_id
    FROM held h JOIN orders_order o ON o.id = h.source_order_id
), line AS MATERIALIZED (
  SELECT o.copy, o.market_id, l.quantity, s.id AS sku, s.disabled_at, s.do_not_track
    FROM o
    JOIN orders_lineitem l ON l.order_id = o.id AND l.item_type = 'skus'
    LEFT JOIN orders_sku s ON s.id = coalesce(
         l.sku_id, (SELECT k.id FROM orders_sku k WHERE k.mode = l.mode AND k.code = l.sku_code))
), line_count AS MATERIALIZED (
  SELECT copy, count(*) AS lines FROM line GROUP BY copy
), demand AS (
  SELECT copy, market_id, sku, sum(quantity) AS requested
    FROM line WHERE disabled_at IS NULL AND NOT do_not_track GROUP BY copy, market_id, sku
), largest_demand AS MATERIALIZED (
  SELECT market_id, sku, max(requested) AS requested FROM demand GROUP BY market_id, sku
), short AS MATERIALIZED (
  SELECT d.market_id
    FROM largest_demand d
   WHERE d.requested > (SELECT coalesce(sum(i.quantity), 0)
                          FROM orders_marketstocklocation m
                          JOIN orders_stockitem i ON i.stock_location_id = m.stock_location_id
                         WHERE m.market_id = d.market_id AND i.sku_id = d.sku)
), obstacle AS MATERIALIZED (
  SELECT copy FROM line WHERE sku IS NULL OR disabled_at IS NOT NULL
   UNION ALL
  SELECT o.copy FROM o JOIN short USING (market_id)
   UNION ALL
  SELECT o.copy
    FROM o
    JOIN orders_market m ON m.id = o.market_id
    JOIN orders_pricelist p ON p.id = m.price_list_id
   WHERE p.currency_code <> o.currency_code
   UNION ALL
  SELECT o.copy
    FROM o
    JOIN orders_paymentsource p ON p.id = o.payment_source_id AND p.from_wallet
    LEFT JOIN orders_customerpaymentsource w ON w.id = p.wallet_id
   WHERE o.reuse_wallet AND w.customer_id IS DISTINCT FROM o.customer_id
   UNION ALL
  SELECT o.copy
    FROM o
    LEFT JOIN orders_coupon c ON c.mode = o.mode AND c.code = o.coupon_code
    LEFT JOIN orders_promotion p ON p.id = c.promotion_id
   WHERE o.coupon_code IS NOT NULL
     AND (c.id IS NULL OR c.expires_at <= now() OR p.disabled_at IS NOT NULL
          OR p.starts_at > now() OR p.expires_at <= now() OR c.usage_count >= c.usage_limit
          OR (c.recipient_email IS NOT NULL
              AND lower(c.recipient_email) IS DISTINCT FROM lower(o.customer_email))
          OR (c.customer_single_use AND EXISTS (
                SELECT FROM orders_order used
                 WHERE used.customer_id = o.customer_id AND used.coupon_code = o.coupon_code
                   AND used.status IN ('placed', 'approved'))))
)
SELECT h.id, h.source_order_id,
       lines > 0 AND h.id NOT IN (SELECT copy FROM obstacle)
  FROM held h JOIN line_count c ON c.copy = h.id
 ORDER BY h.sequence
"""

# Parameters behind those of the rows: copies, sources, targets, the worker as JSON.
ORDERS_AND_ALL_THAT_IS_SAID_ABOUT_THEM = ORDER_ROWS.format(
    further_parts=""", given AS MATERIALIZED (
  SELECT b.*, %s::jsonb AS who
    FROM unnest(%s::varchar[], %s::varchar[], %s::varchar[]) AS b(copy, source, target)
), ended AS (
  UPDATE ordercopy_orderfactory f
     SET status = 'completed', target_order_id = g.target, errors_count = 0,
         completed_at = clock_timestamp(), updated_at = clock_timestamp(), failed_at = NULL,
         claimed_pid = NULL, claimed_at = NULL
    FROM given g WHERE f.id = g.copy AND f.status = 'in_progress'
  RETURNING f.id, f.mode, f.attempt, f.takeups, f.started_at, f.updated_at, f.worker, g.target,
            g.who
), attempts AS (
  INSERT INTO ordercopy_copyattempt
    (factory_id, number, takeups, status, started_at, ended_at, worker, errors_count,
     target_order_id)
  SELECT id, attempt, takeups, 'completed', started_at, updated_at, worker, 0, target FROM ended
), events AS (
  INSERT INTO orders_event (mode, name, resource_type, resource_id)
  SELECT mode, 'orders.create', 'orders', target FROM o
   UNION ALL
  SELECT mode, 'orders.pending', 'orders', target FROM o WHERE customer_id IS NOT NULL
   UNION ALL
  SELECT mode, 'order_copies.complete', 'order_copies', id FROM ended
), audit AS (
  INSERT INTO orders_eventstore (mode, resource_type, resource_id, event, payload, who)
  SELECT o.mode, 'orders', o.target, 'create',
         jsonb_build_object(
           'status', jsonb_build_object(
             'from', NULL, 'to', CASE WHEN o.customer_id IS NULL THEN 'draft' ELSE 'pending' END),
           'copied_from', jsonb_build_object('from', NULL, 'to', o.id)),
         g.who
    FROM o JOIN given g ON g.target = o.target
   UNION ALL
  SELECT mode, 'order_copies', id, 'update',
         jsonb_build_object(
           'status', jsonb_build_object('from', 'pending', 'to', 'completed'),
           'target_order', jsonb_build_object('from', NULL, 'to', target),
           'errors_count', jsonb_build_object('from', NULL, 'to', 0)),
         who
    FROM ended
)"""
)
