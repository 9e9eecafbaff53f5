"""The command line: the same functions that the workflow's scripts call, one command each."""
