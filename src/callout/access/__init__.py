"""Getting in: sign-in, first access, recovery, tokens, sessions."""
