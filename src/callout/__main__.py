"""`python -m callout` is the command line."""

from callout.site.cli import main

if __name__ == "__main__":
    main()
