"""Launches a version afresh, holds what it made to its promises, ends it, and looks for what is left."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pavedroad_platform.catalog.product import Product, ProductOutput
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching import operations
from pavedroad_platform.launching.client import Clients, refusals_told
from pavedroad_platform.launching.offers import find_offer
from pavedroad_platform.launching.progress import Show, follow
from pavedroad_platform.launching.standing import Standing, find_standing
from pavedroad_platform.organization.models import CatalogFile
from pavedroad_platform.proving.acceptance import Launched, acceptance_test
from pavedroad_platform.proving.canaries import canary_name, canary_tags, portfolio_of
from pavedroad_platform.proving.inputs import canary_inputs

_KEPT = frozenset({"Retain", "RetainExceptOnCreate"})
_SNAPSHOT = "Snapshot"
_GONE = "DELETE_COMPLETE"


@dataclass(frozen=True, kw_only=True)
class Retained:
    """What outlives a canary, because its template says so.

    Attributes:
        resource: Its logical id.
        type: Its type, such as ``AWS::KMS::Key``.
        identifier: Its physical id, by which somebody finds and deletes it.
        policy: The deletion policy; with ``Snapshot`` the resource is gone and its last snapshot stays.
    """

    resource: str
    type: str
    identifier: str
    policy: str

    def __str__(self) -> str:
        kind = f"the last snapshot of {self.type}" if self.policy == _SNAPSHOT else self.type
        return f"{self.identifier} ({kind})"


@dataclass(frozen=True, kw_only=True)
class FreshCanary:
    """The canary of one version, which lives for the proof only.

    Attributes:
        clients: The clients of the test account.
        catalog: The configuration of the catalogue.
        product: The product.
        releases: Its releases.
        version: The version.
        show: Is told each event.
    """

    clients: Clients
    catalog: CatalogFile
    product: Product
    releases: Releases
    version: str
    show: Show

    @property
    def name(self) -> str:
        """The name of the launch: ``proof-database-1-2-0``. One that an interrupted run left is found by it."""
        return f"proof-{self.product.key}-{self.version.replace('.', '-')}"

    def prove(self) -> tuple[list[Problem], list[Retained]]:
        """Launch it, test it, end it.

        Returns:
            What failed, each with the product and the version, and what outlives it, as its template says.
        """
        problems: list[Problem] = []
        retained: list[Retained] = []
        try:
            with refusals_told():
                self._end_earlier()
                outcome = self._launch()
            problems += accepted(self.product.key, self.version, self.clients, _values(outcome.outputs), what=self.name)
        except PlatformError as error:
            problems += map(self._named, error.problems)
        try:
            with refusals_told():
                retained = self._end(problems)
        except PlatformError as error:
            problems += map(self._named, error.problems)
        return problems, retained

    def _end_earlier(self) -> None:
        """End what an interrupted run left, once whatever it had begun is over."""
        standing = find_standing(self.clients, self.name)
        if standing is not None and standing.is_changing:
            with suppress(PlatformError):
                follow(self.clients, standing.record, self.show)
            standing = find_standing(self.clients, self.name)
        if standing is not None:
            operations.terminate(self.clients, standing, self.show)

    def _launch(self) -> operations.Outcome:
        portfolio = portfolio_of(self.product.key, self.catalog)
        offer = find_offer(self.clients.catalog, self.product.key)
        order = operations.Order(
            offer=offer,
            version=offer.version(self.version),
            path=offer.path(portfolio.name),
            name=self.name,
            values={name: self._value(value) for name, value in self._inputs().items()},
            tags=canary_tags(portfolio),
        )
        return operations.launch(self.clients, order, self.show)

    def _inputs(self) -> Mapping[str, str | ProductOutput]:
        form = self.releases.template(self.version).get("Parameters", {})
        configured = self.catalog.products[self.product.key].canary_parameters
        return canary_inputs(self.product, configured, name=self.name, form=form)

    def _value(self, value: str | ProductOutput) -> str:
        if isinstance(value, str):
            return value
        outputs = kept_outputs(self.clients, value.product)
        if value.output not in outputs:
            cause = f"the kept canary of {value.product} hands out no {value.output}"
            raise PlatformError(Problem(cause=cause, fix="Name one of its outputs, or deploy the canary again."))
        return outputs[value.output]

    def _end(self, problems: list[Problem]) -> list[Retained]:
        standing = find_standing(self.clients, self.name)
        if standing is None:
            return []
        stack = self._stack_of(standing)
        operations.terminate(self.clients, standing, self.show)
        if stack is None:
            return []
        resources, retained = self.releases.template(self.version)["Resources"], []
        for logical_id, kind, identifier, status in self._ended(stack):
            if not identifier:
                continue  # it was never made
            policy = resources.get(logical_id, {}).get("DeletionPolicy")
            if policy in _KEPT if status != _GONE else policy == _SNAPSHOT:
                retained.append(Retained(resource=logical_id, type=kind, identifier=identifier, policy=policy))
            elif status != _GONE:
                cause = f"{logical_id} ({kind}) is left after the launch was ended"
                fix = "Find out why CloudFormation passed over it, delete it by hand, and mend it in a new version."
                problems.append(self._named(Problem(cause=cause, fix=fix)))
        return retained

    def _stack_of(self, standing: Standing) -> str | None:
        """The id of its stack, by which it is found when it is gone; ``None`` where none was made."""
        name = f"SC-{self.clients.account}-{standing.id}"
        try:
            found = self.clients.cloudformation.describe_stacks(StackName=name)["Stacks"]
        except self.clients.cloudformation.exceptions.ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return str(found[0]["StackId"])

    def _ended(self, stack: str) -> Iterator[tuple[str, str, str, str]]:
        """The logical id, type and identifier of each resource with its last status; the newest event comes first."""
        pages = self.clients.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
        last: dict[str, Mapping[str, str]] = {}
        for page in pages:
            for event in page["StackEvents"]:
                last.setdefault(event["LogicalResourceId"], event)
        for logical_id, event in last.items():
            yield logical_id, event["ResourceType"], event.get("PhysicalResourceId", ""), event["ResourceStatus"]

    def _named(self, problem: Problem) -> Problem:
        return named(problem, self.product.key, self.version)


def accepted(key: str, version: str, clients: Clients, outputs: Mapping[str, str], *, what: str) -> list[Problem]:
    """What the acceptance test of a product has against a launch."""
    test = acceptance_test(key)
    if test is None:
        return []
    fix = "Mend it in a new version of the product; this one is not promoted."
    try:
        with refusals_told():
            wrong = list(test(Launched(outputs=outputs, clients=clients)))
    except PlatformError as error:
        # What it asks about is not there, or may not be looked at.
        return [named(problem, key, version) for problem in error.problems]
    except (LookupError, TypeError, ValueError) as error:
        cause = f"{what}: the acceptance test did not understand an answer of AWS: {error!r}"
        return [
            named(Problem(cause=cause, fix=f"Mend the acceptance test of {key}, then prove it again."), key, version)
        ]
    return [named(Problem(cause=f"{what}: {each}", fix=fix), key, version) for each in wrong]


def kept_outputs(clients: Clients, key: str) -> dict[str, str]:
    """What the kept canary of a product hands out."""
    answer = clients.catalog.get_provisioned_product_outputs(ProvisionedProductName=canary_name(key))
    return {each["OutputKey"]: each["OutputValue"] for each in answer["Outputs"]}


def named(problem: Problem, key: str, version: str) -> Problem:
    """A problem with the product and the version that it is about."""
    where = f"{key} {version}"
    path = where if problem.path in {None, where} else f"{where}: {problem.path}"
    return Problem(cause=problem.cause, fix=problem.fix, file=problem.file, line=problem.line, path=path)


def _values(outputs: Sequence[operations.Output]) -> dict[str, str]:
    return {output.name: output.value for output in outputs}
