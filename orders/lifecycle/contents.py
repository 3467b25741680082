"""What an order ``o`` holds, as conditions inside statements."""

PURCHASABLE = """
EXISTS (SELECT FROM orders_lineitem line
         WHERE line.order_id = o.id AND line.item_type = 'skus')
"""

# A line whose SKU is gone is taken for something that has to be sent.
SHIPS = """
EXISTS (SELECT FROM orders_lineitem line
          LEFT JOIN orders_sku sku ON sku.id = line.sku_id
         WHERE line.order_id = o.id
           AND line.item_type = 'skus'
           AND sku.do_not_ship IS NOT TRUE)
"""
