"""Many failed copies made again, leaving out what failed: each as a new copy that skips errors."""

from collections.abc import Iterator, Sequence

from ordercopy.copies import Answer, CannotBeMadeAgain, make_again_without_what_fails
from ordercopy.models import FactoryStatus, OrderCopy
from orders.audit import Who

# A new copy that came to nothing does not stand in the way of another one.
CAME_TO_NOTHING = (FactoryStatus.FAILED, FactoryStatus.ABORTED)


def make_all_again(copy_ids: Sequence[str], *, who: Who) -> Iterator[tuple[int, Answer]]:
    """Make copies again one by one; yields how many have had their turn, and the answer so far.

    The answer's ``done`` are the ids of the new copies, which wait: run them, or wake a worker. A
    copy that was made again before is refused, unless that came to nothing: its order exists.
    """
    answer = Answer()
    for turn, copy_id in enumerate(copy_ids, start=1):
        copy = OrderCopy.objects.filter(pk=copy_id).first()
        if copy is None:
            answer.unknown.append(copy_id)
        elif done := copy.made_again.exclude(status__in=CAME_TO_NOTHING).first():
            answer.refused[copy_id] = f"made again as {done.pk}"
        else:
            try:
                answer.done.append(make_again_without_what_fails(copy, who=who, wake=False))
            except CannotBeMadeAgain:
                answer.refused[copy_id] = copy.status
        yield turn, answer
