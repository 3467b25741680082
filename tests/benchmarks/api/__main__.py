"""``make bench-api``: measure the API, and say whether it is as fast as promised.

Parts that are named as arguments are measured alone. Ends with 1 if a promise is missed.
"""

from tests.benchmarks.starting import start

if __name__ == "__main__":
    start("tests.benchmarks.api.suite", log_level="ERROR", allowed_hosts="localhost,127.0.0.1")
