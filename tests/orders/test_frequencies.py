"""How often: the contract's names, and crontab expressions that come round by the hour at most."""

import pytest

from orders.frequencies import is_frequency


@pytest.mark.parametrize(
    "text",
    [
        "hourly",
        "two-month",
        "yearly",
        "0 8 * * *",
        "15 */2 * * MON-FRI",
        "0 0 L * *",
        "5 4 1,15 * *",
    ],
)
def test_what_is_a_frequency(text: str) -> None:
    assert is_frequency(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "often", "Daily", "@daily", "0 8 * *", "0 8 * * * *", "\u0660 8 * * *"),
        *("* * * * *", "*/5 * * * *", "0,30 8 * * *", "0-5 8 * * *"),  # more than once an hour
        *("60 8 * * *", "0 24 * * *", "0 8 31 2 *"),  # never
        *("0 R * * *", "0 8 * R *", "H 8 * * *"),  # who knows when
    ],
)
def test_what_is_none(text: str) -> None:
    assert not is_frequency(text)
