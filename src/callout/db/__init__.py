"""What every app asks and writes all the time, put shorter than Django does; no tables of its own."""
