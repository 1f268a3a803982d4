"""API of planning."""

from ninja import Router

from callout.planning.api import absence_requests, patterns, slots, tasks, vocabulary

router = Router(tags=["planning"])
for part in (vocabulary, slots, patterns, absence_requests, tasks):
    router.add_router("", part.router)
