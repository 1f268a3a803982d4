"""Rules and calculations that need neither a database nor a web framework."""
