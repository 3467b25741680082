"""How often something is repeated: by a name, or by a crontab expression."""

import re

from croniter import croniter
from django.core.exceptions import ValidationError

FREQUENCIES = (
    *("hourly", "daily", "weekly", "monthly"),
    *("two-month", "three-month", "four-month", "six-month", "yearly"),
)

# A number for the minute, so that nothing comes round more often than once an hour; the library
# knows further fields, and letters for times drawn by lot, which are not for money.
CRONTAB = re.compile(
    r"[0-9]{1,2}( [0-9*/,-]+)( [0-9L*/,-]+)(( (?![RH])[0-9A-Z#*/,-]+){2})", re.ASCII | re.IGNORECASE
)


def is_frequency(text: str) -> bool:
    """Whether it is one of the names, or a crontab expression that comes round some day."""
    if text in FREQUENCIES:
        return True
    return bool(CRONTAB.fullmatch(text)) and croniter.is_valid(text, strict=True)


def validate_frequency(text: str) -> None:
    """Refuse what is no frequency (``ValidationError``)."""
    if not is_frequency(text):
        message = "is not a frequency such as %(names)s, or a crontab expression by the hour"
        names = ", ".join(FREQUENCIES)
        raise ValidationError(message, code="frequency", params={"names": names})
