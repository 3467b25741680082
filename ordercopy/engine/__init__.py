"""The copy engine: a copy is a set operation in the database.

A batch of copies (one copy is a batch of one) goes through a constant number of statements,
whatever the number of copies and lines:

1. ``claim``: copies that wait, or whose worker is gone, become this connection's; commit.
2. ``checks``: every rule is a query that answers rows, never an exception.
3. ``build``: two INSERT … SELECT statements, compiled from the models' copy plans.
4. promotions, where asked for.
5. placing, where asked for, by the shop's own lifecycle; stock and coupons come last.
6. cancelling the source, where asked for and all went well.
7. ``finish``: statuses, errors, attempts, events and audit entries; commit.

Steps 2 to 7 are one transaction. A preview is the same steps in a transaction that is rolled back.
"""
