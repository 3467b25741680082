from orders.admin import (
    catalogue,
    clients,
    customers,
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
    "imports",
    "markets",
    "payments",
    "promotions",
    "sales",
    "stock",
]
