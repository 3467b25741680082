"""What tokens are signed with, and which of them are no longer good."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models.base import CodeField


class SigningKey(models.Model):
    """An RSA key that tokens are signed with.

    It is in the database because that is all that several web machines share: each of them signs,
    and each checks what another has signed. The private half is encrypted with the SECRET_KEY,
    so that a backup or a replica of the database lets nobody make tokens; and it is thrown away
    when the key retires, as checking the tokens that are still about takes the public half only.
    """

    kid = CodeField(primary_key=True, max_length=64, editable=False)
    public_pem = models.TextField(editable=False)
    private_pem = models.TextField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.ExpressionWrapper(Q(retired_at=None), models.BooleanField()),
                name="one_key_signs",
                condition=Q(retired_at=None),
            ),
            models.CheckConstraint(
                name="a_retired_key_signs_nothing",
                condition=Q(retired_at=None, private_pem__isnull=False)
                | Q(retired_at__isnull=False, private_pem=None),
            ),
        ]

    def __str__(self) -> str:
        return self.kid


class RevokedToken(models.Model):
    """A token that was given back before its time; of no interest once it has expired."""

    jti = CodeField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.jti
