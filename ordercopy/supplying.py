"""Whether there is enough by now of what failed copies want, where their markets sell from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ordercopy.blocking import Wanted


@dataclass(frozen=True)
class Supply:
    """How many pieces there are for some copies, and how many are ``lacking`` for all of them.

    ``frees_some``: there is enough for one of them at least.
    """

    there: int
    lacking: int
    frees_some: bool


def supply_for(
    wanted: Sequence[Wanted],
    *,
    pools: Mapping[str, Sequence[str]],
    pieces: Mapping[str, int],
) -> Supply:
    """Give out the ``pieces`` that lie in stock locations to copies of markets, as placing would.

    ``pools`` are the locations of each market, in their order. Markets with few of them take
    first, as those with more can go elsewhere.
    """
    left = {place: pieces.get(place, 0) for pool in pools.values() for place in pool}
    there = sum(left.values())
    frees_some = any(
        each.least <= sum(left[place] for place in pools.get(each.market_id, ())) for each in wanted
    )
    lacking = 0
    for each in sorted(wanted, key=lambda each: len(pools.get(each.market_id, ()))):
        missing = each.requested
        for place in pools.get(each.market_id, ()):
            taken = min(missing, left[place])
            left[place] -= taken
            missing -= taken
        lacking += missing
    return Supply(there, lacking, frees_some)
