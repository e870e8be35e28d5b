"""What the bot would have done in a group's past: run on a clock of its own, silent, and told as a report."""
