"""What belongs to a market and what does not."""

from collections.abc import Mapping
from typing import Any

DEFAULTS = ("default_shipping_method", "default_payment_method")


def foreign_defaults(market_id: str, chosen: Mapping[str, Any]) -> list[str]:
    """Which of the methods chosen as a market's usual ones are offered to another market only."""
    return [
        name
        for name in DEFAULTS
        if (method := chosen.get(name)) is not None and method.market_id not in {None, market_id}
    ]
