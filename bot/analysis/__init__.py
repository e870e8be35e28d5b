"""Pure functions over a room's talk: who answers whom, who helps, what hangs on whom. No clock, no dice."""
