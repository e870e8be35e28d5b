"""One file a version; the number in front gives the order."""
