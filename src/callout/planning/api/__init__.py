"""API of planning."""

from ninja import Router

from callout.planning.api import absence_requests, patterns, slots, vocabulary

router = Router(tags=["planning"])
for part in (vocabulary, slots, patterns, absence_requests):
    router.add_router("", part.router)
