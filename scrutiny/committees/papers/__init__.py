"""Reports to committees: their words and the figures these quote, how they begin, and how they print."""
