"""What people decided about opinions: which of several decisions counts, and whom it concerns."""
