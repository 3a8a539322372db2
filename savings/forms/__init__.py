"""What officers type about savings."""
