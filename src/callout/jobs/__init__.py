"""The queue, and long work that people watch."""
