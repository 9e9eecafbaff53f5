"""`stpose check-data`: one module a dataset that it knows."""
