"""Wiring: settings, URLs, the database server, how the processes are run. Nothing of a shop."""
