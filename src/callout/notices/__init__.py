"""Mail that leaves the house, and its wording."""
