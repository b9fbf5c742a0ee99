"""Frozen Parquet snapshots and the one engine that reads them."""
