"""Benchmarks: ratios measured side by side in one run, with the absolute figures beside them."""
