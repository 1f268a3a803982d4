"""Pages of calls, tickets and work orders, at the desk and on a phone."""
