"""The database: Django's PostgreSQL backend, and a server of our own for whoever names none.

`base` is what Django loads; `embedded` starts, mends and stops the server; `account`, `folders`
and `tuning` are what it needs for that.
"""
