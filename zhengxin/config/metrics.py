"""What is counted of requests, and the text a Prometheus server reads.

Several server processes add up: `zhengxin serve` names a folder in PROMETHEUS_MULTIPROC_DIR before they start.
Labels are route names, methods and statuses; nothing of them grows with what people send.
"""

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE

__all__ = ["CONTENT_TYPE", "exposition", "observe"]

_registry = CollectorRegistry()
_requests = Counter(
    "zhengxin_requests", "Requests answered.", ["route", "method", "status"], registry=_registry
)
_seconds = Histogram(
    "zhengxin_request_seconds",
    "Seconds from a request's arrival to its answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=_registry,
)


def observe(*, route: str, method: str, status: int, seconds: float) -> None:
    """Counts one answered request."""
    _requests.labels(route, method, str(status)).inc()
    _seconds.labels(route).observe(seconds)


class _Figures:
    """Values of this moment, as a collector of the registry."""

    def __init__(self, figures: Iterable[Metric]) -> None:
        self._figures = list(figures)

    def collect(self) -> Iterable[Metric]:
        return self._figures


def gauge(name: str, meaning: str, values: dict[str, float], label: str = "") -> Metric:
    """A figure with one value (key "") or one a label value."""
    found = GaugeMetricFamily(f"zhengxin_{name}", meaning, labels=[label] if label else [])
    for key, value in values.items():
        found.add_metric([key] if label else [], value)
    return found


def exposition(figures: Iterable[Metric]) -> bytes:
    """Everything counted by all server processes, and these figures."""
    registry = CollectorRegistry()
    registry.register(_Figures(figures))
    text = generate_latest(registry)
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        return text + generate_latest(counted)
    return text + generate_latest(_registry)
