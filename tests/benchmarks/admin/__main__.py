"""``make bench-admin``: measure the admin's pages, and say whether they stay as fast as promised.

Arguments are beginnings of the names of pages, which are then measured alone, as in
``make bench-admin ONLY=order``. Ends with 1 if a promise is missed.
"""

import os
import signal
import sys

import django

from tests.benchmarks.__main__ import end


def main() -> None:
    """Set Django up as a shop in production has it, and measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ |= {"DEBUG": "false", "ALLOWED_HOSTS": "localhost,testserver"}
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    signal.signal(signal.SIGTERM, end)
    django.setup()

    from tests.benchmarks.admin.suite import run_all

    try:
        reached = run_all(only=sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main()
