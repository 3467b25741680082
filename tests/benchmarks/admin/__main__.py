"""``make bench-admin``: measure the admin's pages, and say whether they stay as fast as promised.

Arguments are beginnings of the names of pages, which are then measured alone, as in
``make bench-admin ONLY=order``. Ends with 1 if a promise is missed.
"""

from tests.benchmarks.starting import start

if __name__ == "__main__":
    start("tests.benchmarks.admin.suite", log_level="ERROR", allowed_hosts="localhost,testserver")
