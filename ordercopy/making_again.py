"""Many failed copies made again, leaving out what failed: each as a new copy that skips errors."""

from collections.abc import Iterator, Sequence

from ordercopy.copies import Answer, CannotBeMadeAgain, make_again_without_what_fails
from ordercopy.models import OrderCopy
from orders.audit import Who


def make_all_again(copy_ids: Sequence[str], *, who: Who) -> Iterator[tuple[int, Answer]]:
    """Make copies again one by one; yields how many have had their turn, and the answer so far.

    The answer's ``done`` are the ids of the new copies, which wait: run them, or wake a worker.
    """
    answer = Answer()
    for turn, copy_id in enumerate(copy_ids, start=1):
        copy = OrderCopy.objects.filter(pk=copy_id).first()
        if copy is None:
            answer.unknown.append(copy_id)
        else:
            try:
                answer.done.append(make_again_without_what_fails(copy, who=who, wake=False))
            except CannotBeMadeAgain as error:
                answer.refused[copy_id] = error.reason
        yield turn, answer
