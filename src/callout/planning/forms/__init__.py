"""Forms of planning: they read what was typed for one command each."""
