"""Published datasets: where they are, and how they get onto the disk."""
