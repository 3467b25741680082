"""An amount divided over lines: every cent once, no line more than it can bear."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from orders.shopify.spreading import spread

WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=50)


@given(amount=st.integers(0, 10**12), weights=WEIGHTS)
def test_the_shares_add_up_exactly_and_are_in_proportion(amount: int, weights: list[int]) -> None:
    shares = spread(amount, weights)
    assert sum(shares) == amount
    assert min(shares) >= 0
    if whole := sum(weights):
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - Fraction(amount * weight, whole)) < 1


@given(weights=WEIGHTS, data=st.data())
def test_no_share_is_more_than_its_weight_while_all_can_bear_it(
    weights: list[int], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, sum(weights)))
    shares = spread(amount, weights)
    assert all(share <= weight for share, weight in zip(shares, weights, strict=True))


def test_where_nothing_weighs_the_first_takes_it() -> None:
    assert spread(5, [0, 0, 0]) == [5, 0, 0]
