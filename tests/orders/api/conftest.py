"""What the tests of the API's door share."""

import pytest
from pytest_django import Settings

from tests.api_client import ApiClient
from tests.factories import Shop, shop
from tests.orders.api.credentials import store_signing_key


@pytest.fixture(autouse=True)
def _signing_key(request: pytest.FixtureRequest, settings: Settings) -> None:
    """A signing key that need not be drawn anew for each test."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        store_signing_key(settings.SECRET_KEY)


@pytest.fixture
def here() -> Shop:
    return shop()


@pytest.fixture
def api() -> ApiClient:
    return ApiClient()
