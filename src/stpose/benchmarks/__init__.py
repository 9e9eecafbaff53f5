"""Benchmarks: what an embedding is worth, beside what costs nothing."""
