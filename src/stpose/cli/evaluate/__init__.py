"""`stpose evaluate`: one command a benchmark."""
