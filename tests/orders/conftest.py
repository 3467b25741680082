"""A shop for every test about orders."""

import pytest

from tests.factories import Shop, shop


@pytest.fixture
def here(db: None) -> Shop:
    """A shop in test mode."""
    return shop()
