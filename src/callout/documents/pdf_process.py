"""Draws one document: HTML on standard input, PDF on standard output. Run as a program of its own, without Django.

It first gives up the means to do harm: processor time, memory and files are limited, and nothing is fetched but what
stands in the document itself (`data:`). Fonts are found by fontconfig, which whoever starts this points at our own.
"""

import io
import resource
import sys

CPU_SECONDS = 20
MEMORY = 2**30  # bytes of address space
OPEN_FILES = 64


def give_up_means() -> None:
    """Limit this process for good."""
    for what, limit in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def draw(html: str) -> bytes:
    """The document as PDF, A4 unless its style says otherwise."""
    import plutoprint  # only now, with the limits in place

    class Inside(plutoprint.ResourceFetcher):
        """Knows what the document brings itself; everything else is empty."""

        def fetch_url(self, url: str) -> plutoprint.ResourceData:
            """The resource, or an empty one."""
            if url.startswith("data:"):
                return plutoprint.default_resource_fetcher.fetch_url(url)
            return plutoprint.ResourceData(b"", "text/plain", "utf-8")

    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4)
    book.custom_resource_fetcher = Inside()
    book.load_html(html)
    out = io.BytesIO()
    book.write_to_pdf_stream(out)
    return out.getvalue()


if __name__ == "__main__":
    give_up_means()
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read().decode()))
