"""MiniStack's private names that the emulator uses: a version that changes one fails here, and says which."""

import ast
import importlib
import inspect
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.sandbox import emulator

_SOURCES = sorted(Path(emulator.__file__).parent.rglob("*.py"))


def _names() -> set[tuple[str, str]]:
    """Every module of MiniStack's that the emulator imports, with each attribute that it uses of it."""
    used = set()
    for source in _SOURCES:
        tree = ast.parse(source.read_text())
        modules: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack"):
                for alias in node.names:
                    used.add((str(node.module), alias.name))
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                used.add((modules[node.value.id], node.attr))
    return used


@pytest.fixture(scope="module")
def resolve() -> Any:
    def found(path: str) -> Any:
        try:
            return importlib.import_module(path)
        except ModuleNotFoundError:
            module, _, name = path.rpartition(".")
            return getattr(found(module), name)

    return found


def test_the_version_is_pinned() -> None:
    assert version("ministack") == "1.5.33"


def test_the_names_are_found() -> None:
    names = _names()
    assert len(names) > 80
    assert ("ministack.services.cloudformation.provisioners", "_RESOURCE_HANDLERS") in names


@pytest.mark.parametrize(("module", "name"), sorted(_names()))
def test_ministack_has_the_name(resolve: Any, module: str, name: str) -> None:
    try:
        resolve(f"{module}.{name}")
    except AttributeError:
        pytest.fail(f"MiniStack {version('ministack')} has no {module}.{name}")


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("core.iam_evaluator.EvalContext", ["principal_arn", "principal_type", "principal_account", "action"]),
        ("core.iam_evaluator.enforce", ["access_key_id", "iam_action", "service", "region", "resource_arn"]),
        ("core.iam_evaluator._principal_keys", ["credential"]),
        ("core.iam_evaluator._conditions_met", ["conditions", "ctx"]),
        ("core.iam_evaluator._action_matches", ["request_action", "actions", "not_actions"]),
        ("core.iam_evaluator._resource_matches", ["resource_arn", "resources", "not_resources"]),
        ("core.iam_evaluator._gather_role_policies", ["role_name", "account_id"]),
        ("core.iam_evaluator._permissions_boundary", ["store", "name", "account_id"]),
        ("core.responses.request_scope", ["account_id", "region"]),
        ("services.cloudformation.provisioners._physical_name", ["stack_name", "logical_id"]),
        ("services.cloudformation.provisioners._zip_inline", ["source", "handler", "runtime"]),
        ("services.cloudformation.stacks._runs_on_worker_thread", ["resource_type"]),
        ("services.sts._caller_identity", ["headers", "query_params"]),
        ("services.sts.register_session", ["access_key", "session"]),
    ],
)
def test_ministack_takes_the_parameters(resolve: Any, path: str, parameters: list[str]) -> None:
    assert list(inspect.signature(resolve(f"ministack.{path}")).parameters)[: len(parameters)] == parameters


def test_resource_handlers_are_tables_of_functions(resolve: Any) -> None:
    handlers = resolve("ministack.services.cloudformation.provisioners._RESOURCE_HANDLERS")
    assert {"create", "update", "delete"} <= handlers["AWS::S3::Bucket"].keys()


def test_a_replaced_function_is_looked_up_when_it_is_called(resolve: Any) -> None:
    """What the emulator puts in a function's place must be found by MiniStack's own callers in the same module."""
    for module, name, caller in (
        ("services.cloudformation.stacks", "_runs_on_worker_thread", "_delete_stack_async"),
        ("services.cloudformation.provisioners", "_zip_inline", "_lambda_create"),
        ("services.cloudformation.provisioners", "_STACK_TAG_PROPERTY", "_with_stack_tags"),
        ("services.cloudformation.provisioners", "_REPLACING_PROPERTIES", "_property_recreation"),
        ("core.iam_evaluator", "_principal_keys", "resolve_principal"),
        ("services.sts", "_principal_keys", "_caller_identity"),
    ):
        assert name in inspect.getsource(getattr(resolve(f"ministack.{module}"), caller)), (module, name)
