"""Reading over everything."""
