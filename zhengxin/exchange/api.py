"""The REST API under /api/v1 (OpenAPI 3.1)."""

from ninja import NinjaAPI

api = NinjaAPI(title="政信", version="1")
