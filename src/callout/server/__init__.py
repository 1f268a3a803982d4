"""Runs Callout on one machine: its database, its processes, its backups. Without Django, save in subprocesses."""
