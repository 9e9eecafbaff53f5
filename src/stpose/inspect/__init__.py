"""Looking at artefacts: what a file is, and what it looks like."""
