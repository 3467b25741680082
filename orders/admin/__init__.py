from orders.admin import catalogue, customers, events, markets, payments, promotions, sales

__all__ = ["catalogue", "customers", "events", "markets", "payments", "promotions", "sales"]
