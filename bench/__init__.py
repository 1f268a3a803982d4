"""Benchmarks: each file answers one question and prints a table; `--size smoke` takes under a minute."""
