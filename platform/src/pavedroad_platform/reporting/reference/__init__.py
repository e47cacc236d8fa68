"""The reference pages of ``docs/reference``, each made from what it describes."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pavedroad_platform.reporting.reference.commands import command_reference
from pavedroad_platform.reporting.reference.configuration import configuration_reference
from pavedroad_platform.reporting.reference.constructs import construct_reference
from pavedroad_platform.reporting.reference.launch_roles import launch_role_reference

PAGES: Mapping[Path, Callable[[], str]] = {
    Path("configuration.md"): configuration_reference,
    Path("commands.md"): command_reference,
    Path("constructs.md"): construct_reference,
    Path("launch-roles.md"): launch_role_reference,
}
"""What writes each page, by its path beneath ``docs/reference``."""
