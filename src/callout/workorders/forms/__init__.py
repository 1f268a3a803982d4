"""Forms of calls, tickets and work orders."""
