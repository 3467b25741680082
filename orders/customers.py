"""Customers as orders meet them: found by e-mail address, made when they are new."""

from django.contrib.auth.hashers import make_password
from django.db.models import Value
from django.db.models.functions import Lower

from orders.audit import AuditEntry, Who, record_audit
from orders.models import Customer, EventStore


def find_or_create_customer(email: str, *, mode: str, who: Who) -> Customer:
    """The customer with this address, whatever its capitals.

    Of several who ask at once for an address that is new, one makes the customer and the others
    wait for it.
    """
    wanted = Customer.objects.alias(lowered=Lower("email")).filter(
        mode=mode, lowered=Lower(Value(email))
    )
    if found := wanted.first():
        return found
    made = Customer(mode=mode, email=email)
    Customer.objects.bulk_create([made], ignore_conflicts=True)
    customer = wanted.get()
    if customer.pk == made.pk:
        entry = AuditEntry(
            mode, "customers", customer.pk, EventStore.What.CREATE, {"email": (None, email)}
        )
        record_audit([entry], who=who)
    return customer


def set_password(customer: Customer, password: str | None) -> None:
    """Keep a password in a form that nobody can read; None takes it away."""
    customer.password = None if password is None else make_password(password)
    customer.save(update_fields=["password", "updated_at"])
