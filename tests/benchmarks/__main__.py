"""``make bench``: measure the engine beside whatever else could copy an order.

Cases that are named as arguments are measured alone. The databases are the benchmarks' own and are
dropped at the end. Read the ratios: absolute figures are about the machine as much as about the
software.
"""

import os
import signal
import sys
from types import FrameType

import django


def main() -> None:
    """Set Django up as a shop in production has it, and measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # With DEBUG, Django would keep every statement of the ORM's in memory.
    os.environ["DEBUG"] = "false"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    signal.signal(signal.SIGTERM, end)
    django.setup()

    from tests.benchmarks.suite import run_all

    try:
        run_all(only=sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def end(_number: int, _frame: FrameType | None) -> None:
    """Leave by the ordinary way out, so that the databases are dropped."""
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main()
