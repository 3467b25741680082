from orders.admin import (
    catalogue,
    clients,
    customers,
    events,
    markets,
    payments,
    promotions,
    sales,
)

__all__ = [
    "catalogue",
    "clients",
    "customers",
    "events",
    "markets",
    "payments",
    "promotions",
    "sales",
]
