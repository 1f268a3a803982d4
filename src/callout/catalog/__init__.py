"""Products, their tax, how they are priced and paid."""
