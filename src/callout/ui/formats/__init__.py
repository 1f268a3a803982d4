"""Date and number formats by language."""
