"""Addresses of orders and in address books; an order never shares its own with anybody."""

from orders.models import Address, CustomerAddress, Order

OWN = ("id", "mode", "created_at", "updated_at", "reference", "reference_origin", "tags")


def clone(address: Address) -> Address:
    """Make another address that reads the same."""
    carried = {name: getattr(address, name) for name in Address.copy_plan.carry if name not in OWN}
    made = Address.objects.create(mode=address.mode, **carried)
    made.tags.set(address.tags.all())
    return made


def set_clone(order: Order, name: str, address: Address) -> None:
    """Give an order its own copy as ``billing_address`` or ``shipping_address``."""
    setattr(order, name, clone(address))
    order.save(update_fields=[name, "updated_at"])


def keep_in_book(order: Order, name: str) -> None:
    """Put a copy of an order's address into its customer's book, unless one like it is there."""
    if order.customer is None:
        return
    address = getattr(order, name)
    known = {
        kept.address.full_address
        for kept in CustomerAddress.objects.filter(customer=order.customer).select_related(
            "address"
        )
    }
    if address.full_address not in known:
        CustomerAddress.objects.create(
            mode=order.mode, customer=order.customer, address=clone(address)
        )
