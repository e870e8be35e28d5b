"""How well the clever parts do on annotated data, beside plain baselines: `python -m tests.eval`."""
