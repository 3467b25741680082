"""Addresses of orders and in address books; an order never shares its own with anybody."""

from orders.audit import Values, Who, record_write
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


def write_own(order: Order, name: str, given: Values, *, who: Who) -> None:
    """Set fields of an order's ``billing_address`` or ``shipping_address``; make it if need be.

    The caller holds the order. An address that the order shares with anybody is left to them.
    """
    address = getattr(order, name)
    if address is None:
        address = Address(mode=order.mode)
    elif _is_shared(address, order, name):
        address = clone(address)
    is_new = address._state.adding
    before = {} if is_new else {field: getattr(address, field) for field in given}
    for field, value in given.items():
        setattr(address, field, value)
    if record_write(address, "addresses", before, given, who=who):
        address.save()
    if getattr(order, f"{name}_id") != address.pk:
        setattr(order, name, address)
        order.save(update_fields=[name, "updated_at"])


def _is_shared(address: Address, order: Order, name: str) -> bool:
    """Whether somebody else reads this address: another order, an address book, its own twin."""
    twin = {"billing_address": "shipping_address", "shipping_address": "billing_address"}[name]
    if getattr(order, f"{twin}_id") == address.pk:
        return True
    others = Order.objects.exclude(pk=order.pk)
    return (
        others.filter(billing_address=address).exists()
        or others.filter(shipping_address=address).exists()
        or CustomerAddress.objects.filter(address=address).exists()
    )
