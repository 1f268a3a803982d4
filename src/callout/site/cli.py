"""The command line: `callout up`, `demo`, `import`, `token`, `backup`, `restore`, `doctor` and what they need."""

import sys

USAGE = """usage: callout COMMAND

  up                        start everything: database, web, worker (Ctrl-C ends all of it)
  demo [--if-empty]         fill an empty database with the demo company
  import KIND FILE [--mapping NAME] [--dry-run]
                            take in a file; exit status 1 when a row was refused
  token NAME [--user USER]  make an API token for a person and print it once
  backup FILE               write database and files into one archive
  restore FILE [--replace]  put a backup back
  doctor                    what is configured, what is wrong, how to mend it
  worker                    run the jobs of the queue
"""


def main() -> None:
    """Run one command and exit with its status."""
    print(USAGE)
    sys.exit(2)
