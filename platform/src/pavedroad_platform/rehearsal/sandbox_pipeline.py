"""The pipeline as the sandbox has it: deployed like everything else, though nothing there runs it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose
from pavedroad_platform.rehearsal.actions import Surroundings
from pavedroad_platform.rehearsal.definition import Stage, stages_in
from pavedroad_platform.rehearsal.directory import RehearsalDirectory
from pavedroad_platform.rehearsal.references import Deployed
from pavedroad_platform.sandbox.directory import SandboxDirectory
from pavedroad_platform.sandbox.emulator_process import Emulator
from pavedroad_platform.sandbox.loopback import administrator, aws_settings, client

_SERVICE = "codebuild.amazonaws.com"


@dataclass(frozen=True)
class BuildAccount:
    """Gives builds their role's credentials, which the sandbox holds to the role's policies.

    Attributes:
        emulator: The sandbox's.
        region: Where the pipeline is.
    """

    emulator: Emulator
    region: str

    def variables(self, role_arn: str, session: str) -> Mapping[str, str]:
        """The variables with which a build calls AWS as the role."""
        credentials = self.emulator.service_session(_SERVICE, role_arn, session)
        return aws_settings(self.emulator.endpoint, region=self.region) | credentials


def sandbox_pipeline(
    directory: SandboxDirectory, emulator: Emulator, organization: Organization
) -> Callable[[], tuple[Sequence[Stage], Surroundings]]:
    """What reads the platform's pipeline as it is deployed in the sandbox at the moment."""
    name, region = organization.names.stack("pipeline"), organization.home_region
    account = organization.account_with_purpose(Purpose.SHARED_SERVICES).id
    cloudformation = client("cloudformation", emulator.endpoint, region=region, credentials=administrator(account))

    def read() -> tuple[Sequence[Stage], Surroundings]:
        try:
            body = cloudformation.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
        except cloudformation.exceptions.ClientError as error:
            cause = f"the pipeline's stack is not deployed in the sandbox: {error}"
            raise PlatformError(Problem(path=name, cause=cause, fix="deploy it with: make sandbox")) from None
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
        made = [resource for page in pages for resource in page["StackResourceSummaries"]]
        deployed = Deployed(
            account=account,
            region=region,
            types={each["LogicalResourceId"]: each["ResourceType"] for each in made},
            ids={each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made},
        )
        around = Surroundings(
            checkout=directory.checkout,
            directory=RehearsalDirectory(directory.path / "rehearsal"),
            pipeline=name,
            deployed=deployed,
            account=BuildAccount(emulator, region),
        )
        return stages_in(json.loads(body) if isinstance(body, str) else body), around

    return read
