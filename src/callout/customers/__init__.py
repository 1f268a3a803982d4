"""Customers, their sites, contacts, assets and contracts."""
