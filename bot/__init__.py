"""群星 (Qunxing): a group assistant for people who run WeChat communities."""

__version__ = "0.1.0"
