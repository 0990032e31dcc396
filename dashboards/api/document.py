"""The OpenAPI 3.1 document, made of the same definitions that check what comes in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from flask import Response, json, request
from pydantic.json_schema import models_json_schema

from dashboards.api.answers.problem import Problem
from dashboards.api.operations import BASE, JSON, OPERATIONS, Operation, api
from dashboards.api.problems import KIND
from dashboards.api.rules import API
from rowsense import __version__

_PARAMETER: Final = re.compile(r"<(\w+):(\w+)>")
_ABOUT: Final = (
    "For programs. A token is made and taken back on the page *You*; it is sent as `Authorization: Bearer ...`, may do "
    "what its scopes say, and never sees more than its owner. Long lists come in pieces: `next` is the `cursor` of the "
    "following one. Angles are in degrees; units stand in the names; null is what was not measured."
)
_REFUSALS: Final = {
    "401": "No token, or one that does not hold any more.",
    "403": "The token has not the scope, or its owner may not.",
    "404": "It is not there, or not the owner's to see.",
    "422": "What was asked cannot be done as it stands.",
    "429": "Too often; Retry-After says how long to wait.",
    "default": "Anything else that went wrong.",
}


@api.get("/openapi.json")
def document() -> Response:
    """The document itself; open to everybody, because it says nothing of anybody."""
    answer = Response(_written(), mimetype=JSON)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def openapi() -> dict[str, Any]:
    """The document as data."""
    models = [m for one in OPERATIONS for m in ((one.body, "validation"), (one.gives, "serialization")) if m[0]]
    wanted = [*dict.fromkeys(models), (Problem, "serialization")]
    names, definitions = models_json_schema(wanted, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(_PARAMETER.sub(r"{\2}", one.path), {})[one.method.lower()] = _operation(one, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "RowSense",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": BASE}],
        "tags": [{"name": name} for name in dict.fromkeys(one.subject for one in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                code: {"description": words, "content": {KIND: {"schema": names[Problem, "serialization"]}}}
                for code, words in _REFUSALS.items()
            },
        },
    }


@lru_cache(maxsize=1)
def _written() -> str:
    return json.dumps(openapi(), separators=(",", ":"))


def _operation(one: Operation, names: Any) -> dict[str, Any]:
    scopes = API[f"api.{one.endpoint}", one.method].scopes
    made: dict[str, Any] = {
        "operationId": one.endpoint,
        "summary": one.summary,
        "tags": [one.subject],
        # Each is enough.
        "security": [{"token": [scope]} for scope in scopes],
        "responses": {str(one.status): _answer(one, names)} | {c: _refusal(c) for c in _refusals(one)},
    }
    if one.more:
        made["description"] = one.more
    parameters = [*_of_path(one), *_of_query(one), *_of_headers(one)]
    if parameters:
        made["parameters"] = parameters
    if one.body is not None:
        content = {JSON: {"schema": names[one.body, "validation"]}}
        made["requestBody"] = {"required": True, "content": content}
    elif one.sends:
        made["requestBody"] = {"required": True, "content": {one.sends: {}}}
    return made


def _answer(one: Operation, names: Any) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {} for kind in one.kinds}
    if one.gives is not None:
        content = {JSON: {"schema": names[one.gives, "serialization"]}} | content
    headers = {name: {"description": words, "schema": {"type": "string"}} for name, words in one.answers_with.items()}
    return {
        "description": one.summary,
        **({"headers": headers} if headers else {}),
        **({"content": content} if content else {}),
    }


def _refusals(one: Operation) -> list[str]:
    always = ["401", "403", "429", "default"]
    return [*always, *(["404"] if "<" in one.path else []), *(["422"] if one.query or one.body else [])]


def _refusal(code: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{code}"}


def _of_path(one: Operation) -> list[dict[str, Any]]:
    kinds = {"uuid": {"type": "string", "format": "uuid"}, "string": {"type": "string"}}
    return [
        {"name": name, "in": "path", "required": True, "schema": kinds[kind]}
        for kind, name in _PARAMETER.findall(one.path)
    ]


def _of_query(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    schema = one.query.model_json_schema()
    wanted = schema.get("required", [])
    return [_parameter(name, told, name in wanted) for name, told in schema["properties"].items()]


def _parameter(name: str, told: dict[str, Any], required: bool) -> dict[str, Any]:
    schema = {key: value for key, value in told.items() if key not in ("title", "description")}
    made = {"name": name, "in": "query", "required": required, "schema": schema}
    return made | ({"description": told["description"]} if "description" in told else {})


def _of_headers(one: Operation) -> list[dict[str, Any]]:
    wanted = [(name, words, True) for name, words in one.headers.items()]
    return [
        {"name": name, "in": "header", "required": required, "description": words, "schema": {"type": "string"}}
        for name, words, required in [*wanted, *((name, words, False) for name, words in one.may_have.items())]
    ]
