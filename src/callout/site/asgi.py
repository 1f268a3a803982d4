"""One address for everything: pages and API run under WSGI in threads of the same process."""

import os

from a2wsgi import WSGIMiddleware

from callout.site.wsgi import application

app = WSGIMiddleware(application, workers=int(os.environ.get("CALLOUT_THREADS", "8")))
