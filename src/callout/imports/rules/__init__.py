"""How a row of a file becomes values: which column goes where, and what a cell's text means."""
