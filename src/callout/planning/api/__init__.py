"""API of planning."""

from ninja import Router

from callout.planning.api import slots, vocabulary

router = Router(tags=["planning"])
for part in (vocabulary, slots):
    router.add_router("", part.router)
