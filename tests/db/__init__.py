"""Tests of what stands between Django and the database."""
