"""The officers' pages of savings."""
