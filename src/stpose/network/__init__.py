"""AlexNet, its two heads and its weights."""
