"""A schedule of savings or growth by year, as CSV or XLSX, into typed lines and a list of everything that is wrong with it. Nothing here writes."""
