"""Dividing an amount over lines, to the cent."""

from collections.abc import Sequence


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide ``amount`` over the weights in proportion; the shares add up to it exactly.

    Each share is the difference of two rounded running sums, so the cents that rounding leaves
    over fall where they arise. A share is never more than a cent from its exact part, and while
    ``amount`` is no more than all weights together, never more than its weight.

    >>> spread(100, [1, 1, 1])
    [33, 33, 34]
    """
    whole = sum(weights)
    if not whole:
        return [amount, *[0] * (len(weights) - 1)]
    shares, before, running = [], 0, 0
    for weight in weights:
        running += weight
        now = amount * running // whole
        shares.append(now - before)
        before = now
    return shares
