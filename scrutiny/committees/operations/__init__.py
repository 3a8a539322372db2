"""Every write to committees' records, a module for each subject."""
