"""Where the admin has an order's page, and the steps that are taken from it."""

from django.urls import reverse

from orders.models import Order


def page_of(order: Order) -> str:
    return reverse("admin:orders_order_change", args=[order.pk])


def step_of(order: Order, name: str) -> str:
    return reverse("admin:orders_order_step", args=[order.pk, name])
