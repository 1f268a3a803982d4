"""Pages for getting in, for one's own account, and for administering people."""
