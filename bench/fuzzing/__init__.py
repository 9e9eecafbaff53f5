"""Fuzzing of every reader: hostile and odd files, counted (`make fuzz`)."""
