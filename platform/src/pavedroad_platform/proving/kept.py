"""Deploys the kept canaries: as each stood first, then at its newest active version, so that the upgrade is proved."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from botocore.exceptions import ClientError

from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.causes import likely_fix
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.progress import Event, Show, StackEvents
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose
from pavedroad_platform.proving.proofs import Published
from pavedroad_platform.versions import version_number

_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 10.0
_NOT_MADE: Final = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"})


@dataclass(frozen=True, kw_only=True)
class KeptCanaries:
    """The stack of the kept canaries.

    Attributes:
        clients: The clients of the test account.
        organization: The configuration.
        published: The products and their releases.
        show: Is told each event.
    """

    clients: Clients
    organization: Organization
    published: Published
    show: Show

    @property
    def stack(self) -> str:
        """The stack's name."""
        return self.organization.names.stack("canaries")

    def deploy(self) -> None:
        """Bring each canary to its newest active version, over the version before it where it did not stand yet.

        Raises:
            PlatformError: It failed and is rolled back; the message says which product failed, at what, and why.
        """
        standing = self._standing()
        target = {
            product.key: self._target(releases, standing.get(product.key)) for product, releases in self.published
        }
        wanted = {key: version for key, version in target.items() if version}
        first = {
            product.key: self._before(product.key, releases, standing)
            for product, releases in self.published
            if product.key in wanted
        }
        if first not in (wanted, standing):
            self._bring_to(first, standing)
        self._bring_to(wanted, first)

    def _target(self, releases: Releases, standing: str | None) -> str | None:
        """The newest active version; a canary that stands at a higher one, which was deprecated since, stays there."""
        newest = releases.newest_active
        if newest and standing in releases.offered and version_number(standing) > version_number(newest):
            return standing
        return newest

    def _before(self, key: str, releases: Releases, standing: Mapping[str, str]) -> str:
        """The version that a canary is upgraded from: the one that it has, else the one before the newest active."""
        newest = str(releases.newest_active)
        if standing.get(key) in releases.offered:
            return standing[key]
        before = [each for each in releases.offered if version_number(each) < version_number(newest)]
        return before[-1] if before and key not in standing else newest

    def _standing(self) -> dict[str, str]:
        """The version of each canary as it stands; nothing where the stack does not."""
        found = self._at_rest()
        if found is None:
            return {}
        if found["StackStatus"] in _NOT_MADE:
            self.clients.cloudformation.delete_stack(StackName=self.stack)
            self._follow(found["StackId"])
            return {}
        template = self.clients.cloudformation.get_template(StackName=self.stack)["TemplateBody"]
        template = json.loads(template) if isinstance(template, str) else template
        launches = [resource["Properties"] for resource in template["Resources"].values()]
        return {launch["ProductName"]: launch["ProvisioningArtifactName"] for launch in launches}

    def _at_rest(self) -> Mapping[str, Any] | None:
        """The stack once nothing changes it: a run that was interrupted may have left it at work."""
        found = self._described(self.stack)
        if found is not None and found["StackStatus"].endswith("_IN_PROGRESS"):
            self._follow(found["StackId"])
            found = self._described(self.stack)
        return found

    def _described(self, name: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = self.clients.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if found["StackStatus"] == "DELETE_COMPLETE" else found

    def _bring_to(self, versions: Mapping[str, str], before: Mapping[str, str]) -> None:
        template, tags = self._rendered(versions)
        account = self.organization.account_with_purpose(Purpose.CATALOG_TEST)
        arguments = {
            "StackName": self.stack,
            "TemplateBody": template,
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            "RoleARN": self.organization.names.execution_role(account.id, self.organization.home_region),
        }
        cloudformation = self.clients.cloudformation
        found = self._described(self.stack)
        seen = StackEvents.until_now(self.clients, found["StackId"]) if found else None
        if found is None:
            stack = cloudformation.create_stack(**arguments)["StackId"]
        else:
            try:
                stack = cloudformation.update_stack(**arguments)["StackId"]
            except ClientError as error:
                if "No updates are to be performed" in str(error):
                    return
                raise
        status, failures = self._follow(stack, seen)
        if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise PlatformError(self._failure(status, failures, versions, before))
        cloudformation.update_termination_protection(StackName=self.stack, EnableTerminationProtection=True)

    def _rendered(self, versions: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        """The template with each canary at its version, and the stack's tags."""
        from aws_cdk import Stack

        from pavedroad_platform.clean_app import clean_app
        from pavedroad_platform.proving.canaries import CANARIES_DESCRIPTION, Canaries

        tags = self.organization.tags_for(self.organization.account_with_purpose(Purpose.CATALOG_TEST))
        with TemporaryDirectory(prefix="pavedroad-canaries-") as directory:
            app = clean_app(directory)
            stack = Stack(app, "Canaries", description=CANARIES_DESCRIPTION)
            tags.apply(stack)
            Canaries(
                stack,
                "Canaries",
                catalog=self.organization.catalog,
                published=[each for each in self.published if each[0].key in versions],
                versions=versions,
            )
            app.synth()
            template = json.loads((Path(directory) / stack.template_file).read_text())
        # What the bootstrap's version is matters to the CDK's own command alone.
        finished = {name: template[name] for name in ("Description", "Resources")}
        return json.dumps(finished), tags.by_key

    def _follow(self, stack: str, seen: StackEvents | None = None) -> tuple[str, list[Event]]:
        """Wait until the stack is at rest; its status and what failed."""
        events = seen or StackEvents(clients=self.clients, stack=stack)
        failures: list[Event] = []
        pause = _PAUSE
        while True:
            status = self.clients.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
            for event in events.new():
                self.show(event)
                failures.extend([event] if event.is_failure else [])
            if not status.endswith("_IN_PROGRESS"):
                return status, failures
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _failure(
        self, status: str, failures: list[Event], versions: Mapping[str, str], before: Mapping[str, str]
    ) -> Problem:
        from pavedroad_platform.proving.canaries import canary_id

        failed = failures[0] if failures else None
        key = next((key for key in versions if failed and canary_id(key) == failed.resource), None)
        if failed is None or key is None:
            said = f"{failed.resource}: {failed.reason}" if failed else f"the stack is {status}"
            return Problem(path=self.stack, cause=f"the kept canaries failed at {said}", fix=likely_fix(said))
        said = self._first_cause(key) or failed.reason
        change = f"from {before[key]} to {versions[key]}" if before.get(key, versions[key]) != versions[key] else ""
        return Problem(
            path=f"{key} {versions[key]}",
            cause=f"the kept canary could not be {f'upgraded {change}' if change else 'launched'}: {said}",
            fix=f"{likely_fix(said)} The kept canaries are rolled back to what stood; what ended ones retain, such as"
            " keys, stays until somebody deletes it. Mend it in a new version, deploy the test catalogue, and"
            " repeat: pavedroad catalog prove",
        )

    def _first_cause(self, key: str) -> str | None:
        """What failed in the stack that Service Catalog made of the canary; it may be gone with the rollback."""
        from pavedroad_platform.proving.canaries import canary_name

        catalog = self.clients.catalog
        try:
            launch = catalog.describe_provisioned_product(Name=canary_name(key))["ProvisionedProductDetail"]
        except catalog.exceptions.ResourceNotFoundException:
            return None
        stack = f"SC-{self.clients.account}-{launch['Id']}"
        failures = [event for event in StackEvents(clients=self.clients, stack=stack).new() if event.is_failure]
        return f"{failures[-1].resource} ({failures[-1].type}): {failures[-1].reason}" if failures else None
