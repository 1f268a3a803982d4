"""API of planning."""

from ninja import Router

from callout.planning.api import vocabulary

router = Router(tags=["planning"])
for part in (vocabulary,):
    router.add_router("", part.router)
