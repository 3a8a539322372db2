"""What pages and papers show of committees, as values that know no model: a module for each subject."""
