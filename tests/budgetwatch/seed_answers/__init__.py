"""What members asked in the five council papers, and the published page on which each finds its answer."""
