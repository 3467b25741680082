"""The keys that tokens are signed with: one signs, those retired lately still verify."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from joserfc.jwk import RSAKey

from orders.models import SigningKey
from orders.statements import execute

# The one that the official companion library verifies.
ALGORITHM = "RS512"
KEY_BITS = 2048
TOKEN_LIFETIME = timedelta(hours=2)
# A retired key verifies as long as there are tokens of it; the rest is for clocks that disagree.
VERIFIES_AFTER_RETIRING = TOKEN_LIFETIME + timedelta(hours=1)

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('orders.signing_key'), 0)"


class SecretKeyChanged(Exception):
    """The signing key cannot be opened; somebody has to decide which SECRET_KEY is right."""

    def __init__(self) -> None:
        super().__init__(
            "The signing key was made with another SECRET_KEY. Give all web processes that one, "
            "or run manage.py rotate_signing_key."
        )


def signing_key() -> RSAKey:
    """The key that signs now; looked up each time, as any process may have rotated it."""
    row = SigningKey.objects.filter(retired_at=None).first() or _first_key()
    try:
        return _opened(row.kid, row.private_pem or "", settings.SECRET_KEY)
    except ValueError as error:
        raise SecretKeyChanged from error


def verifying_key(kid: str) -> RSAKey | None:
    """The key of this name, from memory unless it is new to this process."""
    if kid not in _verifying:
        _verifying.update({row.kid: _public(row) for row in _verifying_rows()})
    return _verifying.get(kid)


def published_keys() -> list[dict[str, Any]]:
    """What others need to verify our tokens themselves, the signing key first."""
    if not SigningKey.objects.filter(retired_at=None).exists():
        _first_key()
    return [dict(_public(row).as_dict(private=False)) for row in _verifying_rows()]


@transaction.atomic
def rotate(*, at: datetime) -> str:
    """Sign with a new key from now on; answers its name. Tokens that are about stay good."""
    execute(ONE_AT_A_TIME)
    SigningKey.objects.filter(retired_at=None).update(retired_at=at, private_pem=None)
    SigningKey.objects.filter(retired_at__lt=at - VERIFIES_AFTER_RETIRING).delete()
    return _make().kid


# The public keys that this process has met. Nothing is ever taken out: a key that verifies no more
# has no tokens left that have not expired.
_verifying: dict[str, RSAKey] = {}


@lru_cache(maxsize=2)
def _opened(kid: str, pem: str, passphrase: str) -> RSAKey:
    """Decrypt a key; slow on purpose, so it is done once per process."""
    return RSAKey.import_key(pem, {"kid": kid}, password=passphrase)


def _public(row: SigningKey) -> RSAKey:
    return RSAKey.import_key(row.public_pem, {"kid": row.kid, "use": "sig", "alg": ALGORITHM})


def _verifying_rows() -> QuerySet[SigningKey]:
    oldest = timezone.now() - VERIFIES_AFTER_RETIRING
    return SigningKey.objects.filter(Q(retired_at=None) | Q(retired_at__gt=oldest)).order_by(
        "-created_at"
    )


@transaction.atomic
def _first_key() -> SigningKey:
    """Make the first key, unless another process was faster."""
    execute(ONE_AT_A_TIME)
    return SigningKey.objects.filter(retired_at=None).first() or _make()


def _make() -> SigningKey:
    key = RSAKey.generate_key(KEY_BITS)
    return SigningKey.objects.create(
        kid=key.thumbprint(),
        public_pem=key.as_pem(private=False).decode(),
        private_pem=key.as_pem(private=True, password=settings.SECRET_KEY).decode(),
    )
