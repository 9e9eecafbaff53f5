"""Faults put into whole runs on tiny footage, and what comes of a plain restart, counted."""
