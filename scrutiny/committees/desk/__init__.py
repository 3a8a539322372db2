"""What clerks see of committees, drafts and exempt items included. No public page, pack or paper reads it. A module for each subject."""
