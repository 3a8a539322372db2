"""A monitoring return, as CSV or XLSX, into typed rows and a list of everything that is wrong with it. Nothing here writes."""
