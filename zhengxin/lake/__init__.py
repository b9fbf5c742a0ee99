"""Frozen Parquet snapshots and the one engine that reads and writes them.

engine opens it, sql builds statements, queries moves rows in and out. Nothing else imports duckdb.
"""
