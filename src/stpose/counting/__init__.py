"""Counting what the main person of a video repeats, with the stages of the pipeline."""
