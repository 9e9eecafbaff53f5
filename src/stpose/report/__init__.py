"""The report: what a run made, to look at."""
