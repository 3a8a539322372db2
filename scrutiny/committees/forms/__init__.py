"""Forms of committees, a module for each subject."""
