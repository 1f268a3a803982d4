"""Automatic dispatch: work that waits is given to technicians as a whole day or week, as a proposal to be accepted."""
