"""Packs as documents: the public one from public queries alone, the exempt one from the clerk's desk, and the gate between them."""
