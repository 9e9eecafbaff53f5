"""Counting repetitions on videos whose cycles are labelled (QUVA Repetition, CVPR 2018)."""
