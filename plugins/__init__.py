"""One folder a plugin; each exports one value `plugin`. They never import one another."""
