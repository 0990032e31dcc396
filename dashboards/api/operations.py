"""One definition of a call: route, what it takes, what it gives. Input is checked by it, the document made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar, get_origin

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, ValidationError

from dashboards.api.problems import problem

BASE: Final = "/api/v1"
api = Blueprint("api", __name__, url_prefix=BASE)
JSON: Final = "application/json"


class Asked(BaseModel):
    """What a program asks with. Whatever is not known is refused, so that a slip in a name does not go unnoticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Told(BaseModel):
    """What it is told. Not measured and not known are null; moments are UTC; units stand in the names."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True, from_attributes=True)


@dataclass(frozen=True, slots=True)
class Operation:
    """A call."""

    endpoint: str
    method: str
    path: str
    """Below :data:`BASE`, as Flask writes it."""
    summary: str
    more: str
    """What else there is to say."""
    subject: str
    """Under which the document lists it."""
    query: type[Asked] | None
    body: type[Asked] | None
    gives: type[Told] | None
    kinds: tuple[str, ...]
    """Content types where it gives no JSON, or something beside it."""
    status: int
    headers: Mapping[str, str]
    """That it wants, and what for."""
    may_have: Mapping[str, str]
    """Headers that may come along."""
    answers_with: Mapping[str, str]
    """Headers of the answer, and what they say."""
    sends: str
    """Content type of what is sent where that is no JSON."""


OPERATIONS: Final[list[Operation]] = []
_View = TypeVar("_View", bound=Callable[..., Any])


def operation(
    method: str,
    path: str,
    subject: str,
    *,
    query: type[Asked] | None = None,
    body: type[Asked] | None = None,
    gives: type[Told] | None = None,
    kinds: tuple[str, ...] = (),
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    may_have: Mapping[str, str] | None = None,
    answers_with: Mapping[str, str] | None = None,
    sends: str = "",
) -> Callable[[_View], _View]:
    """Make a function a call: ``query`` comes as ``asked``, ``body`` as ``said``, its docstring is the document's."""

    def wrap(view: _View) -> _View:
        summary, _, more = (view.__doc__ or "").partition("\n\n")
        lines = " ".join(more.split())
        OPERATIONS.append(
            Operation(
                view.__name__, method, path, summary.strip().removesuffix("."), lines, subject, query, body, gives,
                kinds, status, headers or {}, may_have or {}, answers_with or {}, sends,
            )
        )  # fmt: skip

        @wraps(view)
        def answering(**arguments: Any) -> Response:
            try:
                if query is not None:
                    arguments["asked"] = query.model_validate(_query(query))
                if body is not None:
                    if not request.is_json:
                        return problem(415, "Send it as JSON, with Content-Type: application/json.")
                    arguments["said"] = body.model_validate(request.get_json(silent=True))
            except ValidationError as error:
                return _unfit(error)
            found = view(**arguments)
            return found if isinstance(found, Response) else told(found, status)

        api.add_url_rule(path, view.__name__, answering, methods=[method], provide_automatic_options=False)
        return view

    return wrap


def told(found: BaseModel, status: int = 200) -> Response:
    """As JSON; who has the same already is told so."""
    answer = Response(found.model_dump_json(), status, mimetype=JSON)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Authorization"
    if request.method in ("GET", "HEAD") and status == 200:
        answer.add_etag()
        answer.make_conditional(request)
    return answer


def _query(model: type[Asked]) -> dict[str, Any]:
    """What stands in the address. A name that is given twice stays a list, and is refused where one is wanted."""
    given = request.args.to_dict(flat=False)
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) in (tuple, list)}
    return {name: values if name in lists or len(values) > 1 else values[0] for name, values in given.items()}


def _unfit(error: ValidationError) -> Response:
    """Everything that has to be mended, at once."""
    problems = [
        {"where": ".".join(str(part) for part in one["loc"]) or "body", "what": one["msg"]} for one in error.errors()
    ]
    listed = "; ".join(f"{one['where']}: {one['what']}" for one in problems)
    return problem(422, f"What was asked cannot be done as it stands: {listed}.", problems=problems)
