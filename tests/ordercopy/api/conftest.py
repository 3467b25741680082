"""The signing key of the API's tokens, as the other tests of the API have it."""

from tests.orders.api.conftest import _signing_key

__all__ = ["_signing_key"]
