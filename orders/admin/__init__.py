from orders.admin import (
    catalogue,
    clients,
    customers,
    events,
    imports,
    markets,
    payments,
    promotions,
    sales,
    stock,
)

__all__ = [
    "catalogue",
    "clients",
    "customers",
    "events",
    "imports",
    "markets",
    "payments",
    "promotions",
    "sales",
    "stock",
]
