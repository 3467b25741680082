"""Benchmarks of the admin: every page, and every way to ask for a list, at two sizes of a shop."""
