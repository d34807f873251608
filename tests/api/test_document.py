"""The OpenAPI document: whole, valid, true, and what happens when a machine attacks all that it describes."""

import re

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client

from api.urls import urlpatterns
from api.v1 import codes, corrections, events, examples, links, members, new_purchases
from tests.api.rightly import Rightly

UNDESCRIBED = {"openapi.json"}  # the document does not describe itself


@pytest.fixture(scope="module")
def document():
    """The document as it is served."""
    return Client().get("/api/v1/openapi.json").json()


@pytest.fixture
def operations(document):
    """(method, path, operation) of everything described."""
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def properties(document, shape):
    return set(document["components"]["schemas"][shape]["properties"])


def test_the_generator_has_nothing_to_complain_about(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "openapi.yaml"))


def test_it_stands_at_two_addresses_and_needs_no_key(document):
    assert Client().get("/openapi.json").json() == document
    assert document["openapi"].startswith("3.")


def test_every_address_is_described(document):
    ours = {re.sub(r"<str:(\w+)>", r"{\1}", str(pattern.pattern)) for pattern in urlpatterns}
    described = {path.removeprefix("/api/v1/") for path in document["paths"]}
    assert ours - UNDESCRIBED == described


def test_every_operation_asks_for_a_key_and_tells_its_refusals(operations):
    for method, path, operation in operations:
        if path == "/api/v1/problems":
            continue
        assert operation["security"] == [{"key": []}], (method, path)
        for status, response in operation["responses"].items():
            kinds = set(response["content"])
            assert kinds == {"application/json" if status < "300" else "application/problem+json"}, (
                path,
                status,
            )
        assert {"400", "401", "403", "422", "429", "500"} <= set(operation["responses"]), (method, path)


def test_every_post_takes_an_idempotency_key(operations):
    for method, path, operation in operations:
        names = {
            parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"
        }
        assert ("Idempotency-Key" in names) == (method == "POST"), (method, path)


def test_what_is_described_is_what_is_read(document):
    assert properties(document, "NewPurchase") == new_purchases.KNOWN
    assert properties(document, "Item") == new_purchases.ITEM
    assert properties(document, "NewEvent") == events.EVENT
    assert properties(document, "NewCodeBatch") == codes.BATCH
    assert properties(document, "NewCodeRedemption") == codes.REDEMPTION
    assert properties(document, "NewLink") == links.LINK
    assert properties(document, "LinkChange") == links.CHANGE
    assert properties(document, "NewRefund") == corrections.REFUND
    assert properties(document, "NewAdjustment") == corrections.ADJUSTMENT
    assert properties(document, "Enrolment") == members.ENROLMENT
    assert properties(document, "MemberChange") == members.PROFILE | {"tags"}
    assert properties(document, "Consents") == members.PURPOSES


def test_every_operation_answers_as_described(till, world, operations, document):
    right = Rightly(world)
    for method, path, operation in operations:
        name = operation["operationId"]
        response = till.send(
            method,
            path.removeprefix("/api/v1").format(**right.ids_for(name)),
            right.body_of(name),
            **{"Idempotency-Key": name},
        )
        assert response.status_code in (200, 201), (method, path, response.content)
        described = operation["responses"][str(response.status_code)]["content"]["application/json"]
        conforms(response.json(), described["schema"], document)


def test_every_example_is_true_to_its_shape(operations, document):
    for _method, _path, operation in operations:
        contents = [response["content"] for response in operation["responses"].values()]
        contents += [operation["requestBody"]["content"]] if "requestBody" in operation else []
        for content in contents:
            for kind in content.values():
                for example in kind.get("examples", {}).values():
                    conforms(example["value"], kind["schema"], document)


def test_a_problem_is_what_the_document_says(till, basket, document):
    problem = till.post("/purchases", basket(amount="12.505")).json()
    conforms(problem, {"$ref": "#/components/schemas/Problem"}, document)
    assert problem["errors"] == examples.PROBLEM["errors"]
    assert set(problem) == set(examples.PROBLEM)


def conforms(value, schema, document):
    """Raises unless the value is exactly of this shape: nothing missing, nothing more."""
    resolver_schema = {"components": strict(document["components"]), **nullable(schema)}
    jsonschema.Draft4Validator(resolver_schema, format_checker=jsonschema.FormatChecker()).validate(value)


def strict(part):
    """Objects without properties that were not described; `nullable` of OpenAPI 3.0 as JSON Schema says it."""
    if isinstance(part, list):
        return [strict(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {name: strict(item) for name, item in nullable(part).items()}
    if part.get("type") == "object" and "properties" in part:
        part["additionalProperties"] = False
    return part


def nullable(part):
    if part.get("nullable") and "type" in part:
        return {**part, "type": [part["type"], "null"]}
    if part.get("nullable"):
        rest = {name: item for name, item in part.items() if name != "nullable"}
        return {"anyOf": [rest, {"type": "null"}]}
    return part
