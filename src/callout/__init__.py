"""Callout: from the customer's call to the bill."""
