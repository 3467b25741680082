"""Identifiers made in Python look like those that the database makes."""

from itertools import islice

from orders.ids import ALPHABET, new_id, new_ids


def test_an_id_is_ten_letters_and_digits() -> None:
    for each in (new_id(), *islice(new_ids(3), 7)):
        assert len(each) == 10
        assert set(each) <= set(ALPHABET)


def test_ids_of_one_draw_ascend() -> None:
    ids = list(islice(new_ids(500), 1_000))
    assert ids[:500] == sorted(ids[:500])
    assert ids[500:] == sorted(ids[500:])


def test_no_id_comes_twice_and_every_character_comes_up() -> None:
    ids = list(islice(new_ids(500), 20_000))
    assert len(set(ids)) == len(ids)
    for place in zip(*ids, strict=True):
        assert set(place) == set(ALPHABET)
