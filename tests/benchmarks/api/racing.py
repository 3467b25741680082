"""One POST sent three times at once, with one key: the shop has to do it once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from ordercopy.models import OrderCopy
from tests.benchmarks.api.asking import Answer, Asker, OverHttp
from tests.benchmarks.api.beside import COPIES

SENDERS = 3


def done_once(asker: Asker, document: Any, *, port: int, times: int) -> int:
    """How many of so many races ended with exactly one copy, which all good answers show.

    Each sender has a connection of its own, so that they are answered by several processes.
    """
    senders = [asker.by(OverHttp(port)) for _ in range(SENDERS)]
    start = Barrier(SENDERS)

    def send(sender: Asker, key: str) -> Answer:
        start.wait()
        return sender.post_once(COPIES, document, key=key)

    good = 0
    with ThreadPoolExecutor(SENDERS) as pool:
        for nth in range(times):
            before = OrderCopy.objects.count()
            answers = list(pool.map(send, senders, [f"race-{nth}"] * SENDERS))
            shown = {each.document["data"]["id"] for each in answers if each.status == 201}
            made = OrderCopy.objects.count() - before
            good += made == 1 and OrderCopy.objects.filter(pk__in=shown).count() == len(shown) == 1
    return good
