"""The videos: which there are, and how each fared."""
