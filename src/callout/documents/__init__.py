"""Numbers, periods, files and PDFs."""
