"""What is public and what committees do: publications, published pages, reports."""
