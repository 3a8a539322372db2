"""What is public."""
