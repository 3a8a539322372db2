"""What members see of savings, recovery and the medium term: read from publications only."""
