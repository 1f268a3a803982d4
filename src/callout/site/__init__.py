"""Wires the capabilities together: addresses, navigation, API, command line."""
