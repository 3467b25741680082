"""Customers' wallets: payment sources that are kept for later orders."""

from orders.models import CustomerPaymentSource, Order, PaymentSource


def entry_of(order: Order, pk: str) -> CustomerPaymentSource | None:
    """An entry of the wallet of the order's own customer that still has a source."""
    return (
        CustomerPaymentSource.objects.select_related("payment_source")
        .filter(pk=pk, mode=order.mode, customer=order.customer_id, payment_source__isnull=False)
        .first()
    )


def pay_with(order: Order, entry: CustomerPaymentSource) -> None:
    """Pay an order with what lies in the wallet."""
    order.payment_source = entry.payment_source
    order.payment_method = entry.payment_method or order.payment_method
    order.save(update_fields=["payment_source", "payment_method", "updated_at"])


def keep(order: Order) -> CustomerPaymentSource:
    """Put the order's payment source into its customer's wallet; doing it twice changes nothing."""
    sources = PaymentSource.objects.filter(pk=order.payment_source_id)
    token = sources.values_list("payment_source_token", flat=True).get()
    entry, _ = CustomerPaymentSource.objects.get_or_create(
        mode=order.mode,
        customer_id=order.customer_id,
        payment_source_id=order.payment_source_id,
        defaults={
            "payment_method": order.payment_method,
            "payment_source_token": token,
        },
    )
    sources.update(wallet=entry, from_wallet=True)
    return entry
