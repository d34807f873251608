"""How many SQL statements a purchase sends."""

import statistics

from bench import load, town

SAMPLE = 20


def count(of: town.Town) -> float:
    """Counted at the driver, in this process, over `SAMPLE` purchases, once versions are known. Raises LoadProblem."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from core.ids import new_id

    client = Client(headers={"authorization": f"Bearer {of.api_key}"})
    sent = []
    for _member, card in of.cards[:SAMPLE]:
        with CaptureQueriesContext(connection) as asked:
            response = client.post(
                "/api/v1/purchases",
                {"card": card, "amount": "12.50", "currency": "EUR", "location": of.location},
                content_type="application/json",
                headers={"idempotency-key": str(new_id())},
            )
        if response.status_code != 201:
            raise load.LoadProblem(response.content.decode()[:300])
        sent.append(len(asked))
    return statistics.median(sent)
