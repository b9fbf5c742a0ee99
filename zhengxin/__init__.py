"""Zhengxin 政信: government integrity for a county, from a department's file to a provable record."""

__version__ = "0.1.0"
