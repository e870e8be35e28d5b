"""Where everything is kept: SQLite, one writer, history that can be asked."""
