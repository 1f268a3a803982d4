"""Callout: from the customer's call to the bill."""

__version__ = "0.1.0"
