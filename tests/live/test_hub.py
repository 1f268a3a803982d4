"""Who does not keep up is given up, and what is kept is enough or said not to be."""

import asyncio

from callout.live.hub import KEPT, SLACK, WAITING, Hub
from callout.live.rules import Change

CHANGE = Change("moved", (1,))


async def _no_connection() -> None:
    raise AssertionError("nobody listens here")


class Spoken(Hub):
    """A hub that hears what the test says."""

    def __init__(self) -> None:
        self.at = 1_000.0
        super().__init__(_no_connection, clock=lambda: self.at)
        self._whole_since = self._next_id()

    def say(self, times: int = 1) -> None:
        for _ in range(times):
            self._note(CHANGE)


def test_who_does_not_take_what_is_said_is_given_up() -> None:
    async def run() -> None:
        hub = Spoken()
        slow, _ = hub.join(None)
        quick, _ = hub.join(None)
        for _ in range(WAITING + 1):
            hub.say()
            quick.news.get_nowait()
        assert (slow.lost, quick.lost) == (True, False)
        assert slow.news.qsize() == WAITING

    asyncio.run(run())


def test_ids_grow_whatever_the_clock_does() -> None:
    async def run() -> None:
        hub = Spoken()
        listener, _ = hub.join(None)
        for at in (1_000.0, 1_000.0, 900.0, 1_001.0):
            hub.at = at
            hub.say()
        ids = [listener.news.get_nowait().id for _ in range(4)]
        assert ids == sorted(set(ids))

    asyncio.run(run())


def test_what_is_no_longer_kept_is_a_gap() -> None:
    async def run() -> None:
        hub = Spoken()
        hub.at += SLACK
        since = hub.position + SLACK
        hub.say(KEPT)
        _, missed = hub.join(since)
        assert [news.change for news in missed] == [CHANGE] * KEPT
        hub.say()
        _, missed = hub.join(since)
        assert [news.change for news in missed] == [None]

    asyncio.run(run())


def test_a_listener_that_joins_while_the_process_ends_is_let_go_at_once() -> None:
    async def run() -> None:
        hub = Spoken()
        hub.close()
        listener, _ = hub.join(None)
        assert listener.lost

    asyncio.run(run())
