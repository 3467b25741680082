"""How each of the benchmarks starts and ends as a program."""

import os
import signal
import sys
from importlib import import_module
from types import FrameType

import django


def start(suite: str, *, log_level: str, allowed_hosts: str = "") -> None:
    """Set Django up as a shop in production has it, and measure what the arguments name, or all.

    Ends with 1 if the suite answers that a promise was missed.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # With DEBUG, Django would keep every statement of the ORM's in memory.
    os.environ["DEBUG"] = "false"
    os.environ.setdefault("LOG_LEVEL", log_level)
    if allowed_hosts:
        os.environ["ALLOWED_HOSTS"] = allowed_hosts
    signal.signal(signal.SIGTERM, _end)
    django.setup()
    try:
        kept = import_module(suite).run_all(only=sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    sys.exit(0 if kept else 1)


def _end(_number: int, _frame: FrameType | None) -> None:
    """Leave by the ordinary way out, so that the databases are dropped."""
    sys.exit(128 + signal.SIGTERM)
