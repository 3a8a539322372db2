"""Public queries: what a reader of what is published may see of committees, and nothing else. A module for each subject."""
