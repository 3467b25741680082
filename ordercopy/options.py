"""The options of an order copy, the same for one copy, for a batch and for a preview."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class CopyOptions:
    """Write-once; ``place_target_order`` and ``cancel_source_order`` are null unless sent."""

    place_target_order: bool | None = None
    cancel_source_order: bool | None = None
    reuse_wallet: bool = True
    apply_promotions: bool = False
    skip_errors: bool = False
    ignore_invalid_coupon: bool = False

    @classmethod
    def of(cls, row: Any) -> "CopyOptions":
        """The options that a copy or a batch was asked for with."""
        return cls(**{name: getattr(row, name) for name in OPTION_NAMES})


OPTION_NAMES = tuple(option.name for option in fields(CopyOptions))
