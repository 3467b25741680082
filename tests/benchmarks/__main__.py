"""``make bench``: measure the engine beside whatever else could copy an order.

Cases that are named as arguments are measured alone. The databases are the benchmarks' own and are
dropped at the end. Read the ratios: absolute figures are about the machine as much as about the
software.
"""

from tests.benchmarks.starting import start

if __name__ == "__main__":
    start("tests.benchmarks.suite", log_level="WARNING")
