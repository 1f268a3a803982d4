"""Verification of reported work, and bills."""
