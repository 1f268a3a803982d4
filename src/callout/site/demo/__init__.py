"""The demo company: heating and cooling in Milan and Cluj, with a week of work on its calendars.

Everything goes through the same commands that people use; nothing here writes a table.
"""
