"""Acting on any number of copies, some hundreds in each transaction.

What is done stays done when the rest is interrupted, and no lock is held for longer than a moment.
"""

from collections.abc import Callable, Iterator, Sequence

from ordercopy.copies import Answer

CHUNK = 500


def in_chunks(
    copy_ids: Sequence[str], act: Callable[[Sequence[str]], Answer]
) -> Iterator[tuple[int, Answer]]:
    """Act on some copies at a time; yields how many have had their turn, and the answer so far."""
    whole = Answer()
    for start in range(0, len(copy_ids), CHUNK):
        chunk = copy_ids[start : start + CHUNK]
        answer = act(chunk)
        whole.done += answer.done
        whole.locked += answer.locked
        whole.unknown += answer.unknown
        whole.refused |= answer.refused
        yield start + len(chunk), whole
