"""Codes as people type them: SKUs and numbers of orders."""


def spellings(typed: str) -> list[str]:
    """A code as it was typed, and with the capitals that nearly every code has.

    Both are looked up as they are, so an index on the code serves them.
    """
    return list(dict.fromkeys((typed, typed.upper())))
