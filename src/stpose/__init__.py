"""Pose embeddings learned from nothing but videos."""
