"""What would be left of a group: its figures, the picture of them, and the words for where pictures fail."""
