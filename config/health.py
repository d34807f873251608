"""Is it alive, is it ready: for supervisors and load balancers."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process lives."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer, 503 with what does not."""
    checks = {"database": _database_answers, "broker": _broker_answers}
    missing = [name for name, answers in checks.items() if not answers()]
    if missing:
        return JsonResponse({"status": "not ready", "missing": missing}, status=503)
    return JsonResponse({"status": "ready"})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001  any failure at all means: not ready
        connection.close()
        return False
    return True


def _broker_answers() -> bool:
    try:
        cache.get("readyz")
    except Exception:  # noqa: BLE001
        return False
    return True
