"""The public interface of the library, and what changed in it between two versions.

Public is what ``pavedroad`` exports and every class of the library that a public signature names, such as thresholds
and groups of arguments. All other modules are the library's own affair.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

import griffe

PACKAGE = "pavedroad"


def load(directory: Path) -> griffe.Module:
    """The library's package in ``directory``, read without importing it."""
    package = griffe.load(PACKAGE, search_paths=[directory], allow_inspection=False)
    assert isinstance(package, griffe.Module)
    return package


def public_names(package: griffe.Module) -> dict[str, griffe.Object]:
    """Every public class and named type by its path, as ``pavedroad.storage.s3.alarms.SecureBucketAlarmThresholds``."""
    found: dict[str, griffe.Object] = {}
    waiting = [member.target_path for member in package.members.values() if isinstance(member, griffe.Alias)]
    while waiting:
        path = waiting.pop()
        if path in found or not path.startswith(f"{PACKAGE}."):
            continue
        named = package[path.removeprefix(f"{PACKAGE}.")]
        found[path] = named
        waiting += _named_by(named)
    return dict(sorted(found.items()))


def breaking_changes(old: griffe.Module, new: griffe.Module) -> list[str]:
    """What a user of ``old`` has to change for ``new``, each as a sentence."""
    removed = sorted(set(public_names(old)) - set(public_names(new)))
    return sorted(
        [f"{path} was removed, or is no longer named by a public signature" for path in removed]
        + [_told(breakage, path) for path, breakage in _breakages(old, new) if not _is_rewritten_factory(breakage)]
    )


def rewritten_factories(old: griffe.Module, new: griffe.Module) -> list[str]:
    """Defaults that a function makes, where the function is written otherwise: only a reader can tell what it means."""
    return sorted(_told(breakage, path) for path, breakage in _breakages(old, new) if _is_rewritten_factory(breakage))


def additions(old: griffe.Module, new: griffe.Module) -> list[str]:
    """The public classes that ``new`` has and ``old`` has not, and the new methods and arguments of the others."""
    before, after = public_names(old), public_names(new)
    members = {path: set(_members(named)) for path, named in before.items()}
    return sorted(
        [path for path in after if path not in before]
        + [f"{path}.{it}" for path, named in after.items() if path in before for it in _members(named, members[path])]
    )


def _breakages(old: griffe.Module, new: griffe.Module) -> Iterator[tuple[str, griffe.Breakage]]:
    current = public_names(new)
    for path, before in public_names(old).items():
        if path in current:
            yield from ((path, breakage) for breakage in griffe.find_breaking_changes(before, current[path]))


def _is_rewritten_factory(breakage: griffe.Breakage) -> bool:
    before, after = breakage.old_value, breakage.new_value
    return (
        breakage.kind is griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT
        and isinstance(before, griffe.Parameter)
        and isinstance(after, griffe.Parameter)
        and all("lambda" in str(it.default) for it in (before, after))
    )


def _members(named: griffe.Object, known: Collection[str] = ()) -> Iterator[str]:
    for member in _public_members(named):
        names = [member.name]
        if isinstance(member, griffe.Function) and (not known or member.name in known):
            names += [f"{member.name}({parameter.name})" for parameter in member.parameters if parameter.name != "self"]
        yield from (name for name in names if name not in known)


def _named_by(named: griffe.Object) -> Iterator[str]:
    """The paths of the types that a class or a named type is made of."""
    annotations: list[object] = list(named.bases) if isinstance(named, griffe.Class) else []
    for member in [named, *_public_members(named)]:
        if isinstance(member, griffe.Function):
            annotations += [parameter.annotation for parameter in member.parameters] + [member.returns]
        elif isinstance(member, griffe.Attribute):
            # The value of a named type is what it stands for; that of an instance's attribute is how it is made.
            annotations.append(member.value if member is named else member.annotation)
    for annotation in annotations:
        if isinstance(annotation, griffe.Expr):
            yield from (part.canonical_path for part in annotation.iterate() if isinstance(part, griffe.ExprName))


def _public_members(named: griffe.Object) -> Iterator[griffe.Object]:
    if not isinstance(named, griffe.Class):
        return
    for name, member in named.members.items():
        if isinstance(member, griffe.Object) and (name == "__init__" or not name.startswith("_")):
            yield member


def _told(breakage: griffe.Breakage, path: str) -> str:
    what = breakage.obj.path.removeprefix(path).lstrip(".")
    parameter = breakage.old_value or breakage.new_value
    if isinstance(parameter, griffe.Parameter):
        what = f"{what}({parameter.name})"
    kind = breakage.kind.value
    return f"{path}: {what}: {kind[0].lower()}{kind[1:]}{_difference(breakage)}"


def _difference(breakage: griffe.Breakage) -> str:
    before, after = breakage.old_value, breakage.new_value
    if isinstance(before, griffe.Parameter) and isinstance(after, griffe.Parameter):
        before, after = before.default, after.default
    is_told = all(isinstance(value, str | griffe.Expr) for value in (before, after))
    return f" ({before} -> {after})" if is_told else ""
