"""``make bench-api``: measure the API, and say whether it is as fast as promised.

Parts that are named as arguments are measured alone. Ends with 1 if a promise is missed.
"""

import os
import signal
import sys

import django

from tests.benchmarks.__main__ import end


def main() -> None:
    """Set Django up as a shop in production has it, and measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ |= {"DEBUG": "false", "ALLOWED_HOSTS": "localhost,127.0.0.1"}
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    signal.signal(signal.SIGTERM, end)
    django.setup()

    from tests.benchmarks.api.suite import run_all

    try:
        sys.exit(0 if run_all(only=sys.argv[1:]) else 1)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
