"""Customers' requests, whatever the channel, and where they stand."""
