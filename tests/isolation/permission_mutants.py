"""Each check of who may, taken away at run time: a route's permission, a key's scope, a line of a function.

A line is taken by compiling its module's source with the line changed, and lending the new code to the function that is
there. A line that is not in the source any more is an error, so that this list cannot grow old unnoticed.
"""

import gc
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from django.core.cache import cache
from django.urls import get_resolver

import api.authentication
import api.permissions
import api.v1.purchases
import merchants.access
import merchants.invitations
import merchants.queries
import web.access
import web.card.session
import web.scanner.cancelling
from core import tenancy
from members import cards, links, queries
from merchants.access import ROLES, Permission
from tests.fixtures.databases import rolled_back
from tests.isolation import looks
from tests.isolation.addresses import SCOPES, Address, all_addresses
from tests.isolation.stage import Stage
from tests.web.test_access_map import routes
from web.scanner import card_texts

Look = Callable[[Stage], list[str]]
# A function and what is inside it, a piece of its source, what becomes of it, and who looks.
Line = tuple[tuple[Any, str], str, str, Look]
WEAKEST = Permission.SCAN


@dataclass(frozen=True)
class CodeMutant:
    """One check that is missing. `taken` removes it for a while; `look` tells what that lets through."""

    name: str
    kind: str
    taken: Callable[[], Any]
    look: Look


def permission_mutants() -> list[CodeMutant]:
    """Every route that asks for more than the weakest permission, every scope of the API, every line of LINES."""
    return [*_route_mutants(), *_scope_mutants(), *line_mutants(LINES)]


def judge(stage: Stage, mutant: CodeMutant) -> list[str]:
    """What is let through while the check is missing; nothing of it stays. Empty: the mutant lives."""
    cache.clear()
    with mutant.taken(), rolled_back():
        return mutant.look(stage)


def _route_mutants() -> Iterator[CodeMutant]:
    named = {address.pattern: address for address in all_addresses()}
    for pattern, route in routes(get_resolver()):
        address = named[pattern]
        if address.permission is None or ROLES[Permission(address.permission)] == ROLES[WEAKEST]:
            continue  # everybody of the shop may: there is nothing weaker
        guard = _guard_of(route.callback)
        yield CodeMutant(
            f"{pattern} asks for {WEAKEST} only", "permissions of routes",
            partial(_cell, guard, "permission", WEAKEST), partial(looks.staff, address),
        )  # fmt: skip


def _guard_of(view: Any) -> FunctionType:
    """The function that holds the permission, under whatever else the view wears."""
    while "permission" not in view.__code__.co_freevars:
        view = view.__wrapped__
    return view


@contextmanager
def _cell(function: FunctionType, name: str, value: Any) -> Iterator[None]:
    cell = (function.__closure__ or ())[function.__code__.co_freevars.index(name)]
    before, cell.cell_contents = cell.cell_contents, value
    try:
        yield
    finally:
        cell.cell_contents = before


def _scope_mutants() -> Iterator[CodeMutant]:
    by_name = {address.name: address for address in all_addresses()}
    for pattern, route in routes(get_resolver()):
        for method, scope in SCOPES.get(str(route.name), {}).items():
            endpoint: Any = route.callback
            scopes = endpoint.cls.scopes
            if method in scopes:  # recording a purchase asks by itself: see LINES
                yield CodeMutant(
                    f"{method} {pattern} does not ask for {scope}", "scopes of the API",
                    partial(_without, scopes, method), partial(looks.programs, by_name[str(route.name)]),
                )  # fmt: skip


@contextmanager
def _without(scopes: dict[str, Any], method: str) -> Iterator[None]:
    before = dict(scopes)
    del scopes[method]
    try:
        yield
    finally:
        scopes.clear()
        scopes.update(before)


def untouched(look: Look) -> CodeMutant:
    """No mutant at all."""
    return CodeMutant("nothing", "nothing", nullcontext, look)


def line_mutants(lines: list[Line]) -> Iterator[CodeMutant]:
    """Lines that check, each as it is not."""
    all_addresses()  # views that are imported while their code is lent out would escape
    for (function, inner), old, new, look in lines:
        name = f"{function.__module__}.{function.__qualname__}: “{old}” became “{new}”"
        yield CodeMutant(name, "lines that check", partial(line_changed, function, inner, old, new), look)


@contextmanager
def line_changed(function: Any, inner: str, old: str, new: str) -> Iterator[None]:
    """Every function with this code runs another. Raises LookupError where the line is not there, or there twice."""
    code = inspect.unwrap(function).__code__ if not inner else function.__code__
    source = Path(code.co_filename).read_text()
    first = code.co_firstlineno - 1
    lines = source.splitlines(keepends=True)
    body = inspect.getblock(lines[first:])
    if "".join(body).count(old) != 1:
        raise LookupError(f"“{old}” is not once in {function.__qualname__}: say in LINES what became of it")
    changed = "".join([*lines[:first], "".join(body).replace(old, new), *lines[first + len(body) :]])
    wanted = code.co_qualname + (f".<locals>.{inner}" if inner else "")
    mine = _code_named(compile(changed, code.co_filename, "exec"), wanted)
    living = [
        it
        for it in gc.get_objects()
        if type(it) is FunctionType
        and (it.__code__.co_filename, it.__code__.co_qualname) == (code.co_filename, wanted)
    ]
    if mine is None or not living:
        raise LookupError(f"there is no {wanted} to change")
    before = [(it, it.__code__) for it in living]
    for it in living:
        it.__code__ = mine
    try:
        yield
    finally:
        for it, theirs_again in before:
            it.__code__ = theirs_again


def _code_named(code: CodeType, wanted: str) -> CodeType | None:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            if part.co_qualname == wanted:
                return part
            if found := _code_named(part, wanted):
                return found
    return None


def address_named(name: str) -> Address:
    """The route of this name."""
    return next(address for address in all_addresses() if address.name == name)


def desk(name: str) -> Look:
    """Everybody knocks at this door of the desk."""
    return lambda stage: looks.everybody(address_named(name), stage)


GUARD = (web.access.staff_view, "decorate.<locals>.guarded")
LINES: list[Line] = [
    (GUARD, "not request.user.is_authenticated", "False", desk("dashboard-members")),
    (GUARD, "or merchant.id not in request.user.merchant_ids", "", desk("dashboard-members")),
    (GUARD, "if staff is None:", "if False:", desk("dashboard-members")),
    (GUARD, "access.require(staff, permission)", "permission", desk("dashboard-keys")),
    ((merchants.queries.staff_member, ""), ", removed_at=None", "", desk("dashboard-members")),
    ((merchants.access.may, ""), "staff.role in ROLES[permission]", "True", desk("dashboard-keys")),
    ((merchants.access.require, ""), "not may(staff, permission)", "False", desk("dashboard-keys")),
    ((web.scanner.cancelling.cancel, ""), "may(request.staff, Permission.CANCEL_PURCHASES)", "True",
     looks.a_cashier_undoes_anothers_scan),
    ((api.permissions.HasScope.has_permission, ""), "require(key, scope)", "pass", desk("api_members")),
    ((api.authentication.require, ""), "scope not in key.scopes", "False", desk("api_members")),
    ((api.authentication.prove, ""), ", revoked_at=None", "", desk("api_members")),
    ((api.authentication.prove, ""), "secret_hash=claim.secret_hash, ", "", desk("api_members")),
    ((api.v1.purchases.record, ""), "authentication.prove_alone(claim, Scope.WRITE_PURCHASES)", "pass",
     looks.our_grammar_is_explained),
    ((api.v1.purchases.record, ""), "Credential(claim.secret_hash, Scope.WRITE_PURCHASES, spends)", "None", desk("api_purchases")),
    ((web.card.session.member_view, "guarded"), "claim is None", "False", desk("card")),
    ((queries.card_with_member, ""), ", generation=generation", "", desk("card")),
    ((links.read, ""), "merchant_id != merchant.id.bytes", "False", desk("card-join")),
    ((cards._read_qr, ""), "number != merchant.number", "False", looks.cards_of_the_other_shop),
    ((card_texts._read_note, ""), "number != merchant.number", "False", looks.cards_of_the_other_shop),
    ((merchants.invitations.accept, ""), "invitation.email not in {address.lower() for address in proven}", "False",
     desk("dashboard-invitation")),
    ((tenancy.TenantManager.get_queryset, ""), ".filter(merchant_id=current_merchant_id())", "", looks.a_query_without_a_scope),
    ((tenancy.current_merchant_id, ""), "merchant_id is None", "False", looks.a_query_without_a_scope),
    ((tenancy.refuse_another, ""), "outer is not None and outer != merchant_id", "False", looks.a_scope_inside_anothers),
    ((tenancy.scope, ""), "_current.reset(token)", "pass", looks.a_scope_that_stays),
    ((tenancy.scope, ""), '_tell_database("")', "pass", looks.a_scope_that_stays),
]  # fmt: skip
# Behind these a second lock says the same, so that nobody can tell them apart.
EQUIVALENT: list[Line] = [
    # The member of another's letter is looked for in this merchant's scope, and is not there: the same 410.
    ((links.read_stop, ""), "raw[:16] != merchant.id.bytes", "False", desk("card-stop")),
]
