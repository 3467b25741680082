"""The shop: catalogue, customers, orders and their lifecycle, payments, promotions, events."""
