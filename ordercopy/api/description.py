"""What stands beside the resources, in the API's documentation."""

from config.jsonapi.openapi.answers import answer
from config.jsonapi.openapi.endpoints import describe, describe_tag
from config.jsonapi.openapi.resources import closed

JSON = "application/json"
REPORT = {
    "status": {"enum": ["ok", "degraded"]},
    "database": {"const": True},
    "workers_alive": {"type": "integer", "minimum": 0},
    "oldest_waiting_copy_seconds": {"type": ["number", "null"]},
}
DOWN = {"status": {"const": "down"}, "database": {"const": False}}


def describe_health() -> None:
    describe_tag("health", "For whatever watches over the shop.")
    describe(
        "/healthz",
        "health",
        {
            "get": {
                "operationId": "healthz",
                "summary": "Whether the database answers, workers live, and copies move",
                "security": [],
                "responses": {
                    "200": answer(
                        "`degraded` without workers, or when copies wait for long.",
                        closed(REPORT, list(REPORT)),
                        media_type=JSON,
                    ),
                    "503": answer("No database.", closed(DOWN, list(DOWN)), media_type=JSON),
                },
            }
        },
    )
