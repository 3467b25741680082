"""Customers as orders meet them: found by e-mail address, made when they are new."""

from django.contrib.auth.hashers import make_password

from orders.audit import AuditEntry, Who, record_audit
from orders.models import Customer, EventStore


def find_or_create_customer(email: str, *, mode: str, who: Who) -> Customer:
    """The customer with this address, whatever its capitals."""
    found = Customer.objects.filter(mode=mode, email__iexact=email).first()
    if found:
        return found
    customer = Customer.objects.create(mode=mode, email=email)
    entry = AuditEntry(
        mode, "customers", customer.pk, EventStore.What.CREATE, {"email": (None, email)}
    )
    record_audit([entry], who=who)
    return customer


def set_password(customer: Customer, password: str | None) -> None:
    """Keep a password in a form that nobody can read; None takes it away."""
    customer.password = None if password is None else make_password(password)
    customer.save(update_fields=["password", "updated_at"])
