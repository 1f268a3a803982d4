"""Planning: who is there when, and who has which appointment."""
