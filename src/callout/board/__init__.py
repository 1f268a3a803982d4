"""The board: calendars above, waiting work below, and everything that is done between them."""
